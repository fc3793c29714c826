// SPDX-License-Identifier: Apache-2.0
// Room: gonogo. One file per subcommand: flags, wiring, exit codes. The only room that ends the process.

@main
struct Main {
  static func main() {}
}

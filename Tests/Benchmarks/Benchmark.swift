// SPDX-License-Identifier: Apache-2.0

/// One figure: how long something takes, measured several times.
struct Benchmark: Sendable {
  var name: String
  var unit: String
  /// Measures once and returns the figure in `unit`. What it needs is made inside, untimed.
  var measure: @Sendable () -> Double

  private static let runs = 7

  /// Prints one line per figure: name, unit, median, lowest and highest of the runs. `wanted` chooses figures by parts
  /// of their names; empty means all.
  static func run(_ all: [Benchmark], wanted: [String]) {
    let chosen = all.filter { benchmark in wanted.isEmpty || wanted.contains { benchmark.name.contains($0) } }
    if chosen.isEmpty { print("no figure is named so; there are:", all.map(\.name).joined(separator: ", ")) }
    for benchmark in chosen {
      _ = benchmark.measure()  // warms caches and the page tables
      let figures = (0..<runs).map { _ in benchmark.measure() }.sorted()
      print(
        benchmark.name, benchmark.unit, rounded(figures[runs / 2]), rounded(figures[0]), rounded(figures[runs - 1]),
        separator: ", ")
    }
  }

  /// Three decimals are more than the clock can tell.
  private static func rounded(_ figure: Double) -> Double { (figure * 1_000).rounded() / 1_000 }
}

/// Seconds that `body` takes.
func seconds(_ body: () -> Void) -> Double { ContinuousClock().measure(body) / .seconds(1) }

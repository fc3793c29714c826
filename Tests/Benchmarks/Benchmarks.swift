// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One figure: how long something takes, measured several times.
struct Benchmark: Sendable {
  var name: String
  var unit: String
  /// Measures once and returns the figure in `unit`. What it needs is made inside, untimed.
  var measure: @Sendable () -> Double
}

/// Prints one line per figure: name, unit, median, lowest and highest of the runs. Arguments choose figures by a part
/// of their name; none means all. Exit 2 for a name that chooses nothing, and in a debug build, whose times say
/// nothing.
@main struct Benchmarks {
  static let runs = 7

  static let all = histogramBenchmarks

  static func main() {
    #if DEBUG
      print("benchmarks: a debug build measures nothing; use: swift run -c release benchmarks")
      exit(2)
    #else
      let wanted = CommandLine.arguments.dropFirst()
      let chosen = all.filter { benchmark in wanted.isEmpty || wanted.contains { benchmark.name.contains($0) } }
      guard !chosen.isEmpty else {
        print("benchmarks: no name contains \(wanted.joined(separator: ", ")); there are:")
        for benchmark in all { print("  \(benchmark.name)") }
        exit(2)
      }
      for benchmark in chosen {
        _ = benchmark.measure()  // warms caches and the page tables
        let figures = (0..<runs).map { _ in benchmark.measure() }.sorted()
        print(
          "\(benchmark.name), \(benchmark.unit), \(text(figures[runs / 2])), \(text(figures[0])), "
            + text(figures[runs - 1]))
      }
    #endif
  }

  /// Three decimals are more than the clock can tell.
  private static func text(_ figure: Double) -> String { "\((figure * 1_000).rounded() / 1_000)" }
}

/// Seconds that `body` takes.
func seconds(_ body: () -> Void) -> Double { ContinuousClock().measure(body) / .seconds(1) }

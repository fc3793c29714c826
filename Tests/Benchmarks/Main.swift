// SPDX-License-Identifier: Apache-2.0

/// Micro-benchmarks of single rooms: `benchmarks NAME [ARGUMENT...]`. scripts/bench runs them beside other tools.
@main enum Benchmarks {
  static func main() throws {
    #if DEBUG
      print("refused: a debug build measures nothing; use swift build -c release --product benchmarks")
    #else
      let arguments = Array(CommandLine.arguments.dropFirst())
      switch arguments.first {
      case "histogram": Benchmark.run(histogramBenchmarks, wanted: Array(arguments.dropFirst()))
      case "scenario": Benchmark.run(scenarioBenchmarks, wanted: Array(arguments.dropFirst()))
      case "transport": try TransportBenchmark.run(Array(arguments.dropFirst()))
      default: print("usage: benchmarks histogram [FIGURE...] | scenario [FIGURE...] | transport ...")
      }
    #endif
  }
}

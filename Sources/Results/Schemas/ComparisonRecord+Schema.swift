// SPDX-License-Identifier: Apache-2.0
import Judgement

extension ComparisonRecord {
  static let description = RecordDescription(
    "Two runs, and every figure of both with what is proven about it. Times are milliseconds, shares fractions.",
    [
      field("schema", .constant(currentSchema), "Kind and version of this record."),
      field("tool", .record(ToolRecord.description), "What made the comparison."),
      field("first", .record(Side.description), "What is held against."),
      field("second", .record(Side.description), "What is judged."),
      field("differences", .list(.text), "What makes the runs incomparable; compared all the same on demand."),
      field("remarks", .list(.text), "What differs and may be the very thing to be judged."),
      field("method", .record(Method.description), "How it was judged."),
      field("rows", .list(.record(Row.description)), "All requests first, then step by step."),
      field("verdict", verdictKind, "fail: something is proven to be worse; inconclusive: nothing can be told."),
      field("reasons", .list(.text), "Why it is inconclusive."),
    ])
}

extension ComparisonRecord.Side {
  static let description = RecordDescription(
    "",
    [
      field("folder", .text, "As it was named."), field("runId", .text, "Of the run."),
      field("started", .moment, "Begin of the run."), field("plan", .text, "Name of the plan."),
      field("target", .text, "Base URL."), field("environment", .nullable(.text), "Declared name."),
      field("build", .nullable(.text), "Build of the target."),
      field("demo", .flag, "Against a stand-in on the same machine."),
      field("steadySeconds", .count, "Length of the steady phases."),
      field("requests", .count, "Sent in the steady phases."),
      field("generatorHealthy", .flag, "If not, times and throughput prove nothing."),
      field("verdict", verdictKind, "Of the run by itself."),
    ])
}

extension ComparisonRecord.Method {
  static let description = RecordDescription(
    "",
    [
      field("blockSeconds", .count, "Length of the blocks whose scatter is taken for chance."),
      field("leastSeconds", .count, "Steady seconds that each run needs."),
      field("alpha", .number, "Chance that equal runs are called different, over all comparisons."),
      field("correction", .constant("holm"), "For many comparisons at once."),
      field("leastShare", .number, "A smaller difference is none, as a fraction of the first run's figure."),
      field("leastMilliseconds", .number, "The same, of times."),
      field("comparisons", .count, "Made at once."),
    ])
}

extension ComparisonRecord.Row {
  static let description = RecordDescription(
    "",
    [
      field("scenario", .nullable(.text), "Null with step: all requests."),
      field("step", .nullable(.text), "Its name."),
      field("figure", .choice(["p50", "p95", "p99", "errors", "throughput"]), "Percentiles are of response times."),
      field("unit", .choice(["milliseconds", "fraction", "perSecond"]), "Of first and second."),
      field("first", .nullable(.number), "Of the first run; null when a percentile falls among the failed requests."),
      field("second", .nullable(.number), "Of the second run, likewise."),
      field("change", .nullable(.number), "(second - first) / first; null without either, and when the first is 0."),
      field("firstRequests", .count, "Sent in the first run."), field("secondRequests", .count, "In the second."),
      field("p", .nullable(.number), "Chance of such a difference between equal runs; null: not compared."),
      field("adjustedP", .nullable(.number), "The same, corrected for the number of comparisons."),
      field("outcome", .choice(ComparisonOutcome.allCases.map(\.rawValue)), "What is proven about the second run."),
      field("reason", .nullable(.text), "Why nothing can be told, or why a proven difference counts for none."),
    ])
}

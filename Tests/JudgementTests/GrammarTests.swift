// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Judgement

struct GrammarTests {
  private typealias Expected = (
    text: String, figure: Figure, comparison: Comparison, limit: Double, selection: Selection, window: Int?,
    aborts: Bool
  )

  private static func rule(
    _ text: String, _ figure: Figure, _ comparison: Comparison, _ limit: Double, phase: String? = nil,
    step: String? = nil, over: Int? = nil, abort: Bool = false
  ) -> Expected {
    (text, figure, comparison, limit, Selection(phase: phase, step: step), over, abort)
  }

  private static let p95 = Figure.quantile(.response, 0.95)

  private static let rules: [Expected] = [
    // As in the contract.
    rule("p(95) < 300ms @peak", p95, .less, 300_000, phase: "peak"),
    rule("errors < 0.1% @steady", .errors, .less, 0.1 / 100, phase: "steady"),
    rule(
      "p(99) < 800ms @peak step:reservation/book", .quantile(.response, 0.99), .less, 800_000, phase: "peak",
      step: "reservation/book"),
    rule("errors < 50% over 10s abort", .errors, .less, 0.5, over: 10, abort: true),
    rule("errors < 90% over 15s", .errors, .less, 0.9, over: 15),
    rule("p(95) < 1s", p95, .less, 1_000_000),
    // Of the target.
    rule(
      #"metric("process_resident_memory_bytes") < 400MB @steady"#,
      .target(.metric("process_resident_memory_bytes", .bytes)), .less, 400e6, phase: "steady"),
    rule(#"metric('x{code="200"}') >= 7"#, .target(.metric(#"x{code="200"}"#, .plain)), .greaterOrEqual, 7),
    rule("metric( hits ) > 80%", .target(.metric("hits", .fraction)), .greater, 0.8),
    rule("cpu(agente-api) < 70% @steady", .target(.cpu("agente-api")), .less, 0.7, phase: "steady"),
    rule("cpu(a) < 0.5", .target(.cpu("a")), .less, 0.5),
    rule("memory(api) < 80%", .target(.memoryShare("api")), .less, 0.8),
    rule("memory(api) < 1.5GiB", .target(.memory("api")), .less, 1.5 * 1_073_741_824),
    rule("memory(api) < 400 MiB", .target(.memory("api")), .less, 400 * 1_048_576),
    // As in k6.
    rule("p(95)<300", p95, .less, 300_000),
    rule("p(99.9) <= 1.5e3", .quantile(.response, 99.9 / 100), .lessOrEqual, 1_500_000),
    rule("avg<200", .mean(.response), .less, 200_000),
    rule("med>=10", .quantile(.response, 0.5), .greaterOrEqual, 10_000),
    rule("min > 1", .minimum(.response), .greater, 1000),
    rule("max<2000", .maximum(.response), .less, 2_000_000),
    rule("rate>100", .rate, .greater, 100),
    rule("count === 1000", .count, .equal, 1000),
    rule("count !== 0", .count, .notEqual, 0),
    rule("count != 7", .count, .notEqual, 7),
    rule("errors<0.01", .errors, .less, 0.01),
    // Further units, figures and times.
    rule("p(50) < 850us", .quantile(.response, 0.5), .less, 850),
    rule("p(50) < 850 µs", .quantile(.response, 0.5), .less, 850),
    rule("p(95) < 1m30s", p95, .less, 90_000_000),
    rule("p(95) < 1h", p95, .less, 3_600_000_000),
    rule("p( 95 ) < 0.5 s", p95, .less, 500_000),
    rule("p(100) < 2s", .maximum(.response), .less, 2_000_000),
    rule("p(0) < 2s", .minimum(.response), .less, 2_000_000),
    rule("response p(95) < 2s", p95, .less, 2_000_000),
    rule("service p(95) < 2s", .quantile(.service, 0.95), .less, 2_000_000),
    rule("service max < 2s", .maximum(.service), .less, 2_000_000),
    rule("journey p(95) < 3s", .quantile(.journey, 0.95), .less, 3_000_000),
    rule("journey med < 3s step:reservation", .quantile(.journey, 0.5), .less, 3_000_000, step: "reservation"),
    rule("errors < 50 %", .errors, .less, 0.5),
    rule("errors == 0", .errors, .equal, 0),
    rule("slow < 1%", .slow, .less, 0.01),
    rule("refused <= 20%", .refused, .lessOrEqual, 0.2),
    rule("unsent <= 0", .unsent, .lessOrEqual, 0),
    rule("rate > 39.5/s", .rate, .greater, 39.5),
    rule("rate > 39.5 /s over 1m", .rate, .greater, 39.5, over: 60),
    rule("reply p(95) < 3s", .quantile(.reply, 0.95), .less, 3_000_000),
    rule("reply max <= 10s step:a/b", .maximum(.reply), .lessOrEqual, 10_000_000, step: "a/b"),
    rule("replies lost == 0", .replies(.lost), .equal, 0),
    rule("lost == 0", .writes(.lost), .equal, 0), rule("duplicated <= 2", .writes(.duplicated), .lessOrEqual, 2),
    rule("replies duplicated == 0 @steady", .replies(.duplicated), .equal, 0, phase: "steady"),
    rule("replies late <= 12", .replies(.late), .lessOrEqual, 12),
    rule("replies late < 1.5 %", .replyShare(.late), .less, 0.015),
    // Order and blanks.
    rule("  errors<1%   over 2m   @peak\tstep:a ", .errors, .less, 0.01, phase: "peak", step: "a", over: 120),
    rule("errors < 1% abort over 10s", .errors, .less, 0.01, over: 10, abort: true),
    rule("errors < 1% step:\"a b/c d\" @\"the peak\"", .errors, .less, 0.01, phase: "the peak", step: "a b/c d"),
    rule("p(95) < 300 step:s", p95, .less, 300_000, step: "s"),
  ]

  @Test(arguments: rules.indices) func isUnderstood(_ index: Int) throws {
    let expected = Self.rules[index]
    let threshold = try Threshold.parse(expected.text)
    #expect(threshold.text == expected.text)
    #expect(threshold.figure == expected.figure)
    #expect(threshold.comparison == expected.comparison)
    #expect(abs(threshold.limit - expected.limit) <= 1e-12 * expected.limit)
    #expect(threshold.selection == expected.selection)
    #expect(threshold.windowSeconds == expected.window)
    #expect(threshold.aborts == expected.aborts)
  }

  @Test func namesKnowWhereTheyStand() throws {
    let text = "errors < 1% step:\"a b\" @peak"
    let threshold = try Threshold.parse(text)
    #expect(threshold.stepSpan == TextSpan(offset: 18, length: 3))
    #expect(threshold.phaseSpan == TextSpan(offset: 24, length: 4))
  }

  @Test func shippedRulesAreWhatTheirTextSays() throws {
    #expect(try Threshold.parse(Threshold.whenNoneIsWritten.text) == .whenNoneIsWritten)
    #expect(try Threshold.parse(Threshold.overloadStop.text) == .overloadStop)
  }
}

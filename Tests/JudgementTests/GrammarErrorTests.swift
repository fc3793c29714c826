// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Judgement

/// The part that is meant stands between ⟦ and ⟧ in the sample.
struct GrammarErrorTests {
  private static let mistakes: [(sample: String, message: String, suggestion: String?)] = [
    ("⟦⟧", "expected a figure, such as p(95) or errors", nil),
    ("   ⟦⟧", "expected a figure, such as p(95) or errors", nil),
    ("⟦<⟧ 300", "expected a figure, such as p(95) or errors, found <", nil),
    // Figures.
    ("⟦p95⟧ < 300", "p95 is no figure", "p(95)"),
    ("⟦p999⟧ < 300", "p999 is no figure", "p(99.9)"),
    ("⟦error⟧ < 1%", "error is no figure", "errors"),
    ("⟦Median⟧ < 300", "Median is no figure", "med"),
    (
      "⟦erors⟧ < 1%",
      "erors is no figure; there are p(95), med, avg, min, max, errors, slow, refused, unsent, rate, count, reply p(95), replies lost, lost, duplicated, metric(...), cpu(...), memory(...)",
      "errors"
    ),
    (
      "⟦banana⟧ < 1",
      "banana is no figure; there are p(95), med, avg, min, max, errors, slow, refused, unsent, rate, count, reply p(95), replies lost, lost, duplicated, metric(...), cpu(...), memory(...)",
      nil
    ),
    (
      "⟦http_req_duration⟧: p(95)<300",
      "http_req_duration is a metric of k6; a threshold here begins with the figure, such as p(95) or errors", nil
    ),
    (
      "⟦http_req_failed⟧ < 0.01",
      "http_req_failed is a metric of k6; a threshold here begins with the figure, such as p(95) or errors", "errors"
    ),
    ("p⟦⟧ < 300", "p needs its percentile in parentheses", "p(95)"),
    ("p(⟦)⟧ < 300", "expected a percentile, such as 95, found )", nil),
    ("p(95⟦%⟧) < 300", "a percentile is written without %", "p(95)"),
    ("p(95 ⟦<⟧ 300", "expected a closing parenthesis, found <", nil),
    ("p(95⟦⟧", "expected a closing parenthesis", nil),
    ("p(⟦101⟧) < 300", "a percentile is between 0 and 100", nil),
    ("service⟦⟧", "which service time is meant is missing", "service p(95)"),
    ("⟦service⟧ errors < 1%", "errors is no time: service cannot stand before it", "errors"),
    (
      "journey ⟦agv⟧ < 1s",
      "agv is no figure; there are p(95), med, avg, min, max, errors, slow, refused, unsent, rate, count, reply p(95), replies lost, lost, duplicated, metric(...), cpu(...), memory(...)",
      "avg"
    ),
    // Replies.
    (
      "⟦replys⟧ lost == 0",
      "replys is no figure; there are p(95), med, avg, min, max, errors, slow, refused, unsent, rate, count, reply p(95), replies lost, lost, duplicated, metric(...), cpu(...), memory(...)",
      "reply p(95)"
    ),
    ("reply⟦⟧", "which reply time is meant is missing", "reply p(95)"),
    ("⟦reply lost⟧ == 0", "of all replies together one says `replies`", "replies lost"),
    ("⟦reply duplicates⟧ == 0", "of all replies together one says `replies`", "replies duplicated"),
    ("⟦reply⟧ errors < 1%", "errors is no time: reply cannot stand before it", "errors"),
    ("replies⟦⟧", "expected which replies are meant (lost, late, duplicated)", "replies lost"),
    ("replies ⟦missing⟧ == 0", "replies are lost, late, duplicated", "lost"),
    ("replies ⟦doubled⟧ == 0", "replies are lost, late, duplicated", nil),
    ("replies ⟦p⟧(95) < 3s", "a time of replies is written with `reply`", "reply p(95)"),
    ("replies lost < ⟦0.01⟧", "replies lost is a whole number of replies, or a share with %", "1%"),
    ("replies lost < ⟦1.5⟧", "replies lost is a whole number of replies", nil),
    ("replies lost < 3⟦ms⟧", "replies lost is a number of replies and has no unit", nil),
    ("replies late < ⟦101⟧%", "a share is at most 100%", nil),
    ("replies lost < ⟦0⟧", "nothing is less than 0: this can never hold", "== 0"),
    (
      "replies lost == 0 ⟦over 10s⟧", "replies lost cannot be judged over a window; percentiles, shares and rate can",
      nil
    ),
    ("⟦reply p(95)⟧ < 3s over 10s abort", "replies cannot be watched while the run goes on", nil),
    ("⟦replies late⟧ < 1% over 10s abort", "replies cannot be watched while the run goes on", nil),
    // What later versions judge.
    ("⟦available⟧(health/live) > 99%", "available belongs to drills and cannot be judged here by this version", nil),
    ("⟦status⟧(500) == 0", "status belongs to drills and cannot be judged here by this version", nil),
    ("⟦recovery⟧ < 30s", "recovery belongs to drills and cannot be judged here by this version", nil),
    ("⟦recovered⟧ == 0", "recovered belongs to drills and cannot be judged here by this version", nil),
    ("lost == 0 ⟦@steady⟧", "lost is counted over the whole run, after it: nothing comes behind it", nil),
    (
      "duplicated == 0 ⟦over 10s⟧", "duplicated is counted over the whole run, after it: nothing comes behind it", nil
    ),
    ("metric⟦⟧ < 400MB", "metric needs a name in parentheses", #"metric("process_resident_memory_bytes")"#),
    ("metric(⟦⟧) < 400MB", "metric needs a name", #"metric("process_resident_memory_bytes")"#),
    (#"metric(⟦"heap) < 400MB⟧"#, "the quotes are not closed", nil),
    ("cpu(hotel⟦⟧", "expected a closing parenthesis", nil),
    ("cpu(hotel) < ⟦70⟧", "cpu is a share of what may be used: its limit has % or is a fraction", "70%"),
    ("cpu(hotel) < 70⟦MB⟧", "cpu is a share of what may be used: its limit has % or is a fraction", "70%"),
    (
      "memory(hotel) < ⟦400⟧",
      "memory is a share of its limit (%), or has a unit of bytes (kB, MB, GB, KiB, MiB, GiB)", "400MB"
    ), ("memory(hotel) < 400⟦mb⟧", "mb is no unit of bytes; there are B, kB, MB, GB, KiB, MiB, GiB", "MB"),
    ("memory(hotel) < 400⟦ms⟧", "ms is no unit of bytes; there are B, kB, MB, GB, KiB, MiB, GiB", nil),
    (
      "memory(hotel) < 80% ⟦step:a/b⟧",
      "memory(hotel) is the target's own figure, judged sample by sample: only @phase comes behind it", nil
    ),
    (
      "cpu(hotel) < 80% @steady ⟦over 10s⟧",
      "cpu(hotel) is the target's own figure, judged sample by sample: only @phase comes behind it", nil
    ),
    ("p(90) < ⟦baseline⟧ + 10%", "a baseline holds med, p(95), p(99), errors and rate, but no p(90)", nil),
    ("service p(95) < ⟦baseline⟧", "a baseline holds med, p(95), p(99), errors and rate, but no service p(95)", nil),
    ("p(95) < baseline +⟦⟧", "expected a margin, such as 10%", nil),
    ("p(95) < baseline * ⟦x⟧", "expected a factor, such as 1.1, found x", nil),
    ("p(95) < baseline * 2⟦s⟧", "a factor has no unit", nil),
    ("p(95) < baseline * ⟦0⟧", "a factor is above 0", nil),
    ("rate > baseline - ⟦100⟧%", "nothing is left of a baseline less 100.0%", nil),
    ("errors < baseline + 1⟦s⟧", "a margin of errors is a fraction, or % of the baseline's", nil),
    ("rate > baseline - 1⟦ms⟧", "a margin of rate is in /s, or % of the baseline's", nil),
    ("p(95) < baseline ⟦10%⟧", "expected the end, @phase, step:, over or abort, found 10%", nil),
    // Comparisons.
    ("p(95)⟦⟧", "expected a comparison (< <= > >= == !=)", nil),
    ("p(95) ⟦300⟧", "expected a comparison (< <= > >= == !=), found 300", nil),
    ("p(95) ⟦=⟧ 300", "= is no comparison", "=="),
    ("p(95) ⟦=<⟧ 300", "=< is no comparison", "<="),
    ("p(95) ⟦≤⟧ 300", "≤ is no comparison", "<="),
    ("p(95) ⟦<<⟧ 300", "<< is no comparison", nil),
    // Limits.
    ("p(95) <⟦⟧", "expected a limit", nil),
    ("p(95) < ⟦fast⟧", "expected a limit, which is a number, found fast", nil),
    ("p(95) < ⟦-5⟧", "a limit cannot be negative", nil),
    ("p(95) < ⟦0,3⟧s", "numbers are written with a decimal point and without separators", "0.3"),
    ("count > ⟦1,000⟧", "numbers are written with a decimal point and without separators", "1000"),
    ("p(95) < ⟦1.2.3⟧", "1.2.3 is no number", nil),
    ("p(95) < ⟦.5⟧s", ".5 is no number", nil),
    ("p(95) < 300⟦%⟧", "p(95) is a time; its limit has a unit of time (us, ms, s, m, h)", nil),
    ("p(95) < 300⟦mss⟧", "mss is no unit of time; there are us, ms, s, m, h", nil),
    ("p(95) < 5⟦min⟧", "min is no unit of time; there are us, ms, s, m, h", "m"),
    ("p(95) < 5 ⟦seconds⟧", "seconds is no unit of time; there are us, ms, s, m, h", "s"),
    ("p(95) < 300⟦MS⟧", "MS is no unit of time; there are us, ms, s, m, h", "ms"),
    ("p(95) < 30s1⟦m⟧", "units of a time go from large to small, each once", nil),
    ("p(95) < 1s500⟦⟧", "expected a unit (us, ms, s, m, h)", nil),
    ("errors < 300⟦ms⟧", "errors is a share: its limit is a fraction or has %", "300%"),
    ("errors < ⟦1⟧", "errors is a share: a fraction below 1, or with %", "1%"),
    ("slow < ⟦5⟧ @peak", "slow is a share: a fraction below 1, or with %", "5%"),
    ("errors < ⟦101⟧%", "a share is at most 100%", nil),
    ("errors < ⟦0%⟧", "nothing is less than 0: this can never hold", "== 0"),
    ("p(95) < ⟦0⟧", "nothing is less than 0: this can never hold", nil),
    ("errors >= ⟦0⟧", "everything is at least 0: this always holds and proves nothing", nil),
    ("rate > 40⟦/m⟧", "rate is counted in answered requests per second", "40/s"),
    ("rate > 40⟦%⟧", "rate is counted in answered requests per second", nil),
    ("count > 40⟦s⟧", "count is a number of requests and has no unit", nil),
    ("count > ⟦1.5⟧", "count is a whole number of requests", nil),
    // Modifiers.
    ("errors < 1% @⟦⟧", "expected a phase, such as @peak or @steady", nil),
    ("errors < 1% @a ⟦@b⟧", "a phase is given twice", nil),
    ("errors < 1% step⟦⟧ a", "expected step: and the name of a step", "step:scenario/step"),
    ("errors < 1% step:⟦a/b/c⟧", "a step is written scenario/step, or scenario for all of its steps", nil),
    ("errors < 1% step:⟦a/⟧", "a step is written scenario/step, or scenario for all of its steps", nil),
    ("errors < 1% step:a ⟦step:b⟧", "a step is given twice", nil),
    ("errors < 1% @⟦@a⟧", "a name with @ or quotes in it stands in double quotes", nil),
    ("errors < 1% @⟦\"a b⟧", "the closing quote is missing", nil),
    ("errors < 1% over⟦⟧", "expected the length of the window", "over 10s"),
    ("errors < 1% over ⟦ten⟧", "expected the length of the window, such as 10s, found ten", nil),
    ("errors < 1% over ⟦10⟧", "the length of a window has a unit", "over 10s"),
    ("errors < 1% over ⟦500ms⟧", "a window is a whole number of seconds, from 1 s to 24 h", nil),
    ("errors < 1% over 10s ⟦over 20s⟧", "a window is given twice", nil),
    ("errors < 1% ⟦abort⟧", "abort needs the window in which the rule is watched", "over 10s abort"),
    ("errors < 1% over 10s abort ⟦abort⟧", "abort is given twice", nil),
    ("avg < 1s ⟦over 10s⟧", "avg cannot be judged over a window; percentiles, shares and rate can", nil),
    ("p(95) == 1s ⟦over 10s⟧", "a percentile over a window is compared with < <= > or >=", nil),
    ("⟦journey p(95)⟧ < 1s over 10s abort", "journey times cannot be watched while the run goes on", nil),
    ("⟦unsent⟧ < 1% over 10s abort", "unsent cannot be watched while the run goes on", nil),
    ("journey p(95) < 1s ⟦step:a/b⟧", "a journey is a pass through a whole scenario", "step:a"),
    ("errors < 1% ⟦and⟧ p(95) < 300", "a threshold is one comparison; write a second threshold for the other", nil),
    (
      "errors < 1% ⟦for⟧ 10s", "for is not understood here; after the limit come @phase, step:, over, abort", "over"
    ),
    (
      "errors < 1% over 10s ⟦abrot⟧",
      "abrot is not understood here; after the limit come @phase, step:, over, abort", "abort"
    ),
    ("errors < 1% ⟦+5%⟧", "expected the end, @phase, step:, over or abort, found +5%", nil),
    ("p(95) < 300 ⟦{a}⟧", "expected the end, @phase, step:, over or abort, found {a}", nil),
  ]

  @Test(arguments: mistakes.indices) func isRefusedAtItsPlace(_ index: Int) throws {
    let (sample, message, suggestion) = Self.mistakes[index]
    let parts = sample.split(omittingEmptySubsequences: false) { $0 == "⟦" || $0 == "⟧" }
    try #require(parts.count == 3)
    let expected = ThresholdError(
      span: TextSpan(offset: parts[0].utf8.count, length: parts[1].utf8.count), message: message,
      suggestion: suggestion)
    #expect(throws: expected) { try Threshold.parse(parts.joined()) }
  }

  /// What is suggested in place of the span, or for it, is at least a step forward: the error moves or goes.
  @Test(arguments: mistakes.indices) func suggestionsHelp(_ index: Int) throws {
    let (sample, message, suggestion) = Self.mistakes[index]
    guard let suggestion else { return }
    let parts = sample.split(omittingEmptySubsequences: false) { $0 == "⟦" || $0 == "⟧" }
    let mended = "\(parts[0])\(suggestion)\(parts[2])"
    do throws(ThresholdError) {
      _ = try Threshold.parse(mended)
    } catch {
      #expect(error.message != message, "\(mended)")
    }
  }
}

struct GrammarFuzzTests {
  private static let seeds = [
    "p(95) < 300ms @peak step:reservation/book over 10s abort", "errors < 0.1% @steady", "service p(99.9) <= 1m30s",
    "journey med < 3s step:\"a b\"", "rate > 39.5/s over 1m", "count === 1,000", "p(95) ≤ 300µs", "unsent == 0",
  ]

  /// Whatever is written: an answer, in bounds, on whole characters; and what is understood is understood again.
  @Test func neverTrapsAndAlwaysPointsIntoTheText() throws {
    var dice = Dice(seed: 77)
    let pieces = Array("p()<>=! .,0159%eE-+@\"':/_smhuµover abort step steady ⟦🙂\u{0}\n\té").map(String.init)
    var understood = 0
    for _ in 0..<12_000 {
      var characters = Array(Self.seeds[dice.index(below: Self.seeds.count)]).map(String.init)
      for _ in 0...dice.index(below: 6) where !characters.isEmpty {
        let place = dice.index(below: characters.count)
        switch dice.index(below: 4) {
        case 0: characters.remove(at: place)
        case 1: characters.insert(pieces[dice.index(below: pieces.count)], at: place)
        case 2: characters[place] = pieces[dice.index(below: pieces.count)]
        default: characters.insert(contentsOf: characters[place...].prefix(dice.index(below: 8)), at: place)
        }
      }
      let text = characters.joined()
      do throws(ThresholdError) {
        let threshold = try Threshold.parse(text)
        understood += 1
        #expect(threshold.limit.isFinite && threshold.limit >= 0)
        #expect(threshold.text == text)
      } catch {
        let end = error.span.offset + error.span.length
        let isInside = error.span.offset >= 0 && error.span.length >= 0 && end <= text.utf8.count
        #expect(isInside, "\(text.debugDescription): \(error)")
        guard isInside else { continue }
        for offset in [error.span.offset, end] {
          let index = text.utf8.index(text.startIndex, offsetBy: offset)
          #expect(index.samePosition(in: text.unicodeScalars) != nil, "\(text.debugDescription): \(error)")
        }
      }
    }
    #expect(understood > 500 && understood < 11_000)
  }

  @Test func longTextsEndSoon() {
    for text in [
      String(repeating: "p", count: 100_000), "p(" + String(repeating: "9", count: 100_000) + ") < 1",
      "errors < " + String(repeating: "1", count: 100_000), String(repeating: "errors < 1% ", count: 10_000),
      "errors < 1% " + String(repeating: "@", count: 100_000), "p(95) < 1" + String(repeating: "s1", count: 50_000),
    ] {
      #expect(throws: ThresholdError.self) { try Threshold.parse(text) }
    }
  }
}

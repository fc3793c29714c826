// SPDX-License-Identifier: Apache-2.0
@testable import Judgement

/// A run that never happened: what each second held, exactly.
struct MadeUpRun: MeasuredRun {
  struct Second {
    /// Response times of answered requests, in microseconds.
    var answered: [Double] = []
    var failed = 0
    var inFlight = 0
    /// Of `failed`.
    var generatorFailed = 0
    var slow = 0
    var refused = 0
    var unsent = 0
    /// Replies: as many came as requests were answered, after the same times.
    var replies = ReplyTotals()

    var sent: Int { answered.count + failed + inFlight }
  }

  var phases: [PhaseFacts]
  var steps = ["reservation/search", "reservation/book"]
  var brokenLive: [String] = []
  /// Over all phases, in order.
  var seconds: [Second]
  /// Half the width of a bucket, as a part of the value: what makes counts near a limit doubtful.
  var bucketError = 0.0
  /// What is asked of service times is answered so many times shorter.
  var serviceFactor = 0.5

  init(_ seconds: [Second]) {
    self.seconds = seconds
    phases = [
      PhaseFacts(
        name: "peak", isSteady: true, seconds: seconds.count, load: .arrivals(from: 10, to: 10, mix: ""))
    ]
  }

  /// Every second alike but for those that `change` makes different.
  init(
    seconds: Int, requests: Int, microseconds: Double = 1000, change: (Int, inout Second) -> Void = { _, _ in }
  ) {
    self.init(
      (0..<seconds).map { index in
        var second = Second(answered: Array(repeating: microseconds, count: requests))
        change(index, &second)
        return second
      })
  }

  private func ranges(of selection: Selection) throws(SelectionError) -> [Range<Int>] {
    if let step = selection.step, !steps.contains(where: selection.includes) { throw .unknownStep(step, known: steps) }
    var ranges: [Range<Int>] = []
    var begin = 0
    for phase in phases {
      let isMeant =
        selection.phase == nil || selection.phase == phase.name
        || (selection.phase == Selection.steadyPhase && phase.isSteady)
      if isMeant { ranges.append(begin..<begin + phase.seconds) }
      begin += phase.seconds
    }
    if ranges.isEmpty, let phase = selection.phase { throw .unknownPhase(phase, known: phases.map(\.name)) }
    return ranges
  }

  func batches(
    of selection: Selection, counting event: CountedEvent, batchSeconds: Int
  ) throws(SelectionError) -> [Batch] {
    try ranges(of: selection).flatMap { phase in
      batchRanges(seconds: phase.count, batchSeconds: batchSeconds).map { range in
        range.reduce(into: Batch(n: 0, over: 0)) { batch, index in
          let second = seconds[phase.lowerBound + index]
          let failed = second.failed + second.inFlight
          let counts: (n: Int, possibly: Int, surely: Int)
          switch event {
          case .failed: counts = (second.sent, failed, failed - second.generatorFailed)
          case .slow: counts = (second.sent, second.slow, second.slow)
          case .refused: counts = (second.sent, second.refused, second.refused)
          case .unsent: counts = (second.sent + second.unsent, second.unsent, second.unsent)
          case .reply(let event):
            let sure = min(second.replies.count(of: event), second.replies.awaited)
            let open = event == .duplicated ? 0 : second.replies.open
            counts = (second.replies.awaited, min(sure + open, second.replies.awaited), sure)
          case .failedOrAtLeast(.reply, let limit):
            let over = second.answered.count { $0 >= limit }
            let missing = second.replies.lost
            counts = (second.replies.awaited, over + missing + second.replies.open, over + missing)
          case .failedOrAtLeast(let measure, let limit):
            let times = second.answered.map { measure == .service ? $0 * serviceFactor : $0 }
            counts = (
              second.sent, failed + times.count { $0 * (1 + bucketError) >= limit },
              failed - second.generatorFailed + times.count { $0 * (1 - bucketError) >= limit }
            )
          }
          batch.n += counts.n
          batch.possiblyOver += counts.possibly
          batch.surelyOver += counts.surely
        }
      }
    }
  }

  func quantile(_ q: Double, of selection: Selection, measure: Measure) throws(SelectionError) -> Double? {
    if measure == .journey { throw .notMeasured(.journey) }
    let chosen = try ranges(of: selection).flatMap { $0 }.map { seconds[$0] }
    let times = chosen.flatMap(\.answered).sorted().map { measure == .service ? $0 * serviceFactor : $0 }
    let sent = chosen.reduce(0) { $0 + (measure == .reply ? $1.replies.awaited : $1.sent) }
    let rank = max(1, Int((q * Double(sent)).rounded(.up)))
    return rank <= times.count ? times[rank - 1] : nil
  }

  func answeredTimes(of selection: Selection, measure: Measure) throws(SelectionError) -> AnsweredTimes? {
    let times = try ranges(of: selection).flatMap { $0 }.flatMap { seconds[$0].answered }
    guard let shortest = times.min(), let longest = times.max() else { return nil }
    return AnsweredTimes(
      count: times.count, minimum: shortest, maximum: longest, mean: times.reduce(0, +) / Double(times.count))
  }

  func totals(of selection: Selection) throws(SelectionError) -> RequestTotals {
    try ranges(of: selection).flatMap { $0 }.reduce(into: RequestTotals()) { totals, index in
      let second = seconds[index]
      totals.due += second.sent + second.unsent
      totals.sent += second.sent
      totals.ok += second.answered.count
      totals.refused += second.refused
      totals.slow += second.slow
      totals.failed += second.failed
      totals.inFlight += second.inFlight
      totals.unsent += second.unsent
      totals.generatorFailed += second.generatorFailed
      totals.completedOk += second.answered.count
      totals.seconds += 1
    }
  }

  func replies(of selection: Selection) throws(SelectionError) -> ReplyTotals {
    try ranges(of: selection).flatMap { $0 }.reduce(into: ReplyTotals()) { totals, index in
      let second = seconds[index].replies
      totals.awaited += second.awaited
      totals.came += second.came
      totals.late += second.late
      totals.lost += second.lost
      totals.open += second.open
      totals.duplicated += second.duplicated
    }
  }

  func completedPerSecond(of selection: Selection) throws(SelectionError) -> [Int] {
    try ranges(of: selection).flatMap { $0 }.map { seconds[$0].answered.count }
  }
}

extension MadeUpRun {
  /// Judged at 95 % with a healthy generator unless said otherwise.
  func judged(
    _ texts: String..., confidence: Confidence = .standard, healthy: Bool = true, reasons: [String] = []
  ) throws -> RunJudgement {
    judge(
      try texts.map(Threshold.parse), confidence: confidence, run: self, generatorHealthy: healthy,
      generatorReasons: reasons)
  }

  func finding(_ text: String, confidence: Confidence = .standard, healthy: Bool = true) throws -> Finding {
    try judged(text, confidence: confidence, healthy: healthy).findings[0]
  }
}

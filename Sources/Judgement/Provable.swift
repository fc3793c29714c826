// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What a plan can prove about one threshold, said before the run.
package struct Provability: Sendable, Equatable {
  /// Whether the rule can PASS at all, if everything goes well.
  package var canPass: Bool
  /// One sentence without a full stop.
  package var text: String
  /// Requests (of the selection, all without the event) that a PASS needs. Nil for rules judged by estimate.
  package var requestsNeeded: Int?
  /// Seconds that takes at the rate given. Nil as above, and when nothing would be sent.
  package var secondsNeeded: Int?
  /// How many independent events the run could have and still PASS. Nil as above, or when it cannot PASS.
  package var eventsAllowed: Int?
}

/// Whether a run can prove a threshold, from the requests (journeys, for journey times) per second that its selection
/// will see and how many seconds that lasts. Ramps: give the mean rate.
package func provable(
  _ threshold: Threshold, confidence: Confidence, requestsPerSecond: Double, seconds: Int
) -> Provability {
  let plan = "this plan of \(Wording.duration(Double(seconds)))"
  let rule = "`\(threshold.text)`"
  func never(_ why: String) -> Provability {
    Provability(canPass: false, text: "\(why); \(plan) can never PASS")
  }
  if case .writes = threshold.figure {
    return Provability(canPass: true, text: "\(rule) is judged by its count, when the writes are read back")
  }
  if case .target = threshold.figure {
    return Provability(canPass: true, text: "\(rule) is judged by every sample that is taken at the target")
  }
  if threshold.needsBaseline {
    return Provability(canPass: true, text: "\(rule) is judged against a baseline, which is named when the run begins")
  }
  guard requestsPerSecond > 0, seconds > 0 else {
    return never("\(rule) needs \(threshold.figure.nouns) and gets none")
  }
  if let window = threshold.windowSeconds {
    guard seconds >= window else { return never("\(rule) needs one whole window of \(window) s") }
    return Provability(canPass: true, text: "\(rule) is judged in each window of \(window) s by its estimate")
  }
  let expected = requestsPerSecond * Double(seconds)
  if case .replies = threshold.figure {
    return Provability(
      canPass: true, text: "\(rule) is judged by its count, of about \(Wording.count(expected.rounded())) replies")
  }
  switch (threshold.figure, threshold.comparison) {
  case (.rate, .greater) where requestsPerSecond <= threshold.limit,
    (.rate, .greaterOrEqual) where requestsPerSecond < threshold.limit:
    return never("\(rule) needs more than the \(Wording.number(requestsPerSecond)) req/s offered")
  case (.count, .greater) where expected.rounded(.up) <= threshold.limit,
    (.count, .greaterOrEqual) where expected.rounded(.up) < threshold.limit:
    return never("\(rule) needs more than the \(Wording.count(expected.rounded())) requests planned")
  default: break
  }
  guard case .level(let level) = confidence, !threshold.isAlwaysEstimated, let share = threshold.shareRule else {
    return Provability(canPass: true, text: "\(rule) is judged by its estimate alone")
  }
  return provable(
    rule: rule, plan: plan, share: share, nouns: threshold.figure.nouns, level: level,
    requestsPerSecond: requestsPerSecond, seconds: seconds)
}

private func provable(
  rule: String, plan: String, share: ShareRule, nouns: String, level: Double, requestsPerSecond: Double, seconds: Int
) -> Provability {
  // A rule that wants many events is proven by events alone: the mirror image of one that wants none.
  let limit = share.isUpperLimit ? share.limit : 1 - share.limit
  guard limit > 0 else { return Provability(canPass: false, text: "\(rule) cannot be proven by any run") }
  let needed = limit < 1 ? requestsNeeded(share: limit, level: level) : 1
  let secondsNeeded = max((needed / requestsPerSecond).rounded(.up), Double(leastBatches))
  let expected = (requestsPerSecond * Double(seconds)).rounded(.down)
  let without = share.event == .failed ? "an error" : "one that is \(share.events)"
  var result = Provability(
    canPass: expected >= needed && seconds >= leastBatches, text: "", requestsNeeded: Int(min(needed, 1e15)),
    secondsNeeded: Int(min(secondsNeeded, 1e15)))
  guard result.canPass else {
    let at =
      "at \(Wording.number(requestsPerSecond)) \(nouns == "requests" ? "req" : nouns)/s \(rule) needs \(Wording.duration(secondsNeeded))"
    result.text = "\(at) \(share.isUpperLimit ? "without \(without)" : "at least"); \(plan) can never PASS"
    return result
  }
  let evidence = ShareEvidence([Batch(n: Int(min(expected, 1e15)), over: 0)])
  let allowed = limit < 1 ? Int(max(0, evidence.eventsAllowed(limit: limit, level: level))) : evidence.n
  result.eventsAllowed = allowed
  let who = !share.isUpperLimit ? "are otherwise" : share.event == .failed ? "fail" : "are \(share.events)"
  let few = allowed == 0 ? "none" : "at most \(Wording.count(allowed))"
  result.text =
    "\(rule) can PASS if \(few) of about \(Wording.count(expected)) \(nouns) \(who)"
    + (allowed == 0 ? "" : ", fewer if they come in clumps")
  return result
}

/// What a run of this length cannot see, however many requests it made: one or two sentences.
///
/// Events that come by chance, once in T on average, are absent from t seconds with a probability of exp(-t / T).
package func blindSpot(seconds: Int) -> String {
  guard seconds > 0 else { return "Nothing was measured, so nothing was seen." }
  let t = Double(seconds)
  let surely = Wording.duration(t / 3)
  let missedHourly = exp(-t / 3600)
  var text = "A run of \(Wording.duration(t)) sees what comes once in \(surely) or more often (95 % sure)"
  if missedHourly >= 0.005 {
    // 99.6 % is not rounded to all.
    let share = missedHourly >= 0.995 ? "over 99 %" : Wording.share(missedHourly, digits: 2)
    text += "; a stall once an hour escapes \(share) of such runs"
  } else {
    text += "; a stall once a day escapes \(Wording.share(exp(-t / 86_400), digits: 2)) of such runs"
  }
  return text + "."
}

/// The worst stretch of so many seconds.
package struct WorstWindow: Sendable, Equatable {
  /// From the begin of the selection.
  package var startSecond: Int
  package var n: Int
  package var over: Int
  package var share: Double { n > 0 ? Double(over) / Double(n) : 0 }
}

/// The window of `seconds` with the highest share of events, doubtful ones counted, the first of equals. A run that is
/// shorter is one window. `batches` are of one second each. Nil when nothing was sent. O(batches).
package func worstWindow(of batches: [Batch], seconds: Int) -> WorstWindow? {
  let length = min(seconds, batches.count)
  let ns = windowSums(batches.map(\.n), length)
  let overs = windowSums(batches.map(\.possiblyOver), length)
  var worst: WorstWindow?
  for index in ns.indices where ns[index] > 0 {
    let window = WorstWindow(startSecond: index, n: ns[index], over: overs[index])
    if worst == nil || window.share > worst!.share { worst = window }
  }
  return worst
}

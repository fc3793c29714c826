// SPDX-License-Identifier: Apache-2.0
import Judgement
import Load
import Readiness
import Reports
import Results
import Scenarios

/// Tries the judge on hotels whose state is known: a healthy one must PASS, one that fails 1 % of all requests must FAIL.
/// A judge that passes a broken hotel is no judge.
struct ControlRuns {
  let resultsDirectory: String
  let console: Console
  var length = "60s"
  var rate = "100/s"
  var errorShare = "0.01"

  /// A minute can prove it, 1 % of errors breaks it, and a busy machine does not hide which of them is there.
  private static let rule = "errors < 0.1%"
  /// Health alone is spared when the hotel fails on demand.
  private static let path = "/openapi.json"

  func run() throws {
    for (name, _) in ControlRun.expectations { try drive(name) }
  }

  private func drive(_ name: String) throws {
    let flags = name == "errors" ? ["--error-share", errorShare] : []
    console.remark(
      "control run: \(name == "errors" ? "a hotel that fails 1 % of requests" : "a healthy hotel"), \(length)")
    var target = LoadTarget(url: .thisMachine, environment: .embedded(in: nil))
    target.hotelFlags = flags
    let companions = try Companions.start(for: &target)
    defer { companions.stop() }
    var quick = QuickUse(url: target.base + Self.path, duration: length)
    quick.rate = rate
    guard var plan = quick.plan().value else {
      throw CommandFailure(code: .internalError, message: "the control plan cannot be used", hint: nil)
    }
    plan.name = ControlRun.planName(name)
    plan.thresholds = [try Threshold.parse(Self.rule)]
    // What comes evenly could miss, each second, the part that fails.
    plan.arrivals = .poisson
    let preparation = try LoadPreparation(
      LoadInputs(plan: plan, target: target, files: []), arguments: Arguments(), replyDesk: companions.replyDesk)
    companions.callerHeedsSignals()
    let signals = Signals()
    let run = try execute(
      preparation, build: nil, resultsDirectory: resultsDirectory, console: console, companions: companions,
      signals: signals)
    if run.record.interrupted {
      throw CommandFailure(
        code: .interrupted, message: "interrupted during a control run: nothing is decided", hint: nil)
    }
    if run.record.verdict == .inconclusive {
      throw CommandFailure(
        code: .inconclusive,
        message: "the control run \(name) was inconclusive, so the judge is not tried: nothing is decided"
          + " (\(run.record.reasons.joined(separator: "; ")))",
        hint: "try again on a quieter machine, or decide without --control")
    }
    guard run.troubles.isEmpty else {
      throw CommandFailure(code: .internalError, message: run.troubles.joined(separator: "; "), hint: nil)
    }
  }

  /// Nothing is decided by a judge that found something else than what is there.
  static func failure(_ run: ControlRun, directory: String) -> CommandFailure {
    CommandFailure(
      code: .inconclusive,
      message: "the control run \(run.name) found \(run.found) where it must find \(run.expected): nothing is decided"
        + " (\(run.run), \(DecisionWords.moment(run.at)))",
      hint: "gonogo report \(directory)/\(run.run) tells why; gonogo decide --control tries the judge again")
  }
}

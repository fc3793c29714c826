// SPDX-License-Identifier: Apache-2.0
package import Judgement
package import Results

/// What one run folder has to say about rows, and whether it may: plain facts, made by `EvidenceScan`.
package struct RunEvidence: Sendable, Equatable {
  package enum Soundness: Sendable, Equatable {
    /// Every digest and verdict was checked.
    case sound
    /// What is wrong with the folder.
    case unsound([String])
    /// Nobody looked, since it cannot count anyway.
    case unexamined
  }

  /// Name of the folder.
  package var run: String
  /// The run's own id, which a copy of the folder keeps; nil: not known.
  package var runId: String?
  package var directory: String
  package var kind: RunKind
  package var started: Timestamp
  /// Nil for a run that did not come to its end.
  package var ended: Timestamp?
  package var environment: String?
  /// Against the embedded hotel or another stand-in.
  package var isDemo: Bool
  /// The target was the embedded hotel.
  package var isEmbedded: Bool
  package var build: String?
  /// What the target said when the run was over; nil: not asked.
  package var buildAfter: String?
  /// Where it was sent; nil: not known.
  package var target: String?
  /// The expected peak that the environment declared then, as written; nil: none.
  package var peak: String?
  /// Certificates were not checked.
  package var isInsecure = false
  package var verdict: Verdict
  package var items: [ItemRecord]
  /// Rules of the checklist, judged anew on this run.
  package var rules: [RuleResult]
  /// Machine that made the run.
  package var host: String
  /// As typed.
  package var command: String
  package var soundness: Soundness

  /// A mark of the checklist, and what this run says to it.
  package struct RuleResult: Sendable, Equatable {
    package var mark: Mark
    /// `.pass`, `.fail` or `.pending`.
    package var standing: Standing
    package var reason: String

    package init(mark: Mark, standing: Standing, reason: String) {
      self.mark = mark
      self.standing = standing
      self.reason = reason
    }
  }

  package init(
    run: String, directory: String, kind: RunKind = .load, started: Timestamp, ended: Timestamp?,
    environment: String?, isDemo: Bool, isEmbedded: Bool, build: String?, buildAfter: String? = nil,
    verdict: Verdict, items: [ItemRecord], rules: [RuleResult] = [], host: String, command: String,
    soundness: Soundness
  ) {
    self.run = run
    self.directory = directory
    self.kind = kind
    self.started = started
    self.ended = ended
    self.environment = environment
    self.isDemo = isDemo
    self.isEmbedded = isEmbedded
    self.build = build
    self.buildAfter = buildAfter
    self.verdict = verdict
    self.items = items
    self.rules = rules
    self.host = host
    self.command = command
    self.soundness = soundness
  }

  /// Its end, or its begin when it had none.
  package var at: Timestamp { ended ?? started }

  /// Whether it was made against the environment that is decided on; nil is the embedded hotel.
  func isOf(environment wanted: String?) -> Bool {
    wanted == nil ? isDemo && isEmbedded : !isDemo && environment == wanted
  }

  /// A trial of the judge on the embedded hotel. A name alone makes none: plans may be called what people like.
  package var isControl: Bool { isDemo && isEmbedded && EvidenceScan.isControl(run) }
}

/// The one build that a decision is about.
package struct DecidedBuild: Sendable, Equatable {
  package var build: String?
  /// How it was found, for people.
  package var reason: String

  package init(build: String?, reason: String) {
    self.build = build
    self.reason = reason
  }

  /// The given one, else that of the newest run of the environment (nil: the demo) which counts and says something for
  /// certain; when none does, that of the newest which counts and names one.
  package static func find(given: String?, evidence: [RunEvidence], environment: String?, now: Timestamp)
    -> DecidedBuild
  {
    if let given { return DecidedBuild(build: given, reason: "as given by --build") }
    let counting = evidence.filter {
      !$0.isControl && refusalOfAnyBuild($0, environment: environment, now: now) == nil
    }
    if let newest = counting.filter(\.isConclusive).max(by: { $0.at < $1.at }) {
      return DecidedBuild(build: newest.build, reason: "the build of \(newest.run), the newest conclusive run")
    }
    // What cannot tell still names a build, and says which of its rows it could not tell.
    guard let newest = counting.filter({ $0.build != nil }).max(by: { $0.at < $1.at }) else {
      return DecidedBuild(build: nil, reason: "no run of the environment names a build")
    }
    return DecidedBuild(
      build: newest.build, reason: "the build of \(newest.run); no run of the environment is conclusive")
  }
}

extension RunEvidence {
  /// It says PASS, PARTIAL or FAIL to at least one row.
  package var isConclusive: Bool {
    items.contains { $0.status != .pending } || rules.contains { $0.standing != .pending }
  }
}

/// Days that evidence of a run counts for.
package let evidenceDays = 7

/// Why a run does not count, whatever the build is; nil when it does.
func refusalOfAnyBuild(_ run: RunEvidence, environment: String?, now: Timestamp) -> String? {
  if let reason = refusalOfPlace(run, environment: environment) { return reason }
  if run.ended == nil { return "it did not come to its end" }
  switch run.soundness {
  case .sound: break
  case .unsound(let problems):
    let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
    return "its folder does not verify: \(problems.first ?? "nothing in it can be read")\(more)"
  case .unexamined:
    // What was not looked at is too old, and said to be that.
    if let age = refusalOfAge(run, now: now) { return age }
    return "its folder was not verified"
  }
  if let before = run.build, let after = run.buildAfter, before != after {
    return "the build changed during the run, from \(before) to \(after)"
  }
  return refusalOfAge(run, now: now)
}

private func refusalOfPlace(_ run: RunEvidence, environment: String?) -> String? {
  if run.isOf(environment: environment) { return nil }
  if environment != nil, run.isDemo { return "a DEMO run is no evidence for a real system" }
  if environment == nil, !run.isDemo { return "a run against a real system is no evidence for the demo" }
  if environment == nil { return "it was not made against the embedded hotel" }
  guard let other = run.environment else { return "its target is no declared environment" }
  return "it was made against the environment \(other), not \(environment ?? demoEnvironment)"
}

private func refusalOfAge(_ run: RunEvidence, now: Timestamp) -> String? {
  let age = now.millisecondsSinceEpoch - run.at.millisecondsSinceEpoch
  if run.at.isFuture(at: now) { return "it is dated in the future: \(run.at.text)" }
  let day: Int64 = 86_400_000
  guard age > Int64(evidenceDays) * day else { return nil }
  let (days, tenths) = (age * 10 / day).quotientAndRemainder(dividingBy: 10)
  let shown =
    days == Int64(evidenceDays) && tenths == 0 ? "over \(days)" : tenths == 0 ? "\(days)" : "\(days).\(tenths)"
  return "it is \(shown) days old: evidence counts for \(evidenceDays) days"
}

// SPDX-License-Identifier: Apache-2.0
package import Results

/// What people have put on file, in the order in which they did.
package struct PeoplesEntries: Sendable, Equatable {
  package var all: [PeoplesEntry]

  package init(_ all: [PeoplesEntry] = []) {
    self.all = all
  }

  /// The newest entry of each risk, in the order in which the risks were first named.
  package var risks: [Risk] {
    var order: [String] = []
    var newest: [String: Risk] = [:]
    for case .risk(let entry) in all where newest.updateValue(entry.risk, forKey: entry.risk.id) == nil {
      order.append(entry.risk.id)
    }
    return order.compactMap { newest[$0] }
  }

  /// Without what is dated ahead of the clock and speaks for a launch: no date may outlive every measurement to come.
  /// Who reports a failure, a risk or a condition is heard whatever the date says.
  package func upTo(_ now: Timestamp) -> PeoplesEntries {
    PeoplesEntries(all.filter { $0.aheadOf(now) == nil })
  }

  /// Entries that `upTo` leaves out, in words.
  package func ahead(of now: Timestamp) -> [String] { all.compactMap { $0.aheadOf(now) } }

  package var conditions: [ConditionEntry] {
    all.compactMap { if case .condition(let entry) = $0 { entry } else { nil } }
  }

  package var decisionMaker: String? {
    all.reversed().lazy.compactMap { if case .decisionMaker(let entry) = $0 { entry.who } else { nil } }.first
  }

  package var supersessions: [Supersession] {
    all.compactMap { if case .supersession(let entry) = $0 { entry } else { nil } }
  }

  package var reports: [ImportedReport] {
    all.compactMap { if case .report(let entry) = $0 { entry } else { nil } }
  }
}

/// How the embedded hotel is called where an environment is named.
package let demoEnvironment = "demo"

/// What to type when no run tells the build.
let buildHint = "--build NAME says it"

/// Why something that was said for an environment or a build does not count for another one; nil when it counts.
func refusal(
  _ writtenEnvironment: String?, _ writtenBuild: String?, environment: String?, build: String?
) -> String? {
  let wanted = environment ?? demoEnvironment
  if let written = writtenEnvironment, written != wanted {
    return "it is for the environment \(written), not \(wanted)"
  }
  if let written = writtenBuild, written != build {
    guard let build else { return "it is for build \(written), and it is not known which build is meant: \(buildHint)" }
    return "it is for build \(written), not \(build)"
  }
  return nil
}

extension PeoplesEntry {
  /// What it is, when it speaks for a launch and is dated in the future.
  fileprivate func aheadOf(_ now: Timestamp) -> String? {
    let (text, at): (String, Timestamp)
    switch self {
    case .attestation(let said):
      guard [.pass, .partial, .notApplicable].contains(said.status) else { return nil }
      (text, at) = ("the word of \(said.who) about \(said.item)", said.at)
    case .approval(let approval): (text, at) = ("the approval of \(approval.item) by \(approval.who)", approval.at)
    case .signOff(let entry):
      (text, at) = ("the signature of \(entry.signOff.who) as \(entry.signOff.role)", entry.signOff.at)
    case .supersession(let entry): (text, at) = ("what \(entry.who) says of \(entry.run)", entry.at)
    // A report's own date is looked at with the row.
    case .report, .risk, .condition, .decisionMaker: return nil
    }
    return at.isFuture(at: now) ? "\(text) is dated in the future, \(at.text): it does not count" : nil
  }
}

// SPDX-License-Identifier: Apache-2.0
import Results

/// Signatures on the sheet of one environment and one build: those that count, and why the others do not. A signature
/// says that its owner has seen what there is, so a FAIL that came later voids it, even one with a reason to be left
/// behind.
package struct Signatures: Sendable {
  /// The newest of each role, in the order in which the roles first signed.
  package private(set) var counted: [SignOff] = []
  package private(set) var refused: [(signOff: SignOff, reason: String)] = []

  /// `entries`: none ahead of the clock. `environment`: nil for the demo.
  package init(_ entries: PeoplesEntries, evidence: [RunEvidence], environment: String?, build: String?) {
    let failures = evidence.filter { run in
      !run.isControl && run.isOf(environment: environment) && run.build == build && run.saysFail
    }
    for case .signOff(let entry) in entries.all {
      let signed = entry.signOff
      if let reason = Self.refusal(entry, failures, environment: environment, build: build) {
        refused.append((signed, reason))
      } else if let place = counted.firstIndex(where: { $0.role == signed.role }) {
        counted[place] = signed
      } else {
        counted.append(signed)
      }
    }
  }

  private static func refusal(
    _ entry: SignOffEntry, _ failures: [RunEvidence], environment: String?, build: String?
  ) -> String? {
    if let reason = Readiness.refusal(entry.environment, entry.build, environment: environment, build: build) {
      return reason
    }
    if entry.environment == nil { return "it names no environment: a signature is for one" }
    if entry.build == nil, let build {
      return "it names no build: it may have been given for another one than \(build)"
    }
    let later = failures.filter { $0.at > entry.signOff.at }.max { $0.at < $1.at }
    return later.map { "it is older than the FAIL of \($0.run), which whoever signed did not know" }
  }
}

extension RunEvidence {
  /// FAIL to at least one row.
  var saysFail: Bool {
    items.contains { $0.status == .fail } || rules.contains { $0.standing == .fail }
  }
}

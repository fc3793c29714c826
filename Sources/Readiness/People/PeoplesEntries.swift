// SPDX-License-Identifier: Apache-2.0

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

  /// The newest signature of each role that counts for the environment (nil: the demo) and build.
  package func signOffs(environment: String?, build: String?) -> [SignOff] {
    var order: [String] = []
    var newest: [String: SignOff] = [:]
    for case .signOff(let entry) in all
    where counts(entry.environment, entry.build, environment: environment, build: build)
      && newest.updateValue(entry.signOff, forKey: entry.signOff.role) == nil
    {
      order.append(entry.signOff.role)
    }
    return order.compactMap { newest[$0] }
  }

  /// Signatures that do not count for the environment and build, with the reason.
  package func refusedSignOffs(environment: String?, build: String?) -> [(signOff: SignOff, reason: String)] {
    all.compactMap { entry in
      guard case .signOff(let entry) = entry,
        let reason = refusal(entry.environment, entry.build, environment: environment, build: build)
      else { return nil }
      return (entry.signOff, reason)
    }
  }

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

/// Why something that was said for an environment or a build does not count for another one; nil when it counts.
func refusal(
  _ writtenEnvironment: String?, _ writtenBuild: String?, environment: String?, build: String?
) -> String? {
  let wanted = environment ?? demoEnvironment
  if let written = writtenEnvironment, written != wanted {
    return "it is for the environment \(written), not \(wanted)"
  }
  if let written = writtenBuild, written != build {
    return "it is for build \(written), not \(build ?? "one that is not known")"
  }
  return nil
}

func counts(
  _ writtenEnvironment: String?, _ writtenBuild: String?, environment: String?, build: String?
) -> Bool {
  refusal(writtenEnvironment, writtenBuild, environment: environment, build: build) == nil
}

// SPDX-License-Identifier: Apache-2.0

/// A command that would bring rows further, and the rows.
package struct NextStep: Sendable, Equatable {
  package var command: String
  /// In the order of the checklist.
  package var items: [String]

  /// What to type for open rows, the runs first. `environment`: nil for the demo.
  package static func steps(for states: [ItemState], environment: String?, checklist: String) -> [NextStep] {
    let place = environment.map { " --env \(shellText([$0]))" } ?? ""
    let list = checklist == Attestation.defaultChecklist ? "" : " --checklist \(shellText([checklist]))"
    var order: [String] = []
    var items: [String: [String]] = [:]
    func add(_ command: String, _ id: String) {
      if items[command] == nil { order.append(command) }
      items[command, default: []].append(id)
    }
    let open = states.filter(\.isOpen)
    for state in open where !state.item.isSignOff {
      for command in state.item.runs { add("gonogo \(command)\(place)", state.item.id) }
    }
    for state in open where state.item.runs.isEmpty && !state.item.isSignOff {
      let id = state.item.id
      if state.standing == .notApplicable {
        add("gonogo attest \(id) approve --who NAME\(list)", id)
      } else if let kind = state.item.reportKind {
        add("gonogo attest --import FILE --kind \(kind) --for \(id) --who NAME\(list)", id)
      } else if !state.item.isProvenLater {
        add("gonogo attest ID pass --who NAME --note TEXT --evidence FILE\(list)", id)
      }
    }
    for state in open where state.item.isSignOff {
      guard let role = state.item.role else {
        add("gonogo attest decision-maker NAME", state.item.id)
        continue
      }
      add(
        "gonogo attest sign-off \(shellText([role])) --who NAME --env \(shellText([environment ?? demoEnvironment]))"
          + " --build BUILD\(list)", state.item.id)
    }
    return order.map { NextStep(command: $0, items: items[$0] ?? []) }
  }
}

extension ItemState {
  /// Neither PASS nor an N/A that somebody approved.
  package var isOpen: Bool { standing != .pass && !isApprovedAway }
}

extension ChecklistItem {
  /// Runs that mark it, as one types them.
  var runs: [String] {
    unique(
      marks.compactMap { mark in
        switch mark {
        case .measured("P-005"): "load scenarios/plans/soak.yaml"
        case .measured("F-001"), .measured("F-002"): "smoke"
        case .measured(let id) where rowsOfEveryRun.contains(id): "load scenarios/plans/expected-peak.yaml"
        case .rules(_, let seconds, _) where seconds >= 3600: "load scenarios/plans/soak.yaml"
        case .rules(_, _, let peak?) where peak > 1: "load scenarios/plans/twice-peak.yaml"
        case .rules: "load scenarios/plans/expected-peak.yaml"
        case .measured, .report, .later: nil
        }
      })
  }

  var reportKind: String? {
    marks.lazy.compactMap { if case .report(let kind, _) = $0 { kind } else { nil } }.first
  }

  var isProvenLater: Bool {
    marks.contains { if case .later = $0 { true } else { false } }
  }

  /// Whether only a run, or time, can mark it: nobody's word stands for that without a reason that is shown.
  package var isMeasuredAlways: Bool {
    marks.contains { mark in
      switch mark {
      case .measured(let id): rowsOfEveryRun.contains(id)
      case .rules, .later: true
      case .report: false
      }
    }
  }
}

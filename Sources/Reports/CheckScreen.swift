// SPDX-License-Identifier: Apache-2.0

/// What a checked file is about, said without running it.
package struct CheckScreen: Sendable, Equatable {
  /// `plans/peak.yaml: plan 'expected-peak'`.
  package var title: String
  package var phases: [StartScreen.Phase]
  /// Label and text of each further line, in order.
  package var rows: [Row]
  package var proofs: [StartScreen.Proof]
  /// Checklist rows that can be marked, and what the others need.
  package var items: [StartScreen.Proof] = []

  /// One line below the title.
  package struct Row: Sendable, Equatable {
    package var label: String
    package var text: String
    /// Something to look at, such as writes.
    package var isStriking: Bool

    package init(_ label: String, _ text: String, isStriking: Bool = false) {
      self.label = label
      self.text = text
      self.isStriking = isStriking
    }
  }

  package init(title: String, phases: [StartScreen.Phase] = [], rows: [Row], proofs: [StartScreen.Proof] = []) {
    self.title = title
    self.phases = phases
    self.rows = rows
    self.proofs = proofs
  }

  /// Several lines, each ended by a newline.
  package func text(style: TerminalStyle) -> String {
    var page = Page(style: style)
    page.line(title, .bold)
    page.rows(of: phases)
    for row in rows { page.row(row.label, row.text, row.isStriking ? .yellow : nil) }
    page.rows(of: proofs)
    page.rows(of: items, label: "can mark")
    return page.text
  }
}

extension Page {
  mutating func rows(of phases: [StartScreen.Phase]) {
    for (index, phase) in phases.enumerated() {
      let meaning = phase.meaning.map { " (\($0))" } ?? ""
      row(
        index == 0 ? "phases" : "",
        "\(phase.name): \(phase.rate)\(meaning) for \(NumberText.duration(seconds: phase.seconds))"
          + (phase.isSteady ? ", steady" : ""))
    }
  }

  mutating func rows(of proofs: [StartScreen.Proof], label: String = "can prove") {
    for (index, proof) in proofs.enumerated() {
      // Most texts name their rule themselves.
      let text = proof.text.contains(proof.expression) ? proof.text : "`\(proof.expression)` \(proof.text)"
      row(index == 0 ? label : "", (proof.canPass ? "" : "NO: ") + text, proof.canPass ? nil : .yellow)
    }
  }
}

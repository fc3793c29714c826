// SPDX-License-Identifier: Apache-2.0
import Readiness

extension DecisionPage {
  /// Folders that count for nothing, whatever they say.
  var refused: HTMLText {
    let table = HTMLTable(
      caption: "Refused evidence", columns: [.wide("Folder"), .wide("Why it does not count")],
      rows: record.refused.map { [EvidenceLink.run($0.run), "\($0.reason)"] })
    return HTMLParts.section("refused", "Refused evidence: \(NumberText.count(record.refused.count))", table.html)
  }

  /// A judge that passes a broken hotel is no judge: when it was tried last, and what it said.
  var judge: HTMLText {
    let rows = record.controls.map { run -> [HTMLText] in
      let isRight = run.expected == run.found
      let found = HTMLParts.badge(
        isRight ? .pass : .fail, isRight ? "\(run.found), as it must" : "\(run.found), where it must not")
      return [
        "\(run.name)", "\(DecisionWords.moment(run.at))", "\(run.expected)", found, EvidenceLink.run(run.run),
      ]
    }
    let table = HTMLTable(
      caption: "Control runs",
      columns: [.text("Hotel"), .text("Date"), .text("Must find"), .text("Found"), .wide("Folder")], rows: rows)
    let none: HTMLText = "<p>None is on file: <code>gonogo decide --control</code> makes them.</p>\n"
    return HTMLParts.section("judge", "Control runs of the judge", rows.isEmpty ? none : table.html)
  }

  /// The rule, clause by clause, and where its sources disagree.
  var rule: HTMLText {
    let clauses = record.rule.clauses.map { clause -> [HTMLText] in
      ["<code>\(clause.text)</code>", "\(clause.outcome.rawValue)", "\(clause.because)"]
    }
    let table = HTMLTable(
      caption: "Clauses, the first that applies decides",
      columns: [.wide("If"), .text("Then"), .wide("Because")],
      rows: clauses + [["otherwise", "\(record.rule.otherwise.rawValue)", "\(record.rule.otherwiseBecause)"]])
    let readings = record.readings.map { reading -> HTMLText in
      "<div><dt>\(reading.about)</dt><dd>\(reading.chosen)</dd></div>\n"
    }
    let chosen: HTMLText =
      readings.isEmpty
      ? .none
      : #"""
      <h3>Readings chosen where the sources contradict each other</h3>
      <dl class="readings">
      \#(readings)</dl>

      """#
    let source: HTMLText = #"""
      <p class="soft small">\#(record.checklist.source)<br>Checklist \#(record.checklist.id), SHA-256 <code>\#(record.checklist.digest)</code>\#(record.rule.strict ? "; strict: N/A rows count" : "; N/A rows with reason and approver leave the count")</p>

      """#
    return HTMLParts.section("rule", "The rule", table.html + chosen + source)
  }
}

// SPDX-License-Identifier: Apache-2.0
import Readiness
import Results

extension DecisionPage {
  /// Every row. Without script all are shown; with it they can be filtered, and paper shows all of them always.
  var checklist: HTMLText {
    #"""
    <section id="checklist" aria-labelledby="checklist-h">
    <h2 id="checklist-h">The checklist: \#(NumberText.count(record.items.count)) rows</h2>
    \#(filters)<table class="rows">
    <thead><tr><th scope="col">Row</th><th scope="col">What, and how it stands</th><th scope="col">Stands</th><th scope="col">Owner</th><th scope="col">Validated</th></tr></thead>
    \#(categories)</table>
    </section>

    """#
  }

  private var filters: HTMLText {
    func choice(_ key: HTMLText, _ label: HTMLText, _ words: [String]) -> HTMLText {
      let options = words.map { word -> HTMLText in #"<option value="\#(word)">\#(word)</option>"# }
      return #"<label>\#(label)<select data-key="\#(key)"><option value="">all</option>\#(options)</select></label>\#n"#
    }
    let standings = Standing.allCases.map(\.rawValue).filter { word in
      record.items.contains { $0.standing.rawValue == word }
    }
    let owners = inOrder(record.items.compactMap(\.owner)).sorted()
    return #"""
      <div class="filters" role="search" aria-label="Rows of the checklist" hidden>
      \#(choice("s", "Status", standings))\#(choice("p", "Priority", inOrder(record.items.map(\.priority))))\#(choice("c", "Category", inOrder(record.items.map(\.category))))\#(owners.isEmpty ? .none : choice("o", "Owner", owners))<label class="text">Text<input type="search" autocomplete="off" spellcheck="false"></label>
      <label class="tick"><input type="checkbox">open rows only</label>
      <span class="buttons"><button type="button" data-do="open">Expand</button><button type="button" data-do="close">Collapse</button><button type="button" data-do="clear">Clear</button></span>
      <p class="soft small" role="status" aria-live="polite"></p>
      </div>

      """#
  }

  private func inOrder(_ words: [String]) -> [String] {
    var seen: Set<String> = []
    return words.filter { seen.insert($0).inserted }
  }

  private var categories: HTMLText {
    let numbered = record.items.enumerated().map { (number: $0 + 1, item: $1) }
    return HTMLText(
      joining: inOrder(record.items.map(\.category)).map { category in
        let rows = numbered.filter { $0.item.category == category }
        let score = record.categories.first { $0.name == category }
        let share: HTMLText =
          score.map { #" <span class="soft">\#(DecisionWords.counts($0))</span>"# } ?? ""
        return #"""
          <tbody>
          <tr class="head"><th colspan="5" scope="colgroup">\#(category)\#(share)</th></tr>
          \#(rows.map { row($0.item, $0.number) })</tbody>

          """#
      })
  }

  private func row(_ item: DecidedItem, _ number: Int) -> HTMLText {
    let open: HTMLText = item.state.isOpen ? "1" : ""
    let reason: HTMLText =
      item.origin == .overridden
      ? #"<span class="override"><strong>OVERRIDE</strong> a person's word stands over a measurement: \#(item.reason)</span>"#
      : #"<span class="reason">\#(item.reason)</span>"#
    let mark: HTMLText = item.blocker ? #" <span class="blocker">blocker</span>"# : ""
    let date: HTMLText = item.date.map { #"<span class="date">\#(String($0.text.prefix(10)))</span>"# } ?? ""
    return #"""
      <tr class="row" id="r\#(number)" data-s="\#(item.standing.rawValue)" data-p="\#(item.priority)" data-c="\#(item.category)" data-o="\#(item.owner)" data-open="\#(open)"><th scope="row">\#(item.id)<span class="priority">\#(item.priority)\#(mark)</span></th><td class="what"><details><summary>\#(item.title)\#(reason)</summary>
      \#(details(item))</details></td><td class="stands">\#(Self.badge(item.standing))</td><td class="owner">\#(item.owner)</td><td class="who">\#(item.validatedBy)\#(date)</td></tr>

      """#
  }

  private func details(_ item: DecidedItem) -> HTMLText {
    let evidence = item.evidence.map { EvidenceLink.html($0, runs: runs, folder: record.evidenceFolder) }
    let same = item.sameAs.map { link(to: $0) }
    let facts = HTMLParts.facts([
      ("Group", "\(item.group)"), ("How to check", "\(item.hint)"),
      ("Standing", "\(DecisionWords.origin(item.origin))"),
      ("Validated by", "\(item.validatedBy)"), ("Date", "\(item.date.map { $0.text })"),
      ("Evidence", evidence.isEmpty ? "" : HTMLParts.list(evidence)),
      ("Notes", item.notes.isEmpty ? "" : HTMLParts.list(item.notes.map { "\($0)" })),
      ("N/A approved by", item.standing == .notApplicable ? "\(item.approvedBy ?? "nobody: the row is open")" : ""),
      ("Repeat", item.command.map { "<code>\($0)</code>" } ?? ""), ("Owner", "\(item.owner)"),
      ("Due", "\(item.targetDate)"), ("Same as", HTMLText(joining: same, separator: ", ")),
      ("Proven by", item.signOff ? "a signature of the sheet" : ""),
    ])
    return #"<div class="more">\#(facts)\#(attempts(item))</div>"#
  }

  private func attempts(_ item: DecidedItem) -> HTMLText {
    if item.attempts.isEmpty { return .none }
    // Counted from the first, listed from the newest.
    let total = item.attempts.count
    let rows = item.attempts.enumerated().map { index, attempt -> [HTMLText] in
      let refusal: HTMLText = attempt.refusal.map { "<strong>does not count</strong>: \($0)" } ?? "counts"
      return [
        "\(total - index) of \(total)", "\(DecisionWords.moment(attempt.at))", Self.badge(attempt.standing),
        "\(attempt.reason)", "\(attempt.build)", EvidenceLink.run(attempt.run), refusal,
      ]
    }
    return HTMLTable(
      caption: "Attempts",
      columns: [
        .text("Attempt"), .text("Date"), .text("Found"), .wide("Why"), .text("Build"), .text("Run"), .wide("Counts"),
      ], rows: rows
    ).html
  }
}

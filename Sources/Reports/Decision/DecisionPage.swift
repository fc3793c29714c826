// SPDX-License-Identifier: Apache-2.0
package import Readiness
import Results

/// `decision.html`: the answer and why on the first screen, what it rests on below it, the whole checklist, and a sheet to
/// sign. A pure function of the record: the same record gives the same bytes.
package func decisionPage(_ record: DecisionRecord) -> String {
  let page = DecisionPage(record: record)
  return HTMLPage(
    title: "\(record.outcome.rawValue): \(record.checklist.title), \(record.environment)", kind: "decision",
    style: DecisionPage.style, scripts: [DecisionPage.script], body: page.body
  ).text
}

struct DecisionPage {
  let record: DecisionRecord
  let runs: Set<String>
  /// Where a row is on the page: ids of lists of one's own can be anything.
  private let anchors: [String: Int]

  init(record: DecisionRecord) {
    self.record = record
    runs = EvidenceLink.runs(of: record)
    anchors = Dictionary(record.items.enumerated().map { ($1.id, $0 + 1) }) { first, _ in first }
  }

  var body: HTMLText {
    #"""
    \#(HTMLParts.demoLine(record.demo))<main>
    \#(firstScreen)\#(places)\#(openCriticals)\#(risks)\#(conditions)\#(remarks)\#(limits)\#(refused)\#(judge)\#(rule)\#(checklist)\#(sheet)</main>
    \#(HTMLParts.demoLine(record.demo))<footer><p>Made by gonogo \#(record.tool.version) from <a href="./decision.json">decision.json</a> of this folder. Times are UTC.</p></footer>
    """#
  }

  /// A row's id as a link to where it stands in the list; the id alone when the list has no such row.
  func link(to id: String) -> HTMLText {
    guard let number = anchors[id] else { return "\(id)" }
    return ##"<a class="id" href="#r\##(number)">\##(id)</a>"##
  }

  static func badge(_ standing: Standing) -> HTMLText {
    let mark: HTMLParts.Mark =
      switch standing {
      case .pass: .pass
      case .fail: .fail
      case .partial: .warning
      case .pending, .notApplicable: .neutral
      }
    return HTMLParts.badge(mark, standing.rawValue)
  }

  /// Loud: what whoever decides must know about the judge itself.
  var warnings: HTMLText {
    record.warnings.isEmpty
      ? .none
      : #"""
      <div class="loud" role="note"><strong>Before you rely on this</strong>\#(HTMLParts.list(record.warnings.map { "\($0)" }))</div>

      """#
  }

  /// Where what is on a long page.
  private var places: HTMLText {
    let all: [(there: Bool, link: HTMLText)] = [
      (!record.openCriticals.isEmpty, ##"<a href="#criticals">Open criticals</a>"##),
      (!record.risks.isEmpty, ##"<a href="#risks">Risks</a>"##),
      (true, ##"<a href="#limits">What is not proven</a>"##),
      (!record.refused.isEmpty, ##"<a href="#refused">Refused evidence</a>"##),
      (true, ##"<a href="#judge">Control runs</a>"##), (true, ##"<a href="#rule">The rule</a>"##),
      (true, ##"<a href="#checklist">The checklist</a>"##), (true, ##"<a href="#sheet">Sign-off sheet</a>"##),
    ]
    return #"<nav aria-label="On this page">\#(all.filter(\.there).map(\.link))</nav>\#n"#
  }

  private var openCriticals: HTMLText {
    let rows = record.openCriticals.map { id -> [HTMLText] in
      guard let item = record.items.first(where: { $0.id == id }) else { return ["\(id)", "", "", ""] }
      return [link(to: id), Self.badge(item.standing), "\(item.title)", "\(item.reason)"]
    }
    let table = HTMLTable(
      caption: "Open critical rows", columns: [.text("Row"), .text("Stands"), .wide("Title"), .wide("Why")], rows: rows)
    return HTMLParts.section("criticals", "Open criticals: \(NumberText.count(rows.count))", table.html)
  }

  private var risks: HTMLText {
    let rows = record.risks.map { risk -> [HTMLText] in
      let mark: HTMLParts.Mark = risk.isOpen ? .fail : risk.isMitigated ? .pass : .warning
      let item: HTMLText = risk.item.map { " (row \(link(to: $0)))" } ?? ""
      return [
        "\(risk.id)", "\(risk.level.rawValue)", "\(risk.title)\(item)", "\(risk.impact)", "\(risk.probability)",
        "\(risk.mitigation ?? "none")",
        #"<span class="answer-to">\#(mark.symbol)\#(DecisionWords.answer(to: risk))</span>"#,
      ]
    }
    let table = HTMLTable(
      caption: "Risks",
      columns: [
        .text("Risk"), .text("Level"), .wide("What"), .wide("Impact"), .wide("Probability"), .wide("Mitigation"),
        .wide("Accept or resolve"),
      ], rows: rows)
    return HTMLParts.section("risks", "Risks: \(NumberText.count(rows.count))", table.html)
  }

  private var conditions: HTMLText {
    let lines = record.conditions.map { condition -> HTMLText in
      "\(condition.text) <span class=\"soft\">(\(condition.who), \(DecisionWords.moment(condition.at)))</span>"
    }
    return HTMLParts.section("conditions", "Conditions of the launch", HTMLParts.list(lines))
  }

  private var remarks: HTMLText {
    HTMLParts.section("remarks", "Worth knowing", HTMLParts.list(record.remarks.map { "\($0)" }))
  }

  private var limits: HTMLText {
    HTMLParts.section(
      "limits", "What this evidence does not prove",
      HTMLParts.list(DecisionWords.limits(of: record).map { "\($0)" }))
  }
}

// SPDX-License-Identifier: Apache-2.0
import Judgement
package import Results

/// `report.html`: the first screen answers the question and says why; what follows shows it. Made of the record and the
/// folder alone: the same folder gives the same bytes. `record` is complete (`RunFolder.completed`).
package func htmlReport(_ record: RunRecord, of folder: RunFolder) -> String {
  if let smoke = record.smoke { return SmokeReport(record: record, smoke: smoke).page.text }
  return RunReport(
    record: record, timeline: folder.timeline(), samples: folder.samples,
    target: TargetSeries.all(of: folder.target, rules: record.thresholds.map(\.expression))
  ).page.text
}

/// The page of a load run.
struct RunReport {
  var record: RunRecord
  var timeline: RunTimeline?
  var samples: Samples?
  var target: [TargetSeries] = []
  /// Stretches of time in which something was broken on purpose.
  var faults: [Chart.Band] = []

  var page: HTMLPage {
    HTMLPage(
      title: "\(record.verdict.rawValue.uppercased()): \(record.plan.name)", kind: "report",
      styles: ReportParts.styles, scripts: [ChartStyle.script], body: body)
  }

  private var body: HTMLText {
    """
    \(HTMLParts.demoLine(record.demo))\(ReportParts.banner(record, lead: lead))<main>
    \(answer)\(ReportParts.subject(record, more: planFacts))\(overTime)\(distribution)\(steps)\(journeys)\(errors)\
    \(repliesSection)\(ownHealth)\(targetSection)\(ledgers)\(slowest)\(failures)\(blind)\
    \(ReportParts.provenance(record))</main>
    \(HTMLParts.demoLine(record.demo))\(ReportParts.footer(record))
    """
  }

  /// Why, in the one sentence that counts most.
  private var lead: String {
    if let reason = record.reasons.first { return reason }
    let worst = Wordings.worstFirst(record.thresholds).first
    if record.verdict == .pass {
      let count = record.thresholds.count
      let held = count == 1 ? "The one rule of the plan held." : "All \(count) rules held."
      // A plan's own rules may be weaker than a checklist's.
      let failed = record.items.filter { $0.status == .fail }.map(\.id)
      return failed.isEmpty ? held : "\(held) But the run fails \(failed.joined(separator: ", ")) of the checklist."
    }
    guard let worst else { return "" }
    return "\(worst.expression): \(worst.remark ?? Wordings.numbers(of: worst))"
  }

  // MARK: The answer

  private var answer: HTMLText {
    let reasons = HTMLParts.list(record.reasons.dropFirst().map { "\($0)" })
    return HTMLParts.section("answer", "Why", reasons + rules + keyFigures) + ReportParts.items(record)
  }

  private var rules: HTMLText {
    let rows = Wordings.worstFirst(record.thresholds).map { threshold -> [HTMLText] in
      let remark: HTMLText =
        threshold.remark.map { #"<div class="soft small">\#($0)</div>"# } ?? .none
      return [
        HTMLParts.badge(threshold.verdict), "<code>\(threshold.expression)</code>\(remark)",
        "\(Wordings.measured(threshold))", "\(Wordings.bound(threshold, atMost: "\u{2264}", atLeast: "\u{2265}"))",
        "\(NumberText.count(threshold.n))",
        "\(threshold.confidence == nil || threshold.n == 0 ? "-" : NumberText.count(Int(threshold.effectiveN.rounded())))",
      ]
    }
    let levels = Set(record.thresholds.compactMap(\.confidence))
    let level = levels.count == 1 ? levels.first.map { NumberText.share($0) + " " } ?? "" : ""
    return HTMLTable(
      caption: "Rules and their verdicts",
      columns: [
        .text("verdict"), .wide("rule"), .number("measured"), .number("\(level)bound"), .number("n"),
        .number("effective n"),
      ], rows: rows, stacks: true
    ).html
  }

  private var keyFigures: HTMLText {
    guard let steady = record.steady else { return "<p>Nothing was measured in a steady phase.</p>\n" }
    func time(_ value: Double?) -> String { Wordings.time(value, requests: steady.requests) }
    let figures: [(String, String)] = [
      ("answered", NumberText.perSecond(steady.rate)), ("errors", NumberText.share(steady.errorRate)),
      ("p50 response", time(steady.response.p50)), ("p95 response", time(steady.response.p95)),
      ("p99 response", time(steady.response.p99)), ("p95 service", time(steady.service.p95)),
    ]
    let cards = figures.map { name, value -> HTMLText in "<div><dt>\(name)</dt><dd>\(value)</dd></div>" }
    let unequal: HTMLText = steady.equalLoads ? .none : "<p>\(Wordings.unequalLoads).</p>\n"
    return #"""
      <dl class="figures">\#(cards)</dl>
      <p class="soft small">Steady phases: \#(NumberText.duration(seconds: Double(steady.seconds))), \#
      \#(NumberText.count(steady.requests)) requests. \#(Wordings.columns)</p>
      \#(unequal)
      """#
  }

  private var planFacts: [(label: String, content: HTMLText)] {
    let phases = record.plan.phases.map { phase -> HTMLText in
      let cut = phase.seconds < phase.plannedSeconds
      let lasted =
        NumberText.duration(seconds: Double(phase.seconds))
        + (cut ? " of \(NumberText.duration(seconds: Double(phase.plannedSeconds)))" : "")
      return "\(phase.name): \(phase.rate) for \(lasted)\(phase.steady ? ", steady" : "")"
    }
    let mix = record.plan.mix.map { "\($0.scenario) \(NumberText.share($0.share))" }.joined(separator: ", ")
    let peak = record.peak.map { peak in
      peak.rate + (peak.source.map { " (\($0)\(peak.by.map { ", by \($0)" } ?? ""))" } ?? "")
    }
    return [
      ("plan", "\(record.plan.name), \(record.plan.model == "closed" ? "users (closed)" : "arrivals (open)")"),
      ("phases", HTMLText(joining: phases, separator: "<br>")), ("mix", "\(mix)"), ("declared peak", "\(peak)"),
    ]
  }

  // MARK: The rest of the page that is short

  private var ledgers: HTMLText {
    var rows: [(label: String, content: HTMLText)] = []
    func add(_ label: String, _ lines: [String]) {
      rows.append((label, HTMLText(joining: lines.map { "\($0)" }, separator: "<br>")))
    }
    add("arrivals", Wordings.arrivals(record.arrivals).map(\.sentence))
    add(
      "requests",
      Wordings.requests(record.totals).map(\.sentence) + (Wordings.specialAnswers(record.totals).map { [$0] } ?? []))
    if let connections = record.connections { add("connections", [Wordings.connections(connections)]) }
    if let ledger = record.ledger { add("writes", Wordings.ledger(ledger)) }
    let named =
      record.ledger.map { ledger in
        HTMLTable(
          caption: "Writes that somebody should look at",
          columns: [.text("finding"), .text("step"), .wide("key"), .number("found"), .wide("why")],
          rows: ledger.named.map { finding in
            [
              "\(finding.finding.rawValue)", "\(finding.scenario)/\(finding.step)", "<code>\(finding.key)</code>",
              "\(finding.found.map(NumberText.count) ?? "-")", "\(finding.reason)",
            ]
          }
        ).html
      } ?? .none
    let left = HTMLParts.list((Wordings.leftBehind(record) + record.notes).map { "\($0)" })
    let heading: HTMLText = left.isEmpty ? .none : "<h3>Left behind and noted</h3>\n"
    return HTMLParts.section(
      "ledgers", "Ledgers: what was planned, sent and written", HTMLParts.facts(rows) + named + heading + left)
  }

  private var blind: HTMLText {
    let worst: HTMLText =
      record.steady?.worst.map { "<p>Worst 5 minutes, \(Wordings.worst($0)).</p>\n" } ?? .none
    return HTMLParts.section(
      "unseen", "What a run of this length cannot see",
      worst + "<p>\(blindSpot(seconds: record.steady?.seconds ?? 0))</p>\n")
  }
}

// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results

/// What the pages of load and smoke have in common.
enum ReportParts {
  /// Rules of reports beside those of every page.
  static var styles: [StaticString] { [reportStyle, ChartStyle.style] }

  static func banner(_ record: RunRecord, lead: String) -> HTMLText {
    let when = "\(record.started.text) to \(record.ended?.text ?? "an end that never came")"
    let below: HTMLText = #"""
      <p class="lead">\#(lead)</p>
      <p class="soft small">\#(record.target)\#(record.build.map { ", build \($0)" } ?? ""), \#
      \#(environment(record).map { "environment \($0)" } ?? "no declared environment"), \#(when)</p>
      \#(record.interrupted ? "<p><strong>Interrupted before the end of its plan.</strong></p>\n" : HTMLText.none)
      """#
    return HTMLParts.banner(
      HTMLParts.Mark(record.verdict), record.verdict.rawValue.uppercased(), title: record.plan.name, below)
  }

  static func items(_ record: RunRecord) -> HTMLText {
    let rows = record.items.map { item -> [HTMLText] in
      [HTMLParts.badge(item.status), #"<span class="whole">\#(item.id)</span>"#, "\(item.reason)"]
    }
    return HTMLParts.section(
      "items", "Checklist items this run marks",
      HTMLTable(
        caption: "Checklist items", columns: [.text("mark"), .text("item"), .wide("why")], rows: rows, stacks: true
      ).html)
  }

  static func subject(_ record: RunRecord, more: [(label: String, content: HTMLText)]) -> HTMLText {
    var rows: [(label: String, content: HTMLText)] = [
      ("target", "\(record.target)"), ("build", "\(record.build ?? "unknown")"),
      ("environment", "\(environment(record) ?? "none declared")"),
      ("started", "\(record.started.text)"),
      ("ended", "\(record.ended?.text ?? "never: the run did not come to its end")"),
    ]
    if let after = record.buildAfter, after != record.build {
      rows.insert(("build after the run", "<strong>\(after)</strong>"), at: 2)
    }
    if let reason = record.stopReason { rows.append(("stopped by", "\(reason)")) }
    if record.insecure { rows.append(("TLS", "<strong>\(Wordings.insecure)</strong>")) }
    if record.sameMachine { rows.append(("machine", "\(Wordings.sameMachine)")) }
    return HTMLParts.section("subject", "What was measured", HTMLParts.facts(rows + more))
  }

  /// Nil for a target that nobody declared.
  private static func environment(_ record: RunRecord) -> String? {
    record.environment.map { Wordings.environment($0, kind: record.environmentKind) }
  }

  /// Settings, where and by what it was made, and how to do it again.
  static func provenance(_ record: RunRecord) -> HTMLText {
    let settings = record.settings
    let made = record.provenance
    let libraries = made.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    var rows: [(label: String, content: HTMLText)] = []
    if record.smoke == nil {
      rows += [
        ("confidence", "\(settings.confidence.map { NumberText.share($0) + ", one-sided" } ?? "judged by estimate")"),
        ("drain", "\(NumberText.milliseconds(settings.drain))"),
        ("max in flight", "\(settings.maxInFlight.map(NumberText.count) ?? "by rate and timeout")"),
      ]
    }
    rows += [
      ("timeout", "\(NumberText.milliseconds(settings.timeout))"),
      ("run", #"<span class="mono">\#(record.runId)</span>"#), ("seed", "\(String(record.seed))"),
      ("tool", "gonogo \(record.tool.version)"),
      ("host", "\(made.host), kernel \(made.kernel), \(made.processors) processors, \(made.workers) workers"),
      ("libraries", "\(libraries)"),
      ("binary (SHA-256)", made.binary.map { #"<span class="mono">\#($0)</span>"# } ?? .none),
    ]
    let command = ShellWriter.commandLine(made.commandLine)
    let again: HTMLText =
      record.smoke == nil
      ? "<p>With <code>--seed \(String(record.seed))</code> the schedule and the picks are the same again.</p>\n"
      : .none
    return HTMLParts.section("settings", "Settings and provenance", HTMLParts.facts(rows))
      + HTMLParts.section(
        "again", "To repeat this run",
        """
        <pre>\(command)</pre>
        \(again)<p class="soft small">This page was made from the files beside it; <code>gonogo report DIR --html \
        FILE</code> makes the same bytes again, and <code>sha256sum -c manifest.sha256</code> tells whether the files \
        are those the run left.</p>

        """)
  }

  static func footer(_ record: RunRecord) -> HTMLText {
    "<footer>Made by gonogo \(record.tool.version) from run \(record.runId).</footer>"
  }
}

private let reportStyle: StaticString = """
  .lead { font-size: 1.05rem; margin: 6px 0 4px; overflow-wrap: anywhere; }
  .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: 10px; margin: 16px 0 10px; }
  .figures div { background: var(--faint); border-radius: 8px; padding: 8px 12px; }
  .figures dt { color: var(--soft); font-size: 0.82rem; }
  .figures dd { margin: 0; font-size: 1.2rem; font-weight: 600; font-variant-numeric: tabular-nums; }
  .facts + .scroll { margin-top: 14px; }
  .alert { border-left: 6px solid var(--warn); background: var(--faint); border-radius: 6px; padding: 8px 12px;
    margin: 0 0 12px; }

  """

// SPDX-License-Identifier: Apache-2.0

extension StartScreen {
  /// The screen as one text of several lines, the last with its newline.
  package func text(style: TerminalStyle) -> String {
    var page = Page(style: style)
    if demo { page.line("DEMO: a stand-in on this machine, not a real system", .bold) }
    page.line("\(plan) on \(target)", .bold)
    page.row("environment", environmentText)
    page.row(
      "build",
      build ?? (environment == nil ? "unknown: --build would name it" : "unknown: the environment names no build"))
    if insecure { page.row("TLS", "certificates are NOT verified (the environment says insecure)", .yellow) }
    page.rows(of: phases)
    page.row("requests", requests.map { "about \(NumberText.count($0))" } ?? "as many as the target answers")
    switch writes {
    case 0?: page.row("WRITES", "none")
    case let writes?:
      page.row("WRITES", "about \(NumberText.count(writes)) requests change data in the target", .yellow)
    case nil: page.row("WRITES", "as many as the target takes", .yellow)
    }
    page.row("in flight", inFlightText)
    page.rows(of: proofs)
    page.rows(of: items, label: "can mark")
    for (index, line) in watched.enumerated() { page.row(index == 0 ? "watched" : "", line) }
    for note in notes { page.row("note", note) }
    page.row("run", "\(runId), seed \(seed)")
    return page.text
  }

  private var environmentText: String {
    environment.map { Wordings.environment($0, kind: environmentKind) } ?? "none declared (loopback)"
  }

  private var inFlightText: String {
    var text = maxInFlight.map { "at most \(NumberText.count($0))" } ?? "no limit of its own"
    if let descriptorsNeeded, let descriptorsAllowed {
      text +=
        "; \(NumberText.count(descriptorsNeeded)) of \(NumberText.count(descriptorsAllowed)) descriptors may be needed"
    }
    return text
  }
}

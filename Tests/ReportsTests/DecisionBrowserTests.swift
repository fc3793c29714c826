// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestPython
import Testing

@testable import Readiness
@testable import Reports

/// The page of the meeting in a browser: wide and narrow, light and dark, by keyboard, without script, on paper.
@Suite(.enabled(if: Chromium.isHere, "\(Chromium.whyNot)")) struct DecisionBrowserTests {
  /// Rows that can be seen.
  private static let shown: Chromium.Job.Step = .evaluate(
    "[...document.querySelectorAll('tr.row')].filter((row) => row.getClientRects().length > 0).length")

  private func visit(_ record: DecisionRecord, _ change: (String) -> [Chromium.Job]) throws -> [Chromium.Page] {
    let file = FileManager.default.temporaryDirectory.appending(path: "decision-\(UUID().uuidString).html")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(decisionPage(record).utf8).write(to: file)
    return try Chromium.visit(change(file.path))
  }

  @Test func isQuietEverywhere() throws {
    let pages = try visit(SampleDecision.mixed()) { path in
      [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")].map { width, scheme in
        var job = Chromium.Job(open: path)
        job.width = width
        job.scheme = scheme
        job.do = [
          Self.shown, .evaluate("/<\\/?[a-z]+[ >]/.test(document.body.innerText)"),
          .evaluate("document.querySelector('.filters').hidden"),
          .evaluate("getComputedStyle(document.body).backgroundColor"),
        ]
        return job
      }
    }
    for page in pages {
      #expect(page.isQuiet, "\(page)")
      #expect(page.overflow == 0)
      // All rows, no markup shown as text, filters there.
      #expect(page.values.prefix(3) == [.number(145), .truth(false), .truth(false)])
      #expect(page.title.hasPrefix("NO-GO: P020"))
    }
    #expect(pages[0].values[3] != pages[1].values[3])
  }

  @Test func filtersWorkByMouseAndKeyboard() throws {
    let record = try SampleDecision.mixed()
    let pages = try visit(record) { path in
      var job = Chromium.Job(open: path)
      let choose = { (key: String, value: String) -> Chromium.Job.Step in
        .evaluate(
          "(() => { const one = document.querySelector('select[data-key=\(key)]'); one.value = '\(value)';"
            + " one.dispatchEvent(new Event('input', {bubbles: true})); })()")
      }
      job.do = [
        choose("s", "PENDING"), Self.shown, choose("c", "Security"), Self.shown, .click("[data-do=clear]"), Self.shown,
        .click("input[type=search]"), .type("token  META"), Self.shown,
        .evaluate("document.querySelector('[role=status]').textContent"),
        // From the text to the box, which space ticks, and on to the button that expands.
        .press("Tab"), .press("Space"), Self.shown, .press("Tab"), .press("Enter"),
        .evaluate("document.querySelectorAll('tr.row details[open]').length"),
        // A link to a row that is filtered out leads to it all the same.
        .evaluate("location.hash = '#r145'"), .evaluate("new Promise((done) => setTimeout(done, 100))"), Self.shown,
        .evaluate("document.querySelector('#r145 details').open"),
      ]
      return [job]
    }
    let pending = Double(record.items.count { $0.standing == .pending })
    let values = pages[0].values.filter { $0 != .nothing && $0 != .text("#r145") }
    #expect(
      values == [
        .number(pending), .number(0), .number(145), .number(1), .text("1 of 145 rows are shown; paper shows all."),
        .number(1), .number(1), .number(145), .truth(true),
      ])
    #expect(pages[0].isQuiet)
  }

  @Test func allRowsAreThereWithoutScriptAndOnPaper() throws {
    let pages = try visit(SampleDecision.mixed()) { path in
      var plain = Chromium.Job(open: path)
      plain.scripts = false
      plain.do = [Self.shown, .evaluate("document.querySelector('.filters').hidden"), .click("#r1 summary")]
      plain.do.append(.evaluate("document.querySelector('#r1 details').open"))
      var paper = Chromium.Job(open: path)
      paper.media = "print"
      paper.do = [
        .evaluate("document.querySelector('input[type=checkbox]').checked = true"),
        .evaluate("document.querySelector('.filters').dispatchEvent(new Event('input'))"),
        .evaluate("document.querySelectorAll('tr.out').length > 0"), Self.shown,
        .evaluate("getComputedStyle(document.querySelector('.filters')).display"),
        .evaluate("getComputedStyle(document.querySelector('.rows > thead')).display"),
        .evaluate("getComputedStyle(document.querySelector('#sheet')).breakBefore"),
      ]
      return [plain, paper]
    }
    #expect(pages[0].values == [.number(145), .truth(true), .truth(true)])
    #expect(pages[0].isQuiet)
    #expect(
      pages[1].values == [
        .truth(true), .truth(true), .truth(true), .number(145), .text("none"), .text("table-header-group"),
        .text("page"),
      ])
  }

  /// Every text of people and files, wherever it is shown, is a script that must not run.
  @Test func hostileTextsAreText() throws {
    let payloads = [
      "<script>document.title='ran'</script>", "\"><img src=x onerror=\"document.title='ran'\">",
      "'><svg onload=document.title='ran'>", "</style></script><script>document.title='ran'</script>",
      "javascript:document.title='ran'", "{{constructor}}${alert(1)}`</textarea>",
    ]
    var record = try SampleDecision.mixed()
    let all = payloads.joined(separator: " ")
    for index in record.items.indices {
      let text = payloads[index % payloads.count]
      record.items[index].id = "\(text) \(index)"
      record.items[index].title = text
      record.items[index].group = text
      record.items[index].priority = payloads[index % 3]
      record.items[index].owner = text
      record.items[index].hint = text
      record.items[index].reason = text
      record.items[index].validatedBy = text
      record.items[index].evidence = payloads + ["https://x.example/\(text)"]
      record.items[index].notes = payloads
      record.items[index].command = text
      record.items[index].sameAs = [text, "\(text) \(index)"]
      record.items[index].attempts = [
        SampleDecision.attempt(text, .fail, text, hoursAgo: 1, build: text, refusal: text)
      ]
    }
    record.environment = all
    record.build = all
    record.target = payloads[4]
    record.checklist.title = all
    record.checklist.source = all
    record.reasons = payloads
    record.change = payloads
    record.warnings = payloads
    record.openCriticals = record.items.prefix(9).map(\.id) + payloads
    record.readings = [Reading(about: all, chosen: all)]
    record.refused = payloads.map { RefusedEvidence(run: $0, reason: $0) }
    record.rule.roles = payloads
    record.decisionMaker = all
    record.risks[0].title = all
    record.risks[0].item = payloads[0]
    record.risks[0].acceptedBy = all
    record.controls[0].run = payloads[1]
    record.controls[0].found = all
    record.conditions[0].text = all
    let pages = try visit(record) { path in
      var job = Chromium.Job(open: path)
      job.do = [
        .click("[data-do=open]"),
        .evaluate("[...document.querySelectorAll('a')].every((a) => /^(https?:|file:)/.test(a.protocol))"),
        .evaluate("document.querySelectorAll('script').length"),
        .evaluate("document.querySelectorAll('main img, main [onload], main [onerror], main style').length"),
      ]
      return [job]
    }
    #expect(pages[0].isQuiet, "\(pages[0])")
    #expect(pages[0].title.hasPrefix("NO-GO: <script>document.title="), "\(pages[0].title)")
    #expect(pages[0].values == [.truth(true), .number(1), .number(0)])
  }
}

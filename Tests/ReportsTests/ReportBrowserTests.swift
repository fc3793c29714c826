// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestPython
import Testing

@testable import Reports
@testable import Results

/// The pages of runs in a browser: wide and narrow, light and dark, by keyboard, without script, on paper.
@Suite(.enabled(if: Chromium.isHere, "\(Chromium.whyNot)")) struct ReportBrowserTests {
  private func visit(_ page: String, _ jobs: (String) -> [Chromium.Job]) throws -> [Chromium.Page] {
    let file = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID().uuidString).html")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(page.utf8).write(to: file)
    return try Chromium.visit(jobs(file.path))
  }

  private static let ran: Chromium.Job.Step = .evaluate("document.body.dataset.pwned || ''")
  private static let handlers: Chromium.Job.Step = .evaluate(
    "[...document.querySelectorAll('*')].flatMap((e) => [...e.attributes])"
      + ".filter((a) => a.name.startsWith('on') || a.value.trim().startsWith('javascript:')).length")

  @Test func hostileTextsAreTextEverywhere() throws {
    for page in [ReportPageTests.hostileLoad(), try ReportPageTests.hostileSmoke()] {
      let visits = try visit(page) { path in
        [(1280, "light"), (390, "dark")].map { width, scheme in
          var job = Chromium.Job(open: path)
          job.width = width
          job.scheme = scheme
          job.do = [
            .evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })"), Self.ran,
            Self.handlers, .evaluate("document.querySelectorAll('img, iframe, main style').length"),
            .evaluate("getComputedStyle(document.body).backgroundColor"),
          ]
          return job
        }
      }
      for visit in visits {
        #expect(visit.isQuiet, "\(visit)")
        #expect(visit.overflow == 0, "\(visit.width) wide")
        #expect(visit.title.hasPrefix("FAIL: </title></style></script>"), "\(visit.title)")
        #expect(visit.values.filter { $0 != .nothing }.prefix(3) == [.text(""), .number(0), .number(0)])
      }
      #expect(visits[0].values.last != visits[1].values.last, "dark is dark")
    }
  }

  /// The tip says what the table says.
  @Test func chartsAnswerKeysAndPointer() throws {
    var record = SampleRecord.passing()
    record.demo = true
    let page = RunReport(record: record, timeline: HostileRun.timeline, samples: HostileRun.samples).page.text
    let tip: Chromium.Job.Step = .evaluate("document.querySelector('.tip').innerText")
    let visits = try visit(page) { path in
      var job = Chromium.Job(open: path)
      job.do = [
        .evaluate("document.querySelector('.tip').hidden"), .evaluate("document.querySelector('.draw').focus()"),
        .press("ArrowRight"), .press("ArrowRight"), tip, .press("End"), tip, .press("Escape"),
        .evaluate("document.querySelector('.tip').hidden"), .click(".draw"),
        .evaluate("document.querySelector('.tip').hidden"),
        .evaluate("getComputedStyle(document.querySelector('.cross')).display"),
      ]
      var still = Chromium.Job(open: path)
      still.scripts = false
      still.do = [.click("figure summary")]
      return [job, still]
    }
    let values = visits[0].values.filter { $0 != .nothing }
    #expect(
      values == [
        .truth(true), .text("5s\ndue: 40/s\nanswered as expected: 38/s\nfailed: 2/s"),
        .text("10m 25s\ndue: 40/s\nanswered as expected: 38/s\nfailed: 2/s"), .truth(true), .truth(false),
        .text("inline"),
      ], "\(values)")
    #expect(visits[0].isQuiet && visits[1].isQuiet)
  }

  @Test func paperHasTheChartsAndNotTheirTables() throws {
    let page = RunReport(record: SampleRecord.failing(), timeline: HostileRun.timeline, samples: nil).page.text
    let visits = try visit(page) { path in
      var job = Chromium.Job(open: path)
      job.media = "print"
      job.scheme = "dark"
      job.do = [
        .evaluate("document.querySelectorAll('figure svg.draw').length > 5"),
        .evaluate("getComputedStyle(document.querySelector('.data')).display"),
        .evaluate("getComputedStyle(document.body).backgroundColor"),
      ]
      return [job]
    }
    #expect(visits[0].values == [.truth(true), .text("none"), .text("rgb(255, 255, 255)")])
  }
}

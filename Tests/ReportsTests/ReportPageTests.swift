// SPDX-License-Identifier: Apache-2.0
import Foundation
import Judgement
import TestPython
import Testing

@testable import Reports
@testable import Results

/// The pages of runs, read as a browser's parser reads them.
struct ReportPageTests {
  static func hostileLoad() -> String {
    RunReport(
      record: HostileRun.load(), timeline: HostileRun.timeline, samples: HostileRun.samples,
      target: [
        TargetSeries(
          metric: HostileRun.script, about: HostileRun.script, instance: HostileRun.script, unit: .mebibytes,
          points: [.init(second: 0, value: 10), .init(second: 5, value: 12)], limit: 20)
      ],
      faults: [Chart.Band(from: 100, to: 200, name: HostileRun.script, isFault: true)]
    ).page.text
  }

  static func hostileSmoke() throws -> String {
    let record = HostileRun.smoke()
    return SmokeReport(record: record, smoke: try #require(record.smoke)).page.text
  }

  private func flaws(_ page: String, charts: Int) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "gonogo-page-\(UUID().uuidString).html")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(page.utf8).write(to: file)
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "page.py").path()
    return try TestPython.run(["python3", script, file.path(), "\(charts)"])
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test func aHostileRunLeavesASoundPage() throws {
    let page = Self.hostileLoad()
    let found = try flaws(page, charts: 8)
    #expect(found == "", "\(found)")
    #expect(!page.contains("<img"))
    #expect(page.components(separatedBy: "<script>").count == 2, "one script, ours")
    #expect(page == Self.hostileLoad(), "the same bytes each time")
  }

  @Test func aHostileSmokeRunLeavesASoundPage() throws {
    let page = try Self.hostileSmoke()
    let found = try flaws(page, charts: 0)
    #expect(found == "", "\(found)")
    #expect(!page.contains("<script>"))
    #expect(!page.contains("href=\"javascript"))
  }

  /// A checker that finds nothing ever is no checker.
  @Test func theCheckerSeesWhatIsWrong() throws {
    let sound = Self.hostileLoad()
    for (old, new) in [
      ("<main>", "<main onclick=\"x()\">"), ("</main>", "</main><script>1</script>"), ("</section>", ""),
      ("<main>", "<main><a href=\"https://elsewhere.example/\">x</a>"), ("'use strict'", "'use  strict'"),
    ] {
      #expect(try flaws(sound.replacing(old, with: new, maxReplacements: 1), charts: 8) != "", "\(new)")
    }
  }

  @Test func theFirstScreenSaysWhatAndWhy() {
    let record = SampleRecord.manyRules()
    let page = RunReport(record: record, timeline: nil, samples: nil).page.text
    let top = page.prefix(upTo: page.range(of: "What was measured")?.lowerBound ?? page.endIndex)
    #expect(top.contains("</svg>FAIL</p>"))
    #expect(top.contains("<h1>expected-peak</h1>"))
    for text in ["318 ms", "\u{2265} 301 ms", "19,200", "9,412", "p(95) &lt; 200ms @peak step:reservation/book"] {
      #expect(top.contains(text), "\(text)")
    }
    // The worst stands first, and colour is never alone.
    let marks = ["FAIL</span>", "INCONCLUSIVE</span>", "PASS</span>"].compactMap { top.range(of: $0)?.lowerBound }
    #expect(marks.count == 3 && marks == marks.sorted())
    #expect(!page.contains("DEMO"))
  }

  @Test func demoStandsAtTopAndBottom() {
    var record = SampleRecord.passing()
    record.demo = true
    let page = RunReport(record: record, timeline: nil, samples: nil).page.text
    #expect(page.components(separatedBy: "<strong>DEMO</strong>").count == 3)
  }

  @Test func anUnhealthyGeneratorIsSeen() {
    let page = RunReport(record: SampleRecord.failing(), timeline: HostileRun.timeline, samples: nil).page.text
    #expect(page.contains("NOT HEALTHY</span> Rules on time cannot be judged by this run"))
  }

  @Test func whatFailedInSmokeIsThereWithRequestAndAnswer() throws {
    var record = HostileRun.smoke()
    record.smoke?.scenarios[0].steps[0].attempts[0].answer = "{\"error\": \"full\"}\nsecond line"
    let page = SmokeReport(record: record, smoke: try #require(record.smoke)).page.text
    #expect(page.contains("{&quot;error&quot;: &quot;full&quot;}\nsecond line</pre>"))
    #expect(page.contains("FAILED</span>"))
    #expect(page.contains("not called") || page.contains("ignored</span>"))
  }
}

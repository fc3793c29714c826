// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestPython
import Testing

@testable import Readiness
@testable import Reports
@testable import Results

/// The page of the meeting: what must be on it, and that the same record gives the same bytes.
@Suite struct DecisionPageTests {
  @Test func isTheSameWhenMadeAgainAndSmall() throws {
    let page = decisionPage(try SampleDecision.mixed())
    #expect(page == decisionPage(try DecisionRecord.decoded(from: SampleDecision.mixed().encoded())))
    #expect(page.utf8.count < 1_000_000)
    // For looking at it: GONOGO_PAGES=DIR keeps it.
    if let folder = ProcessInfo.processInfo.environment["GONOGO_PAGES"] {
      try Data(page.utf8).write(to: URL(fileURLWithPath: folder + "/decision.html"))
    }
  }

  @Test func hasAllOfTheRecord() throws {
    let record = try SampleDecision.mixed()
    let page = decisionPage(record)
    for text in record.reasons + record.change + record.openCriticals + record.warnings + record.missingSignOffs {
      #expect(page.contains(HTMLText.escaped(text)), "\(text)")
    }
    for item in record.items { #expect(page.contains(HTMLText.escaped(item.title)), "\(item.id)") }
    for refused in record.refused { #expect(page.contains(HTMLText.escaped(refused.reason)), "\(refused)") }
    for reading in record.readings { #expect(page.contains(HTMLText.escaped(reading.chosen)), "\(reading)") }
    for risk in record.risks { #expect(page.contains(HTMLText.escaped(risk.probability)), "\(risk)") }
    for text in [
      "71 of 81", "87.65 %", "131 of 144", "90.97 %", "<strong>OVERRIDE</strong>", "Found by the tool at",
      "Launch date and time (UTC)", "healthy", "2 of 5 alerts have an owner", "1 of 3", "as it must",
      "it was superseded: the pool of connections had been set to 5", "Nothing here compares them",
    ] { #expect(page.contains(text), "\(text)") }
  }

  @Test func aDemoSaysSoFirstAndLast() throws {
    var record = try SampleDecision.mixed()
    #expect(!decisionPage(record).contains("class=\"demo\""))
    record.demo = true
    let page = decisionPage(record)
    let first = try #require(page.range(of: "class=\"demo\""))
    #expect(try first.lowerBound < #require(page.range(of: "NO-GO</p>")).lowerBound)
    #expect(page.components(separatedBy: "class=\"demo\"").count == 4)
    #expect(decisionMarkdown(record).components(separatedBy: "**DEMO").count == 3)
  }

  /// 94.999 % is not 95 %, nor is a weighted score one of rows.
  @Test(arguments: [
    (Fraction(137, of: 145), "94.48 %"), (Fraction(94_999, of: 100_000), "94.99 %"), (Fraction(1, of: 1), "100 %"),
    (Fraction(19, of: 20), "95 %"), (Fraction(0, of: 3), "0 %"), (Fraction(0, of: 0), "-"),
  ])
  func percentsAreCutOff(share: Fraction, text: String) {
    #expect(DecisionWords.percent(share) == text)
  }

  @Test(arguments: [
    ("https://wiki.hotel.example/a?b=c&d", "https://wiki.hotel.example/a?b=c&d"),
    ("HTTP://a.example", "http://a.example"),
    ("evidence/scan.sarif", "../../evidence/scan.sarif"), ("20261120T131502Z-x", "../20261120T131502Z-x/report.html"),
    ("results/20261120T131502Z-x/", "../20261120T131502Z-x/report.html"),
    ("/var/results/20261120T131502Z-x", "../20261120T131502Z-x/report.html"),
    ("results/20261120T131502Z-x/run.json", "../20261120T131502Z-x/run.json"),
    ("javascript:alert(1)", nil), ("JaVaScRiPt:alert(1)", nil), (" javascript:alert(1)", nil),
    ("java\tscript:alert(1)", nil), ("data:text/html,x", nil), ("file:///etc/passwd", nil), ("vbscript:x", nil),
    ("//evil.example/x", nil), ("/etc/passwd", nil), ("\\\\evil\\x", nil), ("https:///x", nil), ("http://", nil),
    ("https://user@evil", "https://user@evil"), ("https://a b", nil), ("", nil), ("x:y", nil), ("ticket 17", nil),
    ("https://\u{202E}evil", nil), ("./a:b", "../.././a:b"),
    ("javascript:x/20261120T131502Z-x", "../20261120T131502Z-x/report.html"),
  ])
  func onlyPlainLinksAreLinks(text: String, leads: String?) {
    let target = EvidenceLink.target(of: text, runs: ["20261120T131502Z-x"])
    switch target {
    case .address(let url)?: #expect(url == leads)
    case .file(let path)?: #expect(path == leads)
    case nil: #expect(leads == nil)
    }
  }

  @Test(arguments: [
    (nil, "../../scan.sarif"), ("../..", "../../scan.sarif"), ("../../../team", "../../../team/scan.sarif"),
  ])
  func evidenceIsFoundFromWhereThePeoplesFileIs(folder: String?, leads: String) {
    #expect(EvidenceLink.target(of: "scan.sarif", runs: [], folder: folder) == .file(leads))
  }

  @Test func foldersWithNamesThatLeadElsewhereAreNoLinks() {
    #expect(EvidenceLink.run("20261120T131502Z-x").text.contains("href=\"./../20261120T131502Z-x/report.html\""))
    for name in ["..", "a/../../b", "", "a\\b"] { #expect(!EvidenceLink.run(name).text.contains("href")) }
  }

  @Test func markdownIsShortAndEscaped() throws {
    var record = try SampleDecision.mixed()
    record.reasons.append("<img src=x onerror=alert(1)> | [a](javascript:x)")
    let text = decisionMarkdown(record)
    #expect(text.hasPrefix("# NO-GO\n"))
    #expect(text.contains("\\[a\\](javascript:x)"))
    #expect(!text.contains("<img"))
    #expect(text.contains("| **critical** | 71 of 81 | 87.65 % |"))
    #expect(text.utf8.count < 10_000)
    #expect(text == decisionMarkdown(record))
  }
}

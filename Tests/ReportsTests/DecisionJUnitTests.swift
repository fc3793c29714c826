// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestPython
import Testing

@testable import Readiness
@testable import Reports

/// A decision as test results: one case for each row of the list, and none is green that is not proven.
@Suite(.enabled(if: JUnitReader.python != nil)) struct DecisionJUnitTests {
  @Test func oneCasePerRow() throws {
    let record = try SampleDecision.mixed()
    let lines = try JUnitReader.outline(junit(record))
    let cases = lines.filter { $0.hasPrefix("testcase ") }
    #expect(cases.count == 146)
    // FAIL: S-004, and the outcome; left out: PARTIAL, PENDING, N/A.
    let skipped = record.items.count { ![.pass, .fail].contains($0.standing) }
    #expect(
      lines[0]
        == "testsuites \(record.checklist.title) tests=146 failures=2 errors=0 skipped=\(skipped) time=0.000")
    #expect(lines.count { $0.hasPrefix("testsuite ") } == 13)
    for line in [
      "property outcome=NO-GO", "property environment=staging", "property build=2026.11.2",
      "failure fail: the token in use is the one of the test number",
      "skipped PARTIAL: 2 of 5 alerts have an owner; the rest are being assigned",
      "skipped PENDING: nobody has looked at it",
      "skipped N/A: one machine only: nothing to balance (approved by Engineering Lead)",
      "skipped N/A: no replica is used (not approved)",
      "system-out OVERRIDE of a measurement: measured as 64 % by a run without warm caches; Operations saw 83 % over"
        + " the last week",
    ] { #expect(lines.contains(line), "\(line)") }
  }

  @Test(arguments: Outcome.allCases)
  func onlyNoGoFails(outcome: Outcome) throws {
    var record = try SampleDecision.mixed()
    record.outcome = outcome
    let lines = try JUnitReader.outline(junit(record))
    let place = try #require(lines.firstIndex(of: "testcase decision outcome time=0.000"))
    let reasons = record.reasons.joined(separator: "\\n")
    #expect(
      lines[place + 1] == (outcome == .noGo ? "failure NO-GO: NO-GO\\n" : "system-out \(outcome.rawValue)\\n") + reasons
    )
  }

  @Test func textsOfPeopleAreText() throws {
    var record = try SampleDecision.mixed()
    record.items[0].title = "]]><script>alert(1)</script>"
    record.items[0].category = "a\" b='c'><testcase/>"
    record.items[0].reason = "<!-- & -->\u{1B}"
    let lines = try JUnitReader.outline(junit(record))
    #expect(
      lines.contains("testcase a\" b='c'><testcase/> S-001 ]]><script>alert(1)</script> time=0.000"), "\(lines[20])")
    #expect(lines.contains("system-out <!-- & -->\\u{1B}"))
  }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Readiness
import TestPython
import Testing

@testable import Reports

/// The page of the meeting: what must be on it, that it stays within its bounds, and how it behaves in a browser.
@Suite struct DecisionPageTests {
  @Test func isTheSameWhenMadeAgainAndSmall() throws {
    let page = decisionPage(try SampleDecision.mixed())
    #expect(page == decisionPage(try SampleDecision.mixed()))
    #expect(page.utf8.count < 1_000_000)
    if let folder = ProcessInfo.processInfo.environment["GONOGO_PAGES"] {
      try Data(page.utf8).write(to: URL(fileURLWithPath: folder + "/decision.html"))
      try Data(decisionMarkdown(try SampleDecision.mixed()).utf8).write(
        to: URL(fileURLWithPath: folder + "/decision.md"))
    }
  }
}

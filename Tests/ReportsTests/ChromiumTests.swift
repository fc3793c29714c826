// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestPython
import Testing

/// The eyes that look at our pages do see what must not be there.
@Suite struct ChromiumTests {
  @Test func isThereWhereItMustBe() {
    #expect(Chromium.isHere || ProcessInfo.processInfo.environment["CI"] == nil, "\(Chromium.whyNot)")
  }

  @Test(.enabled(if: Chromium.isHere, "\(Chromium.whyNot)"))
  func seesWhatAPageDoes() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "chromium-\(UUID().uuidString).html")
    defer { try? FileManager.default.removeItem(at: file) }
    let text = """
      <!doctype html><title>before</title><details><summary>more</summary>text</details><input id="field">
      <p style="width: 2000px">wide</p><img src="http://other.example/a.png">
      <script>document.title = "after"; console.error("one"); alert("two"); throw new Error("three")</script>
      """
    try Data(text.utf8).write(to: file)
    var loud = Chromium.Job(open: file.path)
    loud.scheme = "dark"
    loud.do = [
      .press("Tab"), .press("Enter"), .evaluate("document.querySelector('details').open"), .click("#field"),
      .type("typed"), .evaluate("field.value"), .evaluate("matchMedia('(prefers-color-scheme: dark)').matches"),
    ]
    var still = Chromium.Job(open: file.path)
    still.scripts = false
    let pages = try Chromium.visit([loud, still])
    #expect(pages[0].title == "after")
    #expect(pages[0].values == [.truth(true), .text("typed"), .truth(true)])
    #expect(pages[0].dialogs == ["two"])
    #expect(pages[0].requests == ["http://other.example/a.png"])
    #expect(pages[0].console.contains(["error", "one"]))
    #expect(pages[0].console.contains { $0[1].hasPrefix("Error: three") })
    #expect(pages[0].overflow > 0)
    #expect(!pages[0].isQuiet)
    #expect(pages[1].title == "before")
    #expect(pages[1].dialogs.isEmpty)
  }
}

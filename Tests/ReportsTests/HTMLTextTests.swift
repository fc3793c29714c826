// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reports

struct HTMLTextTests {
  @Test func interpolatedTextIsNeverMarkup() {
    let hostile = #"</p><script>alert('x')</script>" onload="y()&"#
    let piece: HTMLText = #"<p title="\#(hostile)">\#(hostile)</p>"#
    let escaped =
      "&lt;/p&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot; onload=&quot;y()&amp;"
    #expect(piece.text == "<p title=\"\(escaped)\">\(escaped)</p>")
  }

  @Test func piecesKeepTheirMarkup() {
    let inner: HTMLText = "<b>\("a<b")</b>"
    let outer: HTMLText = "<p>\(inner)\([inner, inner])\(7)\(1.25, decimals: 2)\(Optional<String>.none)</p>"
    #expect(outer.text == "<p><b>a&lt;b</b><b>a&lt;b</b><b>a&lt;b</b>71.25</p>")
    #expect(HTMLText(joining: [inner, inner], separator: "<br>").text == "<b>a&lt;b</b><br><b>a&lt;b</b>")
  }

  @Test func whatCannotBeSeenIsWrittenOut() {
    let piece: HTMLText = "\("a\u{202E}b\u{0}c\nd")"
    #expect(piece.text == "a\\u{202E}b\\u{0}c\\nd")
    #expect(HTMLText(lines: "a<\r\nb\u{1B}[2J").text == "a&lt;\nb\\u{1B}[2J")
  }

  @Test(arguments: [
    ("javascript:alert(1)", "./javascript%3Aalert%281%29"), ("//elsewhere.example/x", "./elsewhere.example/x"),
    ("/etc/passwd", "./etc/passwd"), ("../20261120T131502Z-peak/report.html", "./../20261120T131502Z-peak/report.html"),
    (#"a" onclick="b"#, "./a%22%20onclick%3D%22b"), ("ä?x#y", "./%C3%A4%3Fx%23y"), ("\\\\host\\x", "./%5C%5Chost%5Cx"),
  ])
  func linksLeadToFilesOnly(path: String, target: String) {
    #expect(HTMLText.link(toFile: path, "x").text == "<a href=\"\(target)\">x</a>")
  }

  @Test(arguments: [
    (0.0, "0"), (-0.01, "0"), (12.34, "12.3"), (100, "100"), (.nan, "0"), (.infinity, "0"), (-2.5, "-2.5"), (1e12, "0"),
  ])
  func coordinatesAreShort(value: Double, text: String) {
    let piece: HTMLText = "\(value)"
    #expect(piece.text == text)
  }

  @Test func aPageAllowsNothingButItself() {
    let page = HTMLPage(title: "</title><script>", scripts: ["'use strict';"], body: "<p>\("<b>")</p>")
    #expect(page.text == page.text)
    #expect(page.text.contains("<title>&lt;/title&gt;&lt;script&gt;</title>"))
    #expect(page.text.contains("content=\"default-src &#39;none&#39;; style-src &#39;sha256-"))
    #expect(page.text.contains("script-src &#39;sha256-"))
    #expect(!page.text.contains("unsafe-inline"))
    #expect(HTMLPage(title: "", body: "").text.contains("script-src") == false)
  }

  @Test func tablesScrollInside() {
    let table = HTMLTable(caption: "a\"b", columns: [.text("step"), .number("n")], rows: [["<i>x</i>", "1"]])
    #expect(
      table.html.text == """
        <div class="scroll" tabindex="0" role="region" aria-label="a&quot;b"><table>
        <thead><tr><th scope="col">step</th><th scope="col" class="n">n</th></tr></thead>
        <tbody>
        <tr><th scope="row"><i>x</i></th><td class="n">1</td></tr>
        </tbody></table></div>

        """)
    #expect(HTMLTable(caption: "", columns: []).html.isEmpty)
  }
}

// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reports

@Suite struct TerminalTextTests {
  @Test(arguments: [
    ("plain", "plain"), ("Grüße, 東京", "Grüße, 東京"), ("a\nb\tc\r", "a\\nb\\tc\\r"), ("\u{1B}[31m", "\\u{1B}[31m"),
    ("\u{7F}", "\\u{7F}"), ("\u{9B}", "\\u{9B}"), ("a\u{202E}b", "a\\u{202E}b"), ("\u{2066}", "\\u{2066}"),
    ("\u{200B}\u{FEFF}", "\\u{200B}\\u{FEFF}"), ("\u{0}", "\\u{0}"), ("\u{E000}", "\\u{E000}"),
  ])
  func escapes(text: String, shown: String) {
    #expect(TerminalText.escaped(text) == shown)
  }

  @Test(arguments: [
    ("abc", 3, "abc"), ("abcd", 3, "..."), ("abcdef", 5, "ab..."), ("東京都", 5, "東..."), ("東京", 4, "東京"), ("abc", 0, ""),
  ])
  func cutsVisibly(text: String, columns: Int, shown: String) {
    #expect(TerminalText.truncated(text, to: columns) == shown)
  }

  @Test func wrapsWordsAndCutsLongOnes() {
    #expect(TerminalText.wrapped("one two three", columns: 7) == ["one two", "three"])
    #expect(TerminalText.wrapped("abcdefgh ij", columns: 3) == ["abc", "def", "gh", "ij"])
    #expect(TerminalText.wrapped("  ", columns: 3) == [])
    #expect(TerminalText.wrapped("took about 182 ms, 5 %", columns: 14) == ["took about", "182 ms, 5 %"])
    #expect(TerminalText.wrapped("e\u{301}e\u{301} xx", columns: 2) == ["e\u{301}e\u{301}", "xx"])
  }
}

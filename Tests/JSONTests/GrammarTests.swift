// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JSON

/// The error a text gives; nil when it is JSON.
func failure(_ bytes: [UInt8], depthLimit: Int = 512) -> JSONError? {
  var matches = JSONMatches(depthLimit: depthLimit)
  do throws(JSONError) {
    try matches.scan(bytes, JSONPaths([]))
    return nil
  } catch {
    return error
  }
}

@Suite struct GrammarTests {
  @Test(arguments: [
    "0", "-0", "12", "-1.5", "1e5", "1E+5", "1.0e-0", "0e0", "123456789012345678901234567890.5e999", "true", "false",
    "null", "\"\"", "\"a\"", "[]", "{}", " [ ] ", "\t{\r\n}\n", "[1]", "[1,2]", "[[],{}]", "{\"\":0}",
    "{\"a\":1,\"a\":2}",
    "{\"a\":{\"b\":[{\"c\":null}]}}", #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\u00e9\uD83D\uDE00""#, #""\uD800""#,
    #""\uDC00\uD800""#, "\"\u{7F}\u{80}é予\u{1F600}\"", "\"\u{2028}\"", "\u{FEFF}[1]", "[1 , 2 ,3\n]",
    "\"0123456789abcdef0123456789\"", "\"1234567\"", "\"12345678\"", "\"123456\\\\\"", "\"\u{FFFF}\u{10FFFF}\"",
  ]) func accepts(text: String) {
    #expect(failure(Array(text.utf8)) == nil)
  }

  @Test(
    arguments: [
      ("", .empty, 0), ("  ", .empty, 2), ("\u{FEFF}", .empty, 3), ("x", .expectedValue, 0), ("tru", .unterminated, 3),
      ("truE", .expectedValue, 0), ("nulll", .garbageAfterValue, 4), ("True", .expectedValue, 0),
      ("NaN", .expectedValue, 0),
      ("Infinity", .expectedValue, 0), ("+1", .expectedValue, 0), ("01", .badNumber, 0), ("-01", .badNumber, 0),
      ("-", .unterminated, 1), ("-a", .badNumber, 1), ("1.", .unterminated, 2), ("1.a", .badNumber, 2),
      (".5", .expectedValue, 0),
      ("1e", .unterminated, 2), ("1e+", .unterminated, 3), ("1e+x", .badNumber, 3), ("0x1", .garbageAfterValue, 1),
      ("1_0", .garbageAfterValue, 1), ("1 2", .garbageAfterValue, 2), ("[]]", .garbageAfterValue, 2),
      ("{}x", .garbageAfterValue, 2),
      ("[", .unterminated, 1), ("[1", .unterminated, 2), ("[1,", .unterminated, 3), ("[1,]", .expectedValue, 3),
      ("[,1]", .expectedValue, 1), ("[1 2]", .expectedCommaOrBracket, 3), ("[1}", .expectedCommaOrBracket, 2),
      ("{", .unterminated, 1), ("{\"a\"", .unterminated, 4), ("{\"a\":", .unterminated, 5),
      ("{\"a\":1", .unterminated, 6),
      ("{\"a\":1,", .unterminated, 7), ("{\"a\":1,}", .expectedKey, 7), ("{,}", .expectedKey, 1),
      ("{a:1}", .expectedKey, 1),
      ("{'a':1}", .expectedKey, 1), ("{\"a\" 1}", .expectedColon, 5), ("{\"a\":1 \"b\":2}", .expectedCommaOrBrace, 7),
      ("{\"a\":}", .expectedValue, 5), ("{1:2}", .expectedKey, 1), ("{\"a\":1]", .expectedCommaOrBrace, 6),
      ("\"", .unterminated, 1), ("\"abc", .unterminated, 4), ("\"a\nb\"", .controlCharacter, 2),
      ("\"\t\"", .controlCharacter, 1),
      ("\"\u{1F}\"", .controlCharacter, 1), ("\"12345678\u{0}\"", .controlCharacter, 9), (#""\x""#, .badEscape, 1),
      (#""\u12g4""#, .badEscape, 1), (#""\u12"#, .unterminated, 5), (#""\"#, .unterminated, 2),
      (#""abc\"#, .unterminated, 5),
      (#""\U0041""#, .badEscape, 1), (#""\'""#, .badEscape, 1), ("// c\n1", .expectedValue, 0),
      ("[1]// c", .garbageAfterValue, 3),
      ("<html>", .expectedValue, 0), ("\u{A0}1", .expectedValue, 0), ("\u{C}1", .expectedValue, 0),
      ("1\u{0}", .garbageAfterValue, 1),
      ("[1]\u{FEFF}", .garbageAfterValue, 3),
    ] as [(String, JSONError.Problem, Int)]) func rejects(text: String, problem: JSONError.Problem, offset: Int)
  {
    #expect(failure(Array(text.utf8)) == JSONError(problem: problem, offset: offset))
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
      [0xED, 0xA0, 0x80],
      [0xED, 0xBF, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xF0, 0x80, 0x80, 0x80],
      [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xFF], [0xFE],
      [0xF0, 0x9F, 0x28, 0x80],
    ] as [[UInt8]]) func rejectsBadUTF8(sequence: [UInt8])
  {
    for lead in ["\"", "\"abcdefg", "\"abcdefgh", "{\"é"] {
      let bytes = Array(lead.utf8) + sequence + Array("\"".utf8)
      #expect(failure(bytes) == JSONError(problem: .badUTF8, offset: lead.utf8.count))
    }
  }

  @Test func depthIsLimited() {
    func nested(_ depth: Int) -> [UInt8] {
      Array(String(repeating: "[", count: depth).utf8) + Array(String(repeating: "]", count: depth).utf8)
    }
    #expect(failure(nested(512)) == nil)
    #expect(failure(nested(513)) == JSONError(problem: .tooDeep, offset: 512))
    #expect(failure(nested(3), depthLimit: 2) == JSONError(problem: .tooDeep, offset: 2))
    #expect(failure(Array(repeating: UInt8(ascii: "["), count: 4 << 20)) == JSONError(problem: .tooDeep, offset: 512))
    let objects = Array(String(repeating: "{\"a\":", count: 600).utf8)
    #expect(failure(objects) == JSONError(problem: .tooDeep, offset: 512 * 5))
  }

  @Test func saysWhere() {
    #expect(failure(Array("[1]x".utf8))?.description == "something follows the JSON value (byte 3)")
  }
}

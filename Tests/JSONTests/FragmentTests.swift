// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JSON

/// The value of the whole text.
private func root(_ text: String) throws -> (JSONFragment, [UInt8]) {
  let bytes = Array(text.utf8)
  var matches = JSONMatches()
  try matches.scan(bytes, JSONPaths([try JSONPath("$")]))
  return (try #require(matches.first(of: 0)), bytes)
}

@Suite struct FragmentTests {
  @Test(arguments: [
    (#""a""#, "a", 1), (#""""#, "", 0), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t", 8),
    (#""\u00e9\u4e88""#, "é予", 2),
    (#""\ud83d\ude00x""#, "\u{1F600}x", 2), (#""\ud83d""#, "\u{FFFD}", 1), (#""\ude00""#, "\u{FFFD}", 1),
    (#""\ud83d\ud83d\ude00""#, "\u{FFFD}\u{1F600}", 2), (#""\ud83dx""#, "\u{FFFD}x", 2),
    (#""\ud83d\n""#, "\u{FFFD}\n", 2),
    (#""\uD800\u0041""#, "\u{FFFD}A", 2), (#""\u0000""#, "\u{0}", 1), (#""é\u007f""#, "é\u{7F}", 2),
    ("\"予約\"", "予約", 2),
    (#""\ud83d\ude0""#.replacing("0\"", with: "00\""), "\u{1F600}", 1),
    (#""\uffff\u07ff\u0800""#, "\u{FFFF}\u{7FF}\u{800}", 3),
    (#""\udbff\udfff""#, "\u{10FFFF}", 1),
  ]) func strings(text: String, content: String, count: Int) throws {
    let (fragment, bytes) = try root(text)
    #expect(fragment.kind == .string)
    // By scalars: Swift's own comparison takes equivalent texts for equal.
    #expect(Array(fragment.string(in: bytes).utf8) == Array(content.utf8))
    #expect(fragment.count(in: bytes) == count)
    #expect(fragment.raw(in: bytes) == text)
    #expect(JSONScalar.string(content).matches(fragment, in: bytes))
    #expect(!JSONScalar.string(content + "x").matches(fragment, in: bytes))
    #expect(!JSONScalar.string(String(content.unicodeScalars.dropLast()) + "~").matches(fragment, in: bytes))
    #expect(fragment.isEmpty == content.isEmpty)
    var appended: [UInt8] = [1]
    fragment.appendContent(in: bytes.span, to: &appended)
    #expect(appended == [1] + Array(content.utf8))
  }

  @Test(arguments: [
    ("1", "1.0", true), ("1", "10e-1", true), ("1", "0.1e1", true), ("100", "1e2", true), ("0", "-0.0e5", true),
    ("0.10", "0.1", true), ("1.50", "15e-1", true), ("12345678901234567890123", "12345678901234567890123", true),
    ("12345678901234567890123", "12345678901234567890124", false), ("9007199254740993", "9007199254740992", false),
    ("1", "-1", false), ("1", "2", false), ("1", "10", false), ("0.1", "0.01", false), ("1e400", "10e399", true),
    ("1e400", "1e401", false), ("120", "12", false), ("102", "12", false), ("1.02", "1.2", false),
    ("1e99999999999999999999", "1e99999999999999999999", true),
    ("1e99999999999999999999", "1e99999999999999999998", false),
    ("1001000", "1.001E+6", true), ("-2.50", "-25e-1", true), ("0e0", "0", true), ("1.000", "1", true),
    ("11", "1.1", false),
  ]) func numbersCompareByValue(left: String, right: String, equal: Bool) throws {
    for (one, other) in [(left, right), (right, left)] {
      let (fragment, bytes) = try root(one)
      #expect(try #require(JSONScalar.number(other)).matches(fragment, in: bytes) == equal)
      #expect(!JSONScalar.string(other).matches(fragment, in: bytes))
    }
  }

  @Test func numbersOnDemand() throws {
    let (big, bytes) = try root("12345678901234567890123")
    #expect(big.raw(in: bytes) == "12345678901234567890123")
    #expect(big.integer(in: bytes) == nil)
    #expect(big.number(in: bytes) == 1.2345678901234568e22)
    let (small, smallBytes) = try root("-42")
    #expect(small.integer(in: smallBytes) == -42)
    let (huge, hugeBytes) = try root("1e999")
    #expect(huge.number(in: hugeBytes) == .infinity)
    let (text, textBytes) = try root("\"1\"")
    #expect(text.number(in: textBytes) == nil)
  }

  @Test func isNumber() {
    for text in ["1", "-1.5e3", "0"] { #expect(isJSONNumber(text), "\(text)") }
    for text in ["", "+1", "01", "1.", "x", "1x", " 1", "-"] {
      #expect(!isJSONNumber(text), "\(text)")
    }
    #expect(JSONScalar.number("01") == nil)
  }

  @Test(
    arguments: [
      ("null", .null, true, nil), ("true", .bool, false, nil), ("false", .bool, false, nil), ("0", .number, false, nil),
      ("\"\"", .string, true, 0), ("\" \"", .string, false, 1), ("[]", .array, true, 0), ("[ ]", .array, true, 0),
      ("[[]]", .array, false, 1), ("[1,2,3]", .array, false, 3), ("{}", .object, true, 0),
      ("{\"a\":1,\"b\":[1,2]}", .object, false, 2),
    ] as [(String, JSONValueKind, Bool, Int?)])
  func kinds(text: String, kind: JSONValueKind, isEmpty: Bool, count: Int?) throws {
    let (fragment, bytes) = try root(" \(text) ")
    #expect(fragment.kind == kind)
    #expect(fragment.isEmpty == isEmpty)
    #expect(fragment.count(in: bytes) == count)
    #expect(fragment.range == 1..<(1 + text.utf8.count))
    #expect(fragment.isNull == (text == "null"))
    #expect(JSONScalar.null.matches(fragment, in: bytes) == (text == "null"))
    #expect(JSONScalar.bool(true).matches(fragment, in: bytes) == (text == "true"))
    #expect(JSONScalar.bool(false).matches(fragment, in: bytes) == (text == "false"))
    #expect(fragment.bool(in: bytes) == (kind == .bool ? text == "true" : nil))
  }

  @Test func sizesAreNumbers() throws {
    let bytes = Array("{\"list\": [1, [2], 3], \"text\": \"\\u00e9b\"}".utf8)
    var matches = JSONMatches()
    try matches.scan(bytes, JSONPaths([try JSONPath("$.list.length"), try JSONPath("$.text.length")]))
    let list = try #require(matches.first(of: 0))
    #expect(list.kind == .number && list.number(in: bytes) == 3 && list.integer(in: bytes) == 3)
    #expect(list.string(in: bytes) == "3")
    #expect(try #require(JSONScalar.number("3.0")).matches(list, in: bytes))
    #expect(matches.first(of: 1)?.integer(in: bytes) == 2)
  }

  @Test(arguments: [
    ("", "\"\""), ("a", "\"a\""), ("\"\\/", #""\"\\/""#), ("\n\r\t\u{8}\u{C}", #""\n\r\t\b\f""#),
    ("\u{0}\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""), ("é予\u{1F600}", "\"é予\u{1F600}\""),
  ]) func escapes(text: String, literal: String) throws {
    var buffer: [UInt8] = []
    appendJSONString(text, to: &buffer)
    #expect(String(decoding: buffer, as: UTF8.self) == literal)
    let (fragment, bytes) = try root(literal)
    #expect(fragment.string(in: bytes) == text)
  }
}

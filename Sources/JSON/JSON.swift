// SPDX-License-Identifier: Apache-2.0
// Room: JSON. A scanner and paths over bytes that came from a server: no tree is built, nothing is trusted. No
// Foundation, no unsafe pointers.
//
// `JSONPath` is written by people, `JSONPaths` is a set of them compiled once, `JSONMatches` is the reusable buffer that
// one pass over a body fills, `JSONFragment` is one value found. Fragments hold places, not bytes: the bytes are handed
// in again with each question.
//
// Decided here, where RFC 8259 leaves it open: of members with the same name the first counts (one pass, no tree to
// revise; most parsers take the last, so an API that repeats names is asking for trouble either way); a byte order mark
// at the start is skipped; lone surrogates (`\ud800`) are valid and read as U+FFFD; nesting is limited.

/// Why a text is not JSON.
package struct JSONError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  package enum Problem: String, Sendable {
    case empty = "there is no JSON value, the text is empty"
    case expectedValue = "expected a JSON value"
    case expectedKey = "expected a member's name in double quotes"
    case expectedColon = "expected `:`"
    case expectedCommaOrBrace = "expected `,` or `}`"
    case expectedCommaOrBracket = "expected `,` or `]`"
    case unterminated = "the text ends inside a value"
    case badNumber = "malformed number"
    case badEscape = "malformed escape in a string"
    case controlCharacter = "unescaped control character in a string"
    case badUTF8 = "bytes that are not UTF-8 in a string"
    case garbageAfterValue = "something follows the JSON value"
    case tooDeep = "nested too deep"
  }

  package var problem: Problem
  /// Bytes from the start of the text.
  package var offset: Int

  package var description: String { "\(problem.rawValue) (byte \(offset))" }
}

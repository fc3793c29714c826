// SPDX-License-Identifier: Apache-2.0

/// A piece of HTML (or of SVG inside it). Written as a string literal, whose own text is markup and whose interpolations
/// are escaped by their type:
///
/// ```swift
/// let row: HTMLText = #"<td class="name" title="\#(step.path)">\#(step.name)</td>"#
/// ```
///
/// Only literals can be markup: a `String` that was made at run time can come in by interpolation alone, so that no text
/// of a target, a file or a person is ever read as markup. Attribute values stand in quotes, always. Not for the inside
/// of `script` and `style`, nor for `href` (see `link`).
package struct HTMLText: Sendable, Equatable, ExpressibleByStringInterpolation {
  /// The markup.
  package private(set) var text: String

  /// Nothing.
  package static let none: HTMLText = ""

  package init(stringLiteral literal: StaticString) {
    text = literal.description
  }

  package init(stringInterpolation interpolation: StringInterpolation) {
    text = interpolation.text
  }

  /// Text with line breaks that are kept, for `pre`.
  package init(lines: String) {
    // By scalars: to a `Character`, CR and LF are one.
    text = lines.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      Self.escaped(String(line.last == "\r" ? line.dropLast() : line))
    }.joined(separator: "\n")
  }

  package init(joining pieces: some Sequence<HTMLText>, separator: HTMLText = .none) {
    text = pieces.map(\.text).joined(separator: separator.text)
  }

  /// A link to a file, its path relative to the page (`../` leads up). All but plain characters is percent-encoded, and
  /// neither a scheme nor a host can come about, whatever the path says.
  package static func link(toFile path: String, _ content: HTMLText) -> HTMLText {
    let encoded = path.utf8.map { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E: String(UnicodeScalar(byte))
      default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }.joined()
    // A leading slash would lead to the root, two to another host.
    return #"<a href="./\#(String(encoded.drop { $0 == "/" }))">\#(content)</a>"#
  }

  package static func + (left: HTMLText, right: HTMLText) -> HTMLText { "\(left)\(right)" }

  package static func += (left: inout HTMLText, right: HTMLText) { left.text += right.text }

  package var isEmpty: Bool { text.isEmpty }

  /// What cannot be seen or could mislead is written out as `\u{...}`, as on terminals; what HTML reads as markup, in
  /// text or in a quoted attribute, as a reference.
  static func escaped(_ text: String) -> String {
    let seen = TerminalText.escaped(text)
    if !seen.utf8.contains(where: { $0 == 0x26 || $0 == 0x3C || $0 == 0x3E || $0 == 0x22 || $0 == 0x27 }) {
      return seen
    }
    var safe = ""
    for scalar in seen.unicodeScalars {
      switch scalar {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\"": safe += "&quot;"
      case "'": safe += "&#39;"
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }
}

extension HTMLText {
  /// What may stand in a literal, and how it is written.
  package struct StringInterpolation: StringInterpolationProtocol {
    package typealias StringLiteralType = StaticString

    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount * 8)
    }

    package mutating func appendLiteral(_ literal: StaticString) { text += literal.description }

    /// Escaped, for text and for a quoted attribute.
    package mutating func appendInterpolation(_ plain: String) { text += HTMLText.escaped(plain) }

    /// Escaped; nothing for nil.
    package mutating func appendInterpolation(_ plain: String?) { text += plain.map(HTMLText.escaped) ?? "" }

    /// As it is: it was escaped when it was made.
    package mutating func appendInterpolation(_ piece: HTMLText) { text += piece.text }

    /// One after the other.
    package mutating func appendInterpolation(_ pieces: [HTMLText]) { for piece in pieces { text += piece.text } }

    /// Plain digits, as attributes want them. For people: `NumberText.count`.
    package mutating func appendInterpolation(_ number: Int) { text += String(number) }

    /// A coordinate, rounded to so many decimals, without zeros at its end. 0 for what is no number.
    package mutating func appendInterpolation(_ number: Double, decimals: Int = 1) {
      text += HTMLText.coordinate(number, decimals: decimals)
    }
  }

  static func coordinate(_ number: Double, decimals: Int) -> String {
    guard number.isFinite, number.magnitude < 1e9 else { return "0" }
    var digits = NumberText.fixed(number, decimals)
    if decimals > 0 {
      while digits.hasSuffix("0") { digits.removeLast() }
      if digits.hasSuffix(".") { digits.removeLast() }
    }
    return digits == "-0" || digits == "-" ? "0" : digits
  }
}

// SPDX-License-Identifier: Apache-2.0

/// A path cut at its slashes, each part with its percent-encoding resolved, as it reaches the target: without query and
/// fragment, `.` and `..` resolved. A `%2F` inside a part does not cut it.
struct PathParts: Sendable, Hashable {
  var parts: [[UInt8]] = []
  var endsWithSlash = false

  /// Complexity: O(bytes).
  init(_ text: some StringProtocol) {
    for part in text.utf8.prefix(while: { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
      .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst(text.utf8.first == 0x2F ? 1 : 0)
    {
      endsWithSlash = false
      if part.elementsEqual(".".utf8) {
        endsWithSlash = true
      } else if part.elementsEqual("..".utf8) {
        endsWithSlash = true
        _ = parts.popLast()
      } else {
        parts.append(Self.decoded(part))
      }
    }
    if parts.last == [] {
      parts.removeLast()
      endsWithSlash = true
    }
  }

  /// `%41` as `A`; what is no such escape stays.
  private static func decoded(_ part: some Sequence<UInt8>) -> [UInt8] {
    var result = Array(part)
    guard result.contains(UInt8(ascii: "%")) else { return result }
    var read = 0
    var written = 0
    while read < result.count {
      if result[read] == UInt8(ascii: "%"), read + 2 < result.count, let high = hexDigit(result[read + 1]),
        let low = hexDigit(result[read + 2])
      {
        result[written] = high << 4 | low
        read += 3
      } else {
        result[written] = result[read]
        read += 1
      }
      written += 1
    }
    result.removeSubrange(written...)
    return result
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}

/// A path in which parts in braces stand for what varies: `/rooms/{id}`, `/files/{name}.json`.
struct PathTemplate: Sendable, Hashable {
  /// How exactly a template says what a part is.
  enum Precision: UInt8, Sendable, Comparable {
    case literal, mixed, open

    static func < (left: Precision, right: Precision) -> Bool { left.rawValue < right.rawValue }
  }

  /// The texts around the braces: one for a literal part, two for `{id}` (both empty) or `{name}.json`.
  private let parts: [[[UInt8]]]
  let endsWithSlash: Bool

  init(_ text: String) {
    let path = PathParts(text)
    parts = path.parts.map(Self.pieces)
    endsWithSlash = path.endsWithSlash
  }

  /// Part by part, from the left.
  var precision: [Precision] {
    parts.map { pieces in
      pieces.count == 1 ? .literal : pieces.allSatisfy(\.isEmpty) ? .open : .mixed
    }
  }

  /// Whether a request's path is one of those the template stands for; a slash at the end makes no difference here.
  func fits(_ path: PathParts) -> Bool {
    guard path.parts.count == parts.count else { return false }
    return zip(parts, path.parts).allSatisfy { Self.fits($0, $1) }
  }

  private static func pieces(_ part: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = [[]]
    var index = 0
    while index < part.count {
      if part[index] == UInt8(ascii: "{"), let end = part[index...].firstIndex(of: UInt8(ascii: "}")) {
        pieces.append([])
        index = end + 1
      } else {
        pieces[pieces.count - 1].append(part[index])
        index += 1
      }
    }
    return pieces
  }

  /// Each pair of braces takes one byte at least. The leftmost place of each text is as good as any other, since what
  /// is in braces has no shape of its own.
  private static func fits(_ pieces: [[UInt8]], _ text: [UInt8]) -> Bool {
    guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else { return pieces == [text] }
    guard text.starts(with: first), text.count >= first.count + last.count + 1 else { return false }
    guard text[(text.count - last.count)...].elementsEqual(last) else { return false }
    var index = first.count + 1
    let end = text.count - last.count
    for piece in pieces.dropFirst().dropLast() {
      var start = index
      while start + piece.count <= end, !text[start..<start + piece.count].elementsEqual(piece) { start += 1 }
      guard start + piece.count <= end else { return false }
      index = start + piece.count + 1
    }
    return index <= end
  }
}

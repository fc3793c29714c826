// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Reads requests from the bytes of one connection. Lenient where it does not matter, strict about where a request ends.
struct RequestParser {
  enum Progress {
    case needsMore
    /// The client waits for `100 Continue` before it sends the body.
    case wantsContinue
    case request(Head, body: [UInt8])
    case malformed
  }

  struct Head {
    var method = ""
    var target = ""
    var version = ""
    var headers: [(name: String, value: String)] = []

    func header(_ name: String) -> String? { headers.first { equalsIgnoringCase($0.name, name) }?.value }
  }

  private var bytes: [UInt8] = []
  private var head: Head?
  private var bodyStart = 0
  private var saidContinue = false

  var isEmpty: Bool { bytes.isEmpty }

  mutating func append(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }

  /// Takes the next whole request out of what was read so far.
  mutating func next() -> Progress {
    if head == nil {
      guard let end = position(of: "\r\n\r\n", from: 0) else {
        return bytes.count > 1 << 20 ? .malformed : .needsMore
      }
      guard let parsed = Self.parseHead(bytes[..<end]) else { return .malformed }
      head = parsed
      bodyStart = end + 4
      saidContinue = false
    }
    guard let head else { return .malformed }
    guard let (body, end) = body(of: head) else {
      guard !saidContinue, equalsIgnoringCase(head.header("Expect") ?? "", "100-continue") else { return .needsMore }
      saidContinue = true
      return .wantsContinue
    }
    bytes.removeFirst(end)
    self.head = nil
    return .request(head, body: body)
  }

  private func body(of head: Head) -> (body: [UInt8], end: Int)? {
    if let coding = head.header("Transfer-Encoding"), equalsIgnoringCase(coding, "chunked") { return chunkedBody() }
    let length = head.header("Content-Length").flatMap { Int($0) } ?? 0
    guard bytes.count >= bodyStart + length else { return nil }
    return (Array(bytes[bodyStart..<bodyStart + length]), bodyStart + length)
  }

  private func chunkedBody() -> (body: [UInt8], end: Int)? {
    var body: [UInt8] = []
    var at = bodyStart
    while let lineEnd = position(of: "\r\n", from: at) {
      let size = Int(String(decoding: bytes[at..<lineEnd].prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self), radix: 16)
      guard let size, bytes.count >= lineEnd + 2 + size + 2 else { return nil }
      body += bytes[lineEnd + 2..<lineEnd + 2 + size]
      at = lineEnd + 2 + size + 2
      if size == 0 { return (body, at) }
    }
    return nil
  }

  /// Where `pattern` first stands; memchr finds its first byte, because a byte loop is slow in a debug build.
  private func position(of pattern: StaticString, from start: Int) -> Int? {
    bytes.withUnsafeBytes { all -> Int? in
      guard let base = all.baseAddress else { return nil }
      let length = pattern.utf8CodeUnitCount
      var at = start
      while at + length <= all.count {
        guard let hit = memchr(base + at, Int32(pattern.utf8Start[0]), all.count - at) else { return nil }
        at = UnsafeRawPointer(hit) - base
        if at + length <= all.count, memcmp(base + at, pattern.utf8Start, length) == 0 { return at }
        at += 1
      }
      return nil
    }
  }

  private static func parseHead(_ bytes: ArraySlice<UInt8>) -> Head? {
    var lines = bytes.split(separator: UInt8(ascii: "\n"))[...]
    let words = (lines.popFirst() ?? []).split(separator: UInt8(ascii: " ")).map(text)
    guard words.count == 3 else { return nil }
    var head = Head(method: words[0], target: words[1], version: words[2])
    for line in lines {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
      head.headers.append((text(line[..<colon]), text(line[(colon + 1)...])))
    }
    return head
  }

  /// Without the spaces and the carriage return around it.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    var bytes = bytes
    while let last = bytes.last, last == 0x0D || last == 0x20 { bytes.removeLast() }
    while bytes.first == 0x20 { bytes.removeFirst() }
    return String(decoding: bytes, as: UTF8.self)
  }
}

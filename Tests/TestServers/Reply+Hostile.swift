// SPDX-License-Identifier: Apache-2.0

/// Answers that no sound server gives.
extension Reply {
  package static let neverAnswers = Reply([.hold])

  /// Bytes that are no HTTP at all, then the end of the connection.
  package static let garbage = Reply([.send((0..<512).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }), .close])

  package static let endlessHeaders = Reply([
    .send(Array("HTTP/1.1 200 OK\r\n".utf8)),
    .sendForever(repeated("X-Filler: \(String(repeating: "f", count: 80))\r\n")),
  ])

  /// One header line without an end.
  package static let endlessHeaderLine = Reply([
    .send(Array("HTTP/1.1 200 OK\r\nX-Filler: ".utf8)), .sendForever(repeated("ffffffffffffffff")),
  ])

  /// `103 Early Hints` without end and no final status.
  package static let endlessInformational = Reply([.sendForever(repeated("HTTP/1.1 103 Early Hints\r\n\r\n"))])

  /// A body without a length that goes on as long as the client reads.
  package static let endlessBody = Reply([
    .send(Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8)), .sendForever(repeated("0123456789abcdef")),
  ])

  /// The same in chunks.
  package static let endlessChunks = Reply([
    .send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)),
    .sendForever(repeated("10\r\n0123456789abcdef\r\n")),
  ])

  /// Announces 100 bytes, sends 50 and closes.
  package static let halfBody = raw(
    "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + String(repeating: "h", count: 50))

  /// Announces 100 bytes, sends 50 and says nothing more.
  package static let halfBodyThenSilence = raw(
    "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + String(repeating: "h", count: 50), then: .hold)

  package static let closesWithoutAnswer = Reply([.close])
  package static let resetsBeforeHeaders = Reply([.reset])

  /// Announces 100 bytes, sends 10, and after 5 ms, so that the client has read them, a RST.
  package static let resetsAfterHeaders = Reply([
    .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789".utf8)),
    .wait(nanoseconds: 5_000_000), .reset,
  ])

  /// Status line and these Content-Length lines, one for each element, then a body of two bytes and silence.
  package static func contentLengths(_ values: [String]) -> Reply {
    raw("HTTP/1.1 200 OK\r\n" + values.map { "Content-Length: \($0)\r\n" }.joined() + "\r\nok", then: .hold)
  }

  package static let absurdContentLength = contentLengths(["99999999999999999999999999"])
  package static let hugeContentLength = contentLengths(["9223372036854775807"])
  package static let negativeContentLength = contentLengths(["-5"])
  package static let duplicateContentLength = contentLengths(["2", "7"])
  package static let wordContentLength = contentLengths(["many"])

  /// A chunked body whose chunks are these bytes, taken as they are, and then the end of the connection.
  package static func chunked(_ text: String) -> Reply {
    raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + text)
  }

  package static let chunkSizeNotHexadecimal = chunked("zz\r\nok\r\n0\r\n\r\n")
  package static let chunkSizeOverflows = chunked("ffffffffffffffffffff\r\nok\r\n")
  package static let chunkCutShort = chunked("10\r\nonly these")
  package static let chunksWithoutLast = chunked("2\r\nok\r\n")

  /// Many copies in one buffer, so that an endless sender needs few system calls.
  private static func repeated(_ text: String) -> [UInt8] {
    let copies = max(1, 16_384 / text.utf8.count)
    return Array(String(repeating: text, count: copies).utf8)
  }
}

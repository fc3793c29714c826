// SPDX-License-Identifier: Apache-2.0

/// What the server does about one request: a script of acts, performed one after the other.
///
/// After the last act the connection is kept, unless an act ended it or the request or the settings say otherwise.
package struct Reply: Sendable {
  package enum Act: Sendable {
    /// Sends a well-formed answer; Content-Length is added unless `headers` has one or a Transfer-Encoding.
    case answer(status: Int, headers: [(String, String)], body: [UInt8])
    /// Sends these bytes as they are.
    case send([UInt8])
    /// Sends these bytes again and again until the client leaves.
    case sendForever([UInt8])
    /// Does nothing for so long. A stall stops this clock too.
    case wait(nanoseconds: Int64)
    /// Says nothing more; the connection stays open until the client leaves.
    case hold
    /// Ends the connection in good order (FIN).
    case close
    /// Ends the connection with a RST.
    case reset
    /// Ends the whole server: nothing listens any more and every connection gets a RST.
    case killServer
  }

  package var acts: [Act]

  package init(_ acts: [Act]) { self.acts = acts }

  /// A sound answer.
  package static func answer(
    _ status: Int = 200, headers: [(String, String)] = [], body: String = "ok"
  ) -> Reply {
    Reply([.answer(status: status, headers: headers, body: Array(body.utf8))])
  }

  package static func json(_ text: String, status: Int = 200) -> Reply {
    answer(status, headers: [("Content-Type", "application/json")], body: text)
  }

  package static func redirect(to location: String, status: Int = 302) -> Reply {
    answer(status, headers: [("Location", location)], body: "")
  }

  /// The same, begun so much later.
  package func delayed(nanoseconds: Int64) -> Reply { Reply([.wait(nanoseconds: nanoseconds)] + acts) }

  package func delayed(milliseconds: Int) -> Reply { delayed(nanoseconds: Int64(milliseconds) * 1_000_000) }

  /// The same, and then the connection is closed without an announcement.
  package func thenClose() -> Reply { Reply(acts + [.close]) }

  /// Bytes as they are, then whatever `end` says.
  package static func raw(_ text: String, then end: Act = .close) -> Reply { Reply([.send(Array(text.utf8)), end]) }

  /// A sound answer, `piece` bytes at a time with a pause after each.
  package static func drip(body: String, piece: Int = 1, everyMilliseconds pause: Int) -> Reply {
    let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
    let pieces = stride(from: 0, to: bytes.count, by: piece).map { Array(bytes[$0..<min($0 + piece, bytes.count)]) }
    return Reply(pieces.flatMap { [Act.send($0), .wait(nanoseconds: Int64(pause) * 1_000_000)] })
  }
}

/// Short, because a test that has replies as arguments prints them.
extension Reply: CustomStringConvertible {
  package var description: String {
    let words = acts.map { act -> String in
      switch act {
      case .answer(let status, _, let body): "answer \(status) (\(body.count) bytes)"
      case .send(let bytes): "send \(Self.firstLine(of: bytes))"
      case .sendForever(let bytes): "send forever \(Self.firstLine(of: bytes))"
      case .wait(let nanoseconds): "wait \(nanoseconds / 1_000) us"
      case .hold: "hold"
      case .close: "close"
      case .reset: "reset"
      case .killServer: "kill server"
      }
    }
    return words.prefix(4).joined(separator: ", ") + (words.count > 4 ? ", ..." : "")
  }

  private static func firstLine(of bytes: [UInt8]) -> String {
    let printable = bytes.prefix(200).split(separator: 0x0A).last { $0.count > 1 } ?? []
    return "'" + String(decoding: printable.prefix(24).filter { (0x20..<0x7F).contains($0) }, as: UTF8.self) + "'"
  }
}

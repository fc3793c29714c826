// SPDX-License-Identifier: Apache-2.0
import Glibc

/// JSON lines on stderr, each one write.
struct Log: Sendable {
  enum Level: String, CaseIterable {
    case off, errors, requests
  }

  let level: Level

  /// One line per request at `requests`; at `errors` for answers from 500 up.
  func request(_ exchange: Exchange, endpoint: String?, status: Int, nanoseconds: Int64) {
    guard level == .requests || (level == .errors && status >= 500) else { return }
    write(
      status >= 500 ? "error" : "info", "request",
      [
        (name: "trace_id", value: .text(exchange.traceID)), (name: "method", value: .text(exchange.method)),
        (name: "endpoint", value: endpoint.map { .text($0) } ?? .null),
        (name: "target", value: exchange.rawTarget.map { .text(Self.shown($0)) } ?? .null),
        (name: "status", value: .number(status)),
        (name: "duration_ms", value: .decimal(Double(nanoseconds / 1_000) / 1_000)),
      ])
  }

  /// Whoever reads a log must not be made to read a megabyte of it, nor learn the token of the webhook's handshake,
  /// however its path was spelt: no query is told.
  private static func shown(_ target: String) -> String { String(target.prefix { $0 != "?" }.prefix(200)) }

  /// One attempt to send a reply; status 0: no answer came. Whom it goes to is nobody's business here.
  func reply(_ reply: OutboxReply, status: Int, attempt: Int) {
    let isWell = (200..<300).contains(status)
    guard level == .requests || (level == .errors && !isWell) else { return }
    write(
      isWell ? "info" : "error", "reply",
      [
        (name: "trace_id", value: .text(reply.traceID)), (name: "message_id", value: .text(reply.messageID)),
        (name: "status", value: .number(status)), (name: "attempt", value: .number(attempt)),
      ])
  }

  /// Something that happened to the hotel itself.
  func event(_ name: String, _ fields: [(name: String, value: JSONText)] = [], isError: Bool = false) {
    guard level == .requests || (level == .errors && isError) else { return }
    write(isError ? "error" : "info", name, fields)
  }

  private func write(_ severity: String, _ event: String, _ fields: [(name: String, value: JSONText)]) {
    let now = Int(wallMilliseconds())
    let head: [(name: String, value: JSONText)] = [
      (name: "time", value: .text(utcText(seconds: now / 1_000, milliseconds: now % 1_000))),
      (name: "level", value: .text(severity)), (name: "event", value: .text(event)),
    ]
    writeAll(JSONText.record(head + fields).bytes + [UInt8(ascii: "\n")], to: 2)
  }
}

/// Writes all bytes unless the descriptor fails.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if written < 0 && errno == EINTR { continue }
    if written <= 0 { return }
    rest = rest.dropFirst(written)
  }
}

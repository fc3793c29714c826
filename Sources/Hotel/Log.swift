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
        // Whoever reads a log must not be made to read a megabyte of it.
        (name: "target", value: exchange.rawTarget.map { .text(String($0.prefix(200))) } ?? .null),
        (name: "status", value: .number(status)),
        (name: "duration_ms", value: .decimal(Double(nanoseconds / 1_000) / 1_000)),
      ])
  }

  /// Something that happened to the hotel itself.
  func event(_ name: String, _ fields: [(name: String, value: JSONText)] = [], isError: Bool = false) {
    guard level == .requests || (level == .errors && isError) else { return }
    write(isError ? "error" : "info", name, fields)
  }

  private func write(_ severity: String, _ event: String, _ fields: [(name: String, value: JSONText)]) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let head: [(name: String, value: JSONText)] = [
      (name: "time", value: .text(utcText(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000))),
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

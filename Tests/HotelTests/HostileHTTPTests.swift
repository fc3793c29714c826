// SPDX-License-Identifier: Apache-2.0
import CLinux
import Foundation
import Testing
import Transport

@Suite struct HostileHTTPTests {
  /// Raw bytes and the statuses that are right for them; an empty list: closing without an answer is right too.
  @Test(arguments: [
    ("GET", ""), ("GET / HTTP/1.1\r\n\r\n", "4"), ("\r\n\r\n\r\n", ""), ("\u{0}\u{1}\u{2}\r\n\r\n", ""),
    ("GET /health HTTP/9.9\r\nHost: a\r\n\r\n", "5"), ("GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", "404"),
    ("BREW /health HTTP/1.1\r\nHost: a\r\n\r\n", "405"), ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
    ("GET /" + String(repeating: "a", count: 100_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", "4"),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 100_000) + "\r\n\r\n", "4"),
    ("POST /api/v1/reservations HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", "413"),
    ("POST /api/v1/reservations HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", "4"),
    ("POST /api/v1/reservations HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", "4"),
    (
      "POST /api/v1/reservations HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n"
        + String(repeating: "a", count: 0x20000) + "\r\n0\r\n\r\n", "413"
    ),
    ("POST /api/v1/reservations HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "4"),
    ("HEAD /health HTTP/1.1\r\nHost: a\r\n\r\n", "200"),
  ])
  func hostileBytesDoNoHarm(bytes: String, status: String) throws {
    let hotel = try RunningHotel()
    let answer = try exchange(bytes, port: hotel.port, milliseconds: status.isEmpty ? 300 : 10_000)
    if !status.isEmpty { #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(answer.prefix(300))") }
    #expect(try hotel.ask("GET", "/health/ready").status == 200)
  }

  @Test func aConnectionServesManyRequests() throws {
    let hotel = try RunningHotel()
    let one = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
    let last = "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    let answer = try exchange(String(repeating: one, count: 19) + last, port: hotel.port, halfCloses: false)
    #expect(answer.components(separatedBy: "HTTP/1.1 200").count == 21)
  }

  /// Clients that leave while their booking is being written, hundreds of them.
  @Test func clientsThatLeaveDoNoHarm() throws {
    let hotel = try RunningHotel(["--log", "off"])
    for index in 0..<200 {
      let body = #"{"room": "\#(index + 1)-\#(day(30))", "guest": "A", "nights": 1}"#
      let head = "POST /api/v1/reservations HTTP/1.1\r\nHost: a\r\nIdempotency-Key: k\(index)\r\n"
      let descriptor = try connected(hotel.port)
      let bytes = Array((head + "Content-Length: \(body.utf8.count)\r\n\r\n" + body).utf8)
      write(descriptor, bytes, bytes.count)
      close(descriptor)
    }
    #expect(try hotel.ask("GET", "/health/ready").status == 200)
    hotel.send(SIGTERM)
    #expect(hotel.ends())
    #expect(hotel.process.terminationStatus == 0)
  }

  @Test func clientsThatLeaveAreNotKept() throws {
    let hotel = try RunningHotel(["--delay-ms", "300"])
    func descriptors() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/\(hotel.process.processIdentifier)/fd").count
    }
    let before = try descriptors()
    for _ in 0..<30 {
      let descriptor = try connected(hotel.port)
      let bytes = Array("GET /docs HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
      write(descriptor, bytes, bytes.count)
      close(descriptor)
    }
    let deadline = Date(timeIntervalSinceNow: 10)
    // Some are for timers, made when first needed.
    while try descriptors() > before + 10 && Date() < deadline { usleep(50_000) }
    #expect(try descriptors() <= before + 10)
  }

  private func connected(_ port: Int) throws -> Int32 {
    let descriptor = gonogo_socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(descriptor >= 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = UInt16(port).bigEndian
    place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let done = withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(done == 0)
    return descriptor
  }

  /// Sends the bytes and answers what comes until the hotel closes or is silent for so long.
  private func exchange(_ text: String, port: Int, halfCloses: Bool = true, milliseconds: Int32 = 10_000) throws
    -> String
  {
    let descriptor = try connected(port)
    defer { close(descriptor) }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if sent <= 0 { break }
      rest = rest.dropFirst(sent)
    }
    if halfCloses { shutdown(descriptor, Int32(SHUT_WR)) }
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while poll(&waiting, 1, milliseconds) > 0 {
      let count = read(descriptor, &buffer, buffer.count)
      if count <= 0 { break }
      received += buffer.prefix(count)
    }
    return String(decoding: received, as: UTF8.self)
  }
}

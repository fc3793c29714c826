// SPDX-License-Identifier: Apache-2.0
import CLinux
import Foundation
import Glibc
import Observe
import Testing
import Transport

/// What no sound client sends.
@Suite struct HostileTests {
  @Test func aHugeBodyIsRefusedUnread() throws {
    let listener = try Listener()
    let answer = try talk(
      to: listener, "POST /v21.0/1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n{")
    #expect(answer.hasPrefix("HTTP/1.1 413 "))
    #expect(answer.contains(#""code":100"#))
    try expectAlive(listener)
  }

  @Test func aBodyThatGrowsIsRefused() throws {
    let listener = try Listener()
    let answer = try listener.post(
      String(repeating: "a", count: 300 << 10),
      headers: ["Authorization: Bearer a", "Transfer-Encoding: chunked", "Expect:"])
    #expect(answer.status == 413)
    try expectAlive(listener)
  }

  @Test func aBodyWithoutEndIsCut() throws {
    let listener = try Listener()
    let head = "POST /v21.0/1/messages HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    let chunk = "10000\r\n" + String(repeating: "a", count: 0x10000) + "\r\n"
    _ = try talk(to: listener, head + String(repeating: chunk, count: 100))
    try expectAlive(listener)
  }

  enum Broken: String, CaseIterable {
    case emptyLines = "\r\n\r\n\r\n"
    case onlyMethod = "GET\r\n\r\n"
    case noHost = "POST /v21.0/1/messages HTTP/1.1\r\n\r\n"
    case negativeLength = "POST /v21.0/1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n"
    case wordAsLength = "POST /v21.0/1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"
    case brokenChunk = "POST /v21.0/1/messages HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    case escapedBytes = "GET /%00%ff HTTP/1.1\r\nHost: a\r\n\r\n"
    case otherMethod = "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"
    case longHeader = "GET / HTTP/1.1\r\nHost: a\r\nX: LONG\r\n\r\n"
    case shortBody =
      "POST /v21.0/1/messages HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t\r\nContent-Length: 4\r\n\r\n\u{1}\u{2}"

    var bytes: String { rawValue.replacing("LONG", with: String(repeating: "a", count: 100_000)) }
  }

  @Test(arguments: Broken.allCases)
  func brokenRequests(_ request: Broken) throws {
    let listener = try Listener()
    let answer = try talk(to: listener, request.bytes)
    #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer.prefix(200))")
    #expect(listener.messages.isEmpty)
    try expectAlive(listener)
  }

  enum Exhausting: CaseIterable {
    case deepObjects, deepArrays, longArray, manyMembers, loneSurrogates

    var text: String {
      switch self {
      case .deepObjects: String(repeating: #"{"a":"#, count: 40_000)
      case .deepArrays: String(repeating: "[", count: 100_000)
      case .longArray: "[" + String(repeating: "1,", count: 120_000) + "1]"
      case .manyMembers: "{" + String(repeating: #""to":"1","#, count: 25_000) + #""to":"1"}"#
      case .loneSurrogates: #"{"text":{"body":""# + String(repeating: #"\ud83d"#, count: 40_000) + #""}}"#
      }
    }
  }

  /// Deep nesting, many members, and long strings take time linear in their length and are answered.
  @Test(arguments: Exhausting.allCases)
  func exhaustingBodies(_ body: Exhausting) throws {
    let listener = try Listener()
    #expect(try listener.post(body.text).status == 400)
    try expectAlive(listener)
  }

  /// Clients that say nothing take no thread away.
  @Test func silentClients() throws {
    let listener = try Listener()
    let silent = try (0..<200).map { _ in try connection(to: listener) }
    defer { for descriptor in silent { close(descriptor) } }
    try expectAlive(listener)
  }

  private func expectAlive(_ listener: Listener) throws {
    let before = listener.messages.count
    #expect(try listener.post(message()).status == 200)
    #expect(listener.messages.count == before + 1)
  }

  private struct NoConnection: Error {}

  private func connection(to listener: Listener) throws -> Int32 {
    let descriptor = gonogo_socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw NoConnection() }
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = UInt16(listener.sink.port).bigEndian
    inet_pton(AF_INET, "127.0.0.1", &place.sin_addr)
    let connected = withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw NoConnection() }
    var limit = timeval(tv_sec: 2, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    return descriptor
  }

  /// Writes as much as is taken, ends the writing side, and reads what comes until nothing does for 2 s.
  private func talk(to listener: Listener, _ text: String) throws -> String {
    let descriptor = try connection(to: listener)
    defer { close(descriptor) }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { break }
      rest = rest.dropFirst(sent)
    }
    shutdown(descriptor, Int32(SHUT_WR))
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
      answer += buffer[..<count]
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct ProxyTests {
  @Test func plainRequestsAreForwarded() throws {
    let proxy = try TestServer { .answer(body: $0.target) }
    let settings = ConnectionSettings.with { $0.proxy = proxy.url }
    // Loopback is no exception, and the name is left to the proxy.
    for url in ["http://hotel.invalid/rooms", "http://127.0.0.1:1/rooms"] {
      let answer = try request(PlainRequest(url), settings: settings)
      #expect(String(decoding: answer.body, as: UTF8.self) == url)
    }
  }

  @Test func refusedTunnel() throws {
    let proxy = try TestServer(always: .answer(403))
    let error = #expect(throws: TransportError.self) {
      try request(PlainRequest("https://127.0.0.1:1/"), settings: .with { $0.proxy = proxy.url })
    }
    #expect(error?.failure == .connectFailed, "\(error?.text ?? "")")
    #expect(proxy.observed.requests.map(\.method) == ["CONNECT"])
  }

  @Test func deadProxy() throws {
    let error = #expect(throws: TransportError.self) {
      try request(PlainRequest("http://127.0.0.1:9/"), settings: .with { $0.proxy = "http://127.0.0.1:1" })
    }
    #expect(error?.failure == .connectRefused)
  }

  /// Bytes through a tunnel reach the target as they are; what the proxy says about it is not part of the answer.
  @Test func tunnel() throws {
    let target = try TestServer { _ in .answer(body: "through") }
    let tunnel = try Tunnel(to: target.port)
    let settings = ConnectionSettings.with { $0.proxy = "http://127.0.0.1:\(tunnel.port)" }
    // No TLS on the other side: that its answer is recognised as none shows that the tunnel stood.
    let error = #expect(throws: TransportError.self) {
      var plain = PlainRequest("https://hotel.invalid/")
      plain.timeout = .milliseconds(300)
      _ = try request(plain, settings: settings)
    }
    #expect(error?.failure == .connectTimeout, "\(error?.text ?? "")")
    #expect(tunnel.asked == "CONNECT hotel.invalid:443 HTTP/1.1")
    #expect(target.waitUntil { $0.connectionsAccepted == 1 })
  }

  /// The environment's proxies and .netrc are somebody else's wishes.
  @Test func environmentIsIgnored() async {
    await #expect(processExitsWith: .success) {
      for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        setenv(name, "http://127.0.0.1:1", 1)
      }
      let server = try TestServer { .answer(body: $0.header("Authorization") ?? "none") }
      let home = try TemporaryDirectory()
      try home.write("machine 127.0.0.1 login me password secret\n", to: ".netrc")
      setenv("HOME", home.path, 1)
      let answer = try request(PlainRequest(server.url), settings: ConnectionSettings())
      #expect(String(decoding: answer.body, as: UTF8.self) == "none")
      // A declared proxy is used even if no_proxy says otherwise.
      setenv("no_proxy", "*", 1)
      setenv("NO_PROXY", "*", 1)
      let proxy = try TestServer { .answer(body: $0.target) }
      let proxied = try request(PlainRequest("http://127.0.0.1:1/x"), settings: .with { $0.proxy = proxy.url })
      #expect(String(decoding: proxied.body, as: UTF8.self) == "http://127.0.0.1:1/x")
    }
  }
}

/// A CONNECT proxy for one connection: says 200 and passes bytes both ways until either side ends.
private final class Tunnel: @unchecked Sendable {
  // The listener is set before the thread starts; `line` is guarded by `lock`.
  let port: UInt16
  private let listener: Int32
  private let lock = NSLock()
  private var line = ""

  var asked: String { lock.withLock { line } }

  init(to target: UInt16) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = Tunnel.loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let fd = listener
    let isListening = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(fd, $0, length) == 0 && listen(fd, 1) == 0 && getsockname(fd, $0, &length) == 0
      }
    }
    try #require(isListening)
    port = UInt16(bigEndian: address.sin_port)
    Thread { [self] in serve(target) }.start()
  }

  private func serve(_ target: UInt16) {
    let client = accept(listener, nil, nil)
    defer {
      close(client)
      close(listener)
    }
    var head: [UInt8] = []
    var byte: UInt8 = 0
    while !head.suffix(4).elementsEqual([13, 10, 13, 10]), read(client, &byte, 1) == 1 { head.append(byte) }
    lock.withLock { line = String(decoding: head.prefix { $0 != 13 }, as: UTF8.self) }
    let upstream = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(upstream) }
    var address = Tunnel.loopback(target)
    let isConnected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(upstream, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    let answer = Array("HTTP/1.1 \(isConnected ? 200 : 502) Tunnel\r\n\r\n".utf8)
    guard write(client, answer, answer.count) > 0, isConnected else { return }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    var ends = [
      pollfd(fd: client, events: Int16(POLLIN), revents: 0), pollfd(fd: upstream, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&ends, 2, 5_000) > 0 {
      for index in 0..<2 where ends[index].revents != 0 {
        let count = read(ends[index].fd, &buffer, buffer.count)
        guard count > 0, write(ends[1 - index].fd, buffer, count) == count else { return }
      }
    }
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}

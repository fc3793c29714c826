// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestDatabases

/// A way to a PostgreSQL that can be slow, or break at the worst moment: the server has got a COMMIT, and its answer does
/// not come back.
final class PostgresGate: Sendable {
  private let listening: Int32
  private let server: Int
  let port: Int
  /// Of how many more COMMITs the answer is lost, and the connection with it.
  private let toLose = Mutex(0)
  private let delay = Mutex<UInt32>(0)

  init(to postgres: TestPostgres) throws {
    server = postgres.process.port
    let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var place = loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isOpen = withUnsafeMutablePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listening, $0, length) == 0 && listen(listening, 64) == 0 && getsockname(listening, $0, &length) == 0
      }
    }
    guard isOpen else { throw POSIXError(.EADDRNOTAVAIL) }
    port = Int(UInt16(bigEndian: place.sin_port))
    self.listening = listening
    Thread { [self] in
      while true {
        let client = accept(listening, nil, nil)
        if client < 0 { return }
        Thread { [self] in pass(client) }.start()
      }
    }.start()
  }

  /// What to give a hotel as `--database`.
  var url: String { "postgres://hotel:\(TestPostgres.password)@127.0.0.1:\(port)/postgres" }

  /// Whatever the server says comes so much later.
  func delay(milliseconds: UInt32) { delay.withLock { $0 = milliseconds } }

  func loseAnswers(toCommits count: Int) { toLose.withLock { $0 = count } }

  /// Ends it: no test leaves a thread behind.
  func close() { shutdown(listening, Int32(SHUT_RDWR)) }

  /// Carries bytes both ways until one side ends or an answer is to be lost.
  private func pass(_ client: Int32) {
    let upstream = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer {
      Foundation.close(client)
      Foundation.close(upstream)
    }
    var place = loopback(server)
    let isConnected = withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(upstream, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { return }
    var sides = [client, upstream].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while poll(&sides, 2, -1) > 0 {
      for (from, to) in [(0, 1), (1, 0)] where sides[from].revents != 0 {
        let count = recv(sides[from].fd, &buffer, buffer.count, 0)
        if from == 1 { usleep(1_000 * delay.withLock { $0 }) }
        guard count > 0, send(sides[to].fd, buffer, count, Int32(MSG_NOSIGNAL)) == count else { return }
        guard from == 0, String(decoding: buffer[..<count], as: UTF8.self).contains("COMMIT") else { continue }
        let isToBeLost = toLose.withLock { left in
          if left > 0 { left -= 1 } else { return false }
          return true
        }
        if isToBeLost {
          // The first byte of the answer tells that it was done.
          _ = recv(upstream, &buffer, 1, 0)
          return
        }
      }
    }
  }
}

private func loopback(_ port: Int) -> sockaddr_in {
  var place = sockaddr_in()
  place.sin_family = sa_family_t(AF_INET)
  place.sin_port = UInt16(port).bigEndian
  place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  return place
}

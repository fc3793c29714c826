// SPDX-License-Identifier: Apache-2.0

/// A Redis that is asked while there is one: what it holds may be lost at any time, and nobody waits for it for long.
/// When a call fails, no other is tried until the pool has reached the server again.
final class Redis: Sendable {
  private let pool: ConnectionPool<RedisConnection>
  private let failures = Counter("redis_failures_total", "Calls of Redis that were given up.")

  private static let connections = 16
  private static let turnNanoseconds: Int64 = 20_000_000
  private static let startSeconds = 1.0

  init(_ address: RedisAddress, log: Log) {
    pool = ConnectionPool(
      size: Self.connections, open: { () throws(ConnectionTrouble) in try RedisConnection(address) },
      changed: { trouble in
        log.event(
          trouble == nil ? "redis up" : "redis down",
          trouble.map { [(name: "error", value: .text($0.message))] } ?? [], isError: trouble != nil)
      })
    pool.awaitFirst(seconds: Self.startSeconds)
  }

  /// The replies, in order; nil when Redis is away, slow, or refuses one of the commands.
  func run(_ commands: [[String]]) -> [RedisReply]? {
    do throws(ConnectionTrouble) {
      let connection = try pool.take(untilNanoseconds: monotonicNanoseconds() + Self.turnNanoseconds)
      let replies: [RedisReply]
      do throws(ConnectionTrouble) {
        replies = try connection.run(commands)
      } catch {
        pool.discard(connection, error)
        throw error
      }
      pool.giveBack(connection)
      let isRefused = replies.contains { if case .refused = $0 { true } else { false } }
      if !isRefused { return replies }
    } catch {}
    failures.add()
    return nil
  }

  /// For /health/detailed: asks it.
  var dependency: Dependency {
    Dependency(name: "redis", kind: "redis", isRequired: false) { done in
      if self.run([["PING"]]) != nil { return done(Dependency.State(isUp: true)) }
      done(Dependency.State(isUp: false, error: self.pool.trouble?.message ?? "a command was refused"))
    }
  }

  var metricsText: String { failures.text }
}

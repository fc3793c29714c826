// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization

/// A PostgreSQL server. Reads run on the thread that asks, writes on a few threads of their own, one transaction each:
/// the server puts those that commit together into one flush by itself, and no booking holds the locks of another.
final class PostgresStore: SQLStore {
  private struct Job: Sendable {
    var write: @Sendable (any SQLConnection) throws(DatabaseError) -> Void
    var done: @Sendable (DatabaseError?) -> Void
    /// CLOCK_MONOTONIC: by then it must have begun.
    var turnNanoseconds: Int64
  }

  let kind = "postgresql"
  let path: String? = nil
  let clock = "CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT)"
  private let pool: ConnectionPool<PostgresConnection>
  private let durations = Durations()
  private let jobs = Mutex<[Job]>([])
  private let jobCount = DispatchSemaphore(value: 0)

  private static let writers = 12
  private static let connections = 20
  private static let jobLimit = 4_000
  /// How long a read or write waits for its turn with a server that is alive. Reads keep an HTTP thread waiting.
  private static let readTurnNanoseconds: Int64 = 300_000_000
  private static let writeTurnNanoseconds: Int64 = 1_500_000_000
  private static let startSeconds = 3.0

  init(_ address: PostgresAddress, schema: [String], log: Log) {
    pool = ConnectionPool(
      size: Self.connections,
      open: Self.opener(address, schema: schema, durations: durations),
      changed: { trouble in
        log.event(
          trouble == nil ? "database up" : "database down",
          trouble.map { [(name: "error", value: .text($0.message))] } ?? [], isError: trouble != nil)
      })
    for number in 1...Self.writers {
      DispatchQueue(label: "hotel.postgres.\(number)").async { self.work() }
    }
    // A server that is there is used from the first request on; one that is not is waited for behind the scenes.
    pool.awaitFirst(seconds: Self.startSeconds)
  }

  var metricsText: String {
    let counts = pool.counts
    return Metrics.head("postgres_connections_active", "gauge", "Connections in use.")
      + "postgres_connections_active \(counts.active)\n"
      + Metrics.head("postgres_connections_open", "gauge", "Connections in use or idle.")
      + "postgres_connections_open \(counts.open)\n"
      + Metrics.head("postgres_query_duration_seconds", "histogram", "Statements, from sending to the last row.")
      + durations.text("postgres_query_duration_seconds")
  }

  func read<Value>(
    _ query: (any SQLConnection) throws(DatabaseError) -> Value
  ) throws(DatabaseError) -> Value {
    try use(from: monotonicNanoseconds() + Self.readTurnNanoseconds) { (connection) throws(DatabaseError) in
      try query(connection)
    }
  }

  func write(
    _ work: @escaping @Sendable (any SQLConnection) throws(DatabaseError) -> Void,
    done: @escaping @Sendable (DatabaseError?) -> Void
  ) {
    let job = Job(write: work, done: done, turnNanoseconds: monotonicNanoseconds() + Self.writeTurnNanoseconds)
    let isTaken = jobs.withLock { jobs in
      guard jobs.count < Self.jobLimit else { return false }
      jobs.append(job)
      return true
    }
    guard isTaken else { return done(DatabaseError(kind: .connection, message: "too many writes are waiting")) }
    jobCount.signal()
  }

  private func work() {
    while true {
      jobCount.wait()
      let job = jobs.withLock { $0.removeFirst() }
      do throws(DatabaseError) {
        try use(from: job.turnNanoseconds) { (connection) throws(DatabaseError) in
          try connection.execute("BEGIN")
          do throws(DatabaseError) {
            try job.write(connection)
            try connection.execute("COMMIT")
          } catch {
            if connection.trouble == nil { try connection.execute("ROLLBACK") }
            throw error
          }
        }
        job.done(nil)
      } catch {
        job.done(error)
      }
    }
  }

  private func use<Value>(
    from turn: Int64, _ work: (PostgresConnection) throws(DatabaseError) -> Value
  ) throws(DatabaseError) -> Value {
    let connection: PostgresConnection
    guard monotonicNanoseconds() <= turn else {
      throw DatabaseError(kind: .connection, message: pool.trouble?.message ?? "too busy")
    }
    do throws(ConnectionTrouble) {
      connection = try pool.take(untilNanoseconds: turn)
    } catch {
      throw DatabaseError(kind: .connection, message: error.message)
    }
    defer {
      if let trouble = connection.trouble {
        pool.discard(connection, trouble)
      } else {
        pool.giveBack(connection)
      }
    }
    return try work(connection)
  }

  /// Opens a session and tries it. The tables are made by the first one, and again when they are gone.
  private static func opener(
    _ address: PostgresAddress, schema: [String], durations: Durations
  ) -> @Sendable () throws(ConnectionTrouble) -> PostgresConnection {
    let hasTables = Mutex(false)
    return { () throws(ConnectionTrouble) in
      do throws(DatabaseError) {
        let opened = try PostgresConnection(address) { durations.count(nanoseconds: $0) }
        if !hasTables.withLock({ $0 }) {
          try opened.execute("BEGIN")
          // Two hotels that start together would both try to make the tables.
          try opened.execute("SELECT pg_advisory_xact_lock(\(advisoryLock))")
          for statement in schema { try opened.execute(statement) }
          try opened.execute("COMMIT")
          hasTables.withLock { $0 = true }
        }
        do throws(DatabaseError) {
          try opened.execute("SELECT count FROM probe WHERE id = 1")
        } catch {
          hasTables.withLock { $0 = false }
          throw error
        }
        return opened
      } catch {
        throw ConnectionTrouble(message: error.message)
      }
    }
  }

  /// Any number that other programs do not use.
  private static let advisoryLock = 7_204_011
}

// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// The hotel's rows, in SQLite or PostgreSQL, and whether they can be relied on.
final class Database: Sendable {
  enum Place: Sendable, Equatable {
    case file(String)
    case postgres(PostgresAddress)

    /// For people: without a password.
    var text: String {
      switch self {
      case .file(let path): path
      case .postgres(let address): address.text
      }
    }
  }

  private let store: any SQLStore
  /// The latest write failed: readiness then tries one itself, for without it no other may ever come.
  private let writesFail = Atomic<Bool>(false)

  static let probeSchema = "CREATE TABLE IF NOT EXISTS probe (id BIGINT PRIMARY KEY, count BIGINT NOT NULL)"

  /// Makes the tables if need be. `schema`: statements that both databases understand and that may be run again.
  /// A PostgreSQL that is away is no error: everything is refused until it is there.
  init(_ place: Place, schema: [String], log: Log) throws(DatabaseError) {
    let schema = [Self.probeSchema] + schema
    switch place {
    case .file(let path): store = try SQLiteStore(path: path, schema: schema)
    case .postgres(let address): store = PostgresStore(address, schema: schema, log: log)
    }
  }

  /// `sqlite` or `postgresql`.
  var kind: String { store.kind }
  var metricsText: String { store.metricsText }
  /// See `SQLStore.clock`.
  var clock: String { store.clock }

  /// Runs a query on a connection of its own and waits for it: a second at most.
  func read<Value>(
    _ query: (any SQLConnection) throws(DatabaseError) -> Value
  ) throws(DatabaseError) -> Value { try store.read(query) }

  /// Runs the work in a transaction of its own, whose order among others is not fixed. Throwing undoes it, and what a
  /// statement threw has to be passed on. `done` is called when it is on the disk or has failed, on another thread.
  func write<Value: Sendable>(
    _ work: @escaping @Sendable (any SQLConnection) throws(DatabaseError) -> Value,
    done: @escaping @Sendable (Result<Value, DatabaseError>) -> Void
  ) {
    let found = Found<Value>()
    store.write({ (writer) throws(DatabaseError) in
      let value = try work(writer)
      found.result.withLock { $0 = .success(value) }
    }) { error in
      // A refused row says nothing against the database.
      self.writesFail.store(error.map { !$0.isConstraint } ?? false, ordering: .relaxed)
      done(error.map { .failure($0) } ?? found.result.withLock { $0 })
    }
  }

  /// Finds out whether reads and writes work.
  func probe(_ done: @escaping @Sendable (DatabaseError?) -> Void) {
    do throws(DatabaseError) {
      _ = try read { (reader) throws(DatabaseError) in try reader.run("SELECT count FROM probe WHERE id = 1") }
    } catch {
      return done(error)
    }
    guard writesFail.load(ordering: .relaxed) else { return done(nil) }
    write(
      { (writer) throws(DatabaseError) in
        try writer.run(
          "INSERT INTO probe (id, count) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = probe.count + 1")
      }) { result in
        if case .failure(let error) = result { return done(error) }
        done(nil)
      }
  }

  /// For /health/detailed and readiness.
  var dependency: Dependency {
    Dependency(name: "database", kind: kind, isRequired: true) { done in
      self.probe { done(Dependency.State(isUp: $0 == nil, error: $0?.message)) }
    }
  }

  /// Share of the file system of the database that is in use, in percent; nil when it cannot be told.
  var diskUsedPercent: Double? {
    var figures = statvfs()
    guard let path = store.path, statvfs(path, &figures) == 0, figures.f_blocks > 0 else { return nil }
    let used = Double(figures.f_blocks - figures.f_bfree)
    return used / (used + Double(figures.f_bavail)) * 100
  }
}

/// What a write found out, carried from the transaction to its end.
private final class Found<Value: Sendable>: Sendable {
  let result = Mutex(Result<Value, DatabaseError>.failure(DatabaseError(kind: .other, message: "nothing was written")))
}

// SPDX-License-Identifier: Apache-2.0

/// A database's answer when something did not work.
struct DatabaseError: Error {
  enum Kind {
    /// A row that must not be there twice was.
    case constraint
    /// The server is away or does not answer.
    case connection
    case other
  }

  var kind: Kind
  var message: String

  var isConstraint: Bool { kind == .constraint }
}

/// A value of a row or parameter. Text that holds NUL is refused by PostgreSQL.
enum SQLValue: Sendable {
  case integer(Int)
  case text(String)
  case null

  var integer: Int? { if case .integer(let value) = self { value } else { nil } }
  var text: String? { if case .text(let value) = self { value } else { nil } }
}

/// One connection to SQLite or PostgreSQL, used by one thread at a time. What both understand is to be written:
/// `BIGINT` and `TEXT` columns, `?` for values, `ON CONFLICT`, `RETURNING`. After an error a transaction is lost.
protocol SQLConnection: AnyObject {
  /// Runs one statement and answers its rows. The compiled statement is kept, so `sql` must be one of a few texts.
  @discardableResult
  func run(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> [[SQLValue]]
}

extension SQLConnection {
  @discardableResult
  func run(_ sql: String, _ values: SQLValue...) throws(DatabaseError) -> [[SQLValue]] { try run(sql, values) }
}

/// Where rows are kept, whichever database it is.
protocol SQLStore: Sendable {
  /// What the health answer calls it.
  var kind: String { get }
  /// A file that lies where the data lie, when that is on this machine.
  var path: String? { get }
  /// SQL for milliseconds since 1970 by the clock that all share who use the database.
  var clock: String { get }
  /// As Prometheus reads it; empty when there is nothing to tell.
  var metricsText: String { get }

  func read<Value>(
    _ query: (any SQLConnection) throws(DatabaseError) -> Value
  ) throws(DatabaseError) -> Value

  func write(
    _ work: @escaping @Sendable (any SQLConnection) throws(DatabaseError) -> Void,
    done: @escaping @Sendable (DatabaseError?) -> Void)
}

// SPDX-License-Identifier: Apache-2.0
internal import CSQLite

/// One connection to the database file.
// Opened without SQLite's own lock: its owner hands it to one thread at a time.
final class SQLiteConnection: SQLConnection, @unchecked Sendable {
  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer] = [:]

  /// `busyMilliseconds`: how long a lock of another process is waited for.
  init(_ path: String, busyMilliseconds: Int32) throws(DatabaseError) {
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(
      path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
    guard code == SQLITE_OK, let opened else {
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      throw DatabaseError(kind: .other, message: message)
    }
    handle = opened
    sqlite3_busy_timeout(handle, busyMilliseconds)
    // By default each connection's cache follows the file up to 2 MB, which in a quiet hour looks like a leak.
    try execute("PRAGMA cache_size=-\(Self.cacheKiB)")
  }

  private static let cacheKiB = 256

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    sqlite3_close_v2(handle)
  }

  /// Runs statements without parameters or results.
  func execute(_ sql: String) throws(DatabaseError) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw error() }
  }

  @discardableResult
  func run(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> [[SQLValue]] {
    let statement = try prepared(sql)
    // The result was taken below; reset only repeats it.
    defer { sqlite3_reset(statement) }
    for (index, value) in values.enumerated() {
      guard value.bind(to: statement, at: Int32(index + 1)) == SQLITE_OK else { throw error() }
    }
    var rows: [[SQLValue]] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW:
        rows.append((0..<sqlite3_column_count(statement)).map { SQLValue(statement, column: $0) })
      case SQLITE_DONE: return rows
      default: throw error()
      }
    }
  }

  private func prepared(_ sql: String) throws(DatabaseError) -> OpaquePointer {
    if let known = statements[sql] { return known }
    var statement: OpaquePointer?
    guard sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) == SQLITE_OK,
      let statement
    else { throw error() }
    statements[sql] = statement
    return statement
  }

  private func error() -> DatabaseError {
    DatabaseError(
      kind: sqlite3_errcode(handle) & 0xff == SQLITE_CONSTRAINT ? .constraint : .other,
      message: String(cString: sqlite3_errmsg(handle)))
  }
}

extension SQLValue {
  fileprivate init(_ statement: OpaquePointer, column: Int32) {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: self = .integer(Int(sqlite3_column_int64(statement, column)))
    case SQLITE_TEXT:
      let start = sqlite3_column_text(statement, column)
      let count = Int(sqlite3_column_bytes(statement, column))
      self = .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
    default: self = .null
    }
  }

  fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    switch self {
    case .integer(let value): return sqlite3_bind_int64(statement, index, Int64(value))
    case .text(let value):
      var value = value
      return value.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          gonogo_sqlite_bind_text(statement, index, $0.baseAddress, Int32($0.count))
        }
      }
    case .null: return sqlite3_bind_null(statement, index)
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import CLibpq
import Glibc

/// One session with a PostgreSQL server. Nothing waits long for a server that is silent, however it hangs: what libpq
/// offers as blocking calls is not used.
// Its owner hands it to one thread at a time.
final class PostgresConnection: SQLConnection, PooledConnection, @unchecked Sendable {
  private let handle: OpaquePointer
  /// Names of the prepared statements, by the text they were given in.
  private var statements: [String: String] = [:]
  private let observe: @Sendable (Int64) -> Void
  /// Why it is of no more use: an answer is outstanding, or the server is gone.
  private(set) var trouble: ConnectionTrouble?

  /// How long a server may be silent before it counts as away and the connection as broken. Then all that waits is
  /// refused at once, so that whoever asks a dead server has an answer within the second.
  private static let silenceMilliseconds: Int32 = 600
  /// What the server itself ends, before the client gives up: a lock that is not had, a statement that is too slow; and
  /// the transaction of a hotel that was stopped in the middle of it, since others wait for its locks.
  private static let sessionOptions =
    "-c statement_timeout=500 -c lock_timeout=400 -c idle_in_transaction_session_timeout=2000"
    + " -c synchronous_commit=on -c client_min_messages=error"

  /// Connects. `observe` is told how many nanoseconds each statement took.
  init(_ address: PostgresAddress, observe: @escaping @Sendable (Int64) -> Void) throws(DatabaseError) {
    let settings = [
      ("dbname", address.secretURL), ("options", Self.sessionOptions), ("client_encoding", "UTF8"),
      ("fallback_application_name", "hotel"),
    ]
    let keywords = CStrings(settings.map { $0.0 })
    let values = CStrings(settings.map { $0.1 })
    let opened = keywords.withPointers { keywords in
      values.withPointers { values in PQconnectStartParams(keywords, values, 1) }
    }
    guard let opened else { throw DatabaseError(kind: .connection, message: "out of memory") }
    handle = opened
    self.observe = observe
    var wanted = PGRES_POLLING_WRITING
    while wanted != PGRES_POLLING_OK {
      guard PQstatus(handle) != CONNECTION_BAD, wanted != PGRES_POLLING_FAILED else { throw lost() }
      try wait(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT)
      wanted = PQconnectPoll(handle)
    }
    guard PQsetnonblocking(handle, 1) == 0 else { throw lost() }
  }

  deinit { PQfinish(handle) }

  var isStale: Bool {
    var socket = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
    guard poll(&socket, 1, 0) > 0 else { return false }
    // A notice is no reason, the end of the stream is.
    return PQconsumeInput(handle) != 1 || PQstatus(handle) != CONNECTION_OK
  }

  /// Runs a statement without values or rows: BEGIN and the like.
  func execute(_ sql: String) throws(DatabaseError) {
    guard PQsendQuery(handle, sql) == 1 else { throw lost() }
    let result = try self.result()
    defer { PQclear(result) }
    // A transaction in which a statement failed is rolled back, and COMMIT says so by this alone.
    if sql == "COMMIT", String(cString: PQcmdStatus(result)) != "COMMIT" {
      throw DatabaseError(kind: .other, message: "the transaction was undone")
    }
  }

  @discardableResult
  func run(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> [[SQLValue]] {
    let begun = monotonicNanoseconds()
    defer { observe(monotonicNanoseconds() - begun) }
    let texts = CStrings(try values.map { (value) throws(DatabaseError) in try value.parameter() })
    let name = try prepared(sql, values)
    let isSent = texts.withPointers {
      PQsendQueryPrepared(handle, name, Int32(values.count), $0, nil, nil, 0)
    }
    guard isSent == 1 else { throw lost() }
    let result = try self.result()
    defer { PQclear(result) }
    return (0..<PQntuples(result)).map { row in
      (0..<PQnfields(result)).map { SQLValue(result, row: row, column: $0) }
    }
  }

  private func prepared(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> String {
    if let known = statements[sql] { return known }
    let name = "s\(statements.count)"
    guard PQsendPrepare(handle, name, numbered(sql), Int32(values.count), values.map(\.parameterType)) == 1 else {
      throw lost()
    }
    PQclear(try result())
    statements[sql] = name
    return name
  }

  /// The answer to what was sent; to be cleared by the caller.
  private func result() throws(DatabaseError) -> OpaquePointer {
    var answer: OpaquePointer?
    do throws(DatabaseError) {
      while true {
        let unsent = PQflush(handle)
        guard unsent >= 0 else { throw lost() }
        if unsent == 0 && PQisBusy(handle) == 0 {
          guard let next = PQgetResult(handle) else { break }
          PQclear(answer)
          answer = next
          continue
        }
        try wait(unsent == 0 ? POLLIN : POLLIN | POLLOUT)
        guard PQconsumeInput(handle) == 1 else { throw lost() }
      }
    } catch {
      PQclear(answer)
      throw error
    }
    guard let answer else { throw lost() }
    if [PGRES_TUPLES_OK, PGRES_COMMAND_OK].contains(PQresultStatus(answer)) { return answer }
    defer { PQclear(answer) }
    throw refusal(answer)
  }

  private func refusal(_ answer: OpaquePointer) -> DatabaseError {
    // PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY are characters.
    let state = PQresultErrorField(answer, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
    let message = PQresultErrorField(answer, Int32(UInt8(ascii: "M"))).map { String(cString: $0) }
    // 23: integrity constraint violation, 23505 the unique ones. 57P: the server goes.
    if state.hasPrefix("23") { return DatabaseError(kind: .constraint, message: message ?? "") }
    if state.hasPrefix("57P") || PQstatus(handle) != CONNECTION_OK { return broken(message) }
    return DatabaseError(kind: .other, message: message ?? "the server gave no reason")
  }

  private func lost() -> DatabaseError {
    broken(String(cString: PQerrorMessage(handle)).split(separator: "\n").joined(separator: " "))
  }

  private func broken(_ message: String?) -> DatabaseError {
    let known = message.flatMap { $0.isEmpty ? nil : $0 } ?? "the connection is lost"
    trouble = ConnectionTrouble(message: known)
    return DatabaseError(kind: .connection, message: known)
  }

  private func wait(_ events: Int32) throws(DatabaseError) {
    var socket = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
    while true {
      let count = poll(&socket, 1, Self.silenceMilliseconds)
      if count > 0 { return }
      if count < 0 && errno == EINTR { continue }
      throw broken("no answer from the server in time")
    }
  }
}

/// With `$1`, `$2`, ... in place of each `?` outside quotes.
func numbered(_ sql: String) -> String {
  var text: [UInt8] = []
  var count = 0
  var isQuoted = false
  for byte in sql.utf8 {
    if byte == UInt8(ascii: "'") { isQuoted.toggle() }
    if byte == UInt8(ascii: "?") && !isQuoted {
      count += 1
      text += "$\(count)".utf8
    } else {
      text.append(byte)
    }
  }
  return String(decoding: text, as: UTF8.self)
}

extension SQLValue {
  /// The type's number in pg_type: int8, text, or left to the server.
  fileprivate var parameterType: Oid {
    switch self {
    case .integer: 20
    case .text: 25
    case .null: 0
    }
  }

  fileprivate func parameter() throws(DatabaseError) -> String? {
    switch self {
    case .integer(let value): return String(value)
    case .text(let value):
      guard !value.utf8.contains(0) else { throw DatabaseError(kind: .other, message: "the text holds NUL") }
      return value
    case .null: return nil
    }
  }

  fileprivate init(_ result: OpaquePointer, row: Int32, column: Int32) {
    if PQgetisnull(result, row, column) == 1 {
      self = .null
      return
    }
    let text = String(cString: PQgetvalue(result, row, column))
    // int8, int2, int4, and numeric, which is what the sum of int8 is.
    if [20, 21, 23, 1_700].contains(PQftype(result, column)), let value = Int(text) {
      self = .integer(value)
    } else {
      self = .text(text)
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// A database file: readers that see what is committed, and one queue of writes.
final class SQLiteStore: SQLStore {
  let kind = "sqlite"
  let clock = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
  let metricsText = ""
  var path: String? { file.path }
  private let file: DatabaseFile
  private let readers = Mutex<[SQLiteConnection]>([])
  private let writes: WriteQueue

  /// How long another process may hold the file before a request is turned away.
  private static let busyMilliseconds: Int32 = 500

  /// Creates the file and its tables if need be.
  init(path: String, schema: [String]) throws(DatabaseError) {
    let connection = try SQLiteConnection(path, busyMilliseconds: 5_000)
    // FULL: a commit is on the disk before it is answered, also when the machine fails right after.
    try connection.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
    for statement in schema { try connection.execute(statement) }
    try connection.execute("PRAGMA busy_timeout=\(Self.busyMilliseconds)")
    guard let file = DatabaseFile(path) else { throw DatabaseError(kind: .other, message: "\(path) is gone") }
    self.file = file
    writes = WriteQueue(connection) { () throws(DatabaseError) in try file.check() }
  }

  /// Throws when the file is not there, since what SQLite would still answer from the removed one would be of no use
  /// after a restart.
  func read<Value>(
    _ query: (any SQLConnection) throws(DatabaseError) -> Value
  ) throws(DatabaseError) -> Value {
    try file.check()
    let reader: SQLiteConnection
    if let idle = readers.withLock({ $0.popLast() }) {
      reader = idle
    } else {
      reader = try SQLiteConnection(file.path, busyMilliseconds: Self.busyMilliseconds)
    }
    defer { readers.withLock { $0.append(reader) } }
    return try query(reader)
  }

  func write(
    _ work: @escaping @Sendable (any SQLConnection) throws(DatabaseError) -> Void,
    done: @escaping @Sendable (DatabaseError?) -> Void
  ) {
    writes.add(WriteQueue.Job(write: work, done: done))
  }
}

/// A path and the file it led to.
private struct DatabaseFile: Sendable {
  let path: String
  private let device: UInt
  private let inode: UInt

  init?(_ path: String) {
    var found = stat()
    guard stat(path, &found) == 0 else { return nil }
    self.path = path
    device = UInt(found.st_dev)
    inode = UInt(found.st_ino)
  }

  /// Throws when the path leads elsewhere now.
  func check() throws(DatabaseError) {
    guard let now = DatabaseFile(path), now.device == device, now.inode == inode else {
      throw DatabaseError(kind: .other, message: "the database file is not where it was")
    }
  }
}

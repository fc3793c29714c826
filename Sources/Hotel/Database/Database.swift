// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// The database file: readers that see what is committed, one queue of writes, and whether it can be relied on.
final class Database: Sendable {
  let path: String
  private let file: FileIdentity
  private let readers = Mutex<[SQLiteConnection]>([])
  private let writes: WriteQueue
  /// The latest batch of writes failed: readiness then tries one itself, for without it no other may ever come.
  private let writesFail = Atomic<Bool>(false)

  /// How long another process may hold the file before a request is turned away.
  private static let busyMilliseconds: Int32 = 500

  /// Creates the file and its tables if need be.
  init(path: String, schema: String) throws(DatabaseError) {
    let connection = try SQLiteConnection(path, busyMilliseconds: 5_000)
    // FULL: a commit is on the disk before it is answered, also when the machine fails right after.
    try connection.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
    try connection.execute("CREATE TABLE IF NOT EXISTS probe (id INTEGER PRIMARY KEY, count INTEGER NOT NULL)")
    try connection.execute(schema)
    try connection.execute("PRAGMA busy_timeout=\(Self.busyMilliseconds)")
    guard let file = FileIdentity(path) else {
      throw DatabaseError(code: 0, message: "\(path) is gone")
    }
    self.path = path
    self.file = file
    writes = WriteQueue(connection) { () throws(DatabaseError) in try Self.check(file, path) }
  }

  /// Runs a query on a connection of its own. Throws when the file is not there, since what SQLite would still answer
  /// from the removed one would be of no use after a restart.
  func read<Value>(
    _ query: (SQLiteConnection) throws(DatabaseError) -> Value
  ) throws(DatabaseError) -> Value {
    try Self.check(file, path)
    let reader: SQLiteConnection
    if let idle = readers.withLock({ $0.popLast() }) {
      reader = idle
    } else {
      reader = try SQLiteConnection(path, busyMilliseconds: Self.busyMilliseconds)
    }
    defer { readers.withLock { $0.append(reader) } }
    return try query(reader)
  }

  /// Adds a write to the next transaction. `done` is called when it is on the disk or has failed, on another thread.
  func write(
    _ work: @escaping @Sendable (SQLiteConnection) throws(DatabaseError) -> Void,
    done: @escaping @Sendable (DatabaseError?) -> Void
  ) {
    writes.add(
      WriteQueue.Job(write: work) { error in
        // A refused row says nothing against the database.
        self.writesFail.store(error.map { !$0.isConstraint } ?? false, ordering: .relaxed)
        done(error)
      })
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
          "INSERT INTO probe (id, count) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = count + 1")
      }, done: done)
  }

  /// Share of the file system of the database that is in use, in percent; nil when it cannot be told.
  var diskUsedPercent: Double? {
    var figures = statvfs()
    guard statvfs(path, &figures) == 0, figures.f_blocks > 0 else { return nil }
    let used = Double(figures.f_blocks - figures.f_bfree)
    return used / (used + Double(figures.f_bavail)) * 100
  }

  private static func check(_ file: FileIdentity, _ path: String) throws(DatabaseError) {
    guard FileIdentity(path) == file else {
      throw DatabaseError(code: 0, message: "the database file is not where it was")
    }
  }
}

/// Which file a path leads to.
private struct FileIdentity: Equatable {
  var device: UInt
  var inode: UInt

  init?(_ path: String) {
    var found = stat()
    guard stat(path, &found) == 0 else { return nil }
    device = UInt(found.st_dev)
    inode = UInt(found.st_ino)
  }
}

// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization

/// Writes of all requests through one connection. What has come while a transaction ran goes into the next one, so that
/// one flush to the disk serves many bookings. A write is answered after its transaction is on the disk.
final class WriteQueue: Sendable {
  /// One write in the transaction of its batch.
  struct Job: Sendable {
    /// Throwing undoes this write alone.
    var write: @Sendable (any SQLConnection) throws(DatabaseError) -> Void
    /// Called once, with what went wrong if something did.
    var done: @Sendable (DatabaseError?) -> Void
  }

  private struct Waiting {
    var jobs: [Job] = []
    var isScheduled = false
  }

  private let connection: SQLiteConnection
  /// Throws when the database must not be written now.
  private let check: @Sendable () throws(DatabaseError) -> Void
  private let queue = DispatchQueue(label: "hotel.writes")
  private let waiting = Mutex(Waiting())
  private static let batchLimit = 256

  init(_ connection: SQLiteConnection, check: @escaping @Sendable () throws(DatabaseError) -> Void) {
    self.connection = connection
    self.check = check
  }

  /// On any thread; `done` is called on the queue.
  func add(_ job: Job) {
    let mustSchedule = waiting.withLock { waiting in
      waiting.jobs.append(job)
      defer { waiting.isScheduled = true }
      return !waiting.isScheduled
    }
    if mustSchedule { queue.async { self.drain() } }
  }

  private func drain() {
    while true {
      let batch = waiting.withLock { waiting in
        let batch = Array(waiting.jobs.prefix(Self.batchLimit))
        waiting.jobs.removeFirst(batch.count)
        if batch.isEmpty { waiting.isScheduled = false }
        return batch
      }
      if batch.isEmpty { return }
      let results = commit(batch)
      for (job, result) in zip(batch, results) { job.done(result) }
    }
  }

  /// What came of each job. When the transaction fails, all have failed with it.
  private func commit(_ batch: [Job]) -> [DatabaseError?] {
    do {
      try check()
      try connection.execute("BEGIN IMMEDIATE")
      var results: [DatabaseError?] = []
      for job in batch { results.append(try perform(job)) }
      try connection.execute("COMMIT")
      return results
    } catch {
      // After some errors SQLite has rolled back by itself, and then this one fails: either way nothing is open.
      try? connection.execute("ROLLBACK")
      return batch.map { _ in error }
    }
  }

  /// Throws when the job could not even be undone, so that the batch cannot go on.
  private func perform(_ job: Job) throws(DatabaseError) -> DatabaseError? {
    try connection.execute("SAVEPOINT job")
    do {
      try job.write(connection)
      try connection.execute("RELEASE job")
      return nil
    } catch {
      try connection.execute("ROLLBACK TO job; RELEASE job")
      return error
    }
  }
}

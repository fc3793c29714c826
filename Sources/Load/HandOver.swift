// SPDX-License-Identifier: Apache-2.0
import Transport

/// A worker's side of the way to the recorder: fills batches, hands them over when they are full and ten times a second,
/// and adds the worker's own state once a second. Confined to its worker.
struct HandOver: ~Copyable {
  private let recorder: Recorder?
  private let worker: Int
  private var batch: MeasurementBatch?
  private(set) var nextNanoseconds: Int64 = 0
  private(set) var nextMarkNanoseconds: Int64 = 0
  private var second = 0
  private var secondStart: Int64 = 0
  private var waitedBefore: Int64 = 0
  private var openedBefore = 0

  private static let gapNanoseconds: Int64 = 100_000_000
  private static let markNanoseconds: Int64 = 250_000_000

  /// Without a recorder everything is thrown away.
  init(_ recorder: Recorder?, worker: Int) {
    self.recorder = recorder
    self.worker = worker
  }

  mutating func add(_ measurement: Measurement) {
    guard let recorder else { return }
    let batch = takeBatch(recorder)
    batch.append(measurement)
    if batch.isFull { submit(recorder) }
  }

  mutating func add(_ reply: ReplyMeasurement) {
    guard let recorder else { return }
    let batch = takeBatch(recorder)
    batch.replies.append(reply)
    if batch.replies.count >= MeasurementBatch.capacity { submit(recorder) }
  }

  /// Hands over what there is.
  mutating func flush() {
    if let recorder { submit(recorder) }
  }

  /// What is due now and then. `complete`: before which moments nothing more will come.
  mutating func tick(
    at moment: Int64, complete: (requests: Int64, journeys: Int64)?, loop: TransportLoop, inFlight: Int
  ) {
    nextNanoseconds = moment + Self.gapNanoseconds
    guard let recorder else { return }
    if let complete {
      nextMarkNanoseconds = moment + Self.markNanoseconds
      mark(recorder, complete)
    }
    if Int(moment / 1_000_000_000) > second { read(recorder, at: moment, loop, inFlight) }
    submit(recorder)
  }

  /// The last batch, after which nothing comes.
  mutating func finish(at moment: Int64, loop: TransportLoop, inFlight: Int) {
    guard let recorder else { return }
    mark(recorder, (moment, moment))
    read(recorder, at: moment, loop, inFlight)
    submit(recorder)
  }

  private mutating func takeBatch(_ recorder: Recorder) -> MeasurementBatch {
    if let batch { return batch }
    let taken = recorder.pool.take()
    taken.worker = worker
    batch = taken
    return taken
  }

  private mutating func mark(_ recorder: Recorder, _ complete: (requests: Int64, journeys: Int64)) {
    let batch = takeBatch(recorder)
    batch.requestsCompleteBefore = complete.requests
    batch.journeysCompleteBefore = complete.journeys
  }

  private mutating func read(_ recorder: Recorder, at moment: Int64, _ loop: TransportLoop, _ inFlight: Int) {
    let length = max(1, moment - secondStart)
    let waited = loop.waitingNanoseconds - waitedBefore
    takeBatch(recorder).workerReading = WorkerReading(
      second: second, busyShare: min(1, max(0, 1 - Double(waited) / Double(length))), inFlight: inFlight,
      openConnections: loop.openConnections, connectionsOpened: loop.connectionsOpened - openedBefore)
    second = Int(moment / 1_000_000_000)
    secondStart = moment
    waitedBefore = loop.waitingNanoseconds
    openedBefore = loop.connectionsOpened
  }

  private mutating func submit(_ recorder: Recorder) {
    guard let batch else { return }
    self.batch = nil
    recorder.submit(batch)
  }
}

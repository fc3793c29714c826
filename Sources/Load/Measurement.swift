// SPDX-License-Identifier: Apache-2.0

/// What became of a request.
package enum RequestOutcome: UInt8, Sendable {
  case ok, refused, failed
  /// Still unanswered when the drain was over.
  case inFlight
  /// Became due and was never sent.
  case unsent
}

/// What became of a journey.
package enum JourneyOutcome: UInt8, Sendable {
  case completed, failed
  /// Ended by us: the drain was over, or the run was stopped.
  case cut
  /// Its arrival was due and it never began.
  case unsent
}

/// One measured request or journey, as a worker hands it to the recorder. Trivial, so that buffers of it are copied.
struct Measurement {
  var isJourney: Bool
  /// Raw value of `RequestOutcome` or `JourneyOutcome`.
  var outcome: UInt8
  var failure: UInt8
  var isSlow: Bool
  var phase: UInt16
  /// Index of the request over all scenarios; of the scenario for a journey.
  var step: UInt16
  var responseMicroseconds: UInt32
  var serviceMicroseconds: UInt32
  /// From the moment sending was allowed (due, and a slot free) to the actual send.
  var ownLagMicroseconds: UInt32
  /// From due to the moment a slot was free.
  var blockedMicroseconds: UInt32
  /// From the begin of the run.
  var dueNanoseconds: Int64
  var endNanoseconds: Int64
}

/// A buffer of measurements that travels from a worker to the recorder and back. It has one owner at a time: the worker
/// fills it, `Recorder.submit` hands it over, the recorder returns it to the pool.
final class MeasurementBatch: @unchecked Sendable {  // see above: handed over, never shared
  static let capacity = 1024
  let measurements: UnsafeMutablePointer<Measurement>
  private(set) var count = 0
  /// Empty unless replies are awaited.
  var replies: [ReplyMeasurement] = []
  /// Every request due before this moment has been handed over, and every journey begun before the other one.
  var requestsCompleteBefore: Int64 = 0
  var journeysCompleteBefore: Int64 = 0
  var worker = 0
  var workerReading: WorkerReading?

  init() { measurements = .allocate(capacity: Self.capacity) }

  deinit { measurements.deallocate() }

  var isFull: Bool { count == Self.capacity }

  func append(_ measurement: Measurement) {
    precondition(count < Self.capacity)
    (measurements + count).initialize(to: measurement)
    count += 1
  }

  /// For the next worker, who knows nothing of this one's moments.
  func clear() {
    count = 0
    replies.removeAll(keepingCapacity: true)
    requestsCompleteBefore = 0
    journeysCompleteBefore = 0
    workerReading = nil
  }
}

/// A worker's own state over the second that just ended.
struct WorkerReading: Sendable {
  var second: Int
  /// Share of the second in which the loop was not waiting.
  var busyShare: Double
  var inFlight: Int
  var openConnections: Int
  var connectionsOpened: Int
}

extension UInt32 {
  /// Nanoseconds as whole microseconds, rounded up: nothing that took time counts as none.
  init(microsecondsFrom nanoseconds: Int64) {
    self = nanoseconds <= 0 ? 0 : UInt32(clamping: (nanoseconds - 1) / 1000 + 1)
  }
}

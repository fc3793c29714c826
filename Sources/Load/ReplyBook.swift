// SPDX-License-Identifier: Apache-2.0

/// The messages of one worker whose replies may still come. Confined to its worker, and to the controller after its end.
struct ReplyBook {
  struct Awaited {
    var message: UInt64
    var guest: UInt64?
    /// When its first delivery was due.
    var dueNanoseconds: Int64
    /// A reply after this is late.
    var limitNanoseconds: Int64
    var visitor: Int
    /// A delivery of it was answered well; before that no reply is owed.
    var isAccepted = false
    /// What came before that.
    var arrivedNanoseconds: Int64?
    var repeats = 0
  }

  private(set) var awaited: [UInt32: Awaited] = [:]
  /// Journeys that wait, by the end of their patience; numbers that are no longer awaited are passed over.
  var deadlines = DeadlineHeap()
  /// Redelivered messages may be replied to once more until then.
  private(set) var repeatsExpectedUntil = Int64.min
  private var slowestNanoseconds: Int64 = 0

  // Second, phase and step of every message, for a second reply that comes when the rest is forgotten; in pieces, since
  // one array of millions would be copied as it grows.
  private var places: [[UInt64]] = []
  private var count: UInt32 = 0
  private static let pieceCount = 1 << 14
  private static let withdrawn = UInt64.max

  /// A slow reply may be doubled as slowly; and this much later.
  private static let graceNanoseconds: Int64 = 500_000_000

  var isEmpty: Bool { awaited.isEmpty }
  var nextNumber: UInt32 { count }

  mutating func add(_ entry: Awaited, phase: Int, step: Int) -> UInt32 {
    let number = count
    count += 1
    if places.last.map({ $0.count == Self.pieceCount }) ?? true {
      places.append([])
      places[places.count - 1].reserveCapacity(Self.pieceCount)
    }
    let second = UInt64(clamping: max(0, entry.dueNanoseconds / 1_000_000_000)) & 0xFFFF_FFFF
    places[places.count - 1].append(second << 32 | UInt64(UInt16(phase)) << 16 | UInt64(UInt16(step)))
    awaited[number] = entry
    return number
  }

  mutating func accept(_ number: UInt32) -> Awaited? {
    awaited[number]?.isAccepted = true
    return awaited[number]
  }

  /// A reply to a message that no delivery was accepted of so far.
  mutating func keepEarly(_ number: UInt32, at nanoseconds: Int64) {
    if awaited[number]?.arrivedNanoseconds == nil {
      awaited[number]?.arrivedNanoseconds = nanoseconds
    } else {
      awaited[number]?.repeats += 1
    }
  }

  /// The reply came: the message is awaited no longer.
  mutating func settle(_ number: UInt32, at nanoseconds: Int64) -> Awaited? {
    guard let entry = awaited.removeValue(forKey: number) else { return nil }
    slowestNanoseconds = max(slowestNanoseconds, nanoseconds - entry.dueNanoseconds)
    return entry
  }

  /// The message was never accepted: as if it had not been sent.
  mutating func withdraw(_ number: UInt32) -> Awaited? {
    places[Int(number) / Self.pieceCount][Int(number) % Self.pieceCount] = Self.withdrawn
    return awaited.removeValue(forKey: number)
  }

  mutating func expectRepeats(after moment: Int64) {
    repeatsExpectedUntil = moment + slowestNanoseconds + Self.graceNanoseconds
  }

  /// What is to be written down of a message; nil for one that was withdrawn.
  func measurement(_ number: UInt32, _ kind: ReplyMeasurement.Kind, microseconds: UInt32 = 0) -> ReplyMeasurement? {
    let place = places[Int(number) / Self.pieceCount][Int(number) % Self.pieceCount]
    guard place != Self.withdrawn else { return nil }
    return ReplyMeasurement(
      kind: kind, phase: UInt16(truncatingIfNeeded: place >> 16), step: UInt16(truncatingIfNeeded: place),
      dueSecond: UInt32(truncatingIfNeeded: place >> 32), microseconds: microseconds)
  }

  /// Numbers that are still awaited; none is afterwards.
  mutating func removeAll() -> [UInt32] {
    defer { awaited.removeAll() }
    return awaited.filter(\.value.isAccepted).keys.sorted()
  }
}

/// What became known of a reply, as a worker hands it to the recorder.
struct ReplyMeasurement {
  enum Kind: UInt8 {
    case awaited, came, cameLate, lost
    /// Not there when the run was cut short.
    case open
    case duplicated
  }

  var kind: Kind
  var phase: UInt16
  /// Index of the request over all scenarios.
  var step: UInt16
  /// Of the message's first delivery.
  var dueSecond: UInt32
  /// Of one that came: due to arrival.
  var microseconds: UInt32
}

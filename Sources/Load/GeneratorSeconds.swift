// SPDX-License-Identifier: Apache-2.0
import Histogram
import Results

/// What is known of the tool's own state, by second: delays of what was sent in it, the workers' readings, the
/// machine's. A second is written once, in order, when all of that is there. Confined to the recorder.
struct GeneratorSeconds: ~Copyable {
  private struct Second {
    var ownLag: [UInt32] = []
    var blocked: [UInt32] = []
    var workers: [WorkerReading] = []
    var machine: MachineCounts?
  }

  /// The first is `firstOpen`.
  private var seconds: [Second] = []
  private(set) var firstOpen = 0
  /// Before it everything but the machine's reading is there.
  private var closed = 0
  private var ownLag = Histogram()
  private var blocked = Histogram()

  /// The controller reads the machine about once a second; a second waits for it no longer than this many others.
  private static let longestWait = 5

  /// One past the last second of which anything is known.
  var end: Int { firstOpen + seconds.count }

  private mutating func place(_ second: Int) -> Int {
    let place = max(0, second - firstOpen)
    while seconds.count <= place { seconds.append(Second()) }
    return place
  }

  mutating func addSent(second: Int, ownLag: UInt32, blocked: UInt32) {
    let place = place(second)
    seconds[place].ownLag.append(ownLag)
    seconds[place].blocked.append(blocked)
  }

  mutating func add(_ reading: WorkerReading) { seconds[place(reading.second)].workers.append(reading) }

  /// A second that was written already keeps its row.
  mutating func add(_ machine: MachineCounts, second: Int) {
    if second >= firstOpen { seconds[place(second)].machine = machine }
  }

  /// Sums of the workers' readings of a second; nil when there are none.
  func state(second: Int) -> (inFlight: Int, openConnections: Int)? {
    guard second >= firstOpen, second < end, !seconds[second - firstOpen].workers.isEmpty else { return nil }
    return seconds[second - firstOpen].workers.reduce(into: (0, 0)) {
      $0.0 += $1.inFlight
      $0.1 += $1.openConnections
    }
  }

  mutating func close(before second: Int) { closed = max(closed, second) }

  /// Writes the seconds that are complete; at the `isEnd` also those that are not.
  mutating func write(to writer: RunFolderWriter, isEnd: Bool = false) {
    while firstOpen < closed {
      guard let second = seconds.first else {
        if !isEnd, closed - firstOpen <= Self.longestWait { return }
        writer.generator(second: firstOpen, counts: Self.counts(Second()), ownLag: Histogram(), blocked: Histogram())
        firstOpen += 1
        continue
      }
      if second.machine == nil, !isEnd, closed - firstOpen <= Self.longestWait { return }
      write(second, to: writer)
      seconds.removeFirst()
      firstOpen += 1
    }
  }

  private mutating func write(_ second: Second, to writer: RunFolderWriter) {
    ownLag.reset()
    blocked.reset()
    for lag in second.ownLag { ownLag.record(Int64(lag)) }
    for wait in second.blocked { blocked.record(Int64(wait)) }
    writer.generator(second: firstOpen, counts: Self.counts(second), ownLag: ownLag, blocked: blocked)
  }

  private static func counts(_ second: Second) -> GeneratorCounts {
    var counts = GeneratorCounts()
    counts.busyPerMille = second.workers.map { Int(($0.busyShare * 1000).rounded()) }.max() ?? -1
    for worker in second.workers {
      counts.inFlight += worker.inFlight
      counts.openConnections += worker.openConnections
      counts.connectionsOpened += worker.connectionsOpened
    }
    counts.cpuPerMille = second.machine?.cpuPerMille ?? -1
    counts.stealPerMille = second.machine?.stealPerMille ?? -1
    counts.descriptorsPerMille = second.machine?.descriptorsPerMille ?? -1
    counts.portsPerMille = second.machine?.portsPerMille ?? -1
    counts.residentKiB = second.machine?.residentKiB ?? -1
    return counts
  }
}

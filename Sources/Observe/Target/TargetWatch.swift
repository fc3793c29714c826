// SPDX-License-Identifier: Apache-2.0
import Dispatch
package import Results
import Synchronization
package import Transport

/// Samples the target's side while a run goes on. Each source has a thread of its own, so that one that hangs holds up
/// neither the run nor the others.
package final class TargetWatch: Sendable {
  /// A source and how often it is asked.
  package struct Entry: Sendable {
    package var reader: any TargetReader
    package var everyNanoseconds: Int64

    package init(reader: any TargetReader, everyNanoseconds: Int64) {
      self.reader = reader
      self.everyNanoseconds = everyNanoseconds
    }
  }

  /// How often a source is asked unless somebody says otherwise: a plan of under a minute would have too few samples.
  package static func usualNanoseconds(planNanoseconds: Int64) -> Int64 {
    planNanoseconds < 60_000_000_000 ? 1_000_000_000 : 5_000_000_000
  }

  private let entries: [Entry]
  private let writer: TargetWriter
  private let startedAt: MonotonicTime
  private let ended = DispatchGroup()
  /// One for each source; signalled once, to end it.
  private let bells: [DispatchSemaphore]
  private let isStopped = Mutex(false)

  /// Reads all sources at the same time, once each: whether they can be read, and what their counters say before a run.
  package static func readOnce(_ entries: [Entry]) -> [Result<[TargetReading], TargetUnreadable>] {
    let results = Mutex([Result<[TargetReading], TargetUnreadable>?](repeating: nil, count: entries.count))
    let ended = DispatchGroup()
    for (index, entry) in entries.enumerated() {
      DispatchQueue(label: "gonogo.watch.\(index)").async(group: ended) {
        let result: Result<[TargetReading], TargetUnreadable>
        do throws(TargetUnreadable) {
          result = .success(try entry.reader.read())
        } catch {
          result = .failure(error)
        }
        results.withLock { $0[index] = result }
      }
    }
    ended.wait()
    return results.withLock { $0 }.map { $0 ?? .failure(TargetUnreadable("it was not read")) }
  }

  /// Reads every source at once and goes on until `stop`. `first`: what `readOnce` found, in the order of the sources.
  /// `startedAt`: the run's begin, which may be still to come; the samples before it stand at second 0.
  package init(
    _ entries: [Entry], first: [[TargetReading]] = [], writer: TargetWriter, startedAt: MonotonicTime
  ) {
    self.entries = entries
    self.writer = writer
    self.startedAt = startedAt
    bells = entries.map { _ in DispatchSemaphore(value: 0) }
    for (entry, readings) in zip(entries, first) { write(readings, of: entry.reader.source, second: 0) }
    for index in entries.indices {
      let queue = DispatchQueue(label: "gonogo.watch.\(index)")
      queue.async(group: ended) { self.sample(index) }
    }
  }

  /// Takes a last sample of every source and ends. Blocks as long as the slowest source takes; afterwards nothing is
  /// written. May be called again.
  package func stop() {
    let isFirst = isStopped.withLock { isStopped in
      defer { isStopped = true }
      return !isStopped
    }
    if isFirst { for bell in bells { bell.signal() } }
    ended.wait()
  }

  private func sample(_ index: Int) {
    let entry = entries[index]
    var due = MonotonicTime.now()
    while true {
      take(entry.reader)
      due = due.advanced(byNanoseconds: entry.everyNanoseconds)
      let now = MonotonicTime.now()
      // What a slow source missed is not made up for.
      if due < now { due = now }
      let wait = DispatchTimeInterval.nanoseconds(Int(due.nanoseconds(since: now)))
      if bells[index].wait(timeout: .now() + wait) == .success { return take(entry.reader) }
    }
  }

  private func take(_ reader: any TargetReader) {
    let readings: [TargetReading]
    do throws(TargetUnreadable) {
      readings = try reader.read()
    } catch {
      readings = [TargetReading(instance: reader.name, metric: TargetMetric.unreadable, value: 1)]
    }
    let second = Int(max(0, MonotonicTime.now().nanoseconds(since: startedAt)) / 1_000_000_000)
    write(readings, of: reader.source, second: second)
  }

  private func write(_ readings: [TargetReading], of source: TargetSource, second: Int) {
    writer.append(
      readings.map {
        TargetSample(second: second, source: source, instance: $0.instance, metric: $0.metric, value: $0.value)
      })
  }
}

// SPDX-License-Identifier: Apache-2.0

/// How a figure of the target was learned.
package enum TargetSource: String, Sendable, Hashable, Codable, CaseIterable {
  /// /proc of this machine.
  case process
  /// A container engine.
  case container
  /// Prometheus text of the target.
  case scrape
  /// A query of a Prometheus server.
  case prometheus
}

/// Names of figures that gonogo makes itself; what is scraped keeps the name Prometheus writes, labels included.
package enum TargetMetric {
  /// Resident memory, without what the kernel may drop from its cache.
  package static let memory = "memory_bytes"
  /// What that memory is held against.
  package static let memoryLimit = "memory_limit_bytes"
  /// Of all its threads since it began; it only grows.
  package static let cpu = "cpu_seconds_total"
  /// Processors that it may use.
  package static let processors = "processors"
  /// By its restart policy, as the engine counts.
  package static let restarts = "restarts"
  package static let openDescriptors = "open_descriptors"
  /// The source could not be read at that moment; the value is 1.
  package static let unreadable = "unreadable"
}

/// One row of `target.csv`.
package struct TargetSample: Sendable, Equatable {
  /// Whole seconds from the run's begin until the sample was there.
  package var second: Int
  package var source: TargetSource
  /// `hotel:PID@START`, `agente-api:1a2b3c4d5e6f@START`, `host:port@START`; what starts again has another.
  package var instance: String
  package var metric: String
  package var value: Double

  package init(second: Int, source: TargetSource, instance: String, metric: String, value: Double) {
    self.second = second
    self.source = source
    self.instance = instance
    self.metric = metric
    self.value = value
  }
}

/// `target.csv` in memory: one series per source, instance and metric.
package struct TargetTable: Sendable, Equatable {
  package struct Point: Sendable, Equatable {
    package var second: Int
    package var value: Double

    package init(second: Int, value: Double) {
      self.second = second
      self.value = value
    }
  }

  package struct Series: Sendable, Equatable {
    package let source: TargetSource
    package let instance: String
    package let metric: String
    /// In the order of the file, which is that of time.
    package fileprivate(set) var points: [Point] = []

    /// The instance without what a restart changes: `hotel`, `api/agente-api-1`, `127.0.0.1:8000`.
    package var subject: String { TargetTable.subject(ofInstance: instance, source: source) }
  }

  /// In the order of their first rows.
  package private(set) var series: [Series] = []
  /// What could not be read, for people.
  package private(set) var problems: [String] = []

  private struct Key: Hashable {
    var source: TargetSource
    var instance: String
    var metric: String
  }

  private var places: [Key: Int] = [:]

  package init() {}

  /// Reads the file's bytes as far as they can be read. O(bytes).
  package init(_ bytes: [UInt8]) {
    var lines = TextRows(bytes)
    guard let header = lines.next(), header.elementsEqual(TargetFormat.header.utf8.dropLast()) else {
      problems.append("\(TargetFormat.fileName) has no header that can be read")
      return
    }
    var unreadable = 0
    var firstUnreadable = 0
    while let line = lines.next() {
      if let sample = TargetFormat.sample(line) {
        add(sample)
      } else {
        unreadable += 1
        if firstUnreadable == 0 { firstUnreadable = lines.lineNumber }
      }
    }
    if unreadable > 0 {
      problems.append(
        "\(TargetFormat.fileName): \(unreadable) lines cannot be read, the first is line \(firstUnreadable)")
    }
    if lines.cutBytes > 0 { problems.append("\(TargetFormat.fileName) ends in the middle of a line") }
  }

  /// Samples that are made up, for tests and figures that need no file.
  package init(samples: [TargetSample]) {
    for sample in samples { add(sample) }
  }

  package var isEmpty: Bool { series.isEmpty }

  /// All series of a metric, of one source if it is given.
  package func series(metric: String, source: TargetSource? = nil) -> [Series] {
    series.filter { $0.metric == metric && (source == nil || $0.source == source) }
  }

  /// Instances of a source in the order in which they were first seen.
  package func instances(of source: TargetSource) -> [String] {
    var seen: Set<String> = []
    return series.filter { $0.source == source && seen.insert($0.instance).inserted }.map(\.instance)
  }

  /// An instance's name without what a restart changes.
  package static func subject(ofInstance instance: String, source: TargetSource) -> String {
    let beforeStart = instance.lastIndex(of: "@").map { instance[..<$0] } ?? instance[...]
    guard source == .process || source == .container, let mark = beforeStart.lastIndex(of: ":") else {
      return String(beforeStart)
    }
    return String(beforeStart[..<mark])
  }

  /// Whether a subject is meant by a name: `api/agente-api-1` by all of it, by its service, by its container.
  package static func isMeant(_ subject: String, by name: String) -> Bool {
    subject == name || subject.split(separator: "/").contains { $0 == name }
  }

  private mutating func add(_ sample: TargetSample) {
    let key = Key(source: sample.source, instance: sample.instance, metric: sample.metric)
    let place = places[key] ?? series.count
    if place == series.count {
      places[key] = place
      series.append(Series(source: sample.source, instance: sample.instance, metric: sample.metric))
    }
    series[place].points.append(Point(second: sample.second, value: sample.value))
  }
}

// SPDX-License-Identifier: Apache-2.0
package import Results

/// One figure of one instance, as a source has just told it.
package struct TargetReading: Sendable, Equatable {
  package var instance: String
  package var metric: String
  package var value: Double

  package init(instance: String, metric: String, value: Double) {
    self.instance = instance
    self.metric = metric
    self.value = value
  }
}

/// A source that could not be read, for people.
package struct TargetUnreadable: Error, Sendable, Equatable {
  package var reason: String

  package init(_ reason: String) { self.reason = reason }
}

/// Where figures of the target come from. Used by one thread at a time.
package protocol TargetReader: Sendable {
  var source: TargetSource { get }
  /// For people and records; also the instance of a moment at which nothing could be read.
  var name: String { get }
  /// Blocks, at most for some seconds.
  func read() throws(TargetUnreadable) -> [TargetReading]
}

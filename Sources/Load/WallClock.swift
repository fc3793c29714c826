// SPDX-License-Identifier: Apache-2.0
package import Results

/// Ties the run's clock to the calendar, once: the wall clock may be set while a run goes on, the run's clock may not.
package struct WallClock: Sendable {
  private let startMilliseconds: Int64

  package init(start: Timestamp) { startMilliseconds = start.millisecondsSinceEpoch }

  package func timestamp(atNanoseconds moment: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: startMilliseconds + moment / 1_000_000)
  }
}

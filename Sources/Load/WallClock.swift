// SPDX-License-Identifier: Apache-2.0
import Glibc
package import Results

/// Ties the run's clock to the calendar, once: the wall clock may be set while a run goes on, the run's clock may not.
package struct WallClock: Sendable {
  private let startMilliseconds: Int64

  package init(start: Timestamp) { startMilliseconds = start.millisecondsSinceEpoch }

  /// Negative when it was in the past.
  var nanosecondsUntilStart: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return startMilliseconds * 1_000_000 - Int64(time.tv_sec) * 1_000_000_000 - Int64(time.tv_nsec)
  }

  package func timestamp(atNanoseconds moment: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: startMilliseconds + moment / 1_000_000)
  }
}

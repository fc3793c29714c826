// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A reading of the one clock every measurement uses: CLOCK_MONOTONIC, in nanoseconds.
package struct MonotonicTime: Comparable, Hashable, Sendable {
  /// Nanoseconds since an arbitrary origin that all threads and processes of this boot share.
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The present; about 25 ns, no system call.
  package static func now() -> MonotonicTime {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
  }

  /// Later than anything that happens: "nothing is due".
  package static let distantFuture = MonotonicTime(nanoseconds: .max)

  /// This time moved by so many nanoseconds; stays at the end of the scale instead of overflowing.
  package func advanced(byNanoseconds offset: Int64) -> MonotonicTime {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(offset)
    return MonotonicTime(nanoseconds: overflow ? (offset < 0 ? .min : .max) : sum)
  }

  /// Nanoseconds from `earlier` to this time.
  package func nanoseconds(since earlier: MonotonicTime) -> Int64 { nanoseconds &- earlier.nanoseconds }

  package static func < (one: MonotonicTime, other: MonotonicTime) -> Bool { one.nanoseconds < other.nanoseconds }
}

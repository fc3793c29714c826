// SPDX-License-Identifier: Apache-2.0
// Every C module that includes <time.h> may be the one whose timespec the compiler sees, so that it is used here alone.
internal import CLibpq
internal import CLinux
internal import CMicroHTTPD
import Glibc

/// CLOCK_MONOTONIC.
func monotonicNanoseconds() -> Int64 { nanoseconds(of: CLOCK_MONOTONIC) }

/// Since 1970.
func wallMilliseconds() -> Int64 { nanoseconds(of: CLOCK_REALTIME) / 1_000_000 }

/// What this process has used of the processors, in user and system mode.
func processorNanoseconds() -> Int64 { nanoseconds(of: CLOCK_PROCESS_CPUTIME_ID) }

private func nanoseconds(of clock: clockid_t) -> Int64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

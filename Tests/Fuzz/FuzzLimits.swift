// SPDX-License-Identifier: Apache-2.0
import Scenarios

/// Any head of an answer: limits that can be, few of them, and sentences without a trap.
func fuzzLimits(_ bytes: UnsafeBufferPointer<UInt8>) {
  let announced = AnnouncedLimits(head: Array(bytes), now: 1_772_366_400)
  precondition(announced.limits.count <= 60, "more limits than are kept")
  for limit in announced.limits {
    for number in [limit.requests, limit.remaining, limit.windowSeconds, limit.resetSeconds] {
      if let number { precondition(number >= 0 && number.isFinite, "a number that cannot be") }
    }
  }
  if let wait = announced.retryAfterSeconds { precondition(wait >= 0 && wait.isFinite, "a wait that cannot be") }
  for note in announced.notes(forPlan: 1e6, requests: 1e9) + announced.notes(forPlan: nil, requests: nil)
    + announced.notes(forWalk: 1_000_000)
  {
    precondition(note.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "a text of the target reached a sentence")
  }
}

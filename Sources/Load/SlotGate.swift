// SPDX-License-Identifier: Apache-2.0

/// How many requests of one worker may be under way, and since when there has been room. It tells the two reasons apart
/// why a request leaves late: the target held every slot, or this tool was slow.
struct SlotGate {
  let limit: Int
  private(set) var taken = 0
  /// When a slot last became free after all had been taken.
  private var freeSince = Int64.min

  init(limit: Int) { self.limit = limit }

  var isOpen: Bool { taken < limit }

  /// A request that was due then leaves now. Own lag counts from the moment it was due and had a slot; the time before
  /// that is the target's.
  mutating func take(due: Int64, at moment: Int64) -> (ownLag: Int64, blocked: Int64) {
    taken += 1
    let allowed = max(due, freeSince)
    return (max(0, moment - allowed), max(0, min(moment, allowed) - due))
  }

  mutating func release(at moment: Int64) {
    if taken == limit { freeSince = moment }
    taken -= 1
  }
}

// SPDX-License-Identifier: Apache-2.0
import Judgement

// P-005: an hour at the peak in which the rules of P-002 to P-004 hold in every window of five minutes, nothing was
// started again, and memory does not grow by more than a tenth of its limit in a day.

extension LoadItems {
  static let soakSeconds = 3600
  static let windowSeconds = 300

  func soak() -> ItemRecord {
    var item = ItemRecord(id: "P-005", status: .pending, reason: "")
    item.value = Double(load.secondsHeld)
    item.limit = Double(Self.soakSeconds)
    item.unit = .seconds
    var pending: [String] = []
    if load.secondsHeld < Self.soakSeconds {
      pending.append("\(Wording.count(load.secondsHeld)) of \(Wording.count(Self.soakSeconds)) s")
    }
    item.reason = (pending + obstacles).joined(separator: "; ")
    return item
  }
}

// SPDX-License-Identifier: Apache-2.0

extension PeoplesEntries {
  /// What people say about rows that the list does not have, which has no effect: nil when there is nothing of the kind.
  package func aboutStrangers(_ checklist: Checklist) -> String? {
    let known = Set(checklist.items.map(\.id))
    var strangers: [String] = []
    func note(_ item: String, _ list: String) {
      if list == checklist.id, !known.contains(item), !strangers.contains(item) { strangers.append(item) }
    }
    for entry in all {
      switch entry {
      case .attestation(let said): note(said.item, said.checklist)
      case .approval(let approval): note(approval.item, approval.checklist)
      default: continue
      }
    }
    guard !strangers.isEmpty else { return nil }
    let rest = strangers.count > 10 ? " and \(strangers.count - 10) more" : ""
    return "people's entries name rows that \(checklist.id) does not have: "
      + strangers.prefix(10).joined(separator: ", ") + rest
  }
}

// SPDX-License-Identifier: Apache-2.0
import Document
package import Results

/// Makes entries of a list of statuses: of each row that says something new.
package struct StatusImport {
  /// What `gonogo export` adds to a row's notes begins with it.
  package static let exportMark = "gonogo: "

  package var checklist: Checklist
  /// Of rows that do not say who.
  package var who: String?
  package var at: Timestamp
  package var environment: String?
  package var build: String?
  /// Why statuses of measured rows are taken too.
  package var override: String?
  /// The list itself: it is evidence of every row.
  package var source: EvidenceReference

  package init(
    checklist: Checklist, who: String?, at: Timestamp, environment: String?, build: String?, override: String?,
    source: EvidenceReference
  ) {
    self.checklist = checklist
    self.who = who
    self.at = at
    self.environment = environment
    self.build = build
    self.override = override
    self.source = source
  }

  /// Entries, and what was not taken. A row that the checklist does not have, or that stands twice with two statuses, is a
  /// mistake, and then nothing is taken.
  package func entries(
    of list: StatusList, before: PeoplesEntries
  ) throws(ImportMistake) -> (entries: [PeoplesEntry], remarks: [String]) {
    var entries: [PeoplesEntry] = []
    var left: [String: [String]] = [:]
    var seen: [String: StatusRow] = [:]
    for row in list.rows {
      guard let item = checklist.items.first(where: { $0.id == row.item }) else {
        let near = nearest(to: row.item, among: checklist.items.map(\.id)).map { ": did you mean \($0)?" } ?? ""
        throw ImportMistake("line \(row.line): \(checklist.id) has no row \(row.item)\(near)")
      }
      if let earlier = seen.updateValue(row, forKey: row.item) {
        guard earlier.status == row.status else {
          throw ImportMistake(
            "line \(row.line): \(row.item) is \(row.status.rawValue) here and \(earlier.status.rawValue) in line"
              + " \(earlier.line)")
        }
        continue
      }
      if row.status == .pending {
        left["pending, which says nothing", default: []].append(row.item)
        continue
      }
      // Or a decision would come back as somebody's word, for every build and for ever.
      if let notes = row.notes, notes.hasPrefix(Self.exportMark) || notes.contains(" " + Self.exportMark) {
        left["written by gonogo export; clear that note where the status is yours", default: []].append(row.item)
        continue
      }
      if item.isSignOff, item.role != nil {
        left["proven by a signature: gonogo attest sign-off", default: []].append(row.item)
        continue
      }
      if item.isMeasuredAlways, row.status != .fail, override == nil {
        left["measured by runs: taken only with --override REASON", default: []].append(row.item)
        continue
      }
      guard let who = row.who ?? who else {
        throw ImportMistake("line \(row.line): \(row.item) does not say who; --who NAME is missing")
      }
      let entry = attestation(row, item, who)
      if isOnFile(entry, before) {
        left["on file already", default: []].append(row.item)
      } else {
        entries.append(.attestation(entry))
      }
    }
    let remarks = left.sorted { $0.key < $1.key }.map { reason, ids in
      "\(ids.count) row\(ids.count == 1 ? "" : "s") not taken, \(reason): \(listed(ids, most: 8))"
    }
    return (entries, remarks)
  }

  private func attestation(_ row: StatusRow, _ item: ChecklistItem, _ who: String) -> Attestation {
    let needsNote = row.status == .notApplicable && row.notes == nil
    return Attestation(
      item: row.item, status: row.status, who: who, at: row.at ?? at, environment: environment, build: build,
      note: needsNote ? "N/A in \(source.location), line \(row.line)" : row.notes,
      evidence: row.evidence.map { EvidenceReference(location: $0) } + [source],
      override: item.isMeasuredAlways && row.status != .fail ? override : nil, checklist: checklist.id)
  }

  /// The same was said before and nothing else since. The list's own digest changes with every other row of it.
  private func isOnFile(_ entry: Attestation, _ before: PeoplesEntries) -> Bool {
    let last = before.all.lazy.reversed().compactMap { old -> Attestation? in
      if case .attestation(let said) = old, said.item == entry.item, said.checklist == entry.checklist,
        said.environment == entry.environment
      {
        said
      } else {
        nil
      }
    }.first
    guard let last else { return false }
    return last.status == entry.status && last.who == entry.who && last.note == entry.note && last.build == entry.build
      && last.override == entry.override && last.evidence.map(\.location) == entry.evidence.map(\.location)
  }
}

// SPDX-License-Identifier: Apache-2.0
package import Readiness

/// A team's own Markdown checklist with Status and Notes filled in, and nothing else changed: rows of tables that have a
/// Status column, and entries (`- [ ] **S-001** ...`, `### S-001: ...`) with `Status:` lines below them.
package struct FilledChecklist: Sendable, Equatable {
  package struct Change: Sendable, Equatable {
    /// From 1.
    package var line: Int
    package var id: String
    package var before: String
    package var after: String
  }

  package private(set) var text = ""
  /// In the order of the file.
  package private(set) var changes: [Change] = []
  /// Rows of the list that the file has no place for.
  package private(set) var missing: [String] = []

  private let items: [String: DecidedItem]
  private let symbols: StatusSymbols
  private var found: Set<String> = []
  private var table: TableColumns?
  private var entry: DecidedItem?
  private var isInFence = false

  /// What this tool adds to a note begins with it; what stands before it is people's and stays.
  private static let ownMark = StatusImport.exportMark

  package init(filling original: String, items: [DecidedItem]) {
    self.items = Dictionary(items.map { ($0.id, $0) }) { first, _ in first }
    symbols = StatusSymbols(legendIn: original)
    let lines = original.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Substring.init)
    var filled: [String] = []
    for (index, line) in lines.enumerated() {
      // The end of the line is its own affair.
      let hasReturn = line.unicodeScalars.last == "\r"
      let content = hasReturn ? String(line.unicodeScalars.dropLast()) : String(line)
      let next = index + 1 < lines.count ? String(lines[index + 1]) : ""
      let new = fill(content, next: next)
      filled.append(hasReturn ? new + "\r" : new)
      if new != content, let id = table == nil ? entry?.id : lastRow {
        changes.append(Change(line: index + 1, id: id, before: content, after: new))
      }
    }
    text = filled.joined(separator: "\n")
    missing = items.map(\.id).filter { !found.contains($0) }
  }

  private var lastRow: String?

  private mutating func fill(_ line: String, next: String) -> String {
    let trimmed = line.drop { $0 == " " || $0 == "\t" }
    if trimmed.hasPrefix("```") || trimmed.hasPrefix("~~~") { isInFence.toggle() }
    if isInFence { return line }
    if trimmed.hasPrefix("|") {
      if let columns = TableColumns(header: line, separator: next) {
        table = columns
        return line
      }
      return table.map { row(line, $0) } ?? line
    }
    table = nil
    if let id = ItemID.first(in: line, among: items) {
      entry = items[id]
      return checkbox(line)
    }
    if trimmed.hasPrefix("#") { entry = nil }
    guard let entry else { return line }
    return field(line, entry)
  }

  // MARK: tables

  private mutating func row(_ line: String, _ columns: TableColumns) -> String {
    let cells = TableColumns.cells(of: line)
    let items = items
    guard let id = cells.lazy.compactMap({ ItemID.first(in: $0, among: items) }).first, let item = items[id],
      columns.status < cells.count
    else { return line }
    lastRow = id
    found.insert(id)
    var new = cells
    new[columns.status] = replaced(cells[columns.status], by: symbols.text(item.standing, like: cells[columns.status]))
    if let notes = columns.notes, notes < cells.count {
      new[notes] = replaced(cells[notes], by: note(item, after: cells[notes]))
    }
    return new.joined(separator: "|")
  }

  /// The blanks around a cell's content stay; an empty one gets a blank on each side.
  private func replaced(_ cell: String, by content: String) -> String {
    let isBlank = cell.allSatisfy { $0 == " " || $0 == "\t" }
    let head = isBlank ? " " : String(cell.prefix { $0 == " " || $0 == "\t" })
    let tail = isBlank ? " " : String(cell.reversed().prefix { $0 == " " || $0 == "\t" })
    return head + content + tail
  }

  // MARK: entries

  /// `- [ ]` is ticked when the row is proven, and only then.
  private mutating func checkbox(_ line: String) -> String {
    guard let entry else { return line }
    found.insert(entry.id)
    let bullet = line.prefix { $0 == " " || $0 == "\t" } + line.drop { $0 == " " || $0 == "\t" }.prefix(2)
    let rest = line.dropFirst(bullet.count)
    guard ["- ", "* ", "+ "].contains(bullet.suffix(2)), ["[ ]", "[x]", "[X]"].contains(rest.prefix(3)) else {
      return line
    }
    return bullet + (entry.standing == .pass ? "[x]" : "[ ]") + rest.dropFirst(3)
  }

  /// `- **Status**: ...`, `Status: ...`, `**Notes:** ...`
  private func field(_ line: String, _ item: DecidedItem) -> String {
    guard let colon = line.firstIndex(of: ":") else { return line }
    let name = line[..<colon].filter { $0.isLetter }.lowercased()
    let isStatus = TableColumns.statusNames.contains(name)
    guard isStatus || TableColumns.notesNames.contains(name) else { return line }
    var start = line.index(after: colon)
    while start < line.endIndex, line[start] == "*" || line[start] == "_" { start = line.index(after: start) }
    let value = String(line[start...])
    let content = isStatus ? symbols.text(item.standing, like: value) : note(item, after: value)
    return line[..<start] + replaced(value.isEmpty ? " " : value, by: content).trimmedRight
  }

  private func note(_ item: DecidedItem, after cell: String) -> String {
    let peoples = (cell.firstRange(of: Self.ownMark).map { String(cell[..<$0.lowerBound]) } ?? cell).trimmed
    let date = item.date.map { "\(DecisionWords.moment($0)), " } ?? ""
    let who = item.validatedBy.map { " (\(date)\($0))" } ?? ""
    // What nobody has said anything about needs no note.
    guard item.origin != .none || !item.notes.isEmpty else { return peoples }
    let own = Self.ownMark + MarkdownText.escaped(item.reasonAndNotes.joined(separator: "; ") + who)
    return peoples.isEmpty ? own : "\(peoples) \(own)"
  }
}

extension String {
  fileprivate var trimmedRight: String { String(reversed().drop { $0 == " " || $0 == "\t" }.reversed()) }
  fileprivate var trimmed: String { String(trimmedRight.drop { $0 == " " || $0 == "\t" }) }
}

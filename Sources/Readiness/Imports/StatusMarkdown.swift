// SPDX-License-Identifier: Apache-2.0
import Results

/// Statuses out of the team's own checklist in Markdown: rows of tables, boxes, and entries of the form `### S-001 ...` with
/// `**Status**: PASS` and its kin below. Code blocks are passed over.
package enum StatusMarkdown {
  /// `items`: ids that count; what looks like an id and is none of them is remarked.
  package static func read(_ bytes: [UInt8], items: Set<String>) throws(ImportMistake) -> StatusList {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw ImportMistake("it is not UTF-8") }
    var reading = Reading(items: items)
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      reading.take(String(line).trimmingBlanks, number: index + 1)
    }
    reading.endEntry()
    return reading.list
  }

  private struct Reading {
    let items: Set<String>
    var list = StatusList(rows: [], remarks: [])
    /// Names of a table's columns, while in one.
    private var columns: [String] = []
    private var entry: StatusRow?
    private var hasStatus = false
    private var isInEvidence = false
    private var fence: Substring?

    init(items: Set<String>) { self.items = items }

    mutating func take(_ line: String, number: Int) {
      if let mark = [line.prefix(3)].first(where: { $0 == "```" || $0 == "~~~" }) {
        fence = fence == nil ? mark : fence == mark ? nil : fence
        return
      }
      guard fence == nil else { return }
      if line.hasPrefix("|") { return row(line, number) }
      columns = []
      if line.hasPrefix("#") { return heading(line, number) }
      if let (isTicked, rest) = box(line) { return boxed(isTicked, rest, number) }
      if entry != nil { field(line, number) }
    }

    // MARK: tables

    private mutating func row(_ line: String, _ number: Int) {
      let cells = Self.cells(line)
      if cells.allSatisfy({ !$0.isEmpty && $0.allSatisfy { "-: ".contains($0) } }) { return }
      guard let place = cells.firstIndex(where: { items.contains(Self.plain($0)) || Self.looksLikeID($0) }) else {
        columns = cells.map { Self.plain($0).lowercased() }
        return
      }
      let id = Self.plain(cells[place])
      guard items.contains(id) else {
        list.remarks.append("line \(number): the checklist has no row \(id)")
        return
      }
      func cell(_ names: String...) -> String? {
        for (column, cell) in zip(columns, cells) where names.contains(column) {
          let text = Self.plain(cell)
          return text.isEmpty || text == "-" ? nil : text
        }
        return nil
      }
      let named = columns.firstIndex { ["status", "state", "result", "estado"].contains($0) }
      let written = named.flatMap { cells.indices.contains($0) ? [cells[$0]] : nil } ?? cells[(place + 1)...].reversed()
      guard let status = written.lazy.compactMap({ Standing(written: $0) }).first else {
        list.remarks.append("line \(number): \(id) has no status that can be read")
        return
      }
      list.rows.append(
        StatusRow(
          item: id, status: status, who: cell("who", "validated by", "by"),
          at: cell("date", "when").flatMap { Timestamp(lenient: $0) },
          evidence: cell("evidence", "link").map { [$0] } ?? [], notes: cell("notes", "note", "comment", "comments"),
          line: number))
    }

    /// `\|` is a bar and no border.
    private static func cells(_ line: String) -> [String] {
      var cells: [String] = []
      var cell = ""
      var isEscaped = false
      for character in line.dropFirst() {
        if isEscaped {
          cell.append(character)
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else if character == "|" {
          cells.append(cell.trimmingBlanks)
          cell = ""
        } else {
          cell.append(character)
        }
      }
      return cell.trimmingBlanks.isEmpty ? cells : cells + [cell.trimmingBlanks]
    }

    // MARK: boxes

    /// `- [x] rest`.
    private func box(_ line: String) -> (isTicked: Bool, rest: Substring)? {
      guard let first = line.first, "-*+".contains(first) else { return nil }
      let rest = line.dropFirst().drop { $0 == " " }
      guard rest.hasPrefix("["), rest.dropFirst(2).first == "]", let mark = rest.dropFirst().first,
        " xX".contains(mark)
      else { return nil }
      return (mark != " ", rest.dropFirst(3))
    }

    private mutating func boxed(_ isTicked: Bool, _ rest: Substring, _ number: Int) {
      endEntry()
      guard let id = knownID(String(rest)) else { return }
      guard items.contains(id) else {
        list.remarks.append("line \(number): the checklist has no row \(id)")
        return
      }
      // A mark at the end of the line says more than the box.
      let last = rest.split(separator: " ").last.map(String.init) ?? ""
      let status = Standing(written: last).flatMap { last == id ? nil : $0 } ?? (isTicked ? .pass : .pending)
      list.rows.append(StatusRow(item: id, status: status, line: number))
    }

    // MARK: entries

    private mutating func heading(_ line: String, _ number: Int) {
      endEntry()
      guard let id = knownID(line), items.contains(id) else { return }
      entry = StatusRow(item: id, status: .pending, line: number)
      hasStatus = false
    }

    private mutating func field(_ line: String, _ number: Int) {
      let bare = line.drop { "-*+ ".contains($0) }
      let parts = bare.split(separator: ":", maxSplits: 1).map { Self.plain(String($0)) }
      let value = parts.count > 1 ? parts[1] : ""
      switch parts.first?.lowercased() {
      case "status":
        if let status = Standing(written: value) {
          entry?.status = status
          hasStatus = true
        } else {
          list.remarks.append("line \(number): \(entry?.item ?? "") has the status \(value), which is none")
        }
        isInEvidence = false
      case "validated by", "who":
        entry?.who = value.isEmpty ? nil : value
        isInEvidence = false
      case "date", "when":
        entry?.at = Timestamp(lenient: value)
        isInEvidence = false
      case "notes", "note":
        entry?.notes = value.isEmpty ? nil : value
        isInEvidence = false
      case "evidence":
        if !value.isEmpty { entry?.evidence.append(value) }
        isInEvidence = true
      default:
        if isInEvidence, let first = line.first, "-*+".contains(first) {
          let text = String(bare).trimmingBlanks
          if !text.isEmpty { entry?.evidence.append(text) }
        }
      }
    }

    mutating func endEntry() {
      if let entry, hasStatus { list.rows.append(entry) }
      entry = nil
      isInEvidence = false
    }

    // MARK: words

    /// Without emphasis and code marks around it.
    static func plain(_ text: String) -> String {
      let isMark: (Character) -> Bool = { "*_` ".contains($0) }
      return String(text.drop(while: isMark).reversed().drop(while: isMark).reversed())
    }

    /// `S-001`, `DOC-010`: capitals, a dash, digits.
    static func looksLikeID(_ cell: String) -> Bool { firstID(cell) == plain(cell) }

    /// One that the checklist has, else what looks like one.
    private func knownID(_ text: String) -> String? {
      let words = text.split(whereSeparator: { " *_`:,.()[]|".contains($0) }).map(String.init)
      return words.first(where: items.contains) ?? Self.firstID(text)
    }

    static func firstID(_ text: String) -> String? {
      for word in text.split(whereSeparator: { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")) }) {
        let parts = word.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 2, let first = parts.first, let last = parts.last, (1...8).contains(first.count),
          first.allSatisfy({ $0.isUppercase || $0.isNumber }), first.first?.isLetter == true,
          (1...4).contains(last.count), last.allSatisfy(\.isNumber)
        else { continue }
        return String(word)
      }
      return nil
    }
  }
}

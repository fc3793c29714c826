// SPDX-License-Identifier: Apache-2.0
import Results

/// Statuses out of CSV: `id,status,who,date,evidence,notes` in any order and under the usual other names.
package enum StatusTable {
  private enum Column {
    case id, status, who, date, evidence, notes
  }

  private static func column(_ name: String) -> Column? {
    switch name.lowercased().filter({ $0.isLetter }) {
    case "id", "item", "itemid", "ref", "check": .id
    case "status", "state", "result", "standing": .status
    case "who", "validatedby", "by", "person", "checkedby", "attestedby": .who
    case "date", "at", "when", "datetime", "checked": .date
    case "evidence", "link", "links", "url", "proof", "artefact", "artifact": .evidence
    case "notes", "note", "comment", "comments", "remarks", "reason": .notes
    default: nil
    }
  }

  package static func read(_ bytes: [UInt8]) throws(ImportMistake) -> StatusList {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw ImportMistake("it is not UTF-8") }
    let body = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    let head = body.prefix { !$0.isNewline }
    let separator: Character = [";", "\t"].first { mark in head.contains(mark) && !head.contains(",") } ?? ","
    var reader = SeparatedRows(body, separator: separator)
    guard let header = try reader.next() else { throw ImportMistake("it is empty") }
    let columns = header.fields.map(column)
    guard columns.contains(.id), columns.contains(.status) else {
      throw ImportMistake(
        "its first line names no columns id and status, but: \(header.fields.joined(separator: ", "))")
    }
    var list = StatusList(rows: [], remarks: [])
    while let row = try reader.next() {
      func cell(_ wanted: Column) -> String? {
        for (column, field) in zip(columns, row.fields) where column == wanted && !field.isEmpty { return field }
        return nil
      }
      guard let id = cell(.id) else { continue }
      guard let written = cell(.status) else { continue }
      guard let status = Standing(written: written) else {
        throw ImportMistake("line \(row.line): \(id) has the status \(written), which is none")
      }
      var at: Timestamp?
      if let date = cell(.date) {
        guard let moment = Timestamp(lenient: date) else {
          throw ImportMistake("line \(row.line): \(date) is no date such as 2026-11-20 or 2026-11-20T13:15:02Z")
        }
        at = moment
      }
      let evidence = cell(.evidence)?.split(whereSeparator: { $0 == ";" || $0.isNewline })
        .map { String($0).trimmingBlanks }.filter { !$0.isEmpty }
      list.rows.append(
        StatusRow(
          item: id, status: status, who: cell(.who), at: at, evidence: evidence ?? [], notes: cell(.notes),
          line: row.line))
    }
    return list
  }
}

/// Rows of RFC 4180, quoted fields with line ends in them; blanks around a field are no part of it.
private struct SeparatedRows {
  private let scalars: [Character]
  private let separator: Character
  private var index = 0
  private var line = 1
  private static let longestField = 100_000

  init(_ text: String, separator: Character) {
    scalars = Array(text)
    self.separator = separator
  }

  mutating func next() throws(ImportMistake) -> (fields: [String], line: Int)? {
    while index < scalars.count {
      let start = line
      let fields = try row()
      if fields != [""] { return (fields.map(\.trimmingBlanks), start) }
    }
    return nil
  }

  private mutating func row() throws(ImportMistake) -> [String] {
    var fields: [String] = []
    var field = ""
    while index < scalars.count {
      let character = scalars[index]
      index += 1
      if character == "\"", field.allSatisfy({ $0 == " " }) {
        field = try quoted()
      } else if character == separator {
        fields.append(field)
        field = ""
      } else if character.isNewline {
        line += 1
        break
      } else {
        field.append(character)
      }
      guard field.utf8.count <= Self.longestField else { throw ImportMistake("line \(line): a field is too long") }
    }
    return fields + [field]
  }

  private mutating func quoted() throws(ImportMistake) -> String {
    let start = line
    var field = ""
    while index < scalars.count {
      let character = scalars[index]
      index += 1
      if character == "\"" {
        guard index < scalars.count, scalars[index] == "\"" else { return field }
        index += 1
      }
      if character.isNewline { line += 1 }
      field.append(character)
    }
    throw ImportMistake("line \(start): a quoted field never ends")
  }
}

extension String {
  var trimmingBlanks: String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}

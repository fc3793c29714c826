// SPDX-License-Identifier: Apache-2.0
import Readiness

/// Where a Markdown table has its Status and its Notes; indices count the pieces between bars, so the first cell is 1.
struct TableColumns: Sendable, Equatable {
  var status: Int
  var notes: Int?

  static let statusNames: Set<String> = ["status", "estado"]
  static let notesNames: Set<String> = ["notes", "note", "notas", "observations", "comments"]

  /// Nil when the line is no header, or of a table without a status.
  init?(header: String, separator: String) {
    let marks = separator.filter { $0 != " " && $0 != "\t" && $0 != "\r" && $0 != "\r\n" }
    guard marks.hasPrefix("|"), marks.contains("-"), marks.allSatisfy({ "|-:".contains($0) }) else { return nil }
    let names = Self.cells(of: header).map { $0.filter { $0.isLetter }.lowercased() }
    guard let status = names.firstIndex(where: Self.statusNames.contains) else { return nil }
    self.status = status
    notes = names.firstIndex(where: Self.notesNames.contains)
  }

  /// The pieces between bars, whatever stands around them; joined by bars they are the line again.
  static func cells(of line: String) -> [String] {
    var cells = [""]
    var isEscaped = false
    for character in line {
      if character == "|", !isEscaped {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    return cells
  }
}

/// Ids of rows as people write them: first on the line, behind bullets, boxes, numbers, signs and emphasis.
enum ItemID {
  static func first(in text: String, among items: [String: DecidedItem]) -> String? {
    var rest = Substring(text)
    while true {
      rest = rest.drop { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
      let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
      guard !word.isEmpty else { return nil }
      // A sentence may end behind it.
      let id = String(word.reversed().drop { "-_.".contains($0) }.reversed())
      if items[id] != nil { return id }
      let isBox = id == "x" || id == "X"
      guard isBox || id.allSatisfy(\.isNumber) else { return nil }
      rest = rest.dropFirst(word.count)
    }
  }
}

/// How a file writes its statuses: with the signs of its own legend, if it has one.
struct StatusSymbols: Sendable, Equatable {
  private var signs: [Standing: String] = [:]

  /// A sign right before the word is the word's: `- <sign> **PASS**: fully met`. The last legend wins.
  init(legendIn text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      for standing in Standing.allCases {
        guard let range = line.firstRange(of: standing.rawValue) else { continue }
        let before = line[..<range.lowerBound].reversed().drop { " *_`".contains($0) }
        guard let sign = before.first, Self.isSign(sign) else { continue }
        signs[standing] = String(sign)
      }
    }
    // One sign for two meanings tells neither apart: the word does.
    if signs[.notApplicable] == signs[.pending] { signs[.notApplicable] = nil }
  }

  static func isSign(_ character: Character) -> Bool {
    guard let scalar = character.unicodeScalars.first, !scalar.isASCII else { return false }
    return scalar.properties.generalCategory == .otherSymbol || scalar.properties.isEmojiPresentation
  }

  /// A cell with nothing but a sign gets a sign; any other gets the word, with the file's sign before it.
  func text(_ standing: Standing, like cell: String) -> String {
    guard let sign = signs[standing] else { return standing.rawValue }
    let hasLetters = cell.contains { $0.isLetter }
    let isSignAlone = !hasLetters && cell.contains(where: Self.isSign)
    return isSignAlone ? sign : "\(sign) \(standing.rawValue)"
  }
}

// SPDX-License-Identifier: Apache-2.0

/// A CSV file with a header, parsed once and kept as one buffer with offsets: rows cost no objects, and all workers read
/// them without a lock.
package struct FeederTable: Sendable {
  package let columns: [String]
  package var rowCount: Int { columns.isEmpty ? 0 : (ends.count - 1) / columns.count }

  private let bytes: [UInt8]
  /// Where each field ends in `bytes`; field n begins where field n - 1 ends. Fields of a row follow each other.
  private let ends: [Int32]

  init(columns: [String], bytes: [UInt8], ends: [Int32]) {
    self.columns = columns
    self.bytes = bytes
    self.ends = ends
  }

  /// The field's bytes. O(1); traps when row or column do not exist.
  package func field(row: Int, column: Int) -> ArraySlice<UInt8> {
    let field = row * columns.count + column
    return bytes[Int(ends[field])..<Int(ends[field + 1])]
  }
}

/// Why a CSV file cannot be used, by line (1-based).
package struct FeederMistake: Error, Equatable {
  package var line: Int
  package var message: String
}

extension FeederTable {
  /// Largest file taken, in bytes.
  package static let limitBytes = 256 << 20

  /// RFC 4180: quoted fields, doubled quotes, LF or CRLF, an optional byte order mark. Blank lines at the end are
  /// ignored; a row with another number of fields than the header is an error. All mistakes up to a limit are reported.
  package static func parse(_ source: [UInt8], mistakes: inout [FeederMistake]) -> FeederTable? {
    var reader = CSVReader(source)
    var fields: [UInt8] = []
    fields.reserveCapacity(source.count)
    var ends: [Int32] = [0]
    guard source.count <= limitBytes else {
      mistakes.append(FeederMistake(line: 1, message: "the file is larger than \(limitBytes >> 20) MiB"))
      return nil
    }
    let columns = header(&reader, &mistakes)
    guard !columns.isEmpty else { return nil }
    let before = mistakes.count
    while mistakes.count - before < 20 {
      let line = reader.line
      let firstField = ends.count
      switch reader.row(into: &fields, ends: &ends) {
      case .end:
        if mistakes.count == before, ends.count == 1 {
          mistakes.append(FeederMistake(line: 1, message: "there is a header but no row"))
        }
        return mistakes.count == before ? FeederTable(columns: columns, bytes: fields, ends: ends) : nil
      case .blank:
        continue
      case .row:
        let count = ends.count - firstField
        if count == columns.count { continue }
        mistakes.append(
          FeederMistake(line: line, message: "this row has \(count) fields, the header has \(columns.count)"))
      case .broken(let mistake):
        mistakes.append(mistake)
        // After a broken quote nothing that follows can be trusted.
        return nil
      }
    }
    return nil
  }

  private static func header(_ reader: inout CSVReader, _ mistakes: inout [FeederMistake]) -> [String] {
    var bytes: [UInt8] = []
    var ends: [Int32] = [0]
    switch reader.row(into: &bytes, ends: &ends) {
    case .broken(let mistake):
      mistakes.append(mistake)
      return []
    case .end, .blank:
      mistakes.append(FeederMistake(line: 1, message: "the first line must name the columns"))
      return []
    case .row:
      break
    }
    let names = zip(ends, ends.dropFirst()).map { String(decoding: bytes[Int($0)..<Int($1)], as: UTF8.self) }
      .map { $0.trimmingBlanks }
    for (index, name) in names.enumerated() {
      if name.isEmpty {
        mistakes.append(FeederMistake(line: 1, message: "column \(index + 1) has no name"))
      } else if names[..<index].contains(name) {
        mistakes.append(FeederMistake(line: 1, message: "two columns are named '\(name)'"))
      }
    }
    return mistakes.isEmpty ? names : []
  }
}

extension String {
  /// Without blanks at either end.
  var trimmingBlanks: String {
    let start = drop { $0 == " " || $0 == "\t" }
    guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return String(start[...last])
  }
}

// SPDX-License-Identifier: Apache-2.0
package import Results

/// A row's status as a list of the team has it.
package struct StatusRow: Sendable, Equatable {
  package var item: String
  package var status: Standing
  package var who: String?
  package var at: Timestamp?
  package var evidence: [String]
  package var notes: String?
  /// Line of the file, from 1.
  package var line: Int

  package init(
    item: String, status: Standing, who: String? = nil, at: Timestamp? = nil, evidence: [String] = [],
    notes: String? = nil, line: Int
  ) {
    self.item = item
    self.status = status
    self.who = who
    self.at = at
    self.evidence = evidence
    self.notes = notes
    self.line = line
  }
}

/// A list of statuses, read.
package struct StatusList: Sendable, Equatable {
  package var rows: [StatusRow]
  /// What could not be made sense of, with its line.
  package var remarks: [String]
}

extension Standing {
  /// As people write it: words, ticks and crosses. The pause symbol is PENDING: the list it comes from marks every row with
  /// it before anybody looked. Nil for anything else.
  package init?(written text: String) {
    var word = ""
    var mark: Standing?
    for scalar in text.unicodeScalars {
      if let known = Self.marks[scalar.value] {
        guard mark == nil || mark == known else { return nil }
        mark = known
      } else if scalar.properties.isAlphabetic || scalar == "/" || (scalar == " " && !word.isEmpty) {
        word += scalar.properties.lowercaseMapping
      } else if scalar.value == 0xFE0F || "*_`~ []()-.:".unicodeScalars.contains(scalar) {
        continue
      } else {
        return nil
      }
    }
    while word.hasSuffix(" ") { word.removeLast() }
    let named = Self.words[word]
    // A word beside a mark must say the same; a title beside one is no status.
    guard word.isEmpty || named != nil else { return nil }
    guard let standing = named ?? mark, mark == nil || mark == standing || mark == .pending else { return nil }
    self = standing
  }

  private static let words: [String: Standing] = [
    "pass": .pass, "passed": .pass, "ok": .pass, "done": .pass, "yes": .pass, "complete": .pass, "completed": .pass,
    "partial": .partial, "partly": .partial, "in progress": .partial, "fail": .fail, "failed": .fail, "no": .fail,
    "pending": .pending, "open": .pending, "todo": .pending, "to do": .pending, "not started": .pending,
    "n/a": .notApplicable, "na": .notApplicable, "not applicable": .notApplicable,
  ]

  /// White heavy check mark and its kin; warning sign, yellow circle; crosses; pause, hourglasses, white square.
  private static let marks: [UInt32: Standing] = [
    0x2705: .pass, 0x2714: .pass, 0x2713: .pass, 0x2611: .pass, 0x1F7E2: .pass, 0x26A0: .partial, 0x1F7E1: .partial,
    0x1F504: .partial, 0x274C: .fail, 0x2716: .fail, 0x2717: .fail, 0x2718: .fail, 0x23F8: .pending, 0x23F3: .pending,
    0x231B: .pending, 0x2B1C: .pending, 0x2610: .pending,
  ]
}

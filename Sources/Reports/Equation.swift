// SPDX-License-Identifier: Apache-2.0

/// A ledger that must add up: `planned = sent + unsent`. The first term is the sum of the others.
struct Equation {
  var terms: [(count: Int, word: String)]

  init(_ terms: (Int, String)...) { self.init(terms) }

  init(_ terms: [(Int, String)]) {
    self.terms = terms.map { (count: $0.0, word: $0.1) }
  }

  var sentence: String {
    Self.joined(terms.map { "\(NumberText.count($0.count)) \($0.word)" })
  }

  /// The equations below each other, numbers under numbers; as plain sentences when that is wider than `columns`.
  static func aligned(_ equations: [Equation], columns: Int) -> [String] {
    let places = equations.map(\.terms.count).max() ?? 0
    var texts = [[String]](repeating: [], count: equations.count)
    for place in 0..<places {
      let column = equations.map { place < $0.terms.count ? $0.terms[place] : nil }
      let digits = column.compactMap { $0.map { NumberText.count($0.count).count } }.max() ?? 0
      let letters = column.compactMap { $0?.word.count }.max() ?? 0
      for (index, term) in column.enumerated() {
        guard let term else { continue }
        let number = TerminalText.padded(NumberText.count(term.count), to: digits, right: true)
        texts[index].append(number + " " + TerminalText.padded(term.word, to: letters))
      }
    }
    let lines = texts.map { TerminalText.withoutTrailingSpaces(joined($0)) }
    return lines.allSatisfy { $0.count <= columns } ? lines : equations.map(\.sentence)
  }

  private static func joined(_ terms: [String]) -> String {
    (terms.first ?? "") + " = " + terms.dropFirst().joined(separator: " + ")
  }
}

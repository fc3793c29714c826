// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Scenarios

/// CSV by RFC 4180, and what is wrong with other files.
@Suite struct FeederTests {
  private func parse(_ text: String) -> (rows: [[String]]?, mistakes: [String]) {
    var mistakes: [FeederMistake] = []
    let table = FeederTable.parse(Array(text.utf8), mistakes: &mistakes)
    let rows = table.map { table in
      [table.columns]
        + (0..<table.rowCount).map { row in
          table.columns.indices.map { String(decoding: table.field(row: row, column: $0), as: UTF8.self) }
        }
    }
    return (rows, mistakes.map { "\($0.line): \($0.message)" })
  }

  @Test(arguments: [
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b\r\n1,2\r\n3,4", [["a", "b"], ["1", "2"], ["3", "4"]]),
    ("\u{feff}a\n1\n", [["a"], ["1"]]),
    ("a,b\n\"x,y\",\"he said \"\"no\"\"\"\n", [["a", "b"], ["x,y", "he said \"no\""]]),
    ("a,b\n\"two\nlines\",2\n\n", [["a", "b"], ["two\nlines", "2"]]), ("a,b\n,\n", [["a", "b"], ["", ""]]),
    (" a , b\n x ,y\n", [["a", "b"], [" x ", "y"]]), ("a\n\"\"\n", [["a"], [""]]), ("a\r\n1\r", [["a"], ["1"]]),
  ])
  func good(text: String, expected: [[String]]) {
    let (rows, mistakes) = parse(text)
    #expect(mistakes == [])
    #expect(rows == expected)
  }

  @Test(arguments: [
    ("", ["1: the first line must name the columns"]), ("a,b\n", ["1: there is a header but no row"]),
    (
      "a,b\n1\n2,3\n4,5,6\n",
      ["2: this row has 1 fields, the header has 2", "4: this row has 3 fields, the header has 2"]
    ),
    ("a,b\n\"x\ny\",1\n2\n", ["4: this row has 1 fields, the header has 2"]),
    ("a\n\"open\n1\n", ["2: the quote opened here is never closed"]),
    ("a\nx\"y\n", ["2: a quote inside a field: quote the whole field"]),
    ("a\n\"x\"y\n", ["2: text follows the closing quote of a field"]), ("a,a\n1,2\n", ["1: two columns are named 'a'"]),
    ("a,\n1,2\n", ["1: column 2 has no name"]),
  ])
  func broken(text: String, expected: [String]) {
    let (rows, mistakes) = parse(text)
    #expect(rows == nil)
    #expect(mistakes == expected)
  }

  @Test func aHundredThousandRows() throws {
    var text = "id,name\n"
    for row in 0..<100_000 { text += "\(row),\"guest, \(row)\"\n" }
    var mistakes: [FeederMistake] = []
    let table = try #require(FeederTable.parse(Array(text.utf8), mistakes: &mistakes))
    #expect(table.rowCount == 100_000)
    #expect(table.field(row: 99_999, column: 1).elementsEqual("guest, 99999".utf8))
  }

  @Test func randomTextsNeverTrap() {
    var random = RandomSource(seed: 4180, index: 0)
    let alphabet = Array("ab,\"\n\r\u{e9}".utf8)
    for _ in 0..<20_000 {
      let bytes = (0..<random.next(below: 24)).map { _ in alphabet[random.next(below: alphabet.count)] }
      var mistakes: [FeederMistake] = []
      let table = FeederTable.parse(bytes, mistakes: &mistakes)
      #expect((table == nil) == !mistakes.isEmpty)
      if let table { #expect(table.rowCount > 0) }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
import Results

extension Page {
  /// Checklist rows that a load run says something about, one each. Long reasons are cut: the run's files have them whole.
  mutating func rows(of items: [ItemRecord], demo: Bool) {
    let longest = 2 * (style.columns - Self.labelColumns)
    var before: (id: String, text: String)?
    for item in items {
      var text = Wordings.item(item)
      // The first and the last line of the screen say so.
      if demo, text.hasSuffix("; DEMO") { text.removeLast(6) }
      if text.count > longest { text = text.prefix(longest - 3) + "..." }
      if let before, before.text == text {
        row(item.id, "\(item.status.word): as \(before.id)", item.status.paint)
      } else {
        row(item.id, text, item.status.paint)
        before = (item.id, text)
      }
    }
  }
}

extension ItemStatus {
  var paint: TerminalStyle.Paint {
    switch self {
    case .pass: .green
    case .fail: .red
    case .partial, .pending: .yellow
    }
  }
}

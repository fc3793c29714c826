// SPDX-License-Identifier: Apache-2.0

extension Diagnostic {
  /// Characters of a source line shown at most, besides the marked ones; a longer line is cut around the caret.
  private static let window = 120

  /// The message, the line, the caret and the hint, each on its own line.
  package func rendered(colour: Bool = false) -> String {
    let source = position.source
    let range = source.lineRange(source.lineIndex(of: position.offset))
    let offset = max(range.lowerBound, min(position.offset, range.upperBound))
    let before = DisplayCell.cells(of: source.bytes[range.lowerBound..<offset])
    let marked = DisplayCell.cells(of: source.bytes[offset..<max(offset, min(offset + length, range.upperBound))])
    let after = DisplayCell.cells(of: source.bytes[min(offset + length, range.upperBound)..<range.upperBound])

    let bold = colour ? "\u{1B}[1m" : ""
    let tint = colour ? (severity == .error ? "\u{1B}[31m" : "\u{1B}[33m") : ""
    let plain = colour ? "\u{1B}[0m" : ""
    var text = "\(bold)\(DisplayText.safe(position.file)):\(position.line):\(before.count + 1): "
    text += "\(tint)\(severity.rawValue):\(plain)\(bold) \(DisplayText.safe(message))\(plain)\n"

    let line = Self.cut(before: before, marked: marked, after: after)
    if !line.text.allSatisfy({ $0 == " " || $0 == "\t" }) || !marked.isEmpty {
      text += "  \(line.text)\n  \(line.padding)\(tint)\(line.caret)\(plain)\n"
    }
    if let hint { text += "  \(DisplayText.safe(hint))\n" }
    return text
  }

  private static func cut(
    before: [DisplayCell], marked: [DisplayCell], after: [DisplayCell]
  ) -> (text: String, padding: String, caret: String) {
    var lead = before[...]
    var text = ""
    var padding = ""
    if lead.count > window / 2 {
      lead = lead.suffix(window / 2)
      text = "..."
      padding = "   "
    }
    for cell in lead {
      text += cell.text
      padding += cell.isTab ? "\t" : String(repeating: " ", count: cell.width)
    }
    let shownMarked = marked.prefix(window / 2)
    var caretWidth = 0
    for cell in shownMarked {
      text += cell.text
      caretWidth += cell.isTab ? 1 : cell.width
    }
    let tail = shownMarked.count < marked.count ? [][...] : after.prefix(window / 2)
    for cell in tail { text += cell.text }
    if shownMarked.count < marked.count || tail.count < after.count { text += "..." }
    return (text, padding, "^" + String(repeating: "~", count: max(0, caretWidth - 1)))
  }
}

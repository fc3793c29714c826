// SPDX-License-Identifier: Apache-2.0

extension Diagnostics {
  /// Says what libyaml found in words of our own, and what to quote where one of the usual traps is in sight.
  mutating func syntaxError(_ problem: SyntaxProblem, in source: Source) {
    let finding = SyntaxReading(problem: problem, source: source).finding()
    error(
      at: Position(source: source, offset: finding.place.lowerBound), length: max(1, finding.place.count),
      finding.message, hint: finding.hint)
  }
}

extension Source {
  /// Whether a comment is all that stands between the offset and the end of its line.
  func nextIsComment(_ offset: Int) -> Bool {
    let range = lineRange(lineIndex(of: offset))
    let rest = bytes[min(offset, range.upperBound)..<range.upperBound]
    return rest.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "#")
  }
}

/// Reads the lines around a syntax error the way their author would.
private struct SyntaxReading {
  struct Finding {
    var place: Range<Int>
    var message: String
    var hint: String?
  }

  let problem: SyntaxProblem
  let source: Source

  func finding() -> Finding {
    if let tab = tab() { return tab }
    let text = problem.problem
    if text.hasPrefix("found character that cannot start") { return badStart() }
    if text.hasPrefix("mapping values are not allowed") { return strayColon() }
    if text.hasPrefix("could not find expected ':'") { return missingColon() }
    if text.hasPrefix("did not find expected ','") { return openBracket() }
    if text.hasPrefix("did not find expected node content") { return badStart() }
    if text.hasPrefix("did not find expected key") || text.hasPrefix("did not find expected '-'")
      || text.hasPrefix("did not find expected <document start>")
    {
      return afterValue() ?? indentation()
    }
    if problem.context.contains("quoted scalar") { return quotedText() }
    return indicator() ?? Finding(place: point(problem.offset), message: "not YAML: \(text)", hint: nil)
  }

  // MARK: what cannot stand where it stands

  private func tab() -> Finding? {
    let line = SourceLine(of: problem.offset, in: source)
    if let tab = source.bytes[line.indentation].firstIndex(of: 0x09), problem.offset <= line.contentStart {
      let end = source.bytes[tab...].prefix { $0 == 0x09 }.endIndex
      return Finding(
        place: tab..<end, message: "a tab in the indentation", hint: "indent with spaces, two for each level")
    }
    guard byte(problem.offset) == 0x09 else { return nil }
    return Finding(place: point(problem.offset), message: "a tab cannot stand here", hint: "use a space")
  }

  private func badStart() -> Finding {
    guard let first = byte(problem.offset) else {
      return Finding(
        place: point(problem.offset), message: "the file ends inside a list or mapping",
        hint: "close it with `]` or `}`")
    }
    let character = first == UInt8(ascii: "`") ? "a backtick" : "`\(String(UnicodeScalar(first)))`"
    let line = SourceLine(of: problem.offset, in: source)
    if let key = line.key, key.contains(problem.offset) {
      return Finding(
        place: point(problem.offset), message: "a key cannot begin with \(character)",
        hint: "quote this: \(quoted(source.text(key)))")
    }
    let end = valueEnd(problem.offset, line)
    return Finding(
      place: problem.offset..<max(end, problem.offset + 1), message: "a plain value cannot begin with \(character)",
      hint: "quote this: \(quoted(source.text(problem.offset..<end)))")
  }

  private func indicator() -> Finding? {
    let start = problem.contextOffset ?? problem.offset
    guard let first = byte(start) else { return nil }
    let line = SourceLine(of: start, in: source)
    let end = valueEnd(start, line)
    let hint = "quote this: \(quoted(source.text(start..<end)))"
    let meaning: String
    switch first {
    case UInt8(ascii: "*"): meaning = "an alias"
    case UInt8(ascii: "&"): meaning = "an anchor"
    case UInt8(ascii: "!"): meaning = "a tag"
    case UInt8(ascii: "%"): meaning = "a directive"
    case UInt8(ascii: "?"): meaning = "a complex key"
    case UInt8(ascii: "|"), UInt8(ascii: ">"): meaning = "a block of text, which starts on the next line"
    case UInt8(ascii: "-"):
      return Finding(
        place: point(start), message: "a list cannot begin on the line of its key",
        hint: "begin it on the next line; if text was meant, \(hint)")
    default: return nil
    }
    return Finding(
      place: start..<max(end, start + 1),
      message:
        "`\(String(UnicodeScalar(first)))` at the start of a \(first == UInt8(ascii: "%") ? "line" : "value") begins \(meaning)",
      hint: hint)
  }

  // MARK: colons

  private func strayColon() -> Finding {
    let line = SourceLine(of: problem.offset, in: source)
    if let value = line.value, value.lowerBound <= problem.offset {
      if byte(value.lowerBound) == UInt8(ascii: "*") {
        return Finding(
          place: value, message: "an alias cannot be followed by `:`", hint: "quote this: \(quoted(source.text(value)))"
        )
      }
      return Finding(
        place: problem.offset..<(problem.offset + 1), message: "`: ` inside a plain value begins a mapping",
        hint: "quote this: \(quoted(source.text(value)))")
    }
    if let above = line.above {
      if let missing = above.missingSpace, above.key == nil { return space(missing) }
      if above.value != nil || above.key == nil, line.key != nil {
        let number = above.index + 1
        return Finding(
          place: line.key ?? point(problem.offset), message: "this key is indented as if it continued line \(number)",
          hint: "begin it where the keys it belongs to begin")
      }
    }
    return Finding(
      place: point(problem.offset), message: "`: ` cannot stand here", hint: "quote a value that holds `: `")
  }

  private func missingColon() -> Finding {
    let line = SourceLine(of: problem.contextOffset ?? problem.offset, in: source)
    if let missing = line.missingSpace { return space(missing) }
    let end = SourceLine.trimmedEnd(source.bytes, line.contentStart, line.range.upperBound)
    return Finding(
      place: line.contentStart..<max(end, line.contentStart + 1), message: "expected a key with `: ` after it",
      hint: line.above == nil ? nil : "if it continues the value above, indent it more")
  }

  private func space(_ missing: (colon: Int, key: String)) -> Finding {
    Finding(
      place: point(missing.colon), message: "a space is missing after `\(excerpt(missing.key)):`",
      hint: "write `\(excerpt(missing.key)): ...`")
  }

  // MARK: brackets, quotes, what follows them

  private func openBracket() -> Finding {
    let open = problem.contextOffset ?? problem.offset
    let bracket = byte(open) == UInt8(ascii: "{") ? "{" : "["
    let close = bracket == "{" ? "}" : "]"
    let line = SourceLine(of: problem.offset, in: source)
    let lead = source.bytes[max(open, line.range.lowerBound)..<min(problem.offset + 2, line.range.upperBound)]
    if let braces = lead.indices.first(where: { isTemplate($0) }) {
      let value = flowValue(around: braces, from: max(open + 1, line.range.lowerBound), to: line.range.upperBound)
      return Finding(
        place: value, message: "`{{` inside `\(bracket)...\(close)` must be quoted",
        hint: "quote this: \(quoted(source.text(value)))")
    }
    if byte(problem.offset) == UInt8(ascii: ":"), SourceLine(of: open, in: source).index == line.index {
      let value = flowValue(around: problem.offset - 1, from: open + 1, to: line.range.upperBound)
      return Finding(
        place: point(problem.offset), message: "`: ` inside a plain value begins a mapping",
        hint: "quote this: \(quoted(source.text(value))), or add the `,` that is missing before the key")
    }
    if SourceLine(of: open, in: source).index == line.index {
      return Finding(
        place: point(problem.offset), message: "expected `,` or `\(close)`",
        hint: "quote a value that holds brackets, braces, commas or quotes")
    }
    return Finding(
      place: point(open), message: "the `\(bracket)` opened here is not closed",
      hint: "add `\(close)` before line \(line.index + 1)")
  }

  /// The plain value around a place inside brackets: from the last separator to the next, templates passed as a whole.
  private func flowValue(around place: Int, from low: Int, to high: Int) -> Range<Int> {
    let bytes = source.bytes
    var start = place
    while start > low, !",[{".utf8.contains(bytes[start - 1]),
      !(bytes[start - 1] == 0x20 && start >= 2 && ":,".utf8.contains(bytes[start - 2]))
    {
      start -= 1
    }
    while start < place, bytes[start] == 0x20 { start += 1 }
    var end = place
    var depth = 0
    while end < high {
      if isTemplate(end) {
        depth += 1
        end += 2
      } else if depth > 0, end + 1 < high, bytes[end] == UInt8(ascii: "}"), bytes[end + 1] == UInt8(ascii: "}") {
        depth -= 1
        end += 2
      } else if depth == 0, ",]}".utf8.contains(bytes[end]) {
        break
      } else {
        end += 1
      }
    }
    while end > place + 1, bytes[end - 1] == 0x20 { end -= 1 }
    return start..<min(max(end, start + 1), high)
  }

  /// The end of the value that begins here: the line's, or inside brackets the next separator.
  private func valueEnd(_ start: Int, _ line: SourceLine) -> Int {
    let bytes = source.bytes
    var depth = 0
    var at = line.range.lowerBound
    while at < start {
      if let next = SourceLine.passQuoted(bytes, at, start) {
        at = next
        continue
      }
      if "[{".utf8.contains(bytes[at]) { depth += 1 }
      if "]}".utf8.contains(bytes[at]) { depth -= 1 }
      at += 1
    }
    if depth > 0 { return flowValue(around: start, from: start, to: line.range.upperBound).upperBound }
    return SourceLine.trimmedEnd(bytes, start, line.range.upperBound)
  }

  private func quotedText() -> Finding {
    let start = problem.contextOffset ?? problem.offset
    if problem.problem.contains("escape") || problem.problem.contains("number") {
      if source.bytes.count <= problem.offset + 1 {
        return Finding(place: point(start), message: "the quote opened here is not closed", hint: nil)
      }
      return Finding(
        place: problem.offset..<(problem.offset + 1), message: "unknown escape in double quotes",
        hint: "write `\\\\` for a backslash, or use single quotes, in which it is only a backslash")
    }
    return Finding(place: point(start), message: "the quote opened here is not closed", hint: nil)
  }

  /// Something stands behind a value that was complete: the value should have been quoted as a whole.
  private func afterValue() -> Finding? {
    let line = SourceLine(of: problem.offset, in: source)
    guard let value = line.value, problem.offset > value.lowerBound, let first = byte(value.lowerBound) else {
      return nil
    }
    let whole = "quote this: \(quoted(source.text(value)))"
    switch first {
    case UInt8(ascii: "{") where isTemplate(value.lowerBound):
      return Finding(
        place: value, message: "a value that begins with `{{` must be quoted: without quotes `{` begins a mapping",
        hint: whole)
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      let kind = first == UInt8(ascii: "[") ? "list" : "mapping"
      return Finding(
        place: problem.offset..<value.upperBound,
        message: "something follows the \(kind) that `\(String(UnicodeScalar(first)))` began",
        hint: "if text was meant, \(whole)")
    case UInt8(ascii: "\""):
      return Finding(
        place: problem.offset..<value.upperBound, message: "something follows the closing quote", hint: whole)
    case UInt8(ascii: "'"):
      return Finding(
        place: problem.offset..<value.upperBound, message: "something follows the closing quote",
        hint: "inside single quotes a single quote is written twice: `''`")
    case UInt8(ascii: "*"):
      return Finding(place: value, message: "`*` at the start of a value begins an alias", hint: whole)
    case UInt8(ascii: "&"):
      return Finding(place: value, message: "`&` at the start of a value begins an anchor", hint: whole)
    default: return nil
    }
  }

  private func indentation() -> Finding {
    let line = SourceLine(of: problem.offset, in: source)
    let place = line.key ?? point(line.contentStart)
    if let above = line.above, source.text(above.contentStart..<above.range.upperBound) == "..." {
      return Finding(
        place: place, message: "the document has ended on line \(above.index + 1)", hint: "remove the line `...`")
    }
    let isItem = line.hasDash
    if problem.problem.contains("'-'"), !isItem {
      return Finding(
        place: place, message: "a key among the items of a list",
        hint: "indent it under the item it belongs to, or begin an item with `- `")
    }
    if isItem, problem.problem.contains("key") {
      return Finding(
        place: point(line.contentStart), message: "a list item among the keys of a mapping",
        hint: "indent it under the key it belongs to")
    }
    return Finding(
      place: place, message: "the indentation fits nothing above", hint: "begin it where a key or item above it begins")
  }

  // MARK: bytes

  private func byte(_ offset: Int) -> UInt8? { offset < source.bytes.count ? source.bytes[offset] : nil }

  private func point(_ offset: Int) -> Range<Int> { offset..<(offset + 1) }

  private func isTemplate(_ offset: Int) -> Bool {
    byte(offset) == UInt8(ascii: "{") && byte(offset + 1) == UInt8(ascii: "{")
  }
}

// SPDX-License-Identifier: Apache-2.0

extension ScenarioSketch {
  /// The file: what `loadScenario` reads.
  package var yaml: String {
    var lines = remarks.map { "# \($0)".trimmingEnd }
    lines.append("scenario: \(YAMLText.scalar(name))")
    lines.append("about: \(YAMLText.scalar(about))")
    lines.append("steps:")
    for step in steps {
      let written = step.lines
      lines += step.remarks.map { "  # \($0)".trimmingEnd }
      lines += step.isLeftOut ? written.map { "  # " + $0.dropFirst(2) } : written
    }
    if !rest.isEmpty { lines += [""] + rest.map { "# \($0)".trimmingEnd } }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension ScenarioSketch.Request {
  /// An item of `steps:`, indented by two.
  fileprivate var lines: [String] {
    var lines = ["  - name: \(YAMLText.scalar(name))"]
    func add(_ key: String, _ pairs: [ScenarioSketch.Pair]) {
      guard !pairs.isEmpty else { return }
      lines.append("    \(key):")
      lines += pairs.map { "      \(YAMLText.scalar($0.name)): \(YAMLText.scalar($0.value))" }
    }
    add("let", variables)
    lines.append("    \(method): \(YAMLText.scalar(path))")
    add("headers", headers)
    switch body {
    case nil: break
    case .json(let value): lines += YAMLText.lines("json", value, indent: 4)
    case .form(let fields): add("form", fields)
    case .text(let text): lines.append("    body: \(YAMLText.scalar(text))")
    case .file(let path): lines.append("    file: \(YAMLText.scalar(path))")
    case .parts(let parts):
      lines.append("    multipart:")
      for part in parts {
        let entries = [
          ("value", part.value), ("file", part.file), ("type", part.type), ("filename", part.filename),
        ].compactMap { key, value in value.map { "\(key): \(YAMLText.scalar($0))" } }
        lines.append("      \(YAMLText.scalar(part.name)): {\(entries.joined(separator: ", "))}")
      }
    }
    if let timeout { lines.append("    timeout: \(timeout)") }
    if let redirects { lines.append("    follow: \(redirects)") }
    lines.append("    expect:")
    lines.append("      status: \(status)")
    if let within { lines.append("      within: \(within)") }
    return lines
  }
}

/// YAML as this tool writes it: every text that could be taken for something else is quoted.
enum YAMLText {
  /// `key: value` in block style, with what is inside indented below it.
  static func lines(_ key: String, _ value: SketchValue, indent: Int) -> [String] {
    let blank = String(repeating: " ", count: indent)
    let head = "\(blank)\(scalar(key)):"
    if let inline = inline(value) { return ["\(head) \(inline)"] }
    return [head] + block(value, indent: indent + 2)
  }

  private static func block(_ value: SketchValue, indent: Int) -> [String] {
    let blank = String(repeating: " ", count: indent)
    switch value {
    case .object(let members): return members.flatMap { lines($0.name, $0.value, indent: indent) }
    case .list(let items):
      return items.flatMap { item -> [String] in
        if let inline = inline(item) { return ["\(blank)- \(inline)"] }
        var inner = block(item, indent: indent + 2)
        // The first line of the item stands behind its dash.
        inner[0] = "\(blank)- " + inner[0].dropFirst(indent + 2)
        return inner
      }
    default: return [blank + (inline(value) ?? "")]
    }
  }

  /// Nil for what has something inside.
  private static func inline(_ value: SketchValue) -> String? {
    switch value {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let text): text
    case .text(let text): scalar(text)
    case .list(let items): items.isEmpty ? "[]" : nil
    case .object(let members): members.isEmpty ? "{}" : nil
    }
  }

  /// A text, quoted unless it is plainly a word.
  static func scalar(_ text: String) -> String {
    let isWord =
      !text.isEmpty && text.utf8.count < 60
      && text.utf8.allSatisfy { byte in
        (0x61...0x7a).contains(byte | 0x20) && byte >= 0x41 || (0x30...0x39).contains(byte)
          || "/-_. ".utf8.contains(byte)
      }
      && (text.first?.isLetter == true || text.first == "/") && text.last != " "
    // Words that YAML takes for something else, in any spelling.
    let taken = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
    if isWord, !taken.contains(text.lowercased()) { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      default:
        let isHidden = [.control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned]
          .contains(scalar.properties.generalCategory)
        guard isHidden else {
          quoted.unicodeScalars.append(scalar)
          continue
        }
        let digits = String(scalar.value, radix: 16)
        let width = scalar.value > 0xffff ? 8 : 4
        quoted += (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
      }
    }
    return quoted + "\""
  }
}

extension String {
  fileprivate var trimmingEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

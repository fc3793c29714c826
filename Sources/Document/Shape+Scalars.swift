// SPDX-License-Identifier: Apache-2.0

extension Shape where Value == Node {
  /// Anything, undecoded, with its places.
  package static var node: Shape { Shape(Schema(.any, phrase: "a value")) { node, _ in node } }
}

extension Shape where Value == String {
  /// A scalar as it was written: `NO`, `0034600111222` and `on` stay what they are. Nothing at all is a mistake.
  package static var string: Shape { text("text") }

  /// Like `.string`, but not empty.
  package static var nonEmptyString: Shape {
    string.map { text throws(Mistake) in
      if text.isEmpty { throw Mistake("expected text that is not empty") }
      return text
    }
  }

  /// A scalar that must look like `pattern` in the JSON Schema; the conversion that follows does the checking.
  package static func text(_ phrase: String, pattern: String? = nil) -> Shape {
    Shape(Schema(.text(pattern: pattern), phrase: phrase)) { node, diagnostics in
      guard let text = node.text, !node.isMissing else {
        diagnostics.mismatch(node, expected: phrase, hint: node.isMissing ? "write \"\" for empty text" : nil)
        return nil
      }
      return text
    }
  }
}

extension Shape where Value == Bool {
  /// YAML 1.2's booleans: true, True, TRUE, false, False, FALSE, without quotes.
  package static var bool: Shape {
    Shape(Schema(.boolean, phrase: "true or false")) { node, diagnostics in
      if case .bool(let value)? = node.value { return value }
      var hint: String?
      switch node.text?.utf8.map({ $0 | 0x20 }) {
      case Array("yes".utf8)?, Array("on".utf8)?, Array("y".utf8)?: hint = "write `true`"
      case Array("no".utf8)?, Array("off".utf8)?, Array("n".utf8)?: hint = "write `false`"
      case Array("true".utf8)?, Array("false".utf8)?: hint = node.isPlain ? nil : "remove the quotes"
      default: break
      }
      diagnostics.mismatch(node, expected: "true or false", hint: hint)
      return nil
    }
  }
}

extension Shape where Value == Int {
  /// A whole number within the range.
  package static func integer(in range: ClosedRange<Int> = Int.min...Int.max) -> Shape {
    let minimum = range.lowerBound == .min ? nil : range.lowerBound
    let maximum = range.upperBound == .max ? nil : range.upperBound
    var phrase = "a whole number"
    switch (minimum, maximum) {
    case (let low?, let high?): phrase += " from \(low) to \(high)"
    case (let low?, nil): phrase += " of at least \(low)"
    case (nil, let high?): phrase += " of at most \(high)"
    case (nil, nil): break
    }
    return Shape(Schema(.integer(minimum: minimum, maximum: maximum), phrase: phrase)) { [phrase] node, diagnostics in
      if case .number(let text)? = node.value, let value = Int(text), range.contains(value) { return value }
      diagnostics.mismatch(node, expected: phrase, hint: numberHint(node))
      return nil
    }
  }
}

extension Shape where Value == Double {
  /// A finite number.
  package static var number: Shape {
    Shape(Schema(.number, phrase: "a number")) { node, diagnostics in
      if case .number(let text)? = node.value, let value = Double(text), value.isFinite { return value }
      diagnostics.mismatch(node, expected: "a number", hint: numberHint(node))
      return nil
    }
  }

  /// "20%" as 0.2. Always with the sign, so that nobody has to guess what `1` means.
  package static var share: Shape {
    Shape<String>.text("a share such as 20%", pattern: #"^[0-9]+(\.[0-9]+)? ?%$"#).map { text throws(Mistake) in
      try parseShare(text)
    }
    .examples("20%", "0.5%")
  }
}

private func numberHint(_ node: Node) -> String? {
  guard let text = node.text else { return nil }
  if !node.isPlain, case .number? = Node(text: text, called: "").value { return "remove the quotes" }
  let stripped = text.filter { $0 != "_" && $0 != "," }
  if stripped != text, case .number? = Node(text: stripped, called: "").value { return "write `\(stripped)`" }
  return nil
}

/// "20%" as 0.2.
package func parseShare(_ text: String) throws(Mistake) -> Double {
  let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
  let figure = digits.hasSuffix(" ") ? digits.dropLast() : digits
  let isPlain = figure.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
  guard isPlain, figure.first != ".", figure.last != ".", let value = Double(String(figure)) else {
    throw Mistake("expected a share such as 20%, found \(shown(text))")
  }
  guard text.hasSuffix("%") else {
    let meant = value <= 1 ? ", or `\(trimmed(value * 100))%` if a fraction was meant" : ""
    throw Mistake("a share needs its sign", hint: "write `\(text)%`\(meant)")
  }
  guard value <= 100 else { throw Mistake("a share is at most 100%, found `\(excerpt(text))`") }
  return value / 100
}

private func trimmed(_ value: Double) -> String {
  let text = value.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

extension Shape {
  /// One of the words; anything else gets "did you mean".
  package static func choice(_ words: KeyValuePairs<String, Value>) -> Shape where Value: Sendable {
    let names = words.map(\.key)
    let values = words.map(\.value)
    let phrase = names.count == 1 ? "`\(names[0])`" : "one of \(names.map { "`\($0)`" }.joined(separator: ", "))"
    return Shape(Schema(.choice(names), phrase: phrase)) { node, diagnostics in
      if let text = node.text, let index = names.firstIndex(of: text) { return values[index] }
      let hint = diagnostics.isFull ? nil : node.text.flatMap { suggestion(for: $0, among: names) }
      diagnostics.mismatch(node, expected: phrase, hint: hint)
      return nil
    }
  }

  /// One of the cases of an enum, by raw value.
  package static func cases(of type: Value.Type = Value.self) -> Shape
  where Value: CaseIterable & RawRepresentable & Sendable, Value.RawValue == String {
    let values = Array(Value.allCases)
    let names = values.map(\.rawValue)
    return Shape<String>.choice(names: names).map { text throws(Mistake) in values[names.firstIndex(of: text) ?? 0] }
  }
}

extension Shape where Value == String {
  /// One of the words, as itself.
  package static func choice(names: [String]) -> Shape {
    let phrase = names.count == 1 ? "`\(names[0])`" : "one of \(names.map { "`\($0)`" }.joined(separator: ", "))"
    return Shape(Schema(.choice(names), phrase: phrase)) { node, diagnostics in
      if let text = node.text, names.contains(text) { return text }
      let hint = diagnostics.isFull ? nil : node.text.flatMap { suggestion(for: $0, among: names) }
      diagnostics.mismatch(node, expected: phrase, hint: hint)
      return nil
    }
  }
}

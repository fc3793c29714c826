// SPDX-License-Identifier: Apache-2.0

/// One way of compiling for each place a template can stand in.
extension Template {
  /// A body or any other text: inserted as it is.
  static func text(_ text: String, scope: inout Scope) throws(TemplateMistake) -> Template {
    try compile(text, as: .plain, scope: &scope) { $0.utf8.map { $0 } }
  }

  /// A header's value. CR, LF and NUL are refused, in the file now and in captured data when it is sent.
  static func header(_ text: String, scope: inout Scope) throws(TemplateMistake) -> Template {
    if let control = text.utf8.firstIndex(where: { $0 == 0x0a || $0 == 0x0d || $0 == 0 }) {
      throw TemplateMistake(
        "a header's value cannot span lines", offset: text.utf8.distance(from: text.startIndex, to: control))
    }
    return try compile(text, as: .header, scope: &scope) { Array($0.utf8) }
  }

  /// A field of a form.
  static func form(_ text: String, scope: inout Scope) throws(TemplateMistake) -> Template {
    try compile(text, as: .form, scope: &scope) { text in
      var bytes: [UInt8] = []
      appendFormEncoded(text.utf8, to: &bytes)
      return bytes
    }
  }

  /// A URL: what the file says is kept (only bytes that no URL may hold are percent-encoded). A value at the very start
  /// may be a whole captured link or path and is kept likewise; a value further on is a part of the path or query, and
  /// everything in it but unreserved characters is percent-encoded.
  static func url(_ text: String, scope: inout Scope) throws(TemplateMistake) -> Template {
    var template = Template()
    for (index, part) in try parts(of: text, scope: &scope).enumerated() {
      switch part {
      case .text(let text):
        var bytes: [UInt8] = []
        appendLink(text.utf8, to: &bytes)
        template.append(constant: bytes)
      case .expression(let expression):
        _ = template.append(expression, as: index == 0 ? .link : .percent)
      }
    }
    return template
  }

  /// A scalar of a JSON body, quotes included. One template alone keeps the type of its value.
  static func json(string text: String, scope: inout Scope) throws(TemplateMistake) -> Template {
    var template = Template()
    let parts = try parts(of: text, scope: &scope)
    if parts.count == 1, case .expression(let expression) = parts[0] {
      _ = template.append(expression, as: .jsonValue)
      return template
    }
    template.append(constant: [0x22])
    for part in parts {
      switch part {
      case .text(let text):
        var bytes: [UInt8] = []
        appendJSONEscaped(text.utf8, to: &bytes)
        template.append(constant: bytes)
      case .expression(let expression):
        _ = template.append(expression, as: .jsonText)
      }
    }
    template.append(constant: [0x22])
    return template
  }

  private static func compile(
    _ text: String, as encoding: Encoding, scope: inout Scope, constant: (String) -> [UInt8]
  ) throws(TemplateMistake) -> Template {
    var template = Template()
    for part in try parts(of: text, scope: &scope) {
      switch part {
      case .text(let text): template.append(constant: constant(text))
      case .expression(let expression):
        guard template.append(expression, as: encoding) else {
          throw TemplateMistake("a header's value cannot span lines", offset: 0, length: text.utf8.count)
        }
      }
    }
    return template
  }
}

/// A value with its type: what `let`, `vars` and the right side of an equality hold. One template alone keeps the type
/// of its value; anything else is text.
enum ValueTemplate: Sendable, Equatable {
  case constant(Value)
  case expression(Expression)
  case text(Template)

  static func compile(_ text: String, scope: inout Scope) throws(TemplateMistake) -> ValueTemplate {
    let parts = try Template.parts(of: text, scope: &scope)
    if parts.count == 1, case .expression(let expression) = parts[0] {
      if case .literal(let value) = expression { return .constant(value) }
      return .expression(expression)
    }
    let template = try Template.text(text, scope: &scope)
    return template.constant.map { .constant(Value(kind: .text, bytes: $0)) } ?? .text(template)
  }

  func collectSlots(into slots: inout Set<Int>) {
    switch self {
    case .constant: break
    case .expression(let expression): expression.collectSlots(into: &slots)
    case .text(let template): template.collectSlots(into: &slots)
    }
  }
}

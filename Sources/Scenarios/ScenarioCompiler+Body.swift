// SPDX-License-Identifier: Apache-2.0
import Document

/// What a request sends, with the type that is declared unless the step declares another.
extension ScenarioCompiler {
  mutating func compileBody(_ body: Entry<String, Node>) -> (Template?, contentType: String?) {
    switch body.key {
    case "json":
      var template = Template()
      compileJSON(body.value, into: &template)
      return (template, "application/json")
    case "form":
      return (compileForm(body.value), "application/x-www-form-urlencoded")
    case "multipart":
      return compileMultipart(body.value)
    case "file":
      let path = body.value.text ?? ""
      let bytes = files.bytes(resolved(path, in: directory), namedAt: body.value, &diagnostics)
      return (bytes.map { Template(constant: $0) }, Self.mediaType(of: path))
    default:
      let text = compiled(body.value) { text, scope throws(TemplateMistake) in try Template.text(text, scope: &scope) }
      return (text, "text/plain; charset=utf-8")
    }
  }

  /// A YAML value as JSON text with its templates; constants are joined as they come.
  private mutating func compileJSON(_ node: Node, into template: inout Template) {
    switch node.kind {
    case .sequence(let items):
      template.append(constant: "[".utf8)
      for (index, item) in items.enumerated() {
        if index > 0 { template.append(constant: ",".utf8) }
        compileJSON(item, into: &template)
      }
      template.append(constant: "]".utf8)
    case .mapping(let entries):
      template.append(constant: "{".utf8)
      for (index, entry) in entries.enumerated() {
        if index > 0 { template.append(constant: ",".utf8) }
        let key = compiled(entry.key) { text, scope throws(TemplateMistake) in
          try Template.json(key: text, scope: &scope)
        }
        if let key { template.append(key) }
        template.append(constant: ":".utf8)
        compileJSON(entry.value, into: &template)
      }
      template.append(constant: "}".utf8)
    case .scalar:
      switch node.value {
      case .null?: template.append(constant: "null".utf8)
      case .bool(let value)?: template.append(constant: (value ? "true" : "false").utf8)
      case .number(let text)?: template.append(constant: text.utf8)
      default:
        let text = compiled(node) { text, scope throws(TemplateMistake) in
          try Template.json(string: text, scope: &scope)
        }
        if let text { template.append(text) }
      }
    }
  }

  private mutating func compileForm(_ node: Node) -> Template? {
    guard let entries = node.entries else {
      diagnostics.error(at: node, "expected a mapping of fields, found \(node.found)")
      return nil
    }
    var template = Template()
    for (index, entry) in entries.enumerated() {
      if index > 0 { template.append(constant: "&".utf8) }
      for (part, end) in [(entry.key, "="), (entry.value, "")] {
        let field = compiled(part) { text, scope throws(TemplateMistake) in try Template.form(text, scope: &scope) }
        if let field { template.append(field) }
        template.append(constant: end.utf8)
      }
    }
    return template
  }

  // MARK: multipart

  private struct Part: Sendable {
    var value: Node?
    var file: Located<String>?
    var type: String?
    var filename: String?
  }

  private static let part = Shape.object(Part(), "A part of a multipart body.", called: "a part") { o in
    o.optional("value", .template("text"), \.value, "Its text.")
    o.optional("file", .located(.nonEmptyString), \.file, "A file to send, relative to this one.")
    o.optional("type", .nonEmptyString, \.type, "Its media type.")
    o.optional("filename", .nonEmptyString, \.filename, "The name the target gets to see.")
    o.atMostOne(of: "value", "file")
  }

  private mutating func compileMultipart(_ node: Node) -> (Template?, contentType: String?) {
    guard let entries = node.entries else {
      diagnostics.error(at: node, "expected a mapping of parts, found \(node.found)")
      return (nil, nil)
    }
    var parts: [(head: String, content: Template)] = []
    for entry in entries {
      let name = Self.quoted(entry.key.text ?? "")
      var part = Part(value: entry.value)
      if entry.value.entries != nil {
        guard let decoded = Self.part.decode(entry.value, &diagnostics) else { continue }
        part = decoded
      }
      var head = "Content-Disposition: form-data; name=\"\(name)\""
      var content = Template()
      if let file = part.file {
        let path = resolved(file.value, in: directory)
        guard let bytes = files.bytes(path, namedAt: file.node, &diagnostics) else { continue }
        content.append(constant: bytes)
        let shown = part.filename ?? file.value.split(separator: "/").last.map(String.init) ?? ""
        head += "; filename=\"\(Self.quoted(shown))\"\r\nContent-Type: \(part.type ?? Self.mediaType(of: file.value))"
      } else if let value = part.value {
        let text = compiled(value) { text, scope throws(TemplateMistake) in try Template.text(text, scope: &scope) }
        if let text { content = text }
        if let filename = part.filename { head += "; filename=\"\(Self.quoted(filename))\"" }
        if let type = part.type { head += "\r\nContent-Type: \(type)" }
      }
      if let control = part.type?.utf8.first(where: { $0 < 0x20 }) {
        diagnostics.error(at: entry.value, "a media type cannot hold the control character \(control)")
      }
      parts.append((head, content))
    }
    return assemble(parts)
  }

  /// The boundary is a digest of the parts: the same file gives the same bytes, and no part can hold it by accident.
  private func assemble(_ parts: [(head: String, content: Template)]) -> (Template?, contentType: String?) {
    var constants: [UInt8] = []
    for part in parts {
      constants += Array(part.head.utf8)
      for case .constant(let bytes) in part.content.segments { constants += bytes }
    }
    var digits: [UInt8] = []
    appendHex(sha256(constants).prefix(16), to: &digits)
    let boundary = "gonogo-" + String(decoding: digits, as: UTF8.self)
    var template = Template()
    for part in parts {
      template.append(constant: "--\(boundary)\r\n\(part.head)\r\n\r\n".utf8)
      template.append(part.content)
      template.append(constant: "\r\n".utf8)
    }
    template.append(constant: "--\(boundary)--\r\n".utf8)
    return (template, "multipart/form-data; boundary=\(boundary)")
  }

  /// A name inside a quoted parameter, as browsers write it.
  private static func quoted(_ name: String) -> String {
    name.map { $0 == "\"" ? "%22" : $0 == "\r\n" ? "%0D%0A" : $0 == "\n" ? "%0A" : $0 == "\r" ? "%0D" : String($0) }
      .joined()
  }

  static func mediaType(of path: String) -> String {
    let types = [
      "json": "application/json", "xml": "application/xml", "txt": "text/plain", "csv": "text/csv", "html": "text/html",
      "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
      "webp": "image/webp", "ogg": "audio/ogg", "mp3": "audio/mpeg", "mp4": "video/mp4", "zip": "application/zip",
    ]
    return path.split(separator: ".").last.flatMap { types[$0.lowercased()] } ?? "application/octet-stream"
  }
}

extension Template {
  init(constant bytes: [UInt8]) {
    self.init()
    append(constant: bytes)
  }

  /// A member's name in a JSON body: always text.
  static func json(key text: String, scope: inout Scope) throws(TemplateMistake) -> Template {
    var template = Template()
    template.append(constant: [0x22])
    for part in try parts(of: text, scope: &scope) {
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
}

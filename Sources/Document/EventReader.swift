// SPDX-License-Identifier: Apache-2.0
import CYaml

/// One step of the parser, places as byte offsets into the source.
struct Event {
  enum Kind {
    case documentStart, documentEnd, streamEnd, sequenceEnd, mappingEnd, ignored
    case alias(String)
    case scalar(String, Node.Style)
    case sequenceStart
    case mappingStart
  }
  var kind: Kind
  var start: Int
  var end: Int
  var anchor: String?
  var tag: String?
}

/// Where and why libyaml gave up, in its words.
struct SyntaxProblem: Error {
  var problem: String
  var context: String
  var offset: Int
  var contextOffset: Int?
}

/// libyaml's event parser over bytes that are known to be UTF-8 without control characters. Unique owner of the parser.
struct EventReader: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: UnsafeBufferPointer<UInt8>
  private let base: Int
  /// Byte offset of every 256th character: libyaml counts characters.
  private var checkpoints: [Int] = []

  /// `text` must outlive the reader; `base` is its offset in the source.
  init(_ text: UnsafeBufferPointer<UInt8>, base: Int) {
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    self.text = text
    self.base = base
    // The only cause of failure is a lack of memory, which the next call reports.
    _ = yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    var characters = 0
    for (offset, byte) in text.enumerated() where byte & 0xC0 != 0x80 {
      if characters % 256 == 0 { checkpoints.append(offset) }
      characters += 1
    }
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// The next event.
  mutating func next() throws(SyntaxProblem) -> Event {
    var raw = yaml_event_t()
    guard yaml_parser_parse(parser, &raw) == 1 else {
      let failed = parser.pointee
      throw SyntaxProblem(
        problem: failed.problem.map { String(cString: $0) } ?? "",
        context: failed.context.map { String(cString: $0) } ?? "",
        offset: offset(ofCharacter: failed.problem_mark.index),
        contextOffset: failed.context == nil ? nil : offset(ofCharacter: failed.context_mark.index))
    }
    defer { yaml_event_delete(&raw) }
    var event = Event(
      kind: .ignored, start: offset(ofCharacter: raw.start_mark.index), end: offset(ofCharacter: raw.end_mark.index))
    switch raw.type {
    case YAML_DOCUMENT_START_EVENT: event.kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: event.kind = .documentEnd
    case YAML_STREAM_END_EVENT: event.kind = .streamEnd
    case YAML_SEQUENCE_END_EVENT: event.kind = .sequenceEnd
    case YAML_MAPPING_END_EVENT: event.kind = .mappingEnd
    case YAML_ALIAS_EVENT: event.kind = .alias(Self.string(raw.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = raw.data.scalar
      let value = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      event.kind = .scalar(value, Self.style(scalar.style))
      event.anchor = Self.string(scalar.anchor)
      event.tag = Self.string(scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      event.kind = .sequenceStart
      event.anchor = Self.string(raw.data.sequence_start.anchor)
      event.tag = Self.string(raw.data.sequence_start.tag)
    case YAML_MAPPING_START_EVENT:
      event.kind = .mappingStart
      event.anchor = Self.string(raw.data.mapping_start.anchor)
      event.tag = Self.string(raw.data.mapping_start.tag)
    default: break
    }
    return event
  }

  private static func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private static func style(_ style: yaml_scalar_style_t) -> Node.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
  }

  /// Complexity: O(1), at most 256 characters.
  private func offset(ofCharacter index: Int) -> Int {
    guard !checkpoints.isEmpty else { return base }
    let checkpoint = min(index / 256, checkpoints.count - 1)
    var offset = checkpoints[checkpoint]
    var left = index - checkpoint * 256
    while left > 0, offset < text.count {
      offset += 1
      while offset < text.count, text[offset] & 0xC0 == 0x80 { offset += 1 }
      left -= 1
    }
    return base + offset
  }
}

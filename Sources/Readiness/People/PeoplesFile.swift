// SPDX-License-Identifier: Apache-2.0
package import Document

/// `readiness.yaml`: what people attest, sign and decide, one entry after the other.
package enum PeoplesFile {
  package static let defaultPath = "readiness.yaml"

  /// The JSON Schema of the file.
  package static var jsonSchema: String { PeoplesShapes.entries.schema.jsonSchema(title: "gonogo readiness") }

  /// Bytes of a file that are read at most.
  package static var mostBytes: Int { limits.bytes }

  /// Years of entries fit.
  static let limits: Limits = {
    var limits = Limits()
    limits.bytes = 8 << 20
    limits.nodes = 1_000_000
    return limits
  }()

  /// Decodes a file's content; one without any entry has none. Mistakes are reported, and then the result is nil.
  package static func decode(_ source: Source, _ diagnostics: inout Diagnostics) -> PeoplesEntries? {
    if isWithoutContent(source.bytes) { return PeoplesEntries() }
    return PeoplesShapes.entries.read(source, &diagnostics, limits: limits).map { PeoplesEntries($0) }
  }

  /// Whether a file is one, told by its kind: it alone is a list of mappings.
  package static func isOne(_ source: Source) -> Bool {
    var ignored = Diagnostics()
    guard let node = parse(source, &ignored, limits: limits), case .sequence = node.kind else { return false }
    return true
  }

  /// Blank lines and comments only.
  static func isWithoutContent(_ bytes: [UInt8]) -> Bool {
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    return text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).allSatisfy { line in
      let first = line.first { $0 != 0x20 && $0 != 0x09 }
      return first == nil || first == UInt8(ascii: "#")
    }
  }
}

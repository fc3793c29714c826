// SPDX-License-Identifier: Apache-2.0

/// Looks for what no YAML file may hold, before libyaml sees it, with a message of its own for each. False when found.
func checkBytes(of source: Source, _ diagnostics: inout Diagnostics, limits: Limits) -> Bool {
  let bytes = source.bytes
  func refuse(_ offset: Int, _ length: Int, _ message: String, hint: String? = nil) -> Bool {
    diagnostics.error(at: Position(source: source, offset: offset), length: length, message, hint: hint)
    return false
  }
  guard bytes.count <= limits.bytes else {
    return refuse(source.lineStarts[0], 1, "the file has \(bytes.count) bytes; at most \(limits.bytes) are read")
  }
  if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
    return refuse(0, 2, "the file is UTF-16", hint: "save it as UTF-8")
  }
  // libyaml compares each such directive with all before it.
  let directives = source.lineStarts.filter { bytes[$0...].starts(with: Array("%TAG".utf8)) }
  if directives.count > 16 {
    return refuse(directives[16], 4, "more than 16 `%TAG` directives", hint: "remove them: tags are not used here")
  }
  var index = source.lineStarts[0]
  while index < bytes.count {
    let byte = bytes[index]
    if byte >= 0x20, byte < 0x7F {
      index += 1
      continue
    }
    if byte == 0x0A || byte == 0x0D || byte == 0x09 {
      index += 1
      continue
    }
    if byte == 0 { return refuse(index, 1, "the file holds a NUL byte", hint: "is it text, saved as UTF-8?") }
    guard let (scalar, length) = decodeScalar(bytes[...], at: index) else {
      let digits = String(byte, radix: 16, uppercase: true)
      return refuse(index, 1, "the byte 0x\(digits) is not UTF-8", hint: "save the file as UTF-8")
    }
    let name = "U+" + hex4(scalar.value)
    switch scalar.value {
    case 0x85, 0x2028, 0x2029:
      // libyaml takes them for line breaks, editors do not: nobody would agree on line numbers.
      return refuse(index, length, "the invisible line break \(name) is not allowed", hint: escapeHint(scalar.value))
    case 0xFEFF:
      return refuse(index, length, "a byte order mark (\(name)) is allowed at the start only", hint: "remove it")
    case 0..<0x20, 0x7F..<0xA0:
      return refuse(index, length, "the control character \(name) is not allowed", hint: escapeHint(scalar.value))
    case 0xFFFE, 0xFFFF:
      return refuse(index, length, "the character \(name) is not allowed", hint: escapeHint(scalar.value))
    default: index += length
    }
  }
  return true
}

func hex4(_ value: UInt32) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}

private func escapeHint(_ value: UInt32) -> String {
  "if it is meant, write it as \\u\(hex4(value)) inside double quotes"
}

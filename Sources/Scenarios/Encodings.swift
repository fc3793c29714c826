// SPDX-License-Identifier: Apache-2.0

/// How bytes are written where they are inserted. All functions append and run in linear time.
enum Encoding: Sendable, Equatable {
  /// As they are: bodies in text form.
  case plain
  /// A header value: as they are, refused when they hold CR, LF or NUL.
  case header
  /// Inside a path or query: everything but RFC 3986 "unreserved" is percent-encoded, the slash too.
  case percent
  /// A link or path at the very start of a URL: kept, only bytes no URL may hold are percent-encoded.
  case link
  /// application/x-www-form-urlencoded.
  case form
  /// Inside a JSON string: escaped.
  case jsonText
  /// One template alone in a JSON value: the value's own type.
  case jsonValue
}

private let upperHex = Array("0123456789ABCDEF".utf8)
private let lowerHex = Array("0123456789abcdef".utf8)

@inline(__always)
private func isUnreserved(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: true
  default: false
  }
}

@inline(__always)
private func appendPercent(_ byte: UInt8, to out: inout [UInt8]) {
  out.append(UInt8(ascii: "%"))
  out.append(upperHex[Int(byte >> 4)])
  out.append(upperHex[Int(byte & 15)])
}

func appendPercentEncoded(_ source: some Sequence<UInt8>, to out: inout [UInt8]) {
  for byte in source {
    if isUnreserved(byte) { out.append(byte) } else { appendPercent(byte, to: &out) }
  }
}

func appendFormEncoded(_ source: some Sequence<UInt8>, to out: inout [UInt8]) {
  for byte in source {
    // The tilde is encoded and the star is not: the form encoding of the URL standard differs from RFC 3986 here.
    switch byte {
    case 0x20: out.append(UInt8(ascii: "+"))
    case UInt8(ascii: "*"): out.append(byte)
    case UInt8(ascii: "~"): appendPercent(byte, to: &out)
    default: if isUnreserved(byte) { out.append(byte) } else { appendPercent(byte, to: &out) }
    }
  }
}

func appendLink(_ source: some Sequence<UInt8>, to out: inout [UInt8]) {
  for byte in source {
    switch byte {
    case 0...0x20, 0x7f...0xff, 0x22, 0x3c, 0x3e, 0x5c, 0x5e, 0x60, 0x7b, 0x7c, 0x7d: appendPercent(byte, to: &out)
    default: out.append(byte)
    }
  }
}

/// The inside of a JSON string: quote, backslash and control characters are escaped, other bytes stay (UTF-8).
func appendJSONEscaped(_ source: some Sequence<UInt8>, to out: inout [UInt8]) {
  for byte in source {
    switch byte {
    case 0x22: out.append(contentsOf: [0x5c, 0x22])
    case 0x5c: out.append(contentsOf: [0x5c, 0x5c])
    case 0x0a: out.append(contentsOf: [0x5c, 0x6e])
    case 0x0d: out.append(contentsOf: [0x5c, 0x72])
    case 0x09: out.append(contentsOf: [0x5c, 0x74])
    case 0..<0x20:
      out.append(contentsOf: [0x5c, 0x75, 0x30, 0x30, lowerHex[Int(byte >> 4)], lowerHex[Int(byte & 15)]])
    default: out.append(byte)
    }
  }
}

func appendHex(_ source: some Sequence<UInt8>, to out: inout [UInt8]) {
  for byte in source {
    out.append(lowerHex[Int(byte >> 4)])
    out.append(lowerHex[Int(byte & 15)])
  }
}

private let base64Alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// Base64 of RFC 4648 section 4, padded.
func appendBase64(_ source: some Collection<UInt8>, to out: inout [UInt8]) {
  var pending: UInt32 = 0
  var count = 0
  for byte in source {
    pending = pending << 8 | UInt32(byte)
    count += 1
    if count == 3 {
      out.append(base64Alphabet[Int(pending >> 18) & 63])
      out.append(base64Alphabet[Int(pending >> 12) & 63])
      out.append(base64Alphabet[Int(pending >> 6) & 63])
      out.append(base64Alphabet[Int(pending) & 63])
      pending = 0
      count = 0
    }
  }
  guard count > 0 else { return }
  pending <<= count == 1 ? 16 : 8
  out.append(base64Alphabet[Int(pending >> 18) & 63])
  out.append(base64Alphabet[Int(pending >> 12) & 63])
  out.append(count == 2 ? base64Alphabet[Int(pending >> 6) & 63] : UInt8(ascii: "="))
  out.append(UInt8(ascii: "="))
}

/// Appends the bytes of a value as `encoding` wants them. False: a header value that would break out of its line.
func append(_ kind: Value.Kind, _ source: some Collection<UInt8>, as encoding: Encoding, to out: inout [UInt8]) -> Bool
{
  switch encoding {
  case .plain: out.append(contentsOf: source)
  case .header:
    if source.contains(where: { $0 == 0x0a || $0 == 0x0d || $0 == 0 }) { return false }
    out.append(contentsOf: source)
  case .percent: appendPercentEncoded(source, to: &out)
  case .link: appendLink(source, to: &out)
  case .form: appendFormEncoded(source, to: &out)
  case .jsonText: appendJSONEscaped(source, to: &out)
  case .jsonValue:
    if kind == .text {
      out.append(0x22)
      appendJSONEscaped(source, to: &out)
      out.append(0x22)
    } else if kind == .absent {
      out.append(contentsOf: "null".utf8)
    } else {
      out.append(contentsOf: source)
    }
  }
  return true
}

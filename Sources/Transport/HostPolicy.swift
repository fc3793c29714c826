// SPDX-License-Identifier: Apache-2.0
import CLibcurl

/// Which URLs may be asked for: http and https, to the allowed hosts. libcurl's own parser decides what a URL's host is,
/// so that no spelling is read in two ways.
struct HostPolicy {
  private let allowed: Set<String>?
  /// "scheme://authority" of the URL last admitted, when it holds plain characters only: most URLs of a journey differ
  /// behind it, and need no second look.
  private var admitted: [UInt8] = []

  init(allowedHosts: [String]?) {
    allowed = allowedHosts.map { Set($0.map(HostPolicy.normal)) }
  }

  /// Nil when the URL may be asked for. Constant time for the origin admitted last.
  mutating func refusal(of url: UnsafeBufferPointer<UInt8>) -> TransportError? {
    let origin = HostPolicy.plainOrigin(of: url)
    if let origin, origin.elementsEqual(admitted) { return nil }
    guard let parts = URLParts(url) else {
      return TransportError(failure: .other, text: "not a URL: \(String(decoding: url, as: UTF8.self))")
    }
    guard parts.scheme == "http" || parts.scheme == "https" else {
      return TransportError(failure: .hostNotAllowed, text: "scheme \(parts.scheme) is not http or https")
    }
    if let allowed {
      let host = HostPolicy.normal(parts.host)
      guard allowed.contains(host) || allowed.contains("\(host):\(parts.port)") else {
        return TransportError(failure: .hostNotAllowed, text: "host \(parts.host):\(parts.port) is not allowed")
      }
    }
    if let origin { admitted = Array(origin) }
    return nil
  }

  /// Lower case, without the root's dot; IPv6 keeps its brackets, and gets them when a file leaves them out.
  private static func normal(_ host: String) -> String {
    var text = host.lowercased()
    if text.hasSuffix(".") { text.removeLast() }
    let colons = text.utf8.count { $0 == 0x3A }
    return colons > 1 && !text.hasPrefix("[") ? "[\(text)]" : text
  }

  private static func plainOrigin(of url: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>>? {
    var slashes = 0
    for (index, byte) in url.enumerated() {
      switch byte {
      case 0x2F:
        slashes += 1
        if slashes == 3 { return url[..<index] }
      case 0x3F, 0x23: return slashes == 2 ? url[..<index] : nil
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x2D, 0x3A, 0x5B, 0x5D, 0x5F: continue
      default: return nil
      }
    }
    return slashes == 2 ? url[...] : nil
  }
}

/// The parts of a URL by libcurl's parser.
struct URLParts: Equatable {
  var scheme: String
  var host: String
  /// The scheme's own when the URL names none.
  var port: String

  init?(_ url: UnsafeBufferPointer<UInt8>) {
    guard let handle = curl_url() else { return nil }
    defer { curl_url_cleanup(handle) }
    let text = String(decoding: url, as: UTF8.self)
    guard !url.contains(0), curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK,
      let scheme = URLParts.part(handle, CURLUPART_SCHEME)
    else { return nil }
    self.scheme = scheme.lowercased()
    host = URLParts.part(handle, CURLUPART_HOST) ?? ""
    port = URLParts.part(handle, CURLUPART_PORT) ?? ""
  }

  private static func part(_ handle: OpaquePointer, _ part: CURLUPart) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}

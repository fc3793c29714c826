// SPDX-License-Identifier: Apache-2.0

/// A URL as given on the command line or in `gonogo.yaml`, taken apart as far as the tool must know.
struct TargetURL: Equatable, Sendable {
  var scheme: String
  /// Lower case, without brackets.
  var host: String
  var port: Int?
  /// Path and query as written, "" when there is none.
  var path: String

  /// Of something that is still to be given a port.
  static let thisMachine = TargetURL(host: "127.0.0.1")

  private init(host: String) {
    scheme = "http"
    self.host = host
    path = ""
  }

  init(_ text: String) throws(CommandFailure) {
    let lowered = text.lowercased()
    guard let scheme = ["http", "https"].first(where: { lowered.hasPrefix($0 + "://") }) else {
      throw CommandFailure.usage(
        "\(printable(text)) is not a URL of a target", hint: "write it like http://127.0.0.1:8080/")
    }
    self.scheme = scheme
    let rest = text.dropFirst(scheme.count + 3)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    path = String(rest.dropFirst(authority.count).prefix { $0 != "#" })
    guard !authority.contains("@") else {
      throw CommandFailure.usage(
        "a password in the URL would be shown in reports", hint: "send it with --header 'Authorization: ...'")
    }
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      host = authority[authority.index(after: authority.startIndex)..<end].lowercased()
      port = try Self.port(authority[authority.index(after: end)...].dropFirst(), in: text)
    } else {
      let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      host = parts.first.map { $0.lowercased() } ?? ""
      port = try Self.port(parts.count > 1 ? parts[1] : "", in: text)
    }
    let isAllowed = host.utf8.allSatisfy { byte in
      byte.isLetterOrDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
        || byte == UInt8(ascii: ":")
    }
    guard !host.isEmpty, isAllowed else {
      throw CommandFailure.usage("\(printable(text)) names no host", hint: "write it like http://127.0.0.1:8080/")
    }
  }

  private static func port(_ digits: Substring, in text: String) throws(CommandFailure) -> Int? {
    if digits.isEmpty { return nil }
    guard let number = Int(digits), (1...65_535).contains(number) else {
      throw CommandFailure.usage("\(printable(text)) has no valid port")
    }
    return number
  }

  /// Scheme, host and port, without a path.
  var origin: String {
    let shownHost = host.contains(":") ? "[\(host)]" : host
    return "\(scheme)://\(shownHost)" + (port.map { ":\($0)" } ?? "")
  }

  /// Only this machine can be behind such a name.
  var isLoopback: Bool {
    if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return parts.count == 4 && parts[0] == 127 && parts.allSatisfy { $0 != nil }
  }
}

extension UInt8 {
  fileprivate var isLetterOrDigit: Bool {
    (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import JSON

/// A request to the sink, complete: what it asks, and what is to be answered.
struct CloudAPIRequest {
  var method = ""
  /// The raw request target.
  var target = ""
  var authorization: String?
  var body: [UInt8] = []

  enum Outcome {
    case message(OutboundMessage)
    case answer(CloudAPIAnswer)
  }

  /// Texts may be that long, as Meta has it.
  static let longestText = 4096

  private static let paths = [
    "$.messaging_product", "$.to", "$.type", "$.text.body", "$.context.message_id", "$.status",
    "$.message_id",
  ]
  private static let compiled = JSONPaths(paths.compactMap { try? JSONPath($0) })

  /// What comes of it. `messages`: how many were taken before, for the health answer.
  func outcome(arrivedAtNanoseconds: Int64, messages: Int) -> Outcome {
    if target == "/" || target == "/health", method == "GET" || method == "HEAD" {
      return .answer(.health(messages: messages))
    }
    guard method == "POST", let number = phoneNumberID else { return .answer(.noSuchPath(method)) }
    guard hasToken else { return .answer(.noToken) }
    var matches = JSONMatches(depthLimit: 32)
    do throws(JSONError) {
      try matches.scan(body.span, Self.compiled)
    } catch {
      return .answer(.wrong("the body is not JSON: \(error)"))
    }
    func text(_ path: Int) -> String? {
      guard let found = matches.first(of: path), found.kind == .string else { return nil }
      return found.string(in: body.span)
    }
    guard let product = matches.first(of: 0) else {
      return .answer(.wrong("The parameter messaging_product is required."))
    }
    guard product.equals(Array("whatsapp".utf8), in: body.span) else {
      return .answer(.wrong("Param messaging_product must be whatsapp"))
    }
    if text(5) == "read", let read = text(6), !read.isEmpty { return .answer(.markedAsRead) }
    guard let to = text(1), !to.isEmpty else { return .answer(.wrong("The parameter to is required.")) }
    guard to.utf8.contains(where: { (0x30...0x39).contains($0) }), to.utf8.count <= 64 else {
      return .answer(.wrong("Param to must be a phone number"))
    }
    let type = text(2) ?? "text"
    if type == "text" {
      guard let written = text(3), !written.isEmpty else {
        return .answer(.wrong("The parameter text['body'] is required."))
      }
      if written.unicodeScalars.count > Self.longestText {
        return .answer(.wrong("Param text['body'] must be at most \(Self.longestText) characters long."))
      }
    }
    return .message(
      OutboundMessage(
        id: "wamid." + MessageID.random(count: 32), phoneNumberID: number, to: to, type: type,
        text: type == "text" ? text(3) : nil, contextMessageID: text(4), arrivedAtNanoseconds: arrivedAtNanoseconds))
  }

  /// The middle of `/v21.0/NUMBER/messages`; nil for any other path.
  private var phoneNumberID: String? {
    let path = target.prefix { $0 != "?" }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0].isEmpty, parts[3] == "messages", let version = parts[1].utf8.first,
      version == UInt8(ascii: "v"), parts[1].utf8.count > 1, !parts[2].isEmpty, parts[2].utf8.count <= 64
    else { return nil }
    return String(parts[2])
  }

  private var hasToken: Bool {
    guard let words = authorization?.split(separator: " "), words.count == 2 else { return false }
    return words[0].lowercased() == "bearer"
  }
}

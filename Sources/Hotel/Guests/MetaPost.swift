// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// A message of a guest, as a post of Meta brought it.
struct InboundMessage: Sendable, Equatable {
  /// The hotel's business number, by Meta's id.
  var phoneNumberID: String
  var id: String
  var guest: String
  /// Nil for what is not answered: a reaction, a note of the system.
  var intent: Intent?
}

enum ParsedPost {
  case messages([InboundMessage])
  case refused(Answer)
}

/// The messages in a post: several entries, changes and messages may come in one. What is no message (a status, a change
/// of another field) is passed over.
func parseMetaPost(_ body: [UInt8]) -> ParsedPost {
  let post: Post
  do {
    post = try JSONDecoder().decode(Post.self, from: Data(body))
  } catch {
    return .refused(refusal(error))
  }
  guard post.object == "whatsapp_business_account" else {
    return .refused(.problem(422, "object must be whatsapp_business_account"))
  }
  var messages: [InboundMessage] = []
  for value in post.entry.flatMap(\.changes).compactMap(\.value) {
    let number = value.metadata.phoneNumberID
    guard (1...64).contains(number.utf8.count), number.utf8.allSatisfy(isIDByte) else {
      return .refused(.problem(422, "phone_number_id must have 1 to 64 letters, digits, - or _"))
    }
    for message in value.messages ?? [] {
      guard (1...255).contains(message.id.utf8.count), message.id.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
        return .refused(.problem(422, "the id of a message must have 1 to 255 visible ASCII characters"))
      }
      guard (1...32).contains(message.from.utf8.count), message.from.utf8.allSatisfy(isIDByte) else {
        return .refused(.problem(422, "from must be the number of a guest"))
      }
      if message.type == "text", message.text == nil {
        return .refused(.problem(422, "a text message needs text.body"))
      }
      messages.append(
        InboundMessage(
          phoneNumberID: number, id: message.id, guest: message.from,
          intent: unanswered.contains(message.type) ? nil : message.text.map { Intent(text: $0.body) } ?? .media))
    }
  }
  return .messages(messages)
}

private let unanswered: Set = ["reaction", "system", "unsupported", "unknown", "request_welcome"]

private func isIDByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
    true
  default: false
  }
}

private struct Post: Decodable {
  struct Entry: Decodable { var changes: [Change] }

  struct Change: Decodable {
    /// Nil for a change of another field, whose value has another shape.
    var value: Value?

    enum CodingKeys: CodingKey { case field, value }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      let isOurs = try container.decode(String.self, forKey: .field) == "messages"
      value = isOurs ? try container.decode(Value.self, forKey: .value) : nil
    }
  }

  struct Value: Decodable {
    struct Metadata: Decodable {
      var phoneNumberID: String

      enum CodingKeys: String, CodingKey { case phoneNumberID = "phone_number_id" }
    }
    struct Message: Decodable {
      struct Text: Decodable { var body: String }
      var from: String
      var id: String
      var type: String
      var text: Text?
    }
    var metadata: Metadata
    var messages: [Message]?
  }

  var object: String
  var entry: [Entry]
}

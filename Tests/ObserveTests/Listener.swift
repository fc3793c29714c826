// SPDX-License-Identifier: Apache-2.0
import Foundation
import Observe
import Synchronization
import Testing
import Transport

/// A sink on a free port that keeps what it is told.
final class Listener: Sendable {
  let sink: CloudAPISink
  private let kept: Kept

  private final class Kept: Sendable {
    let messages = Mutex<[OutboundMessage]>([])
  }

  init() throws {
    let kept = Kept()
    self.kept = kept
    sink = try CloudAPISink { message in kept.messages.withLock { $0.append(message) } }
  }

  var messages: [OutboundMessage] { kept.messages.withLock { $0 } }

  /// Posts to the messages of a business number, by gonogo's own client.
  func post(
    _ body: String, path: String = "/v21.0/1065/messages", headers: [String] = ["Authorization: Bearer demo-token"]
  ) throws -> PlainResponse {
    var plain = PlainRequest(sink.url + path)
    plain.method = "POST"
    plain.headers = headers + ["Content-Type: application/json"]
    plain.body = Array(body.utf8)
    return try request(plain, settings: ConnectionSettings())
  }

  func ask(_ method: String, _ path: String) throws -> PlainResponse {
    var plain = PlainRequest(sink.url + path)
    plain.method = method
    return try request(plain, settings: ConnectionSettings())
  }
}

/// The answer to a message that was taken.
struct Accepted: Decodable, Equatable {
  struct Contact: Decodable, Equatable {
    var input: String
    var waID: String

    enum CodingKeys: String, CodingKey {
      case input
      case waID = "wa_id"
    }
  }
  struct Message: Decodable, Equatable { var id: String }

  var product: String
  var contacts: [Contact]
  var messages: [Message]

  enum CodingKeys: String, CodingKey {
    case product = "messaging_product"
    case contacts, messages
  }
}

/// Meta's error.
struct Refused: Decodable {
  struct Body: Decodable {
    struct Detail: Decodable { var details: String }
    var message: String
    var type: String
    var code: Int
    var trace: String
    var data: Detail?

    enum CodingKeys: String, CodingKey {
      case message, type, code
      case trace = "fbtrace_id"
      case data = "error_data"
    }
  }
  var error: Body
}

extension PlainResponse {
  var text: String { String(decoding: body, as: UTF8.self) }

  func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(body))
  }
}

/// A message as the reference system sends it.
func message(to: String = "34600111222", context: String? = "wamid.IN", text: String = "hola") throws -> String {
  struct Context: Encodable {
    var messageID: String
    enum CodingKeys: String, CodingKey { case messageID = "message_id" }
  }
  struct Text: Encodable { var body: String }
  struct Body: Encodable {
    var product = "whatsapp"
    var recipient = "individual"
    var to: String
    var type = "text"
    var context: Context?
    var text: Text

    enum CodingKeys: String, CodingKey {
      case product = "messaging_product"
      case recipient = "recipient_type"
      case to, type, context, text
    }
  }
  let body = Body(to: to, context: context.map(Context.init), text: Text(body: text))
  return try String(decoding: JSONEncoder().encode(body), as: UTF8.self)
}

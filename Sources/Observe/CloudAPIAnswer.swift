// SPDX-License-Identifier: Apache-2.0
internal import JSON

/// What the sink answers, in Meta's shapes.
struct CloudAPIAnswer: Equatable {
  var status: UInt32
  var body: [UInt8]
  /// After a body that is not read to its end the connection cannot go on.
  var closes = false

  static let contentType = "application/json; charset=UTF-8"

  /// The message was taken.
  static func accepted(to: String, id: String) -> CloudAPIAnswer {
    var body = Array(#"{"messaging_product":"whatsapp","contacts":[{"input":"#.utf8)
    appendJSONString(to, to: &body)
    body += #","wa_id":"#.utf8
    appendJSONString(String(to.unicodeScalars.filter { ("0"..."9").contains($0) }), to: &body)
    body += #"}],"messages":[{"id":"#.utf8
    appendJSONString(id, to: &body)
    body += "}]}".utf8
    return CloudAPIAnswer(status: 200, body: body)
  }

  /// A message of the guest's was marked as read.
  static let markedAsRead = CloudAPIAnswer(status: 200, body: Array(#"{"success":true}"#.utf8))

  /// The sink itself is asked how it is.
  static func health(messages: Int) -> CloudAPIAnswer {
    CloudAPIAnswer(status: 200, body: Array(#"{"status":"ok","messages":\#(messages)}"#.utf8))
  }

  /// A parameter is missing or wrong.
  static func wrong(_ details: String) -> CloudAPIAnswer {
    error(400, code: 100, "(#100) Invalid parameter", details: details)
  }

  static let noToken = error(401, code: 190, "An access token is needed: Authorization: Bearer TOKEN")

  static func noSuchPath(_ method: String) -> CloudAPIAnswer {
    error(
      400, code: 100,
      "Unsupported \(method.lowercased()) request. Messages are posted to /VERSION/PHONE_NUMBER_ID/messages")
  }

  static func tooLarge(limit: Int) -> CloudAPIAnswer {
    var answer = error(413, code: 100, "(#100) Invalid parameter", details: "a body may have \(limit) bytes at most")
    answer.closes = true
    return answer
  }

  private static func error(_ status: UInt32, code: Int, _ message: String, details: String? = nil) -> CloudAPIAnswer {
    var body = Array(#"{"error":{"message":"#.utf8)
    appendJSONString(message, to: &body)
    body += #","type":"OAuthException","code":\#(code)"#.utf8
    if let details {
      body += #","error_data":{"messaging_product":"whatsapp","details":"#.utf8
      appendJSONString(details, to: &body)
      body.append(UInt8(ascii: "}"))
    }
    body += #","fbtrace_id":"\#(MessageID.random(count: 22))"}}"#.utf8
    return CloudAPIAnswer(status: status, body: body)
  }
}

/// Ids as nobody else makes them.
enum MessageID {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// Six random bits for each character.
  static func random(count: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    var text: [UInt8] = []
    var bits: UInt64 = 0
    for index in 0..<count {
      if index % 10 == 0 { bits = generator.next() }
      text.append(letters[Int(bits & 63)])
      bits >>= 6
    }
    return String(decoding: text, as: UTF8.self)
  }
}

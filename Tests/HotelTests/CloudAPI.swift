// SPDX-License-Identifier: Apache-2.0
import CCrypto
import Foundation
import TestServers
import Testing
import Transport

/// A stand-in of the Cloud API that remembers what it was sent.
final class CloudAPI {
  struct Message: Decodable, Equatable {
    struct Context: Decodable, Equatable { var messageId: String }
    struct Text: Decodable, Equatable { var body: String }
    var messagingProduct: String
    var recipientType: String
    var to: String
    var type: String
    var context: Context
    var text: Text
  }

  let server: TestServer

  /// `answer`: what the request with that number, from 0, gets.
  init(_ answer: @escaping @Sendable (Int) -> Reply = { _ in .json(#"{"messages":[{"id":"wamid.1"}]}"#) }) throws {
    server = try TestServer { answer($0.sequence) }
  }

  var messages: [Message] {
    get throws {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try server.observed.requests.map { try decoder.decode(Message.self, from: Data($0.body)) }
    }
  }

  /// What it was sent, once there is so much of it.
  func messages(_ count: Int, within seconds: Double = 15) throws -> [Message] {
    #expect(server.waitUntil(seconds: seconds) { $0.requestCount >= count })
    return try messages
  }
}

/// A post as Meta makes it, one text for each id.
func metaPost(
  _ ids: [String], text: String = #""hello""#, guest: String = "34600111222", phoneNumberID: String = "106540352242922"
) -> String {
  metaPost(
    messages: ids.map {
      #"{"from":"\#(guest)","id":"\#($0)","timestamp":"1795190000","type":"text","text":{"body":\#(text)}}"#
    }, phoneNumberID: phoneNumberID)
}

func metaPost(messages: [String], phoneNumberID: String = "106540352242922") -> String {
  metaPost(changes: [metaChange(messages, phoneNumberID: phoneNumberID)])
}

func metaPost(changes: [String]) -> String {
  """
  {"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[\(changes.joined(separator: ","))]}]}
  """
}

func metaChange(_ messages: [String], phoneNumberID: String = "106540352242922") -> String {
  """
  {"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"34911234567",\
  "phone_number_id":"\(phoneNumberID)"},"contacts":[{"profile":{"name":"Ana"},"wa_id":"34600111222"}],\
  "messages":[\(messages.joined(separator: ","))]}}
  """
}

/// The header that signs these bytes.
func signature(_ body: String, secret: String = "demo-app-secret") -> String {
  var digest = [UInt8](repeating: 0, count: 32)
  #expect(gonogo_hmac_sha256(secret, secret.utf8.count, body, body.utf8.count, &digest) == 1)
  return "X-Hub-Signature-256: sha256=" + digest.map { String(format: "%02x", $0) }.joined()
}

struct Receipt: Decodable, Equatable {
  var status = "accepted"
  var new: Int
  var duplicates: Int
}

extension RunningHotel {
  /// A post of Meta's, signed.
  @discardableResult
  func deliver(_ body: String) throws -> PlainResponse {
    try ask("POST", "/webhooks/whatsapp", headers: [signature(body)], body: body)
  }

  /// The value of a line of /metrics that begins so; nil when there is none.
  func metric(_ name: String) throws -> Double? {
    try ask("GET", "/metrics").text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
      .flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
  }

  /// Whether the metric gets that value in some seconds.
  func metric(_ name: String, becomes value: Double) throws -> Bool {
    let deadline = Date(timeIntervalSinceNow: 15)
    while try metric(name) != value {
      if Date() > deadline { return false }
      usleep(20_000)
    }
    return true
  }
}

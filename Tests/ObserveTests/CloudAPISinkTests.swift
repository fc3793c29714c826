// SPDX-License-Identifier: Apache-2.0
import Foundation
import Observe
import Synchronization
import Testing
import Transport

@Suite struct CloudAPISinkTests {
  @Test func takesAMessage() throws {
    let listener = try Listener()
    let before = MonotonicTime.now().nanoseconds
    let answer = try listener.post(message(to: "+34 600-111-222", text: "¿Té? \u{1F375} \"\\\n"))
    #expect(answer.status == 200)
    #expect(answer.header(named: "Content-Type") == "application/json; charset=UTF-8")
    let accepted = try answer.decoded(Accepted.self)
    #expect(accepted.product == "whatsapp")
    #expect(accepted.contacts == [.init(input: "+34 600-111-222", waID: "34600111222")])
    let taken = try #require(listener.messages.first)
    #expect(accepted.messages == [.init(id: taken.id)])
    #expect(taken.id.hasPrefix("wamid."))
    #expect(taken.phoneNumberID == "1065")
    #expect(taken.to == "+34 600-111-222")
    #expect(taken.type == "text")
    #expect(taken.text == "¿Té? \u{1F375} \"\\\n")
    #expect(taken.contextMessageID == "wamid.IN")
    #expect((before...MonotonicTime.now().nanoseconds).contains(taken.arrivedAtNanoseconds))
    #expect(listener.sink.messageCount == 1)
  }

  @Test func takesOtherKinds() throws {
    let listener = try Listener()
    let image =
      #"{"messaging_product":"whatsapp","to":"346","type":"image","image":{"link":"https://hotel.example/a"}}"#
    #expect(try listener.post(image).status == 200)
    #expect(listener.messages.map(\.type) == ["image"])
    #expect(listener.messages[0].text == nil)
    #expect(listener.messages[0].contextMessageID == nil)
    // Meta marks a guest's message as read at the same place: that sends nothing.
    let read = try listener.post(#"{"messaging_product":"whatsapp","status":"read","message_id":"wamid.IN"}"#)
    #expect(read.status == 200)
    #expect(read.text == #"{"success":true}"#)
    #expect(listener.messages.count == 1)
  }

  @Test(arguments: [
    (#"{"to":"34600111222","text":{"body":"a"}}"#, "messaging_product is required"),
    (#"{"messaging_product":"telegram","to":"34600111222","text":{"body":"a"}}"#, "must be whatsapp"),
    (#"{"messaging_product":7,"to":"34600111222","text":{"body":"a"}}"#, "must be whatsapp"),
    (#"{"messaging_product":"whatsapp","text":{"body":"a"}}"#, "parameter to is required"),
    (#"{"messaging_product":"whatsapp","to":"","text":{"body":"a"}}"#, "parameter to is required"),
    (#"{"messaging_product":"whatsapp","to":34600111222,"text":{"body":"a"}}"#, "parameter to is required"),
    (#"{"messaging_product":"whatsapp","to":"ana","text":{"body":"a"}}"#, "must be a phone number"),
    (#"{"messaging_product":"whatsapp","to":"34600111222","type":"text"}"#, "text['body'] is required"),
    (#"{"messaging_product":"whatsapp","to":"34600111222","text":{"body":""}}"#, "text['body'] is required"),
    ("", "not JSON"), ("to=34600111222", "not JSON"), (#"{"messaging_product":"whatsapp","#, "not JSON"),
    ("{\"to\":\"\u{0}\"}", "not JSON"),
  ])
  func refusesWhatMetaRefuses(body: String, reason: String) throws { try expectRefused(body, reason) }

  @Test func refusesLongTexts() throws {
    try expectRefused(message(text: String(repeating: "é", count: 4097)), "at most 4096")
    let listener = try Listener()
    #expect(try listener.post(message(text: String(repeating: "é", count: 4096))).status == 200)
  }

  private func expectRefused(_ body: String, _ reason: String) throws {
    let listener = try Listener()
    let answer = try listener.post(body)
    #expect(answer.status == 400)
    #expect(answer.header(named: "Content-Type") == "application/json; charset=UTF-8")
    let refused = try answer.decoded(Refused.self).error
    #expect(refused.code == 100)
    #expect(refused.type == "OAuthException")
    #expect(refused.message == "(#100) Invalid parameter")
    #expect(refused.data?.details.contains(reason) == true, "\(refused)")
    #expect(!refused.trace.isEmpty)
    #expect(listener.messages.isEmpty)
  }

  @Test(arguments: [[], ["Authorization: Bearer"], ["Authorization: Basic YTpi"], ["Authorization: demo-token"]])
  func refusesWithoutToken(headers: [String]) throws {
    let listener = try Listener()
    let answer = try listener.post(message(), headers: headers)
    #expect(answer.status == 401)
    let refused = try answer.decoded(Refused.self).error
    #expect(refused.code == 190)
    #expect(refused.type == "OAuthException")
    #expect(!answer.text.contains("YTpi"))
    #expect(listener.messages.isEmpty)
  }

  @Test(arguments: [
    "/", "/messages", "/v21.0/messages", "/v21.0//messages", "/x21/1065/messages", "/v21.0/1065/messages/",
    "/v21.0/1065",
    "/v21.0/1065/media",
  ])
  func refusesOtherPaths(path: String) throws {
    let listener = try Listener()
    let answer = try listener.post(message(), path: path)
    #expect(answer.status == 400)
    #expect(try answer.decoded(Refused.self).error.code == 100)
    #expect(try listener.ask("GET", "/v21.0/1065/messages").status == 400)
    #expect(listener.messages.isEmpty)
  }

  @Test func saysHowItIs() throws {
    let listener = try Listener()
    _ = try listener.post(message())
    let answer = try listener.ask("GET", "/")
    #expect(answer.status == 200)
    #expect(answer.text == #"{"status":"ok","messages":1}"#)
    #expect(try listener.ask("HEAD", "/health").status == 200)
  }

  @Test func endsWhenStopped() throws {
    let listener = try Listener()
    let address = listener.sink.url
    listener.sink.stop()
    listener.sink.stop()
    #expect(throws: TransportError.self) { try request(PlainRequest(address), settings: ConnectionSettings()) }
    // The port is free again.
    let again = try CloudAPISink(port: listener.sink.port) { _ in }
    #expect(again.port == listener.sink.port)
    #expect(throws: SinkError.self) { try CloudAPISink(port: again.port) { _ in } }
    #expect(throws: SinkError.self) { try CloudAPISink(address: "hotel.example") { _ in } }
    #expect(throws: SinkError.self) { try CloudAPISink(port: 70_000) { _ in } }
  }

  /// From several threads at once every message is told exactly once, with an id of its own.
  @Test func losesNone() throws {
    let listener = try Listener()
    let failures = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { sender in
      for number in 0..<25 {
        let answer = try? listener.post(message(to: "3460011\(sender)", context: "wamid.\(sender).\(number)"))
        if answer?.status != 200 { failures.withLock { $0 += 1 } }
      }
    }
    #expect(failures.withLock { $0 } == 0)
    #expect(Set(listener.messages.compactMap(\.contextMessageID)).count == 200)
    #expect(Set(listener.messages.map(\.id)).count == 200)
  }

  @Test func tallies() {
    var tally = MessageTally()
    let rows: [(number: String, to: String, context: String?)] = [
      ("1", "346", "a"), ("1", "346", "a"), ("1", "347", "b"), ("2", "346", "a"), ("1", "347", nil), ("1", "347", nil),
      ("1", "346", "a"),
    ]
    for row in rows {
      tally.add(
        OutboundMessage(
          id: "x", phoneNumberID: row.number, to: row.to, contextMessageID: row.context, arrivedAtNanoseconds: 0))
    }
    #expect(tally.messages == 7)
    #expect(tally.recipients == 2)
    #expect(tally.duplicates == 2)
    #expect(tally.withoutContext == 2)
  }
}

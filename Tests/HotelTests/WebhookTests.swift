// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing
import Transport

@testable import Hotel

@Suite struct WebhookTests {
  @Test(arguments: [
    ("hub.mode=subscribe&hub.verify_token=demo-verify-token&hub.challenge=1158201444", 200),
    ("hub.challenge=1158201444&hub.verify_token=demo-verify-token&hub.mode=subscribe", 200),
    ("hub.mode=subscribe&hub.verify_token=demo-verify-tokem&hub.challenge=1158201444", 403),
    ("hub.mode=subscribe&hub.verify_token=&hub.challenge=1158201444", 403),
    ("hub.mode=unsubscribe&hub.verify_token=demo-verify-token&hub.challenge=1158201444", 403),
    ("hub.mode=subscribe&hub.challenge=1158201444", 403),
    ("hub.mode=subscribe&hub.verify_token=demo-verify-token", 403), ("", 403),
  ])
  func handshakeNeedsTheToken(query: String, status: Int) throws {
    let hotel = try RunningHotel()
    let answer = try hotel.ask("GET", "/webhooks/whatsapp?" + query)
    #expect(answer.status == status)
    // Nor is a token told whose path was spelt in another way.
    #expect(try hotel.ask("GET", "/%77ebhooks/whatsapp?" + query).status == status)
    #expect(!hotel.log.contains("demo-verify-toke"))
    guard status == 200 else { return }
    #expect(answer.text == "1158201444")
    #expect(answer.header(named: "Content-Type") == "text/plain; charset=utf-8")
  }

  @Test func onlyTheRightSignatureIsTaken() throws {
    let hotel = try RunningHotel()
    let body = metaPost(["wamid.A"])
    let right = signature(body)
    func status(_ headers: [String], _ body: String) throws -> Int {
      try hotel.ask("POST", "/webhooks/whatsapp", headers: headers, body: body).status
    }
    #expect(try status([], body) == 401)
    for wrong in [
      signature(body, secret: "demo-app-secres"), signature(body, secret: ""), signature(body + " "),
      String(right.dropLast()), right + "0", right.replacingOccurrences(of: "sha256=", with: ""),
      right.replacingOccurrences(of: "sha256=", with: "sha1="), "X-Hub-Signature-256: sha256=",
      "X-Hub-Signature-256: sha256=" + String(repeating: "z", count: 64),
    ] { #expect(try status([wrong], body) == 401, "\(wrong)") }
    // One changed byte, which parses as well as the other.
    #expect(try status([right], body.replacingOccurrences(of: "wamid.A", with: "wamid.B")) == 401)
    #expect(try hotel.metric(#"whatsapp_messages_received_total{result="new"}"#) == 0)
    #expect(try status([right], body) == 200)
    #expect(try hotel.metric("whatsapp_signatures_refused_total") == 11)
  }

  @Test func secretsComeFromTheEnvironment() throws {
    let api = try CloudAPI()
    let hotel = try RunningHotel(
      ["--cloud-api", api.server.url],
      environment: ["WHATSAPP_APP_SECRET": "a", "WHATSAPP_VERIFY_TOKEN": "b", "WHATSAPP_TOKEN": "c"])
    let handshake = "/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=x&hub.verify_token="
    #expect(try hotel.ask("GET", handshake + "b").status == 200)
    #expect(try hotel.ask("GET", handshake + "demo-verify-token").status == 403)
    let body = metaPost(["a"])
    #expect(try hotel.deliver(body).status == 401)
    let right = signature(body, secret: "a")
    #expect(try hotel.ask("POST", "/webhooks/whatsapp", headers: [right], body: body).status == 200)
    _ = try api.messages(1)
    #expect(api.server.observed.requests.first?.header("Authorization") == "Bearer c")
  }

  @Test func theBytesOnTheWireAreWhatIsSigned() throws {
    let api = try CloudAPI()
    let hotel = try RunningHotel(["--cloud-api", api.server.url])
    // Meta escapes what is not ASCII, and slashes; others send it as it is. Both mean the same text.
    let escaped = metaPost(["wamid.1"], text: #""\u00bfHabitaci\u00f3n libre? \ud83d\ude00 \/""#)
    let raw = metaPost(["wamid.2"], text: #""¿Habitación libre? 😀 /""#)
    for body in [escaped, raw] {
      #expect(try hotel.deliver(body).decoded(Receipt.self) == Receipt(new: 1, duplicates: 0))
    }
    #expect(try hotel.ask("POST", "/webhooks/whatsapp", headers: [signature(escaped)], body: raw).status == 401)
    let replies = try api.messages(2)
    #expect(Set(replies.map(\.context.messageId)) == ["wamid.1", "wamid.2"])
    #expect(replies.allSatisfy { $0.text.body.hasPrefix("Free tonight") })
  }

  @Test func aMessageCountsOncePerNumberOfTheHotel() throws {
    let api = try CloudAPI()
    let hotel = try RunningHotel(["--cloud-api", api.server.url])
    #expect(try hotel.deliver(metaPost(["a", "b"])).decoded(Receipt.self) == Receipt(new: 2, duplicates: 0))
    for _ in 0..<3 {
      #expect(try hotel.deliver(metaPost(["a", "b"])).decoded(Receipt.self) == Receipt(new: 0, duplicates: 2))
    }
    #expect(try hotel.deliver(metaPost(["b", "c", "c"])).decoded(Receipt.self) == Receipt(new: 1, duplicates: 2))
    let other = metaPost(["a"], phoneNumberID: "2")
    #expect(try hotel.deliver(other).decoded(Receipt.self) == Receipt(new: 1, duplicates: 0))
    #expect(try api.messages(4).map(\.context.messageId).sorted() == ["a", "a", "b", "c"])
    #expect(try hotel.metric("outbox_depth", becomes: 0))
    #expect(try hotel.metric("messages_processed_total") == 4)
    #expect(try hotel.metric(#"whatsapp_messages_sent_total{result="accepted"}"#) == 4)
    #expect(try api.messages.count == 4)
    let paths = api.server.observed.requestsByPath
    #expect(paths == ["/v21.0/106540352242922/messages": 3, "/v21.0/2/messages": 1])
  }

  @Test func theSamePostAtTheSameTimeHasOneEffect() throws { try expectOneEffect([]) }

  @Test func anotherTenantsMessageIsAnotherMessage() throws {
    let hotel = try RunningHotel()
    let body = metaPost(["a"])
    for tenant in ["north", "south"] {
      let answer = try hotel.ask(
        "POST", "/webhooks/whatsapp", headers: [signature(body), "X-Tenant: \(tenant)"], body: body)
      #expect(try answer.decoded(Receipt.self) == Receipt(new: 1, duplicates: 0))
    }
  }

  @Test func severalEntriesChangesAndKindsComeInOnePost() throws {
    let api = try CloudAPI()
    let hotel = try RunningHotel(["--cloud-api", api.server.url])
    let image =
      #"{"from":"34600111222","id":"i","timestamp":"1","type":"image","image":{"id":"9","mime_type":"image/jpeg"}}"#
    let reaction = #"{"from":"34600111222","id":"r","timestamp":"1","type":"reaction","reaction":{"emoji":"x"}}"#
    let text = #"{"from":"34600333444","id":"t","timestamp":"1","type":"text","text":{"body":"how much?"}}"#
    let statuses = """
      {"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"1",\
      "phone_number_id":"2"},"statuses":[{"id":"wamid.9","status":"delivered","timestamp":"1","recipient_id":"34"}]}}
      """
    let foreign = #"{"field":"message_template_status_update","value":{"event":"APPROVED"}}"#
    let changes = [metaChange([image, reaction]), statuses, foreign, metaChange([text])]
    let answer = try hotel.deliver(metaPost(changes: changes))
    #expect(try answer.decoded(Receipt.self) == Receipt(new: 3, duplicates: 0))
    let replies = try api.messages(2).sorted { $0.context.messageId < $1.context.messageId }
    #expect(replies.map(\.context.messageId) == ["i", "t"])
    #expect(replies.first?.text.body.contains("only text") == true)
    #expect(replies.last?.text.body.hasPrefix("A night costs") == true)
    #expect(replies.map(\.to) == ["34600111222", "34600333444"])
    #expect(try hotel.deliver(metaPost(changes: [statuses])).decoded(Receipt.self) == Receipt(new: 0, duplicates: 0))
  }

  @Test(arguments: [
    ("", 400), ("{", 400), ("[]", 422), ("null", 422), ("{}", 422), (#"{"object":"page","entry":[]}"#, 422),
    (#"{"object":"whatsapp_business_account"}"#, 422), (#"{"object":"whatsapp_business_account","entry":[]}"#, 200),
    (#"{"object":"whatsapp_business_account","entry":[{"id":"1"}]}"#, 422),
    (metaPost(changes: [#"{"field":"messages"}"#]), 422),
    (metaPost(changes: [#"{"field":"messages","value":{"messages":[]}}"#]), 422),
    (metaPost([#"\u0000"#]), 422), (metaPost([""]), 422), (metaPost(["a"], guest: "../x"), 422),
    (metaPost(["a"], phoneNumberID: "1/../2"), 422), (metaPost(["a"], phoneNumberID: ""), 422),
    (metaPost(messages: [#"{"from":"1","id":"x","type":"text"}"#]), 422),
    (metaPost(["ok", #"b\u0000"#]), 422), (String(repeating: "[", count: 40_000), 400),
  ])
  func whatIsNotMetasShapeIsRefusedWhole(body: String, status: Int) throws {
    let hotel = try RunningHotel()
    #expect(try hotel.deliver(body).status == status)
    #expect(try hotel.metric("outbox_depth") == 0)
  }

  @Test func aPostMayBeLargerThanOtherBodies() throws {
    let hotel = try RunningHotel()
    let count = 2_000
    let large = metaPost((0..<count).map { "wamid.HBgLMzQ2MDAxMTEyMjIVAgASGBQzQUU\($0)" })
    #expect(large.utf8.count > 200_000)
    #expect(try hotel.deliver(large).decoded(Receipt.self) == Receipt(new: count, duplicates: 0))
    #expect(try hotel.deliver(String(repeating: " ", count: 3 << 20) + large).status == 413)
  }

  @Test func intentsAreTold() {
    let texts: [(String, Intent)] = [
      ("¿Tienen habitación libre?", .availability), ("HABITACIO\u{301}N", .availability), ("any rooms?", .availability),
      ("How much is a room?", .price), ("¿Cuánto cuesta?", .price), ("¡Hola!", .greeting), ("hi", .greeting),
      ("thanks", .other), ("", .other), ("مرحبا", .other), ("😀", .other), ("hire", .other),
    ]
    for (text, intent) in texts { #expect(Intent(text: text) == intent, "\(text)") }
  }

  @Test func thePublishedExampleOfASignatureIsRight() {
    // RFC 4231, test case 2.
    let digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    let body = Array("what do ya want for nothing?".utf8)
    #expect(Signature(secret: "Jefe").isRight("sha256=" + digest, body: body))
    #expect(
      !Signature(secret: "Jefe").isRight("sha256=" + digest.replacingOccurrences(of: "5bdc", with: "5bdd"), body: body))
  }
}

/// Posts that come several times at once, the messages in one order and the other, are taken once each.
func expectOneEffect(_ flags: [String]) throws {
  let hotel = try RunningHotel(flags)
  let bodies = (0..<5).flatMap { [metaPost(["m\($0)", "n\($0)"]), metaPost(["n\($0)", "m\($0)"])] }
  let statuses = atOnce(40) { [url = hotel.url] index in
    let body = bodies[index % bodies.count]
    return try ask(url, "POST", "/webhooks/whatsapp", headers: [signature(body)], body: body).status
  }
  #expect(statuses == Array(repeating: 200, count: 40))
  #expect(try hotel.metric(#"whatsapp_messages_received_total{result="new"}"#) == 10)
  #expect(try hotel.metric(#"whatsapp_messages_received_total{result="duplicate"}"#) == 70)
  #expect(try hotel.metric("outbox_depth") == 10)
}

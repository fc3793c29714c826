// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

private struct ChatBody: Decodable {
  var message: String
  var session: String?
}

/// Questions of guests by way of the hotel's own page.
func chatRoutes(_ concierge: Concierge, metrics: Metrics) -> [Route] {
  let sessions = Counter("sessions_created_total", "Chats begun.")
  metrics.include { sessions.text }
  return [
    Route(
      method: "POST", path: "/chat", operation: "chat",
      about: "Answers a guest's question. Free rooms and prices are asked of the property management system; when it"
        + " gives no answer in time, a general text with fallback true is the answer.",
      parameters: [tenantParameter], body: schema("Question"),
      answers: [
        .init(status: 200, about: "What the guest is told.", schema: schema("ChatReply")),
        Route.problem(415, "The body is not JSON."), Route.problem(422, "A value is out of range."),
      ]
    ) { request, exchange in
      if let type = request.header("Content-Type"), !isJSON(type) {
        return exchange.send(.problem(415, "the body must be application/json"))
      }
      let body: ChatBody
      do {
        body = try JSONDecoder().decode(ChatBody.self, from: Data(request.body))
      } catch {
        return exchange.send(refusal(error))
      }
      guard (1...1_000).contains(body.message.unicodeScalars.count) else {
        return exchange.send(.problem(422, "message must have 1 to 1000 characters"))
      }
      if let session = body.session {
        guard (1...64).contains(session.utf8.count), session.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
          return exchange.send(.problem(422, "session must have 1 to 64 visible ASCII characters"))
        }
      } else {
        sessions.add()
      }
      let session = body.session ?? randomHex(bytes: 16)
      let intent = Intent(text: body.message)
      concierge.answer(intent, tenant: request.tenant, traceID: request.traceID) { reply in
        var members: [(name: String, value: JSONText)] = [
          (name: "session", value: .text(session)), (name: "intent", value: .text(intent.rawValue)),
          (name: "reply", value: .text(reply.text)),
        ]
        if reply.isFallback { members.append((name: "fallback", value: true)) }
        exchange.send(.json(200, .record(members)))
      }
    }
  ]
}

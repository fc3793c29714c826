// SPDX-License-Identifier: Apache-2.0

/// What Meta and the hotel agreed on when the app was set up.
struct WebhookSecrets: Sendable {
  var signature: Signature
  var verifyToken: String
  /// Misbehaviour: any signature is taken, none too.
  var acceptsForged = false
}

private let path = "/webhooks/whatsapp"

/// The webhook of WhatsApp: the handshake of its setup, and the posts that bring messages.
func webhookRoutes(_ messages: Messages, secrets: WebhookSecrets, metrics: Metrics) -> [Route] {
  let received = Counter(
    "whatsapp_messages_received_total", "Messages that the webhook took, by novelty.", label: "result",
    values: ["new", "duplicate"])
  let refused = Counter("whatsapp_signatures_refused_total", "Posts whose signature was missing or wrong.")
  metrics.include { received.text + refused.text }
  return [
    Route(
      method: "GET", path: path, operation: "verifyWebhook",
      about: "The handshake of Meta's app setup: answers with the challenge when the token is right.",
      parameters: [
        .init(place: .query, name: "hub.mode", about: "subscribe", schema: ["type": "string", "enum": ["subscribe"]]),
        .init(place: .query, name: "hub.verify_token", about: "Agreed on beforehand.", schema: ["type": "string"]),
        .init(
          place: .query, name: "hub.challenge", about: "Comes back as the answer.",
          schema: ["type": "string", "minLength": 1]),
      ],
      answers: [
        .init(status: 200, about: "The challenge.", contentType: "text/plain", schema: ["type": "string"]),
        Route.problem(403, "The mode or the token is wrong."),
      ]
    ) { request, exchange in
      guard request.query("hub.mode") == "subscribe", let challenge = request.query("hub.challenge"),
        !challenge.isEmpty, isSameSecret(request.query("hub.verify_token") ?? "", secrets.verifyToken)
      else { return exchange.send(.problem(403, "hub.mode, hub.challenge or hub.verify_token is not right")) }
      exchange.send(Answer(status: 200, contentType: "text/plain; charset=utf-8", body: Array(challenge.utf8)))
    },
    Route(
      method: "POST", path: path, operation: "receiveWebhook",
      about: "Takes messages of guests, signed by Meta. A message that comes again has no second effect.",
      parameters: [
        .init(
          place: .header, name: "X-Hub-Signature-256", about: "sha256= and the HMAC-SHA256 of the bytes of the body.",
          schema: ["type": "string", "pattern": "^sha256=[0-9a-f]{64}$"]),
        tenantParameter,
      ],
      body: schema("MetaPost"),
      answers: [
        .init(status: 200, about: "All messages are kept, and their replies to come.", schema: schema("Accepted")),
        Route.problem(401, "The signature is missing or wrong."),
        Route.problem(422, "Not the shape of Meta's posts."),
      ], bodyLimitBytes: 3 << 20
    ) { request, exchange in
      let isSigned = secrets.signature.isRight(request.header("X-Hub-Signature-256"), body: request.body)
      guard isSigned || secrets.acceptsForged else {
        refused.add()
        return exchange.send(.problem(401, "X-Hub-Signature-256 is missing or not that of this body"))
      }
      let posted: [InboundMessage]
      switch parseMetaPost(request.body) {
      case .refused(let answer): return exchange.send(answer)
      case .messages(let parsed): posted = parsed
      }
      messages.accept(
        posted, tenant: request.tenant, traceID: request.traceID, begunNanoseconds: exchange.begunNanoseconds
      ) { result in
        switch result {
        case .failure(let error): exchange.send(.unavailable("database: \(error.message)"))
        case .success(let receipt):
          received.add(receipt.new, to: "new")
          received.add(receipt.duplicates, to: "duplicate")
          exchange.send(
            .json(
              200,
              [
                "status": "accepted", "new": .number(receipt.new), "duplicates": .number(receipt.duplicates),
              ]))
        }
      }
    },
  ]
}

// SPDX-License-Identifier: Apache-2.0
import JSON

/// When a message that was delivered is delivered again, with the same bytes, as webhooks do: those of Meta when the
/// receiver did not answer well, and now and then although it did.
package struct RedeliverRule: Sendable, Equatable {
  /// The probability that a message is sent once more although its delivery was accepted.
  package var share: Double
  /// Statuses after which it is always sent again; with `isInverted` all others.
  package var statuses: [ClosedRange<Int>] = []
  package var isInverted = false
  /// Whether no answer at all has it sent again.
  package var onTransportFailure = false
  /// Before each redelivery; as many are made at most.
  package var waitsNanoseconds: [Int64]

  /// Whether this journey's message is to be sent once more though it was accepted.
  package func drawsRepeat(_ journey: Journey) -> Bool { share > 0 && journey.drawFraction() < share }

  /// Whether an answer with this status has the message sent again, however it was judged.
  package func applies(toStatus status: Int) -> Bool {
    statuses.contains { $0.contains(status) } != isInverted
  }
}

/// A reply that is awaited, and how the message is known to which it belongs.
package struct ReplyRule: Sendable {
  /// The journey waits so long; what comes later is late.
  package var withinNanoseconds: Int64
  var message: Template?
  var guest: Template?

  static let messagePath = "$.entry[0].changes[0].value.messages[0].id"
  static let guestPath = "$.entry[0].changes[0].value.messages[0].from"
  /// Message id and guest, where Meta's webhooks have them.
  private static let paths = JSONPaths([messagePath, guestPath].compactMap { try? JSONPath($0) })

  /// The id of the message in `body`, and the guest's number if there is one.
  package func identity(of body: [UInt8], journey: Journey) throws(RenderError) -> (message: String, guest: String?) {
    var texts: [String?] = [nil, nil]
    if message == nil || guest == nil, (try? journey.matches.scan(body.span, Self.paths)) != nil {
      for path in texts.indices {
        texts[path] = journey.matches.first(of: path).map { $0.string(in: body.span) }
      }
    }
    if let message { texts[0] = try text(message, journey) }
    if let guest { texts[1] = try text(guest, journey) }
    guard let id = texts[0], !id.isEmpty else { throw RenderError.noMessageID }
    return (id, texts[1].flatMap { $0.isEmpty ? nil : $0 })
  }

  private func text(_ template: Template, _ journey: Journey) throws(RenderError) -> String {
    var bytes: [UInt8] = []
    try journey.write(template, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  func collectSlots(into slots: inout Set<Int>) {
    message?.collectSlots(into: &slots)
    guest?.collectSlots(into: &slots)
  }
}

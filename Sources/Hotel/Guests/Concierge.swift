// SPDX-License-Identifier: Apache-2.0

/// Finds the words to answer a guest with, in chat and on WhatsApp alike.
final class Concierge: Sendable {
  struct Reply: Sendable {
    var text: String
    /// The property management system gave no answer, so the text is a general one.
    var isFallback = false
  }

  /// What is said when the property management system cannot be asked.
  static let fallbackText =
    "I cannot look that up right now. Our reception will get back to you; rooms start at 60.00 EUR a night."

  private let pms: PMSClient?
  private let ownRates: @Sendable (_ tenant: String) -> [RoomRate]?

  /// `ownRates` is asked where there is no `pms`; it may block as a read of the database does.
  init(pms: PMSClient?, ownRates: @escaping @Sendable (_ tenant: String) -> [RoomRate]?) {
    self.pms = pms
    self.ownRates = ownRates
  }

  /// `done` is called once, maybe before this returns, on any thread, and must not block.
  func answer(_ intent: Intent, tenant: String, traceID: String, done: @escaping @Sendable (Reply) -> Void) {
    switch intent {
    case .greeting: done(Reply(text: "Hello! Ask me for free rooms or for prices."))
    case .other: done(Reply(text: "I can tell you about free rooms and prices. What would you like to know?"))
    case .media: done(Reply(text: "I can read only text messages. Please write what you would like to know."))
    case .availability, .price:
      let tell: @Sendable ([RoomRate]?) -> Void = { rates in
        done(rates.map { Reply(text: Self.text(intent, $0)) } ?? Reply(text: Self.fallbackText, isFallback: true))
      }
      guard let pms else { return tell(ownRates(tenant)) }
      pms.rates(traceID: traceID, done: tell)
    }
  }

  private static func text(_ intent: Intent, _ rates: [RoomRate]) -> String {
    if intent == .price {
      let prices = rates.map { "\($0.type) \(euros($0.priceCents)) EUR" }
      return "A night costs: " + prices.joined(separator: ", ") + "."
    }
    let free = rates.filter { $0.free > 0 }
    if free.isEmpty { return "We are fully booked tonight." }
    return "Free tonight: " + free.map { "\($0.free) \($0.type)" }.joined(separator: ", ") + "."
  }

  private static func euros(_ cents: Int) -> String {
    let rest = String(cents % 100)
    return "\(cents / 100)." + String(repeating: "0", count: 2 - rest.utf8.count) + rest
  }
}

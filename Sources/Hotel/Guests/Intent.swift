// SPDX-License-Identifier: Apache-2.0

/// What a guest wants to know. Told by words, in English and Spanish: enough for a stand-in.
enum Intent: String, Sendable, CaseIterable {
  case availability, price, greeting, other
  /// No text at all: a picture, a voice message, a place.
  case media

  /// What a guest may mean by a text; `media` is no text.
  static let ofTexts: [Intent] = [.availability, .price, .greeting, .other]

  init(text: String) {
    let words = Set(
      text.lowercased().split { !$0.isLetter && !$0.isNumber }.map { word in
        String(word.map { Self.plain[$0] ?? $0 })
      })
    if !words.isDisjoint(with: Self.priceWords) {
      self = .price
    } else if !words.isDisjoint(with: Self.availabilityWords) {
      self = .availability
    } else if !words.isDisjoint(with: Self.greetingWords) {
      self = .greeting
    } else {
      self = .other
    }
  }

  private static let plain: [Character: Character] = ["á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ü": "u"]
  private static let priceWords: Set = [
    "price", "prices", "rate", "rates", "cost", "costs", "much", "precio", "precios", "cuesta", "cuanto", "tarifa",
    "tarifas",
  ]
  private static let availabilityWords: Set = [
    "available", "availability", "room", "rooms", "free", "vacancy", "book", "booking", "reserve", "disponible",
    "disponibilidad", "habitacion", "habitaciones", "libre", "libres", "reservar", "reserva",
  ]
  private static let greetingWords: Set = [
    "hello", "hi", "hey", "morning", "evening", "hola", "buenas", "buenos", "saludos",
  ]
}

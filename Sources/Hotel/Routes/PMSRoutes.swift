// SPDX-License-Identifier: Apache-2.0

/// What the stand-in of the property management system serves: fixed room types, and rates with free rooms.
func pmsRoutes() -> [Route] {
  [
    Route(
      method: "GET", path: "/api/v1/room-types", operation: "roomTypes", about: "The kinds of rooms.",
      answers: [.init(status: 200, about: "All of them.", schema: schema("RoomTypes"))]
    ) { _, exchange in
      exchange.send(
        .json(
          200,
          ["room_types": .list(roomTypes.map { ["type": .text($0.type), "beds": .number($0.beds)] })]))
    },
    Route(
      method: "GET", path: "/api/v1/rates", operation: "rates", about: "Tonight's rates and how many rooms are free.",
      answers: [.init(status: 200, about: "One for each room type.", schema: schema("Rates"))]
    ) { _, exchange in
      exchange.send(
        .json(
          200,
          [
            "currency": "EUR", "day": .text(Day.today.text),
            "room_types": .list(
              roomTypes.map {
                ["type": .text($0.type), "price_cents": .number($0.priceCents), "free": .number($0.free)]
              }),
          ]))
    },
    Route(
      method: "GET", path: "/health/live", operation: "healthLive", about: "Whether the process answers.",
      answers: [.init(status: 200, about: "It does.", schema: schema("Health"))]
    ) { _, exchange in exchange.send(.json(200, ["status": "alive"])) },
  ]
}

private let roomTypes: [(type: String, beds: Int, priceCents: Int, free: Int)] = [
  ("single", 1, 6_500, 12), ("double", 2, 9_500, 31), ("twin", 2, 9_000, 17), ("suite", 2, 18_000, 3),
]

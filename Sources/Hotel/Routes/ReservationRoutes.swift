// SPDX-License-Identifier: Apache-2.0

private let path = "/api/v1/reservations"
let tenantParameter = Route.Parameter(
  place: .header, name: "X-Tenant", about: "Whose rooms are meant; main when it is left out.", isRequired: false,
  schema: ["type": "string", "pattern": "^[a-z0-9-]{1,40}$"])
private let notFound = Route.problem(404, "There is no such reservation, or it was cancelled.")

/// Search, book, read, find by key, cancel.
func reservationRoutes(_ reservations: Reservations, metrics: Metrics, forgetsCancel: Bool = false) -> [Route] {
  let counter = Counter(
    "reservations_total", "Reservations booked, cancelled, and refused as sold out.", label: "status",
    values: ["booked", "cancelled", "sold_out"])
  metrics.include { counter.text }
  return [
    Route(
      method: "GET", path: "/api/v1/availability", operation: "availability",
      about: "Rooms free for the nights from a day on; some of them, beginning anywhere.",
      parameters: [
        .init(place: .query, name: "checkin", about: "First night.", schema: ["type": "string", "format": "date"]),
        .init(place: .query, name: "nights", about: "How many nights.", isRequired: false, schema: nightsSchema),
        tenantParameter,
      ],
      answers: [
        .init(status: 200, about: "Free rooms, maybe none.", schema: schema("Availability")),
        Route.problem(422, "A value is out of range."),
      ]
    ) { request, exchange in exchange.send(availability(request, reservations)) },
    Route(
      method: "POST", path: path, operation: "book",
      about: "Books a room. Sent again with the same key, it answers with the same reservation.",
      parameters: [
        .init(
          place: .header, name: "Idempotency-Key", about: "Chosen by the client, once per wish.",
          schema: ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"]),
        tenantParameter,
      ],
      body: schema("Order"),
      answers: [
        .init(status: 201, about: "Booked, now or by an earlier request.", schema: schema("Reservation")),
        Route.problem(409, "Sold out, or the key's reservation was cancelled."),
        Route.problem(415, "The body is not JSON."),
        Route.problem(422, "A value is out of range, or the key was used for another order."),
      ]
    ) { request, exchange in book(request, exchange, reservations, counter) },
    Route(
      method: "GET", path: path, operation: "findReservations", about: "Finds what an idempotency key booked.",
      parameters: [
        .init(place: .query, name: "key", about: "The key.", schema: ["type": "string", "minLength": 1]),
        tenantParameter,
      ],
      answers: [.init(status: 200, about: "None or one.", schema: schema("ReservationList"))]
    ) { request, exchange in
      guard let key = request.query("key"), !key.isEmpty else {
        return exchange.send(.problem(400, "the query needs key=..."))
      }
      exchange.send(
        answering { () throws(DatabaseError) in
          .json(200, ["reservations": .list(try reservations.reservations(tenant: request.tenant, key: key).map(json))])
        })
    },
    Route(
      method: "GET", path: path + "/{id}", operation: "readReservation", about: "Reads a reservation.",
      parameters: [tenantParameter],
      answers: [.init(status: 200, about: "The reservation.", schema: schema("Reservation")), notFound]
    ) { request, exchange in
      exchange.send(
        answering { () throws(DatabaseError) in
          guard let found = try reservations.reservation(tenant: request.tenant, id: request.pathValues["id"] ?? "")
          else {
            return .problem(404, "no such reservation")
          }
          return .json(200, json(found))
        })
    },
    Route(
      method: "DELETE", path: path + "/{id}", operation: "cancelReservation", about: "Cancels a reservation.",
      parameters: [tenantParameter],
      answers: [.init(status: 204, about: "Cancelled.", contentType: nil), notFound]
    ) { request, exchange in
      if forgetsCancel {
        return exchange.send(
          answering { () throws(DatabaseError) in
            let found = try reservations.reservation(tenant: request.tenant, id: request.pathValues["id"] ?? "")
            return found == nil ? .problem(404, "no such reservation") : .empty(204)
          })
      }
      reservations.cancel(tenant: request.tenant, id: request.pathValues["id"] ?? "") { result in
        switch result {
        case .success(true):
          counter.add(to: "cancelled")
          exchange.send(.empty(204))
        case .success(false): exchange.send(.problem(404, "no such reservation"))
        case .failure(let error): exchange.send(.unavailable("database: \(error.message)"))
        }
      }
    },
  ]
}

/// The answer, or 503 when the database fails.
private func answering(_ make: () throws(DatabaseError) -> Answer) -> Answer {
  do throws(DatabaseError) {
    return try make()
  } catch {
    return .unavailable("database: \(error.message)")
  }
}

/// Most rooms one availability answer lists.
private let listedRooms = 20

private func availability(_ request: Request, _ reservations: Reservations) -> Answer {
  guard let text = request.query("checkin") else { return .problem(400, "the query needs checkin=YYYY-MM-DD") }
  guard let checkin = Day(text), isBookable(checkin) else {
    return .problem(422, "checkin is no day of the next two years")
  }
  guard let nights = Int(request.query("nights") ?? "1"), nightsRange.contains(nights) else {
    return .problem(422, "nights is a number from 1 to 30")
  }
  return answering { () throws(DatabaseError) in
    let free = try reservations.free(tenant: request.tenant, checkin: checkin, nights: nights)
    // From any place on, so that guests who search at the same time do not all want the same room.
    let start = free.isEmpty ? 0 : Int.random(in: 0..<free.count)
    let listed = (0..<min(listedRooms, free.count)).map { free[(start + $0) % free.count] }
    return .json(
      200,
      [
        "checkin": .text(checkin.text), "nights": .number(nights), "available": .number(free.count),
        "rooms": .list(
          listed.map { room in
            [
              "id": .text(offer(room: room, checkin: checkin)), "room": .text(String(room)),
              "type": .text(roomType(room)), "price_cents": .number(nights * nightCents(room)),
              "currency": "EUR",
            ]
          }),
      ])
  }
}

private func book(_ request: Request, _ exchange: Exchange, _ reservations: Reservations, _ counter: Counter) {
  let order: Order
  switch parseOrder(request, rooms: reservations.rooms) {
  case .refused(let answer): return exchange.send(answer)
  case .order(let parsed): order = parsed
  }
  reservations.book(order) { outcome in
    switch outcome {
    case .booked(let reservation):
      counter.add(to: "booked")
      exchange.send(created(reservation))
    case .repeated(let reservation): exchange.send(created(reservation).with("Idempotent-Replayed", "true"))
    case .otherOrder: exchange.send(.problem(422, "the idempotency key was used for another order"))
    case .cancelled: exchange.send(.problem(409, "what this key booked has been cancelled"))
    case .soldOut:
      counter.add(to: "sold_out")
      exchange.send(.problem(409, "sold out"))
    case .failed(let error): exchange.send(.unavailable("database: \(error.message)"))
    }
  }
}

private func created(_ reservation: Reservation) -> Answer {
  .json(201, json(reservation)).with("Location", path + "/" + reservation.id)
}

private func json(_ reservation: Reservation) -> JSONText {
  let order = reservation.order
  return [
    "id": .text(reservation.id), "room": .text(String(order.room)), "guest": .text(order.guest),
    "checkin": .text(order.checkin.text), "checkout": .text(Day(number: order.stay.upperBound).text),
    "nights": .number(order.nights), "status": "confirmed",
    "created_at": .text(utcText(seconds: reservation.created, milliseconds: 0)),
  ]
}

/// What a room costs a night.
func nightCents(_ room: Int) -> Int { 6_000 + room % 5 * 1_500 }

func roomType(_ room: Int) -> String { ["suite", "single", "double", "double", "twin"][room % 5] }

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Transport

@Suite struct ReservationTests {
  @Test func aGuestSearchesBooksReadsAndCancels() throws {
    let hotel = try RunningHotel()
    let found = try hotel.ask("GET", "/api/v1/availability?checkin=\(day(30))&nights=2").decoded(Available.self)
    #expect(found.available == 1_000)
    #expect(found.rooms.count == 20)
    let room = try #require(found.rooms.first)
    let answer = try hotel.book(key: "k", room: room.id, guest: "Ana", checkin: nil, nights: 2)
    #expect(answer.status == 201)
    let booked = try answer.decoded(Booked.self)
    #expect(booked.room == room.room && booked.guest == "Ana" && booked.checkin == day(30))
    #expect(booked.checkout == day(32) && booked.nights == 2)
    #expect(answer.header(named: "Location") == "/api/v1/reservations/\(booked.id)")
    let place = "/api/v1/reservations/\(booked.id)"
    #expect(try hotel.ask("GET", place).decoded(Booked.self) == booked)
    #expect(try hotel.ask("GET", "/api/v1/reservations?key=k").decoded(BookedList.self).reservations == [booked])
    let after = try hotel.ask("GET", "/api/v1/availability?checkin=\(day(31))").decoded(Available.self)
    #expect(after.available == 999)
    #expect(try hotel.ask("DELETE", place).status == 204)
    #expect(try hotel.ask("DELETE", place).status == 404)
    #expect(try hotel.ask("GET", place).status == 404)
    #expect(try hotel.ask("GET", "/api/v1/reservations?key=k").decoded(BookedList.self).reservations.isEmpty)
    #expect(try hotel.book(key: "k", room: room.id, guest: "Ana", checkin: nil, nights: 2).status == 409)
    #expect(try hotel.book(room: room.id, checkin: nil, nights: 2).status == 201)
  }

  @Test func oneKeyIsOneBooking() throws {
    let hotel = try RunningHotel()
    let first = try hotel.book(key: "k", room: "3")
    let second = try hotel.book(key: "k", room: "3")
    #expect(first.status == 201 && second.status == 201)
    #expect(first.header(named: "Idempotent-Replayed") == nil)
    #expect(second.header(named: "Idempotent-Replayed") == "true")
    #expect(try first.decoded(Booked.self) == second.decoded(Booked.self))
    #expect(try hotel.book(key: "k", room: "4").status == 422)
    #expect(try hotel.book(key: "k", room: "3", guest: "Eva").status == 422)
    #expect(try hotel.book(key: "k", room: "3", nights: 2).status == 422)
    #expect(try hotel.ask("GET", "/api/v1/reservations?key=k").decoded(BookedList.self).reservations.count == 1)
  }

  @Test func staysThatTouchDoNotCollideAndThoseThatOverlapDo() throws {
    let hotel = try RunningHotel()
    #expect(try hotel.book(room: "1", checkin: day(10), nights: 3).status == 201)
    #expect(try hotel.book(room: "1", checkin: day(13), nights: 1).status == 201)
    #expect(try hotel.book(room: "1", checkin: day(8), nights: 2).status == 201)
    #expect(try hotel.book(room: "1", checkin: day(12), nights: 1).status == 409)
    #expect(try hotel.book(room: "1", checkin: day(5), nights: 30).status == 409)
    #expect(try hotel.book(room: "2", checkin: day(5), nights: 30).status == 201)
    // What was refused has left nothing behind.
    #expect(try hotel.book(room: "1", checkin: day(5), nights: 3).status == 201)
  }

  @Test func fiftyWantTheLastRoomAndOneGetsIt() throws {
    try expectOneOfFifty(RunningHotel(["--rooms", "1"]))
  }

  @Test func fiftyRepetitionsOfOneOrderAreOneBooking() throws {
    let hotel = try RunningHotel()
    let ids = atOnce(50) { [url = hotel.url] _ in
      try ask(
        url, "POST", "/api/v1/reservations", headers: ["Idempotency-Key: same"],
        body: #"{"room": "1-\#(day(30))", "guest": "Ana", "nights": 2}"#
      ).decoded(Booked.self).id
    }
    #expect(ids.count == 50 && Set(ids).count == 1)
  }

  @Test func whatWasAcknowledgedSurvivesSIGKILL() throws { try expectDurable([]) }

  @Test(arguments: [
    "O'Brien; DROP TABLE reservations;--", "<script>alert(1)</script>", "Zoë 🛎️ \u{202e}abc", "名前", "a\"b\\c/\u{8}\n\t",
    "e\u{301} and \u{e9}", "%s%n%x", "{{ secret('X') }}", String(repeating: "ß", count: 200),
  ])
  func hostileNamesComeBackUnharmed(name: String) throws {
    let hotel = try RunningHotel()
    let answer = try hotel.book(guest: name)
    #expect(answer.status == 201)
    let booked = try answer.decoded(Booked.self)
    let read = try hotel.ask("GET", "/api/v1/reservations/\(booked.id)").decoded(Booked.self)
    #expect(Array(read.guest.utf8) == Array(name.utf8))
  }

  @Test(
    arguments: [
      (400, "", "k"), (400, "{", "k"), (400, "\u{0}", "k"), (422, "[]", "k"), (422, "{}", "k"), (422, "null", "k"),
      (400, String(repeating: "[", count: 20_000), "k"), (400, #"{"room": "1-DAY", "guest": "A", "nights": 1}"#, ""),
      (422, #"{"room": 1, "guest": "A", "nights": 1}"#, "k"),
      (422, #"{"room": "1-DAY", "guest": "A", "nights": 0}"#, "k"),
      (422, #"{"room": "1-DAY", "guest": "A", "nights": 31}"#, "k"),
      (422, #"{"room": "1-DAY", "guest": "A", "nights": 1.5}"#, "k"),
      (422, #"{"room": "1-DAY", "guest": "A", "nights": 1e99}"#, "k"),
      (422, #"{"room": "1-DAY", "guest": " \n ", "nights": 1}"#, "k"),
      (422, #"{"room": "1-DAY", "guest": "A\u0000B", "nights": 1}"#, "k"),
      (422, #"{"room": "1", "guest": "A", "nights": 1}"#, "k"),
      (422, #"{"room": "1-2026-02-30", "guest": "A", "nights": 1}"#, "k"),
      (422, #"{"room": "0-DAY", "guest": "A", "nights": 1}"#, "k"),
      (422, #"{"room": "-1", "guest": "A", "nights": 1}"#, "k"),
      (422, #"{"room": "99999999999999999999-DAY", "guest": "A", "nights": 1}"#, "k"),
      (422, #"{"room": "1-2001-01-01", "guest": "A", "nights": 1}"#, "k"),
      (422, #"{"room": "", "guest": "A", "nights": 1}"#, "k"),
      (422, #"{"room": "1-DAY", "guest": "A", "nights": 1, "checkin": "2027-01-01"}"#, "k"),
      (400, #"{"room": "1-DAY", "guest": "A", "nights": 1}"#, String(repeating: "k", count: 256)),
    ])
  func badOrdersAreRefused(status: Int, body: String, key: String) throws {
    let hotel = try RunningHotel()
    let answer = try hotel.ask(
      "POST", "/api/v1/reservations", headers: key.isEmpty ? [] : ["Idempotency-Key: \(key)"],
      body: body.replacingOccurrences(of: "DAY", with: day(30)))
    #expect(answer.status == status, "\(answer.text)")
    #expect(answer.header(named: "Content-Type") == "application/problem+json")
  }

  @Test(arguments: [
    (400, "/api/v1/availability"), (422, "/api/v1/availability?checkin=tomorrow"),
    (422, "/api/v1/availability?checkin=0000-00-00"), (422, "/api/v1/availability?checkin=2001-01-01"),
    (422, "/api/v1/availability?checkin=DAY&nights=-1"), (422, "/api/v1/availability?checkin=DAY&nights=x"),
    (400, "/api/v1/reservations"), (400, "/api/v1/reservations?key="), (404, "/api/v1/reservations/'OR 1=1"),
  ])
  func badQueriesAreRefused(status: Int, path: String) throws {
    let path = path.replacingOccurrences(of: "DAY", with: day(30)).replacingOccurrences(of: " ", with: "%20")
    #expect(try RunningHotel().ask("GET", path).status == status)
  }

  @Test func aLostWriteIsAcknowledgedAndNotThere() throws {
    let hotel = try RunningHotel(["--lose-one-of", "2"])
    for (room, kept) in [("1", 1), ("2", 0), ("3", 1), ("4", 0)] {
      #expect(try hotel.book(key: room, room: room).status == 201)
      let found = try hotel.ask("GET", "/api/v1/reservations?key=\(room)").decoded(BookedList.self)
      #expect(found.reservations.count == kept)
    }
  }
}

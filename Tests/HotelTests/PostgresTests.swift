// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestDatabases
import Testing
import Transport

@testable import Hotel

@Suite(.enabled(if: TestPostgres.isInstalled, "PostgreSQL is not installed"))
struct PostgresTests {
  @Test func aGuestBooksReadsAndCancels() throws {
    let postgres = try TestPostgres()
    let hotel = try RunningHotel(["--database", postgres.url])
    let name = "O'Brien; DROP TABLE reservations;-- Zoë 🛎️ ? $1"
    let first = try hotel.book(key: "k", room: "3", guest: name, nights: 30)
    #expect(first.status == 201)
    let booked = try first.decoded(Booked.self)
    let place = "/api/v1/reservations/\(booked.id)"
    #expect(try hotel.ask("GET", place).decoded(Booked.self) == booked)
    #expect(booked.guest == name && booked.nights == 30)
    let again = try hotel.book(key: "k", room: "3", guest: name, nights: 30)
    #expect(again.header(named: "Idempotent-Replayed") == "true")
    #expect(try again.decoded(Booked.self) == booked)
    #expect(try hotel.book(key: "k", room: "4").status == 422)
    #expect(try hotel.book(room: "3", checkin: day(50)).status == 409)
    let found = try hotel.ask("GET", "/api/v1/availability?checkin=\(day(59))").decoded(Available.self)
    #expect(found.available == 999)
    #expect(try hotel.ask("DELETE", place).status == 204)
    #expect(try hotel.ask("DELETE", place).status == 404)
    #expect(try hotel.ask("GET", place).status == 404)
    #expect(try hotel.book(key: "k", room: "3", guest: name, nights: 30).status == 409)
    #expect(try hotel.book(room: "3", checkin: day(50)).status == 201)
    let lines = try hotel.ask("GET", "/metrics").text.split(separator: "\n")
    #expect(lines.contains("postgres_connections_active 0"))
    let queries = lines.first { $0.hasPrefix("postgres_query_duration_seconds_count ") }
    #expect(queries.flatMap { Int($0.split(separator: " ")[1]) } ?? 0 > 10)
  }

  @Test func fiftyWantTheLastRoomAndOneGetsIt() throws {
    let postgres = try TestPostgres()
    try expectOneOfFifty(RunningHotel(["--rooms", "1", "--database", postgres.url]))
  }

  /// Two hotels, so that no queue of one of them can be what keeps the guests apart.
  @Test func twoHotelsOverOneDatabaseAgree() throws {
    let postgres = try TestPostgres()
    let flags = ["--rooms", "1", "--database", postgres.url]
    let urls = [try RunningHotel(flags), try RunningHotel(flags)]
    let answers = atOnce(40) { [urls = urls.map(\.url)] index in
      // Every key is sent to both.
      try ask(
        urls[index % 2], "POST", "/api/v1/reservations", headers: ["Idempotency-Key: key-\(index / 2)"],
        body: #"{"room": "1-\#(day(30))", "guest": "Guest \#(index / 2)", "nights": 3}"#)
    }
    let ids = Set(try answers.filter { $0.status == 201 }.map { try $0.decoded(Booked.self).id })
    #expect(ids.count == 1)
    #expect(answers.allSatisfy { $0.status == 201 || $0.status == 409 })
    #expect(answers.filter { $0.status == 201 }.count == 2)
  }

  @Test func whatWasAcknowledgedSurvivesSIGKILL() throws {
    let postgres = try TestPostgres()
    try expectDurable(["--database", postgres.url])
  }

  @Test(arguments: ["stalled", "killed"])
  func aServerThatIsAwayIsSaidAndComesBackWithoutARestart(how: String) throws {
    let postgres = try TestPostgres()
    let hotel = try RunningHotel(["--database", postgres.url])
    #expect(try hotel.book(key: "before").status == 201)
    if how == "stalled" { postgres.process.pause() } else { postgres.process.kill() }
    for path in ["/api/v1/reservations?key=before", "/health/ready", "/health/readiness", "/health/detailed"] {
      let answer = try hotel.ask("GET", path)
      #expect(answer.status == 503, "\(path)")
      #expect(answer.header(named: "Retry-After") == "1", "\(path)")
    }
    let booking = try hotel.book(room: "8")
    #expect(booking.status == 503)
    #expect(booking.header(named: "Retry-After") == "1")
    let detailed = try hotel.ask("GET", "/health/detailed").decoded(DetailedHealth.self)
    #expect(detailed.status == "unavailable")
    #expect(detailed.dependencies["database"]?.status == "down")
    #expect(detailed.dependencies["database"]?.error?.isEmpty == false)
    #expect(try hotel.ask("GET", "/health/live").status == 200)
    if how == "stalled" { postgres.process.resume() } else { try postgres.process.start() }
    #expect(eventually { try hotel.ask("GET", "/health/ready").status == 200 })
    #expect(try hotel.book(room: "9").status == 201)
    let kept = try hotel.ask("GET", "/api/v1/reservations?key=before").decoded(BookedList.self)
    #expect(kept.reservations.count == 1)
    #expect(hotel.log.contains(#""event":"database down""#) && hotel.log.contains(#""event":"database up""#))
    #expect(!hotel.log.contains(TestPostgres.password))
  }

  /// Requests that come while nothing answers must not queue up behind each other, each with a wait of its own.
  @Test func manyRequestsAreRefusedWhenNothingAnswers() throws {
    let postgres = try TestPostgres()
    let hotel = try RunningHotel(["--database", postgres.url])
    postgres.process.pause()
    let begun = Date()
    let statuses = atOnce(60) { [url = hotel.url] index in
      index % 2 == 0
        ? try ask(url, "GET", "/api/v1/reservations?key=a").status
        : try ask(
          url, "POST", "/api/v1/reservations", headers: ["Idempotency-Key: key-\(index)"],
          body: #"{"room": "\#(index)-\#(day(30))", "guest": "Ana", "nights": 1}"#
        ).status
    }
    #expect(statuses.count == 60 && statuses.allSatisfy { $0 == 503 })
    // One after the other they would have taken 36 s on any machine.
    #expect(Date().timeIntervalSince(begun) < 20)
    postgres.process.resume()
    #expect(eventually { try hotel.ask("GET", "/health/ready").status == 200 })
  }

  @Test func aServerThatComesLaterIsUsedThen() throws {
    let postgres = try TestPostgres()
    postgres.process.kill()
    let hotel = try RunningHotel(["--database", postgres.url])
    #expect(try hotel.ask("GET", "/health/ready").status == 503)
    #expect(try hotel.ask("GET", "/health/live").status == 200)
    try postgres.process.start()
    #expect(eventually { try hotel.ask("GET", "/health/ready").status == 200 })
    #expect(try hotel.book().status == 201)
  }

  @Test func passwordsStayOutOfComplaints() throws {
    let postgres = try TestPostgres()
    let wrong = postgres.url.replacingOccurrences(of: TestPostgres.password, with: "wr0ng-s3cret")
    let hotel = try RunningHotel(["--database", wrong])
    let answer = try hotel.ask("GET", "/health/ready")
    #expect(answer.status == 503)
    #expect(answer.text.contains("authentication failed"), "\(answer.text)")
    #expect(!answer.text.contains("s3cret") && !hotel.log.contains("s3cret"))
  }

  @Test(arguments: [
    ("SELECT 1", "SELECT 1"), ("a = ? AND b IN (?, ?)", "a = $1 AND b IN ($2, $3)"), ("'?' || ?", "'?' || $1"),
    ("'it''s ?', ?", "'it''s ?', $1"), ("", ""),
  ])
  func placesAreNumbered(sql: String, numbered text: String) {
    #expect(numbered(sql) == text)
  }

  @Test(arguments: [
    ("postgres://u:p@h:7/d", "postgres://h:7/d"), ("postgresql://h/d?sslmode=require", "postgres://h:5432/d"),
    ("postgres://u:p@ss@h/d", nil), ("postgres://u:%zz@h/d", nil), ("postgres://h/d?no_such_option=p", nil),
  ])
  func addressesAreReadWithoutTheirPasswords(url: String, text: String?) {
    #expect(PostgresAddress(url)?.text == text)
  }
}

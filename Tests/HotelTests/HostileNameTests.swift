// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestDatabases
import Testing
import Transport

@Suite struct HostileNameTests {
  static let names = [
    "José Ñandú", "👩‍👩‍👧‍👦 🇪🇸", "عبد الله", "\u{202e}desrever\u{202c}", "张伟", "e\u{301} is not \u{e9}", "O'Brien",
    #"Robert"); DROP TABLE reservations;--"#,
    "'; DELETE FROM nights; --", #""quoted""#, #"back\slash\n\u0000"#, "{{ guests.name }}", "<script>alert(1)</script>",
    "%00%0a", "line\nbreak\ttab\r", "\u{1}\u{1f}\u{7f}\u{85}\u{2028}", "\u{feff}bom", "null", "$(reboot)",
    "../../etc/passwd",
    String(repeating: "\u{1f600}", count: 200), String(repeating: "x", count: 200), "  spaces around  ", "\u{fffd}",
  ]

  @Test func namesComeBackUnharmed() throws { try expectUnharmed([]) }

  @Test(.enabled(if: TestPostgres.isInstalled, "PostgreSQL is not installed"))
  func namesComeBackUnharmedFromPostgreSQL() throws {
    let postgres = try TestPostgres()
    try expectUnharmed(["--database", postgres.url])
  }

  private func expectUnharmed(_ flags: [String]) throws {
    let hotel = try RunningHotel(flags)
    for (index, name) in Self.names.enumerated() {
      let booked = try hotel.book(key: "k\(index)", room: String(index + 1), guest: name)
      #expect(booked.status == 201, "\(name.debugDescription): \(booked.text)")
      let reservation = try booked.decoded(Booked.self)
      let read = try hotel.ask("GET", "/api/v1/reservations/\(reservation.id)").decoded(Booked.self)
      // By bytes: strings are equal to others that are spelled differently.
      #expect(Array(reservation.guest.utf8) == Array(name.utf8))
      #expect(Array(read.guest.utf8) == Array(name.utf8))
      #expect(
        try hotel.ask("GET", "/api/v1/reservations?key=k\(index)").decoded(BookedList.self).reservations == [read])
    }
    #expect(try hotel.metric(#"reservations_total{status="booked"}"#) == Double(Self.names.count))
  }

  @Test(arguments: ["", " \n\u{a0}", String(repeating: "x", count: 201), "a\u{0}b", "\u{0}"])
  func whatIsNoNameIsRefused(name: String) throws {
    #expect(try RunningHotel().book(guest: name).status == 422)
  }

  @Test(arguments: [#""\ud800""#, #""\udc00x""#])
  func whatIsNoTextIsRefused(name: String) throws {
    let body = #"{"room":"1","guest":\#(name),"nights":1,"checkin":"\#(day(3))"}"#
    let answer = try RunningHotel().ask(
      "POST", "/api/v1/reservations", headers: ["Idempotency-Key: a"], body: body)
    #expect((400...422).contains(answer.status), "\(answer.text)")
  }
}

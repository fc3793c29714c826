// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestDatabases
import Testing
import Transport

@Suite struct TenantTests {
  @Test func tenantsCannotSeeEachOther() throws { try expectSeparateTenants(RunningHotel()) }

  @Test(.enabled(if: TestPostgres.isInstalled, "PostgreSQL is not installed"))
  func tenantsCannotSeeEachOtherInPostgreSQL() throws {
    let postgres = try TestPostgres()
    try expectSeparateTenants(RunningHotel(["--database", postgres.url]))
  }

  @Test(.enabled(if: TestRedis.isInstalled, "Redis is not installed"))
  func tenantsCannotSeeEachOtherThroughTheCache() throws {
    let redis = try TestRedis()
    try expectSeparateTenants(RunningHotel(["--redis", redis.url]))
  }

  private func expectSeparateTenants(_ hotel: RunningHotel) throws {
    let (one, other) = (["X-Tenant: one"], ["X-Tenant: other-2"])
    func available(_ tenant: [String]) throws -> Int {
      try hotel.ask("GET", "/api/v1/availability?checkin=\(day(30))", headers: tenant).decoded(Available.self).available
    }
    #expect(try available(one) == 1_000)
    let booked = try hotel.book(key: "k", room: "7", guest: "Ana", tenant: "one").decoded(Booked.self)
    let place = "/api/v1/reservations/\(booked.id)"
    for stranger in [other, []] {
      #expect(try hotel.ask("GET", place, headers: stranger).status == 404)
      #expect(try hotel.ask("DELETE", place, headers: stranger).status == 404)
      let found = try hotel.ask("GET", "/api/v1/reservations?key=k", headers: stranger).decoded(BookedList.self)
      #expect(found.reservations.isEmpty)
      #expect(try available(stranger) == 1_000)
    }
    #expect(try available(one) == 999)
    // The same key, room and night belong to each of them once.
    let second = try hotel.book(key: "k", room: "7", guest: "Eva", tenant: "other-2")
    #expect(second.status == 201)
    #expect(try second.decoded(Booked.self).id != booked.id)
    #expect(second.header(named: "Idempotent-Replayed") == nil)
    #expect(try hotel.ask("GET", place, headers: one).decoded(Booked.self) == booked)
    #expect(try hotel.ask("DELETE", place, headers: one).status == 204)
  }

  @Test func withoutATenantItIsMain() throws {
    let hotel = try RunningHotel()
    let booked = try hotel.book().decoded(Booked.self)
    #expect(try hotel.ask("GET", "/api/v1/reservations/\(booked.id)", headers: ["X-Tenant: main"]).status == 200)
  }

  @Test(arguments: ["A", "a b", "a_b", "ñ", "../x", "a' OR '1'='1", String(repeating: "a", count: 41)])
  func otherNamesAreRefused(name: String) throws {
    let hotel = try RunningHotel()
    #expect(try hotel.book(tenant: name).status == 400)
    #expect(try hotel.ask("GET", "/api/v1/reservations?key=k", headers: ["X-Tenant: \(name)"]).status == 400)
  }
}

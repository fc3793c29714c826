// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestDatabases
import Testing
import Transport

@testable import Hotel

@Suite(.enabled(if: TestRedis.isInstalled, "Redis is not installed"))
struct RedisTests {
  @Test func availabilityComesFromTheCacheAndFollowsBookings() throws {
    let redis = try TestRedis()
    let hotel = try RunningHotel(["--redis", redis.url])
    func available(_ query: String) throws -> Int {
      try hotel.ask("GET", "/api/v1/availability?\(query)").decoded(Available.self).available
    }
    for _ in 0..<20 { #expect(try available("checkin=\(day(30))&nights=2") == 1_000) }
    let lines = try hotel.ask("GET", "/metrics").text.split(separator: "\n")
    let hits = lines.first { $0.hasPrefix("cache_hits_total{") }?.split(separator: " ").last.flatMap { Int($0) }
    #expect(hits ?? 0 > 0)
    // Longest stay that still overlaps, and the one that ends just before.
    #expect(try available("checkin=\(day(1))&nights=30") == 1_000)
    #expect(try available("checkin=\(day(1))&nights=29") == 1_000)
    let booked = try hotel.book(room: "7", checkin: day(30)).decoded(Booked.self)
    #expect(try available("checkin=\(day(30))&nights=2") == 999)
    #expect(try available("checkin=\(day(1))&nights=30") == 999)
    #expect(try available("checkin=\(day(1))&nights=29") == 1_000)
    #expect(try hotel.ask("DELETE", "/api/v1/reservations/\(booked.id)").status == 204)
    #expect(try available("checkin=\(day(30))&nights=2") == 1_000)
    let detailed = try hotel.ask("GET", "/health/detailed").decoded(DetailedHealth.self)
    #expect(detailed.status == "ok" && detailed.dependencies["redis"]?.status == "up")
  }

  @Test(arguments: ["stalled", "killed"])
  func bookingsGoOnWithoutRedis(how: String) throws {
    let redis = try TestRedis()
    let hotel = try RunningHotel(["--redis", redis.url, "--rate-limit", "5"])
    #expect(try hotel.ask("GET", "/health/detailed").decoded(DetailedHealth.self).status == "ok")
    if how == "stalled" { redis.process.pause() } else { redis.process.kill() }
    // More than the limit, since nobody can count.
    for room in 1...30 {
      #expect(try hotel.book(room: String(room)).status == 201)
      #expect(try hotel.ask("GET", "/api/v1/availability?checkin=\(day(30))").status == 200)
    }
    let answer = try hotel.ask("GET", "/health/detailed")
    let detailed = try answer.decoded(DetailedHealth.self)
    #expect(answer.status == 200 && detailed.status == "degraded")
    #expect(detailed.dependencies["redis"]?.status == "down" && detailed.dependencies["database"]?.status == "up")
    #expect(try hotel.ask("GET", "/health/ready").status == 200)
    let lines = try hotel.ask("GET", "/metrics").text.split(separator: "\n")
    #expect(lines.contains("rate_limit_unchecked_total 60"))
    if how == "stalled" { redis.process.resume() } else { try redis.process.start() }
    #expect(eventually { try hotel.ask("GET", "/health/detailed").decoded(DetailedHealth.self).status == "ok" })
    #expect(try hotel.book(room: "40").header(named: "X-RateLimit-Limit") == "5")
    #expect(hotel.log.contains(#""event":"redis down""#) && hotel.log.contains(#""event":"redis up""#))
    #expect(!hotel.log.contains(TestRedis.password))
  }

  @Test func hotelsShareTheCountersOfTheirRateLimit() throws {
    let redis = try TestRedis()
    let flags = ["--redis", redis.url, "--rate-limit", "20"]
    let hotels = [try RunningHotel(flags), try RunningHotel(flags)]
    let statuses = try (0..<60).map { try hotels[$0 % 2].ask("GET", "/api/v1/reservations?key=a").status }
    // A minute that ends meanwhile allows as many again.
    let allowed = statuses.filter { $0 == 200 }.count
    #expect(allowed == 20 || allowed == 40)
    #expect(statuses.allSatisfy { $0 == 200 || $0 == 429 })
  }

  @Test(arguments: [
    ("redis://h", "redis://h:6379/0"), ("redis://h:7/3", "redis://h:7/3"), ("redis://u:p%40@h/1", "redis://h:6379/1"),
    ("redis://:p@h:9/", "redis://h:9/0"), ("rediss://h", nil), ("redis://", nil), ("redis://h:0", nil),
    ("redis://h/x", nil), ("redis://p@h", nil), ("redis://h/1/2", nil), ("redis://a:%zz@h", nil),
  ])
  func addressesAreReadWithoutTheirPasswords(url: String, text: String?) {
    #expect(RedisAddress(url)?.text == text)
  }
}

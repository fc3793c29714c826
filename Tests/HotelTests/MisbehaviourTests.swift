// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Transport

@testable import Hotel

/// Each fault is seen where it should be, and nowhere else. Lost and doubled replies: see OutboxTests.
@Suite struct MisbehaviourTests {
  @Test func aForgottenCancellationLeavesTheBooking() throws {
    let hotel = try RunningHotel(["--forget-cancel"])
    let booked = try hotel.book().decoded(Booked.self)
    #expect(try hotel.ask("DELETE", "/api/v1/reservations/\(booked.id)").status == 204)
    #expect(try hotel.ask("GET", "/api/v1/reservations/\(booked.id)").status == 200)
    #expect(try hotel.ask("DELETE", "/api/v1/reservations/none").status == 404)
  }

  @Test func forgedPostsAreTakenOnDemandOnly() throws {
    let hotel = try RunningHotel(["--accept-forged"])
    let forged = ["X-Hub-Signature-256: sha256=" + String(repeating: "0", count: 64)]
    #expect(try hotel.ask("POST", "/webhooks/whatsapp", headers: forged, body: metaPost(["a"])).status == 200)
    #expect(try hotel.ask("POST", "/webhooks/whatsapp", body: metaPost(["b"])).status == 200)
    #expect(try hotel.ask("POST", "/webhooks/whatsapp", body: "{}").status == 422)
  }

  @Test func aSlowBookingTakesItsTime() throws {
    let hotel = try RunningHotel(["--slow-booking-ms", "300"])
    let begun = ContinuousClock.now
    _ = try hotel.book()
    #expect(ContinuousClock.now - begun >= .milliseconds(300))
  }

  @Test func aLeakGrowsByWhatItWasTold() throws {
    let hotel = try RunningHotel(["--leak-kib", "1024"])
    let before = try #require(try hotel.metric("process_resident_memory_bytes"))
    for _ in 0..<50 { try hotel.ask("GET", "/docs") }
    let after = try #require(try hotel.metric("process_resident_memory_bytes"))
    #expect(after - before >= 45 * 1_048_576)
    for _ in 0..<50 { try hotel.ask("GET", "/health") }
    #expect(try #require(try hotel.metric("process_resident_memory_bytes")) - after < 20 * 1_048_576)
  }

  @Test func errorsComeInClumpsOfTheShareThatWasTold() throws {
    var misbehaviour = Misbehaviour()
    misbehaviour.errorShare = 0.2
    misbehaviour.errorClumpSeconds = 3
    let second: Int64 = 1_000_000_000
    let periods = 20_000
    let outages = (0..<periods).map { misbehaviour.isOutage(atNanoseconds: Int64($0) * 3 * second) }
    let share = Double(outages.filter { $0 }.count) / Double(periods)
    #expect((0.18...0.22).contains(share), "\(share)")
    // All of a clump or nothing of it; and the next is no likelier because of it.
    for period in 0..<200 {
      for part in [second / 2, second, 3 * second - 1] {
        #expect(misbehaviour.isOutage(atNanoseconds: Int64(period) * 3 * second + part) == outages[period])
      }
    }
    let pairs = zip(outages, outages.dropFirst()).filter { $0.0 }
    #expect((0.15...0.25).contains(Double(pairs.filter { $0.1 }.count) / Double(pairs.count)))
    let failing = try RunningHotel(["--error-share", "1", "--error-clump-s", "5"])
    #expect(try failing.ask("GET", "/docs").status == 500)
    #expect(try failing.ask("GET", "/metrics").status == 200)
    #expect(try failing.ask("GET", "/health/detailed").status == 200)
  }
}

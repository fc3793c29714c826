// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Transport

@testable import Hotel

@Suite struct RateLimitTests {
  @Test func aFloodIsRefusedAndOtherClientsAreUnharmed() throws {
    let hotel = try RunningHotel(["--rate-limit", "30"])
    let path = "/api/v1/reservations?key=a"
    let answers = try (0..<100).map { _ in try hotel.ask("GET", path) }
    let refused = answers.filter { $0.status == 429 }
    // A minute that ends meanwhile allows as many again.
    #expect(refused.count == 70 || refused.count == 40)
    let last = try #require(refused.last)
    #expect((1...60).contains(last.header(named: "Retry-After").flatMap { Int($0) } ?? 0))
    #expect(last.header(named: "Content-Type") == "application/problem+json")
    #expect(last.header(named: "X-RateLimit-Remaining") == "0")
    #expect(try hotel.ask("GET", path, headers: ["X-Tenant: other"]).status == 200)
    for free in ["/health/ready", "/health/detailed", "/metrics", "/docs", "/openapi.json"] {
      let answer = try hotel.ask("GET", free)
      #expect(answer.status == 200, "\(free)")
      #expect(answer.header(named: "X-RateLimit-Limit") == nil, "\(free)")
    }
    let lines = try hotel.ask("GET", "/metrics").text.split(separator: "\n")
    #expect(lines.contains("rate_limited_total \(refused.count)"))
  }

  @Test func answersSayWhatIsLeft() throws {
    let hotel = try RunningHotel(["--rate-limit", "1000"])
    let answer = try hotel.book()
    #expect(answer.status == 201)
    #expect(answer.header(named: "X-RateLimit-Limit") == "1000")
    #expect(answer.header(named: "X-RateLimit-Remaining") == "999")
    let reset = answer.header(named: "X-RateLimit-Reset").flatMap { Int($0) } ?? 0
    #expect(reset % 60 == 0 && abs(Double(reset) - Date().timeIntervalSince1970) < 120)
    #expect(answer.header(named: "RateLimit-Policy") == #""default";q=1000;w=60"#)
  }

  @Test func thereIsNoLimitUnlessAskedFor() throws {
    let hotel = try RunningHotel()
    #expect(try hotel.book().header(named: "X-RateLimit-Limit") == nil)
  }

  @Test func aMinuteBeginsAnew() {
    let limiter = RateLimiter(perMinute: 2, redis: nil)
    func count(_ client: String, _ now: Int) -> [Int] {
      limiter.count(client, now: now).map { [$0.isAllowed ? 1 : 0, $0.remaining, $0.reset, $0.seconds] } ?? []
    }
    #expect(count("a", 119) == [1, 1, 120, 1])
    #expect(count("a", 119) == [1, 0, 120, 1])
    #expect(count("a", 119) == [0, 0, 120, 1])
    #expect(count("b", 119) == [1, 1, 120, 1])
    #expect(count("a", 120) == [1, 1, 180, 60])
  }

  @Test func countersOfManyClientsAreBounded() {
    let limiter = RateLimiter(perMinute: 1, redis: nil)
    let allowed = (0..<60_000).filter { limiter.count("client \($0)", now: 60)?.isAllowed == true }.count
    // Those beyond the bound share one counter, whose first request passes.
    #expect(allowed == 50_001)
  }
}

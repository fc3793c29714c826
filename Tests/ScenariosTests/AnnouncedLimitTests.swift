// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Scenarios

/// The forms that vendors, frameworks and drafts use. "Now" is 2026-03-01T12:00:00Z.
@Suite struct AnnouncedLimitTests {
  private static let now = 1_772_366_400.0

  private func limits(_ lines: String...) -> AnnouncedLimits {
    AnnouncedLimits(
      head: Array((["HTTP/1.1 200 OK"] + lines + ["", ""]).joined(separator: "\r\n").utf8), now: Self.now)
  }

  private func one(_ lines: String...) throws -> AnnouncedLimit {
    let found = AnnouncedLimits(head: Array(lines.joined(separator: "\r\n").utf8), now: Self.now).limits
    try #require(found.count == 1, "\(found)")
    return found[0]
  }

  @Test func countsWithAnEpoch() throws {
    // GitHub, slowapi
    #expect(
      try one("X-RateLimit-Limit: 5000", "x-ratelimit-remaining: 4999", "X-RateLimit-Reset: 1772366443")
        == AnnouncedLimit(requests: 5000, remaining: 4999, resetSeconds: 43))
    // In milliseconds, and already over.
    #expect(try one("X-RateLimit-Limit: 5", "X-RateLimit-Reset: 1772366410500").resetSeconds == 10.5)
    #expect(try one("X-RateLimit-Limit: 5", "X-RateLimit-Reset: 1772366000").resetSeconds == 0)
    // The clock of the target counts, where it shows one.
    #expect(
      try one("Date: Sun, 01 Mar 2026 11:00:00 GMT", "X-RateLimit-Limit: 5", "X-RateLimit-Reset: 1772362860")
        .resetSeconds == 60)
  }

  @Test func countsWithADelayOrADate() throws {
    #expect(
      try one("RateLimit-Limit: 100", "RateLimit-Remaining: 50", "RateLimit-Reset: 30")
        == AnnouncedLimit(requests: 100, remaining: 50, resetSeconds: 30))
    // X-Rate-Limit (Twitter), Reset-After (Discord)
    #expect(
      try one("x-rate-limit-limit: 900", "x-rate-limit-remaining: 1", "x-rate-limit-reset: 1772366401")
        == AnnouncedLimit(requests: 900, remaining: 1, resetSeconds: 1))
    #expect(
      try one("X-RateLimit-Limit: 5", "X-RateLimit-Reset: 1772366470.25", "X-RateLimit-Reset-After: 1.25").resetSeconds
        == 1.25)
    #expect(try one("X-RateLimit-Limit: 5", "X-RateLimit-Reset: 2026-03-01T12:00:05Z").resetSeconds == 5)
    #expect(try one("X-RateLimit-Limit: 5", "X-RateLimit-Reset: Sun, 01 Mar 2026 12:01:00 GMT").resetSeconds == 60)
  }

  @Test func policiesBehindACount() throws {
    #expect(
      try one("RateLimit-Limit: 60, 60;w=60", "RateLimit-Remaining: 59", "RateLimit-Reset: 43")
        == AnnouncedLimit(requests: 60, windowSeconds: 60, remaining: 59, resetSeconds: 43))
    // Envoy
    #expect(
      limits(
        "x-ratelimit-limit: 10, 10;w=1;name=\"per, second\", 500;w=60", "x-ratelimit-remaining: 9",
        "x-ratelimit-reset: 1"
      ).limits == [
        AnnouncedLimit(requests: 10, windowSeconds: 1, remaining: 9, resetSeconds: 1),
        AnnouncedLimit(requests: 500, windowSeconds: 60),
      ])
    #expect(try one("X-RateLimit-Limit: 100, 100;window=60") == AnnouncedLimit(requests: 100, windowSeconds: 60))
  }

  @Test func olderPolicies() throws {
    // express-rate-limit, drafts 6 and 7
    #expect(
      try one("RateLimit-Policy: 100;w=900", "RateLimit-Limit: 100", "RateLimit-Remaining: 99", "RateLimit-Reset: 900")
        == AnnouncedLimit(requests: 100, windowSeconds: 900, remaining: 99, resetSeconds: 900))
    #expect(
      try one("RateLimit-Policy: 100;w=900;comment=\"a;b\"", "RateLimit: limit=100, remaining=50, reset=30")
        == AnnouncedLimit(requests: 100, windowSeconds: 900, remaining: 50, resetSeconds: 30))
    #expect(
      limits("RateLimit-Policy: 10;w=1, 50;w=60, 1000;w=3600").limits.map(\.windowSeconds) == [1, 60, 3600])
  }

  @Test func newerPolicies() throws {
    #expect(
      try one("RateLimit-Policy: \"default\";q=100;w=60", "RateLimit: \"default\";r=50;t=30")
        == AnnouncedLimit(requests: 100, windowSeconds: 60, remaining: 50, resetSeconds: 30, name: "default"))
    #expect(
      limits(
        "RateLimit-Policy: \"burst\";q=10;w=1;pk=:cHsdsRa894==:, \"day\";q=5000;w=86400",
        "RateLimit: \"day\";r=12;t=400"
      ).limits == [
        AnnouncedLimit(requests: 10, windowSeconds: 1, name: "burst"),
        AnnouncedLimit(requests: 5000, windowSeconds: 86_400, remaining: 12, resetSeconds: 400, name: "day"),
      ])
    // Two lines of one name are one list.
    #expect(limits("RateLimit-Policy: \"a\";q=1;w=1", "RateLimit-Policy: \"b\";q=2;w=2").limits.count == 2)
    // Bytes are no requests.
    #expect(limits("RateLimit-Policy: \"x\";q=65535;qu=\"content-bytes\";w=10").isEmpty)
    #expect(try one("RateLimit-Policy: \"x\";q=6;qu=\"requests\";w=10").requests == 6)
    #expect(try one("RateLimit: \"x\";r=3;t=7") == AnnouncedLimit(remaining: 3, resetSeconds: 7, name: "x"))
  }

  /// The reference hotel says it both ways.
  @Test func twoFamiliesAreOneLimit() throws {
    #expect(
      try one(
        "X-RateLimit-Limit: 60", "X-RateLimit-Remaining: 59", "X-RateLimit-Reset: 1772366443",
        "RateLimit-Policy: \"default\";q=60;w=60")
        == AnnouncedLimit(requests: 60, windowSeconds: 60, remaining: 59, resetSeconds: 43, name: "default"))
  }

  @Test func unitsAndRates() throws {
    // Kong
    #expect(
      limits("X-RateLimit-Limit-Second: 5", "X-RateLimit-Remaining-Second: 4", "X-RateLimit-Limit-Hour: 10000").limits
        == [
          AnnouncedLimit(requests: 5, windowSeconds: 1, remaining: 4),
          AnnouncedLimit(requests: 10_000, windowSeconds: 3600),
        ])
    // Spring Cloud Gateway
    #expect(
      try one(
        "X-RateLimit-Remaining: 19", "X-RateLimit-Burst-Capacity: 20", "X-RateLimit-Replenish-Rate: 10",
        "X-RateLimit-Requested-Tokens: 1") == AnnouncedLimit(requests: 10, windowSeconds: 1, remaining: 19))
  }

  @Test(arguments: [
    ("30", 30.0), ("0", 0), ("Sun, 01 Mar 2026 12:00:30 GMT", 30), ("Sun, 01 Mar 2020 12:00:30 GMT", 0),
    ("soon", nil), ("-5", nil), ("", nil), ("Sun, 99 Foo 2026 12:00:30 GMT", nil), ("1e9", nil),
  ])
  func retryAfter(value: String, expected: Double?) {
    #expect(limits("Retry-After: \(value)").retryAfterSeconds == expected)
    #expect(limits("Retry-After: \(value)").limits == [])
  }

  @Test(arguments: [
    "Content-Type: text/plain", "X-RateLimit-Limit: unlimited", "X-RateLimit-Limit: -1", "X-RateLimit-Limit:",
    "RateLimit-Policy: ;;;,,\"", "RateLimit: \"", "RateLimit-Policy: \"a\\\";q=1", "X-RateLimit-Reset: 5",
    "X-RateLimit-Limit: 1e400", "X-RateLimit-Limit: 99999999999999999999", "no colon at all", ":", "\u{0}\u{FF}: 1",
  ])
  func whatMakesNoSenseIsPassedOver(line: String) {
    #expect(limits(line).isEmpty, "\(limits(line))")
  }

  @Test func muchIsCut() {
    let many = (0..<5000).map { "\"p\($0)\";q=\($0 + 1);w=\($0 + 1)" }.joined(separator: ", ")
    #expect(limits("RateLimit-Policy: \(many)").limits.count <= AnnouncedLimits.mostLimits)
    let lines = (0..<5000).map { "RateLimit-Policy: \"p\($0)\";q=\($0 + 1);w=\($0 + 1)" }.joined(separator: "\r\n")
    #expect(limits(lines).limits.count <= AnnouncedLimits.mostLimits)
  }

  @Test(arguments: [
    ("1994-11-06T08:49:37Z", 784_111_777.0), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
    ("2024-02-29T00:00:00.123Z", 1_709_164_800), ("1970-01-01T00:00:00Z", 0), ("2026-13-01T00:00:00Z", nil),
    ("2026-01-01", nil), ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("", nil), ("a-b-cTd:e:fZ", nil),
  ])
  func dates(text: String, expected: Double?) {
    #expect(HTTPDate.seconds(text) == expected)
  }

  // MARK: sentences

  @Test func aPlanBeyondTheLimitIsTold() {
    let announced = limits("RateLimit-Policy: \"default\";q=60;w=60")
    #expect(
      announced.notes(forPlan: 200, requests: 120_000) == [
        "60/min per client announced, the plan sends 12,000/min from one address: the run will measure the limiter"
      ])
    // Within the limit, by rate or because there are so few.
    #expect(announced.notes(forPlan: 1, requests: 600) == [])
    #expect(announced.notes(forPlan: 200, requests: 60) == [])
    #expect(announced.notes(forPlan: 200, requests: 61).first?.contains("sends 61/min") == true)
    #expect(
      announced.notes(forPlan: nil, requests: nil) == [
        "60/min per client announced, and how much the plan sends from one address depends on the target"
      ])
    #expect(limits().notes(forPlan: 1000, requests: 1000) == [])
  }

  @Test func aLimitWithoutAWindowIsComparedWithWhatItSays() {
    #expect(
      limits("X-RateLimit-Limit: 60", "X-RateLimit-Remaining: 59", "X-RateLimit-Reset: 43")
        .notes(forPlan: 200, requests: 120_000) == [
          "60 requests per client announced until 43 s from now, the plan sends 8,600 in that time from one address:"
            + " the run will measure the limiter"
        ])
    #expect(
      limits("X-RateLimit-Limit: 60").notes(forPlan: 1, requests: 61) == [
        "60 requests per client announced, without saying for how long, the plan sends 61 in that time from one"
          + " address: the run will measure the limiter"
      ])
    #expect(limits("X-RateLimit-Limit: 60", "X-RateLimit-Reset: 43").notes(forPlan: 1, requests: 1000) == [])
  }

  @Test func otherWindows() {
    func note(_ window: Int) -> String {
      limits("RateLimit-Policy: 10;w=\(window)").notes(forPlan: 100, requests: 1e9).first ?? ""
    }
    #expect(note(1).hasPrefix("10/s per client announced, the plan sends 100/s"))
    #expect(note(3600).hasPrefix("10/h per client announced, the plan sends 360,000/h"))
    #expect(note(86_400).hasPrefix("10/day"))
    #expect(note(90).hasPrefix("10/90 s per client announced, the plan sends 9,000/90 s"))
  }

  @Test func aWalkIsComparedWithWhatIsLeft() {
    let announced = limits("RateLimit-Policy: 60;w=60", "RateLimit-Limit: 60", "RateLimit-Remaining: 12")
    #expect(announced.notes(forWalk: 45) == ["60/min per client announced, 12 left; smoke sends 45 requests or more"])
    #expect(announced.notes(forWalk: 12) == [])
    #expect(limits("RateLimit-Policy: 60;w=60").notes(forWalk: 60) == [])
    #expect(
      limits("Retry-After: 30").notes(forWalk: 1) == [
        "the target asks to wait 30 s before the next request (Retry-After)"
      ])
  }
}

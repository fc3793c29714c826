// SPDX-License-Identifier: Apache-2.0
import Document
import Testing

@testable import Scenarios

@Suite struct QuickUseTests {
  @Test func aGetWithRate() throws {
    var quick = QuickUse(url: "http://127.0.0.1:8080/a b?x=1#f", duration: "30s")
    quick.rate = "500/s"
    quick.headers = ["Accept: text/plain", "Authorization: Bearer top-secret", "X-Empty:"]
    let plan = try #require(quick.plan().value)
    #expect(
      plan.phases == [
        Phase(
          name: "run", load: .rate(.init(from: 500, to: 500, unit: .arrivalsPerSecond)),
          durationNanoseconds: 30_000_000_000, isSteady: true)
      ])
    let context = context()
    let journey = try journey(plan.scenarios[0], context)
    #expect(try journey.next() == .request(0))
    let request = try rendered(plan.scenarios[0], journey)
    #expect(request.method == "GET" && request.urlText == "http://127.0.0.1:8080/a%20b?x=1" && !request.hasBody)
    #expect(request.headerTexts == ["Accept: text/plain", "Authorization: Bearer top-secret", "X-Empty;"])
    #expect(context.redactor.redact("top-secret") == "[redacted]")
    #expect(try journey.next() == .end)
    #expect(plan.scenarios[0].requestNames == ["quick/request"] && plan.scenarios[0].isReadOnly)
    #expect(plan.expectedLoad(try plan.resolved(for: nil)).requests == 15_000)
  }

  @Test func aPostWithUsers() throws {
    var quick = QuickUse(url: "https://h.example/", duration: "1m")
    quick.users = "0..50"
    quick.body = Array("{{ not a template }}".utf8)
    quick.expectStatus = "201, 4xx"
    let plan = try #require(quick.plan().value)
    #expect(plan.phases[0].load == .users(from: 0, to: 50))
    let journey = try journey(plan.scenarios[0])
    let request = try rendered(plan.scenarios[0], journey)
    #expect(request.method == "POST" && request.bodyText == "{{ not a template }}")
    let step = plan.scenarios[0].requests[0]
    #expect(step.judge(Answer(404), elapsedMicroseconds: 1, journey: journey).outcome == .ok)
    #expect(step.judge(Answer(200), elapsedMicroseconds: 1, journey: journey).outcome != .ok)
    #expect(!step.isReadOnly)
  }

  @Test func allMistakesAtOnce() {
    var quick = QuickUse(url: "127.0.0.1", duration: "30")
    quick.method = "GTE"
    quick.headers = ["nonsense", "a b: c"]
    quick.expectStatus = "2000"
    quick.rate = "many"
    let found = quick.plan().diagnostics.all.map { "\($0.position.file) \($0.message)" }
    #expect(
      found == [
        "--method unknown method", "--url a URL begins with http:// or https://",
        "--header a header is written 'Name: value'", "--header 'a b' cannot be the name of a header",
        "--expect-status expected a status such as 200, 2xx or 200..204, found `2000`",
        "--for a duration needs a unit: us, ms, s, m, h or d", "--rate a number was expected here",
      ])
    #expect(QuickUse(url: "http://h").plan().diagnostics.all.map(\.message) == ["give --rate or --users"])
  }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing

/// Files are checked without being run.
@Suite struct LintTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    try scratch.write(
      "search.yaml",
      """
      scenario: search
      vars: {nights: 2}
      steps:
        - name: look
          get: "/rooms?nights={{ nights }}"
        - name: book
          post: /bookings
          headers: {X-Key: "{{ secret('GONOGO_TEST_UNSET') }}"}
      """)
    try scratch.write(
      "plan.yaml",
      """
      plan: busy
      mix: [{scenario: search.yaml, share: 100%}]
      phases:
        - {name: warm-up, rate: 0..1x peak, for: 10s}
        - {name: peak, rate: 1x peak, for: 60s, steady: true}
      thresholds: ["errors < 1% @peak", "errors < 0.01% @peak"]
      """)
    try scratch.write(
      "gonogo.yaml",
      """
      environments:
        staging:
          url: https://staging.hotel.example
          kind: staging
          peak: {rate: 40 requests/s, source: a guess, by: ops}
        bare: {url: "https://bare.hotel.example", kind: production}
      """)
    try scratch.write(
      "five.yaml",
      """
      scenario: five
      vars: {nights: 2}
      steps:
        - name: one
          get: "/rooms?n={{ nigths }}"
          expct: {status: 200}
        - name: two
          post: /b
          headers: {Idempotency-Key: "{{ uid() }}"}
          expect: {within: 1 second}
          capture: {booking: "$.id["}
      """)
  }

  @Test func fiveMistakesWithTheirPlaces() async throws {
    let expected = [
      "five.yaml:5:23: error: unknown variable 'nigths'", "five.yaml:6:5: error: unknown key `expct`",
      "five.yaml:9:36: error: unknown function 'uid'", "five.yaml:10:23: error: unknown unit of time",
      "five.yaml:11:29: error: `]` is missing",
    ]
    let ended = try await gonogo(["lint", "five.yaml", "search.yaml"], in: scratch)
    #expect(ended.code == 2)
    #expect(ended.err == "gonogo: 5 mistakes in 1 of 2 files\n")
    for one in expected { #expect(ended.out.contains(one + "\n") || ended.out.contains(one + " `"), "\(ended.out)") }
    #expect(ended.out.components(separatedBy: ": error: ").count == 6)
    // The other file is told about all the same.
    #expect(ended.out.contains("search.yaml: scenario 'search'\nrequests     2 in an average journey: look, book\n"))

    let server = try TestServer(always: .answer())
    let load = try await gonogo(["load", "five.yaml", "--url", server.url, "--rate", "5/s"], in: scratch)
    #expect(load.code == 2)
    #expect(load.err.hasSuffix("gonogo: 5 mistakes, nothing was sent\n"))
    for one in expected { #expect(load.err.contains(one), "\(load.err)") }
    #expect(server.observed.requestCount == 0)
  }

  @Test func whatAPlanCanProve() async throws {
    let ended = try await gonogo(["lint", "plan.yaml", "--env", "staging"], in: scratch)
    #expect(ended.code == 0, "\(ended)")
    for line in [
      "search.yaml:8:22: warning: the environment variable GONOGO_TEST_UNSET is not set here",
      "plan.yaml: plan 'busy'\n",
      "phases       warm-up: 0..1x peak (0..20 arrivals/s = 0..40 requests/s) for 10s\n",
      "             peak: 1x peak (20 arrivals/s = 40 requests/s) for 1m 00s, steady\n",
      "requests     about 2,600, by about 1,300 arrivals\n",
      "WRITES       about 1,300 requests change data in the target\n",
      "can prove    `errors < 1% @peak` can PASS if at most ",
      "             NO: at 40 req/s `errors < 0.01% @peak` needs 13 min without an",
    ] {
      #expect(ended.out.contains(line), "\(line)\n\(ended.out)")
    }
    #expect(ended.out.split(separator: "\n").allSatisfy { $0.count <= 90 })
  }

  @Test func aPeakThatIsNotKnown() async throws {
    let open = try await gonogo(["lint", "plan.yaml"], in: scratch)
    #expect(open.code == 0)
    #expect(open.out.contains("phases       rates are multiples of the peak; --env NAME says what they come to"))
    let bare = try await gonogo(["lint", "plan.yaml", "--env", "bare"], in: scratch)
    #expect(bare.code == 2)
    #expect(bare.out.contains("and environment 'bare' declares none"), "\(bare)")
    #expect(bare.out.contains("peak: {rate: 40 arrivals/s, source:"))
    #expect(bare.err == "gonogo: 1 mistake in 1 of 1 file\n")
  }

  @Test func environments() async throws {
    let ended = try await gonogo(["lint", "gonogo.yaml"], in: scratch)
    #expect(ended.code == 0)
    #expect(
      ended.out.contains(
        "staging      https://staging.hotel.example (staging), allows smoke, load; peak\n             40 requests/s (a guess, ops)"
      ))
    #expect(ended.out.contains("bare         https://bare.hotel.example (production), allows smoke (read-only)"))
  }

  @Test func quietSaysMistakesOnly() async throws {
    let fine = try await gonogo(["lint", "--quiet", "gonogo.yaml", "plan.yaml", "--no-color"], in: scratch)
    #expect(fine.code == 0)
    #expect(!fine.out.contains("plan 'busy'"))
  }

  @Test func whatIsNoFileOfOurs() async throws {
    try scratch.write("other.yaml", "scenarios: all\nsteps: []\n")
    try scratch.write("empty.yaml", "")
    let ended = try await gonogo(["lint", "other.yaml", "empty.yaml", "."], in: scratch)
    #expect(ended.code == 2)
    #expect(ended.out.contains("other.yaml:1:1: error: neither a scenario nor a plan nor a file of environments"))
    #expect(ended.out.contains("did you mean `scenario`?"), "\(ended.out)")
    #expect(ended.out.contains("empty.yaml:1:1: error: "), "\(ended.out)")
    #expect(ended.err == "gonogo: 3 mistakes in 3 of 3 files\n")
  }

  @Test(arguments: ["scenario", "plan", "environments"])
  func schema(kind: String) async throws {
    let ended = try await gonogo(["schema", kind], in: scratch)
    #expect(ended.code == 0)
    let schema = try object(ended.out)
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect(schema["title"] as? String == "gonogo \(kind)")
    #expect((schema["properties"] as? [String: Any])?[kind] != nil)
  }
}

// SPDX-License-Identifier: Apache-2.0
import Document
import Testing

@testable import Scenarios

/// `redeliver` and `reply`, read and compiled.
@Suite struct DeliveryTests {
  private func step(_ keys: String) throws -> RequestStep {
    try program(
      "scenario: s\nsteps:\n  - {name: a, post: /w, let: {id: \"{{ uuid() }}\"}, json: {id: \"{{ id }}\"}, \(keys)}\n"
    ).requests[0]
  }

  @Test func theContractsExample() throws {
    let step = try step("redeliver: {share: 10%, when: not 2xx, after: [1s, 5s, 30s]}, reply: {within: 10s}")
    let rule = try #require(step.redeliver)
    #expect(rule.share == 0.1 && rule.waitsNanoseconds == [1_000_000_000, 5_000_000_000, 30_000_000_000])
    #expect(rule.onTransportFailure)
    #expect([200, 204, 301, 404, 503].map(rule.applies) == [false, false, true, true, true])
    #expect(step.reply?.withinNanoseconds == 10_000_000_000)
    #expect(step.isDelivery)
  }

  @Test func shorterForms() throws {
    let share = try #require(try step("redeliver: {share: 5%, after: 2s}").redeliver)
    #expect(share.waitsNanoseconds == [2_000_000_000] && !share.onTransportFailure && !share.applies(toStatus: 500))
    let list = try #require(try step("redeliver: {when: [429, 5xx, failure]}").redeliver)
    #expect(list.waitsNanoseconds.count == 3 && list.share == 0 && list.onTransportFailure)
    #expect([200, 404, 429, 500, 599].map(list.applies) == [false, false, true, true, true])
    #expect(try !#require(try step("redeliver: {when: 503}").redeliver).onTransportFailure)
    #expect(try !step("timeout: 1s").isDelivery)
  }

  @Test func theArithmeticCountsRedeliveriesAndReplies() throws {
    let program = try program(
      """
      scenario: s
      steps:
        - {name: a, post: /w, body: "{{ uuid() }}", share: 50%, redeliver: {share: 10%}, reply: {within: 1s}, repeat: 2}
        - {name: b, get: /}
      """)
    #expect(program.expectedCounts.map { ($0 * 1e9).rounded() / 1e9 } == [1.1, 1])
    #expect(program.expectedReplies == [1, 0])
  }

  @Test(arguments: [
    ("redeliver: {}", "3:77 `redeliver` needs a `share` or a `when` [{share: 10%, when: not 2xx}]"),
    ("redeliver: {share: 10%, after: []}", "expected at least 1 item, found 0"),
    ("redeliver: {shares: 10%}", "unknown key `shares`"),
    ("redeliver: {when: not good}", "expected a status such as 2xx after `not`, found 'good' [not 2xx]"),
    ("redeliver: {when: [not 2xx]}", "`not` stands alone, not in a list [when: not 2xx]"),
    ("redeliver: {when: bad}", "expected a status such as 200, 2xx or 200..204"),
    ("redeliver: {share: 10%}, retry: 2", "`redeliver` and `retry` cannot stand together: both send again"),
    ("reply: {}", "missing key `within`"),
    ("reply: {within: 0s}", "a reply takes time: `within` is more than nothing"),
    ("reply: {within: 1s, message: $.id}", "the message id '$.id' is the same for every message"),
    ("reply: {within: 1s, message: '{{ idd }}'}", "did you mean `id`?"),
  ]) func mistakesSayWhatToWrite(keys: String, message: String) throws {
    let found = try mistakes(
      "scenario: s\nsteps:\n  - {name: a, post: /w, let: {id: \"{{ uuid() }}\"}, json: {a: 1}, \(keys)}\n")
    #expect(found.count == 1 && found[0].contains(message), "\(found)")
  }

  @Test func theyBelongToRequestsOfTheLoad() throws {
    let inSetup = try mistakes(
      """
      scenario: s
      setup: [{name: a, post: /w, body: x, redeliver: {share: 10%}}]
      steps: [{name: b, get: /}, {pause: 1s, reply: {within: 1s}}, {name: c, post: /, reply: {within: 1s}}]
      """)
    #expect(inSetup.count == 3, "\(inSetup)")
    #expect(inSetup[0].contains("belongs to the load") && inSetup[1].contains("goes with a request"))
    #expect(inSetup[2].contains("there is no body in which the message id could be found"))
  }

  /// A default retry does not apply to what is delivered again.
  @Test func aDefaultRetryIsLeftOut() throws {
    let program = try program(
      """
      scenario: s
      defaults: {retry: 2}
      steps: [{name: a, post: /w, body: x, redeliver: {share: 10%}}, {name: b, get: /}]
      """)
    #expect(program.requests.map { $0.retry == nil } == [true, false])
  }

  @Test(
    arguments: [
      (#"{"entry":[{"changes":[{"value":{"messages":[{"id":"wamid.1","from":"549"}]}}]}]}"#, "wamid.1", "549"),
      (#"{"entry":[{"changes":[{"value":{"messages":[{"from":"5\u0034","id":"w\/1"},{"id":"2"}]}}]}]}"#, "w/1", "54"),
      (#"{"entry":[{"changes":[{"value":{"messages":[{"id":"1"}]}}]}]}"#, "1", nil),
      (#"{"entry":[{"changes":[{"value":{"statuses":[]}}]}]}"#, nil, nil), ("no JSON", nil, nil),
    ] as [(String, String?, String?)]) func theBodyTellsWhoseReplyItIs(body: String, id: String?, guest: String?) throws
  {
    let step = try step("reply: {within: 1s}")
    let program = try program("scenario: s\nsteps: [{name: a, get: /}]\n")
    let context = RunContext(runID: "r", seed: 1, baseURL: "http://h", redactor: Redactor())
    let journey = Journey(try ScenarioRun.prepare([program], context: context)[0])
    let rule = try #require(step.reply)
    guard let id else {
      #expect(throws: RenderError.noMessageID) { _ = try rule.identity(of: Array(body.utf8), journey: journey) }
      return
    }
    let found = try rule.identity(of: Array(body.utf8), journey: journey)
    #expect(found.message == id && found.guest == guest)
  }

  @Test func rulesOnRepliesNeedStepsThatAwaitThem() throws {
    func found(_ rule: String, _ reply: String = ", reply: {within: 1s}") throws -> [String] {
      let folder = try Folder([
        "s.yaml":
          "scenario: s\nsteps: [{name: a, post: /, body: x\(reply.isEmpty ? "" : ", reply: {within: 1s, message: '{{ uuid() }}'}")}, {name: b, get: /}]\n",
        "plan.yaml":
          "plan: p\nmix: [{scenario: s.yaml}]\nphases: [{name: x, rate: 1/s, for: 1s}]\nthresholds: [\"\(rule)\"]\n",
      ])
      return described(loadPlan(folder.file("plan.yaml"), options()).diagnostics)
    }
    #expect(try found("replies lost == 0") == [])
    #expect(try found("reply p(95) < 1s step:s/a") == [])
    #expect(try found("replies lost == 0", "").first?.contains("no step of this plan awaits a reply") ?? false)
    #expect(try found("replies lost == 0 step:s/b").first?.contains("step 's/b' awaits no reply") ?? false)
  }
}

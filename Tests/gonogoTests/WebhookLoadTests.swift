// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Messages of guests to the embedded hotel, a tenth of them delivered twice; its replies come to the sink.
@Suite struct WebhookLoadTests {
  private static let delayMilliseconds = 400.0

  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    try scratch.write("guests.csv", "phone\n12025550101\n12025550102\n12025550103\n")
    try scratch.write(
      "hook.yaml",
      """
      scenario: hook
      data:
        guests: {file: guests.csv, pick: random}
      steps:
        - name: message
          let: {id: "wamid.{{ uuid() }}"}
          post: /webhooks/whatsapp
          headers: {X-Hub-Signature-256: "sha256={{ hmac_sha256(secret('WHATSAPP_APP_SECRET'), body) }}"}
          json:
            object: whatsapp_business_account
            entry:
              - id: "1"
                changes:
                  - field: messages
                    value:
                      messaging_product: whatsapp
                      metadata: {display_phone_number: "12025550100", phone_number_id: "100000000000001"}
                      contacts: [{wa_id: "{{ guests.phone }}", profile: {name: A Guest}}]
                      messages:
                        - {id: "{{ id }}", from: "{{ guests.phone }}", timestamp: "1700000000", type: text,
                           text: {body: hello}}
          redeliver: {share: 10%, when: not 2xx, after: [500ms, 1s]}
          reply: {within: 10s}
      """)
  }

  private func load(_ words: String..., flags: String? = nil, seconds: Int = 10) async throws -> [String: Any] {
    let ended = try await Child(
      Child.tool,
      ["load", "hook.yaml", "--rate", "50/s", "--for", "\(seconds)s", "--seed", "7", "--json", "--quiet"] + words,
      in: scratch,
      environment: [
        "GONOGO_HOTEL": nil, "GONOGO_HOTEL_FLAGS": flags, "WHATSAPP_APP_SECRET": nil, "WHATSAPP_VERIFY_TOKEN": nil,
      ]
    ).ended()
    #expect(heldCodes.contains(ended.code), "\(ended)")
    let record = try object(ended.out)
    try expectLedgersAddUp(record)
    return record
  }

  private func milliseconds(_ record: [String: Any], _ figure: String) -> Double {
    (record["replies"] as? [String: Any])?[figure] as? Double ?? .infinity
  }

  /// What the sink counted equals the messages exactly: none is lost, and one that was delivered twice is answered once.
  private func expectExactCounts(_ record: [String: Any]) throws {
    let replies = try #require(record["replies"] as? [String: Any]).compactMapValues { $0 as? Int }
    let arrivals = try #require((record["arrivals"] as? [String: Any])?["completed"] as? Int)
    let totals = try #require(record["totals"] as? [String: Any])
    let sent = try #require(totals["sent"] as? Int)
    #expect(arrivals == 500 && totals["failed"] as? Int == 0)
    #expect((525...580).contains(sent), "a tenth was delivered twice: \(sent)")
    #expect(replies["awaited"] == arrivals && replies["count"] == arrivals)
    #expect(replies["lost"] == 0 && replies["late"] == 0 && replies["duplicated"] == 0 && replies["open"] == 0)
    // Nothing came to the sink beside them.
    #expect((record["notes"] as? [String])?.contains { $0.contains("Messages at the sink") } == false)
  }

  /// The figures need an undisturbed machine: they are measured again when it was shown to be none.
  @Test func everyMessageIsAnsweredOnceAndItsReplyTimeIsTheDelay() async throws {
    var found: [String] = []
    var wasQuiet = false
    for _ in 1...3 {
      let noise = NoiseMeter()
      let record = try await load(
        "--threshold", "replies lost == 0", "--threshold", "replies duplicated == 0",
        flags: "--reply-delay-ms \(Int(Self.delayMilliseconds))")
      noise.stop()
      try expectExactCounts(record)
      let (p50, p95) = (milliseconds(record, "p50"), milliseconds(record, "p95"))
      // Whatever the machine does, no reply comes before its time.
      #expect(p50 >= Self.delayMilliseconds - 1)
      if abs(p50 - Self.delayMilliseconds) <= 5, abs(p95 - Self.delayMilliseconds) <= 5 { return }
      wasQuiet = wasQuiet || noise.worstSecond == nil
      found.append("p50 \(p50) ms, p95 \(p95) ms (\(noise.worstSecond ?? 0) ms of a second kept back)")
    }
    guard !wasQuiet else {
      Issue.record("\(found.joined(separator: "; "))")
      return
    }
    withKnownIssue("this machine was never quiet") { Issue.record("\(found.joined(separator: "; "))") }
  }

  @Test func aRuleOnRepliesIsRefusedWhereNoneIsAwaited() async throws {
    try scratch.write("read.yaml", "scenario: read\nsteps: [{name: a, get: /health/live}]\n")
    let ended = try await gonogo(
      ["load", "read.yaml", "--rate", "5/s", "--for", "1s", "--threshold", "replies lost == 0", "--dry-run"],
      in: scratch)
    #expect(ended.code == 2)
    #expect(ended.err.contains("no step of this plan awaits a reply"), "\(ended)")
  }

  @Test func withoutASinkNothingIsSent() async throws {
    try scratch.write(
      "gonogo.yaml", "environments:\n  bare: {url: \"http://127.0.0.1:9\", kind: staging}\n")
    let ended = try await gonogo(
      ["load", "hook.yaml", "--rate", "5/s", "--for", "1s", "--env", "bare"], in: scratch,
      environment: ["WHATSAPP_APP_SECRET": "x"])
    #expect(ended.code == 3)
    #expect(ended.err.contains("hook/message awaits replies, and nothing says where they arrive"), "\(ended)")
  }

  @Test func lintSaysThatRepliesNeedASink() async throws {
    let ended = try await gonogo(["lint", "hook.yaml"], in: scratch)
    #expect(ended.code == 0)
    #expect(ended.out.contains("message awaits a reply"), "\(ended)")
  }
}

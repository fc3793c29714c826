// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The scenarios, plans and environments that come with the tool are what they should be.
@Suite struct ShippedFilesTests {
  private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("scenarios").path
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func files(_ below: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder + below).filter { $0.hasSuffix(".yaml") }.sorted()
      .map { folder + below + "/" + $0 }
  }

  private func text(_ path: String) throws -> String {
    try String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  @Test(arguments: ["embedded", "realtor"])
  func allPassLint(environment: String) async throws {
    let all = try files() + files("/plans") + files("/checklists")
    #expect(all.count >= 20)
    let ended = try await gonogo(
      ["lint", "--env", environment, "--config", folder + "/gonogo.yaml"] + all, in: scratch)
    #expect(ended.code == 0, "\(ended)")
  }

  /// Every step of every shipped scenario against the hotel that gonogo starts, by both families of names.
  @Test(arguments: ["embedded", "realtor"])
  func everyScenarioHoldsAgainstTheHotel(environment: String) async throws {
    let words = [
      "smoke", folder + "/plans/smoke.yaml", "--config", folder + "/gonogo.yaml", "--env", environment, "--quiet",
      "--json",
    ]
    let ended = try await gonogo(words, in: scratch)
    // A machine that is busy may need a second try of a step: that is PARTIAL, and no failure.
    #expect([0, 4].contains(ended.code), "\(ended)")
    let record = try object(ended.out)
    #expect(record["demo"] as? Bool == true)
    let items = try #require(record["items"] as? [[String: Any]])
    let failed = items.filter { ($0["status"] as? String)?.lowercased() == "fail" }
    #expect(failed.isEmpty && items.contains { $0["id"] as? String == "F-001" }, "\(items)")
    let walked = try #require((record["smoke"] as? [String: Any])?["scenarios"] as? [[String: Any]])
    let names = try files().filter { !$0.hasSuffix("/gonogo.yaml") }
      .map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }
    #expect(walked.compactMap { $0["scenario"] as? String }.sorted() == names)
  }

  @Test func webhookLoadLosesNoReply() async throws {
    let ended = try await gonogo(
      [
        "load", folder + "/whatsapp-webhook.yaml", "--config", folder + "/gonogo.yaml", "--rate", "30/s", "--for", "2s",
        "--threshold", "replies lost == 0", "--threshold", "replies duplicated == 0", "--quiet", "--json",
      ], in: scratch)
    #expect([0, 4].contains(ended.code), "\(ended)")
    let record = try object(ended.out)
    let replies = try #require(record["replies"] as? [String: Any])
    #expect(replies["lost"] as? Int == 0 && replies["duplicated"] as? Int == 0, "\(replies)")
    let totals = try #require(record["totals"] as? [String: Any])
    #expect(totals["failed"] as? Int == 0 && totals["ok"] as? Int ?? 0 >= 60, "\(totals)")
  }

  @Test func theEightPlans() throws {
    let plans = try files("/plans").map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }
    for name in ["smoke", "baseline", "expected-peak", "twice-peak", "spike", "stress", "soak", "capacity"] {
      #expect(plans.contains(name))
      let text = try text(folder + "/plans/\(name).yaml")
      #expect(text.contains("\nplan: \(name)\n"))
      #expect(text.contains("# When: "))
    }
  }

  @Test func againstTheEmbeddedHotelEveryPlanIsShort() async throws {
    for plan in try files("/plans") {
      let text = try text(plan)
      let lengths = text.matches(of: /(?:for|demo): (\w+)/).map(\.1)
      #expect(!lengths.isEmpty)
      let phases = text.split(separator: "\n").filter { $0.contains("{name: ") }
      for phase in phases where phase.contains(/for: [0-9]+[mh]/) {
        #expect(phase.contains(/demo: [0-9]+s/), "\(plan): \(phase)")
      }
    }
  }

  @Test func expectedPeakHoldsLongEnoughToBeMarked() throws {
    let text = try text(folder + "/plans/expected-peak.yaml")
    #expect(text.contains("{name: peak, rate: 1x peak, for: 10m, demo: 60s, steady: true}"))
    #expect(try self.text(folder + "/plans/soak.yaml").contains("rate: 1x peak, for: 1h, "))
  }

  /// Numbers that regulators keep for fiction, and addresses that nobody can own.
  @Test(arguments: ["guests", "messages"])
  func dataBelongsToNobody(table: String) throws {
    let rows = try text(folder + "/data/\(table).csv").split(separator: "\n").dropFirst()
    #expect(rows.count >= 15)
    for row in rows {
      let phones = row.matches(of: /,?\b([0-9]{9,15})\b/).map { String($0.1) }
      #expect(phones.count == 1, "\(row)")
      for phone in phones {
        #expect(phone.wholeMatch(of: /4477009000[0-9]{2}|447700900[0-9]{3}|1[0-9]{3}55501[0-9]{2}/) != nil)
      }
      for address in row.matches(of: /@[a-z.]+/) {
        #expect(["@example.com", "@example.net", "@example.org"].contains(String(address.0)))
      }
    }
  }

  @Test func messagesAreInTheFormMetaSends() throws {
    let text = try text(folder + "/data/messages.csv")
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    #expect(text.contains("\\u00f3") && text.contains("\\ud83d\\udc4b") && text.contains("https:\\/\\/"))
  }
}

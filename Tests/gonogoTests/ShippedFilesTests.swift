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
    let all = try files() + files("/plans")
    #expect(all.count >= 16)
    let ended = try await gonogo(
      ["lint", "--env", environment, "--config", folder + "/gonogo.yaml"] + all, in: scratch)
    #expect(ended.code == 0, "\(ended)")
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

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Results
import Testing

@testable import Document
@testable import Readiness

/// The lists that come with the tool, and standings for them.
enum Lists {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "scenarios/checklists").path
  static let names = ["p020", "es", "ws", "realtor"]

  private static let loaded = Dictionary(
    uniqueKeysWithValues: names.map { ($0, Checklist.load("\(folder)/\($0).yaml")) })

  static func list(_ name: String) throws -> Checklist {
    let loaded = try #require(Self.loaded[name])
    #expect(loaded.diagnostics.all.isEmpty, "\(loaded.diagnostics.rendered())")
    return try #require(loaded.checklist)
  }

  /// Every row PASS, but for those named.
  static func states(
    _ list: Checklist, _ others: [String: Standing] = [:], approvedBy: String? = "ops"
  ) -> [ItemState] {
    list.items.map { item in
      let standing = others[item.id] ?? .pass
      return ItemState(
        item: item, standing: standing, origin: .attested, reason: "seen",
        approvedBy: standing == .notApplicable ? approvedBy : nil)
    }
  }

  /// That many rows, the last of the list first, of those that hold.
  static func rows(_ list: Checklist, _ count: Int, where holds: (ChecklistItem) -> Bool) -> [String] {
    Array(list.items.filter(holds).map(\.id).suffix(count))
  }

  static func signatures(_ list: Checklist) throws -> [SignOff] {
    let at = try #require(Timestamp("2026-11-20T12:00:00Z"))
    return list.rule.roles.map { SignOff(role: $0, who: "qa", at: at, note: nil) }
  }

  static func risk(_ level: RiskLevel, isMitigated: Bool = false, acceptedBy: String? = nil) -> Risk {
    Risk(
      id: "R-1", title: "the cache may be cold", item: nil, level: level, impact: "slow answers", probability: "low",
      mitigation: nil, isMitigated: isMitigated, acceptedBy: acceptedBy)
  }
}

/// A list written in a test.
func checklist(_ text: String) throws -> Checklist {
  var diagnostics = Diagnostics()
  let list = Checklist.read(Source(path: "list.yaml", text: text), &diagnostics)
  #expect(diagnostics.all.isEmpty, "\(diagnostics.rendered())")
  return try #require(list)
}

/// What reading a broken list says.
func mistakes(_ text: String) -> String {
  var diagnostics = Diagnostics()
  #expect(Checklist.read(Source(path: "list.yaml", text: text), &diagnostics) == nil)
  return diagnostics.rendered()
}

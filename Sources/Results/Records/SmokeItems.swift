// SPDX-License-Identifier: Apache-2.0

// What a smoke run says about checklist items: `F-001` of every run, and what its scenarios mark. The one path to these
// marks; nothing is PASS by default.

/// The items of a record whose smoke part is judged and whose writes are known. `doubts`: what is wrong with the run's
/// files, for which nothing can be proven.
func smokeItems(_ record: RunRecord, doubts: [String]) -> [ItemRecord] {
  guard let smoke = record.smoke else { return [] }
  var items = [SmokeItems.everyEndpoint(smoke, doubts: doubts)]
  var seen: Set<String> = [SmokeItems.everyEndpointID]
  for mark in smoke.scenarios.flatMap(\.marks) where seen.insert(mark.item).inserted {
    items.append(SmokeItems.marked(mark.item, record, smoke, doubts: doubts))
  }
  return items
}

enum SmokeItems {
  static let everyEndpointID = "F-001"
  static let reservationID = "F-002"

  /// A part of an item's proof.
  typealias Part = (status: ItemStatus, reason: String)

  /// FAIL before PENDING before PARTIAL before PASS; the reasons of the worst.
  private static func worst(_ parts: [Part], otherwise: Part) -> Part {
    for status in [ItemStatus.fail, .pending, .partial] {
      let reasons = parts.filter { $0.status == status }.map(\.reason)
      if !reasons.isEmpty { return (status, reasons.joined(separator: "; ")) }
    }
    return otherwise
  }

  // MARK: F-001

  /// Every step passed, and every operation was called but for those ignored with a reason.
  static func everyEndpoint(_ smoke: SmokeRecord, doubts: [String]) -> ItemRecord {
    let steps = smoke.named
    func names(_ holds: (SmokeStep) -> Bool) -> [String] { steps.filter { holds($0.step) }.map(\.name) }
    func say(_ names: [String], _ status: ItemStatus, _ text: String) -> [Part] {
      names.isEmpty ? [] : [(status, "\(count(names.count, "step")) \(text): \(list(names))")]
    }
    var parts: [Part] = say(names { $0.status == .failed }, .fail, "failed")
    // What its own condition left out need not be there: that nothing is missing, the operations tell.
    let left = names { $0.status == .skipped && $0.cause != .condition && $0.cause != .nothingToCleanUp }
    parts += say(left, .pending, "left out")
    if !smoke.settings.tags.isEmpty {
      parts.append((.pending, "only steps tagged \(list(smoke.settings.tags)) were meant"))
    }
    if !steps.contains(where: { $0.step.status == .passed }) { parts.append((.pending, "no step was checked")) }
    parts += doubts.map { (.pending, $0) }
    parts += coverage(smoke, isPartOfRun: !left.isEmpty || smoke.isLimited || !doubts.isEmpty)
    parts += say(names { $0.flaky }, .partial, "passed only on a retry")
    let operations = smoke.coverage?.operations ?? []
    let ignored = operations.count { $0.isIgnored && $0.called == 0 }
    let (status, reason) = worst(
      parts,
      otherwise: (
        .pass,
        "\(count(steps.count { $0.step.status == .passed }, "step")) passed and \(count(operations.count - ignored, "operation"))"
          + " called\(ignored == 0 ? "" : ", \(ignored) ignored with a reason")"
      ))
    return ItemRecord(id: everyEndpointID, status: status, reason: reason)
  }

  /// Operations that nobody called break the item only when the whole of the scenarios was walked.
  private static func coverage(_ smoke: SmokeRecord, isPartOfRun: Bool) -> [Part] {
    guard let coverage = smoke.coverage else {
      return [(.pending, smoke.coverageMissing ?? "nothing says which operations the target has")]
    }
    guard !coverage.operations.isEmpty else { return [(.pending, "\(coverage.source) lists no operation")] }
    let gaps = coverage.operations.filter { $0.called == 0 && !$0.isIgnored }.map(\.operation)
    guard !gaps.isEmpty else { return [] }
    let text = "\(count(gaps.count, "operation")) of \(coverage.operations.count) never called: \(list(gaps))"
    if smoke.settings.partial {
      return [(.pending, text + " (only scenarios named on the command line were walked)")]
    }
    return [(isPartOfRun ? .pending : .fail, text)]
  }

  // MARK: what scenarios mark

  /// All steps named for the item passed, in every scenario that marks it.
  static func marked(_ item: String, _ record: RunRecord, _ smoke: SmokeRecord, doubts: [String]) -> ItemRecord {
    var parts: [Part] = doubts.map { (.pending, $0) }
    var proofs: [String] = []
    for scenario in smoke.scenarios {
      for mark in scenario.marks where mark.item == item {
        let found = mark.steps.map { name in scenario.steps.firstIndex { $0.name == name } }
        parts += zip(mark.steps, found).flatMap { name, index in
          part(index.map { scenario.steps[$0] }, "\(scenario.scenario)/\(name)")
        }
        if mark.steps.isEmpty { parts.append((.pending, "\(scenario.scenario) names no step for it")) }
        let steps = found.compactMap { $0 }.map { scenario.steps[$0] }
        guard item == reservationID else {
          proofs.append("\(count(steps.count, "step")) of \(scenario.scenario) passed")
          continue
        }
        parts += order(found.compactMap { $0 }, scenario)
        parts += reservation(steps, mark, scenario, record)
        proofs.append(flow(steps, scenario))
      }
    }
    let (status, reason) = worst(parts, otherwise: (.pass, proofs.joined(separator: "; ")))
    return ItemRecord(id: item, status: status, reason: reason)
  }

  private static func part(_ step: SmokeStep?, _ name: String) -> [Part] {
    guard let step else { return [(.pending, "\(name) is not in the record")] }
    switch step.status {
    case .failed:
      let failure = step.decisive?.failure.map { ": \($0.sentence)" } ?? ""
      return [(.fail, "\(name) failed\(failure)")]
    case .skipped: return [(.pending, "\(name) was left out\(step.reason.map { ": \($0)" } ?? "")")]
    case .passed: return step.flaky ? [(.partial, "\(name) passed only on a retry")] : []
    }
  }

  private static func order(_ places: [Int], _ scenario: SmokeScenario) -> [Part] {
    zip(places, places.dropFirst()).allSatisfy { $0 < $1 }
      ? [] : [(.pending, "the steps of \(scenario.scenario) do not follow each other as named")]
  }

  // MARK: F-002

  private static let reservationParts = ["booked", "read back", "cancelled", "gone"]

  /// Booked, read back, cancelled (200 or 204), gone; and nothing of the scenario left in the target.
  private static func reservation(
    _ steps: [SmokeStep], _ mark: SmokeMark, _ scenario: SmokeScenario, _ record: RunRecord
  ) -> [Part] {
    guard mark.steps.count == reservationParts.count else {
      return [(.pending, "\(scenario.scenario) names \(count(mark.steps.count, "step")), not four")]
    }
    guard steps.count == reservationParts.count else { return [] }
    var parts: [Part] = []
    func name(_ step: SmokeStep) -> String { "\(scenario.scenario)/\(step.name)" }
    for (step, mustWrite) in zip(steps, [true, false, true, false]) where step.writes != mustWrite {
      parts.append((.pending, "\(name(step)) \(mustWrite ? "changes nothing" : "is no reading") in the target"))
    }
    if steps[0].status == .passed, !(200...299).contains(steps[0].decisive?.status ?? 0) {
      parts.append((.fail, "\(name(steps[0])) was answered \(answer(steps[0])): nothing was booked"))
    }
    if steps[2].status == .passed, ![200, 204].contains(steps[2].decisive?.status) {
      parts.append((.fail, "\(name(steps[2])) was answered \(answer(steps[2])), not 200 or 204"))
    }
    let left = record.leftBehind.filter { $0.scenario == scenario.scenario }
    // What nobody knows the state of is no proof.
    if let first = left.first(where: { $0.state != "indeterminate" }) ?? left.first {
      let status: ItemStatus = first.state == "indeterminate" ? .pending : .fail
      parts.append((status, "left in the target by \(first.scenario)/\(first.step): \(first.key) (\(first.state))"))
    } else if record.leftBehindCount > record.leftBehind.count {
      parts.append((.pending, "\(record.leftBehindCount) writes are left in the target, not all of them are known"))
    }
    return parts
  }

  /// `booked by reservation/book (201), read back by ...`.
  private static func flow(_ steps: [SmokeStep], _ scenario: SmokeScenario) -> String {
    zip(reservationParts, steps).map { "\($0) by \(scenario.scenario)/\($1.name) (\(answer($1)))" }
      .joined(separator: ", ")
  }

  private static func answer(_ step: SmokeStep) -> String { step.decisive?.status.map { "\($0)" } ?? "nothing" }

  // MARK: words

  private static func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }

  private static func list(_ names: [String]) -> String {
    names.count <= 5 ? names.joined(separator: ", ") : names.prefix(4).joined(separator: ", ") + ", ..."
  }
}

extension SmokeRecord {
  /// Something of the scenarios was left out because somebody wanted it so.
  fileprivate var isLimited: Bool { settings.readOnly || settings.partial || !settings.tags.isEmpty }

  fileprivate var named: [(name: String, step: SmokeStep)] {
    scenarios.flatMap { scenario in scenario.steps.map { ("\(scenario.scenario)/\($0.name)", $0) } }
  }
}

extension CoveredOperation {
  /// With a reason: without one it is a gap like any other.
  fileprivate var isIgnored: Bool { ignored?.contains { !$0.isWhitespace } == true }
}

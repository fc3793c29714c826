// SPDX-License-Identifier: Apache-2.0
import Judgement

// P-002, P-003 and P-004: one rule each, held for all requests pooled and for each part by itself. The worst part
// decides: a fast mix must not hide one slow step.

extension LoadItems {
  /// A rule and the part of the requests it was asked of.
  struct PartFinding {
    /// Nil: all requests, pooled.
    var part: String?
    var finding: Finding
  }

  /// Not a probe, and sent by journeys: a setup's login comes once.
  var judgedSteps: [String] { folder.series.steps.filter { !$0.probe && $0.perJourney != 0 }.map(\.name) }

  /// P-002, P-003: pooled, and each step that is not a probe.
  func responseTime(_ id: String, quantile: Double, limitMicroseconds limit: Double) -> ItemRecord {
    let findings = judged([nil] + judgedSteps) { selection in
      Threshold(
        text: "p(\(Wording.number(quantile * 100))) < \(Wording.time(limit))", figure: .quantile(.response, quantile),
        comparison: .less, limit: limit, selection: selection)
    }
    return item(id, "p\(Wording.number(quantile * 100))", findings, limit: limit, steps: true)
  }

  /// P-004: pooled, and each journey.
  func errorShare() -> ItemRecord {
    let findings = judged([nil] + folder.series.scenarios) { selection in
      Threshold(text: "errors < 0.1%", figure: .errors, comparison: .less, limit: 0.001, selection: selection)
    }
    return item("P-004", "errors", findings, limit: 0.001, steps: false)
  }

  /// One finding per part, the worst of its phases where those are not pooled.
  func judged(_ parts: [String?], _ rule: (Selection) -> Threshold) -> [PartFinding] {
    let generator = record.generator
    return parts.flatMap { part in
      let rules = load.selections.map { rule(Selection(phase: $0.phase, step: part)) }
      guard !rules.isEmpty else { return [PartFinding]() }
      let judgement = judge(
        rules, confidence: .level(Self.level), run: folder, generatorHealthy: generator?.healthy ?? false,
        generatorReasons: generator?.reasons ?? [])
      let worst = judgement.findings.first { $0.verdict == judgement.findings.worstVerdict }
      return worst.map { [PartFinding(part: part, finding: $0)] } ?? []
    }
  }

  private func item(
    _ id: String, _ figure: String, _ findings: [PartFinding], limit: Double, steps: Bool
  ) -> ItemRecord {
    var item = ItemRecord(id: id, status: .pending, reason: "")
    item.unit = steps ? .milliseconds : .fraction
    item.limit = shown(limit, steps)
    guard !findings.isEmpty else {
      item.reason = obstacles.joined(separator: "; ")
      return item
    }
    let failed = findings.filter { $0.finding.verdict == .fail }
    let open = findings.filter { $0.finding.verdict == .inconclusive }
    if let worst = failed.max(by: isBetter) {
      fill(&item, worst, steps)
      item.reason = sentence(worst, figure, steps) + others(failed.count - 1, "broken")
      if load.mayFail {
        item.status = .fail
      } else {
        let why = obstacles.isEmpty ? [load.note ?? "the load was not the declared one"] : obstacles
        item.reason = (why + ["measured: " + item.reason]).joined(separator: "; ")
      }
    } else if let hardest = open.min(by: { $0.finding.n < $1.finding.n }) {
      // Every part would say the same of an unhealthy generator.
      guard record.generator?.healthy == true || !steps else {
        item.reason = obstacles.joined(separator: "; ")
        return item
      }
      let pooled = open.first { $0.part == nil && hardest.part != nil }
      let shown = [pooled, hardest].compactMap { $0 }
      fill(&item, hardest, steps)
      let texts = shown.map { "\(name($0)): \($0.finding.remark ?? $0.finding.reason)" }
      item.reason = (texts + obstacles).joined(separator: "; ") + others(open.count - shown.count, "open")
    } else if let worst = findings.max(by: isBetter) {
      fill(&item, worst, steps)
      let pooled = findings[0]
      item.n = pooled.finding.n
      var text = sentence(pooled, figure, steps)
      if worst.part != nil { text += "; worst: " + sentence(worst, figure, steps) }
      item.status = obstacles.isEmpty ? .pass : .pending
      item.reason =
        obstacles.isEmpty
        ? text + (load.note.map { "; " + $0 } ?? "") : (obstacles + ["measured: " + text]).joined(separator: "; ")
    }
    return item
  }

  private func fill(_ item: inout ItemRecord, _ part: PartFinding, _ isTime: Bool) {
    item.value = part.finding.value.map { shown($0, isTime) }
    item.bound = part.finding.bound.map { shown($0, isTime) }
    item.n = part.finding.n
    item.part = part.part
  }

  /// A percentile among the failed ones is worse than any time.
  private func isBetter(_ a: PartFinding, _ b: PartFinding) -> Bool {
    let (x, y) = (a.finding.value ?? .infinity, b.finding.value ?? .infinity)
    return x == y ? (a.finding.bound ?? 0) < (b.finding.bound ?? 0) : x < y
  }

  private func shown(_ value: Double, _ isTime: Bool) -> Double { isTime ? value / 1000 : value }

  private func name(_ part: PartFinding) -> String { part.part ?? "all requests" }

  /// `reservation/book p95 1.52 s (at least 1.48 s with 95 % confidence) of 3,600 requests; 1 s is the limit`.
  private func sentence(_ part: PartFinding, _ figure: String, _ isTime: Bool) -> String {
    let finding = part.finding
    func text(_ value: Double) -> String { isTime ? Wording.time(value) : Wording.share(value) }
    let value = finding.value.map(text) ?? "among the failed ones"
    let side = finding.verdict == .fail ? "at least" : "at most"
    let bound = finding.bound.map { " (\(side) \(text($0)) with 95 % confidence)" } ?? ""
    return "\(name(part)) \(figure) \(value)\(bound) of \(Wording.count(finding.n, "request"))"
  }

  private func others(_ count: Int, _ what: String) -> String {
    count > 0 ? "; \(Wording.count(count)) more \(count == 1 ? "part" : "parts") \(what)" : ""
  }
}

extension [Finding] {
  fileprivate var worstVerdict: Verdict? { Verdict.worst(of: map(\.verdict)) }
}

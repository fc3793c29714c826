// SPDX-License-Identifier: Apache-2.0
import Judgement

extension RunFolder {
  /// Why two runs cannot be compared at all, or only when somebody insists; in sentences.
  package struct Incomparable: Error, Sendable, Equatable {
    package var differences: [String]
    /// Nobody's insistence helps: there are no figures to compare.
    package var isFinal: Bool
  }

  /// Holds the second run against the first. `anyway`: in spite of what makes them incomparable, which is then said.
  package static func compare(
    _ first: RunFolder, _ second: RunFolder, anyway: Bool, toolVersion: String
  ) throws(Incomparable) -> ComparisonRecord {
    guard let a = first.completed(), let b = second.completed() else {
      throw Incomparable(differences: ["a folder without run.json holds nothing to compare"], isFinal: true)
    }
    if let other = [a, b].first(where: { $0.kind != .load }) {
      throw Incomparable(
        differences: ["\(other.runId) is a \(other.kind.rawValue) run: it measured no figures of many requests"],
        isFinal: true)
    }
    let steps = (a.plan.steps.map(\.name), b.plan.steps.map(\.name))
    guard steps.0 == steps.1 || Set(steps.0) == Set(steps.1) || anyway else {
      throw Incomparable(differences: differences(a, b), isFinal: false)
    }
    let differences = differences(a, b)
    guard differences.isEmpty || anyway else { throw Incomparable(differences: differences, isFinal: false) }
    let reasons = obstacles(a, first) + (first === second ? [] : obstacles(b, second))
    let shared = steps.0.filter(Set(steps.1).contains)
    let isHealthy = a.generator?.healthy == true && b.generator?.healthy == true
    var rows: [ComparisonRecord.Row] = []
    if reasons.isEmpty {
      rows = compareRuns(
        StepSubset(run: first, steps: shared), StepSubset(run: second, steps: shared), times: isHealthy,
        throughput: [a, b].contains { $0.plan.model == "closed" } || isShort(a) || isShort(b)
      ).map(ComparisonRecord.Row.init)
    }
    var record = ComparisonRecord(
      tool: ToolRecord(version: toolVersion), first: side(a, first.directory), second: side(b, second.directory),
      differences: differences, remarks: remarks(a, b),
      method: ComparisonRecord.Method(comparisons: rows.count { $0.p != nil }), rows: rows, verdict: .pass,
      reasons: reasons)
    if !isHealthy {
      for run in first === second ? [a] : [a, b] where run.generator?.healthy != true {
        record.reasons.append(
          "the generator of \(run.runId) was not healthy, so that times and throughput prove nothing: "
            + (run.generator?.reasons.joined(separator: "; ") ?? "nothing is known about it"))
      }
    }
    let pooled = rows.filter { $0.name == nil }
    if rows.contains(where: { $0.outcome == .worse }) {
      record.verdict = .fail
    } else if !record.reasons.isEmpty {
      record.verdict = .inconclusive
    } else if pooled.contains(where: { $0.outcome == .cannotTell && $0.figure != "p99" }) {
      record.verdict = .inconclusive
      record.reasons += pooled.filter { $0.outcome == .cannotTell }.map { "\($0.figure): \($0.reason ?? "unknown")" }
    }
    return record
  }

  /// Why this run cannot be held against any other.
  private static func obstacles(_ record: RunRecord, _ folder: RunFolder) -> [String] {
    var found = folder.problems + folder.ledgerMismatches()
    let seconds = record.steady?.seconds ?? 0
    if seconds < leastComparedSeconds {
      found.append(
        "\(seconds) steady seconds prove nothing: within a few minutes equal runs differ by chance as much as unequal"
          + " ones; \(leastComparedSeconds) s are needed")
    }
    return found.map { "\(record.runId): \($0)" }
  }

  private static func differences(_ a: RunRecord, _ b: RunRecord) -> [String] {
    var found: [String] = []
    func compare(_ what: String, _ first: String, _ second: String) {
      if first != second { found.append("\(what): \(first) against \(second)") }
    }
    compare("kind of target", a.demo ? "demo" : "real system", b.demo ? "demo" : "real system")
    compare("model", a.plan.model, b.plan.model)
    func mix(_ record: RunRecord) -> String {
      record.plan.mix.sorted { $0.scenario < $1.scenario }.map {
        "\($0.scenario) \(($0.share * 1000).rounded() / 10) %"
      }
      .joined(separator: ", ")
    }
    compare("mix", mix(a), mix(b))
    let unit = a.plan.model == "closed" ? " users" : "/s"
    func load(_ record: RunRecord) -> String {
      var loads: [String] = []
      for phase in record.plan.phases where phase.steady {
        let text =
          (phase.from == phase.to ? "\(phase.from)" : "\(phase.from)..\(phase.to)") + unit
          + (phase.mix.isEmpty ? "" : " of \(phase.mix)")
        if loads.last != text { loads.append(text) }
      }
      return loads.joined(separator: ", then ")
    }
    compare("load of the steady phases", load(a), load(b))
    if load(a) == load(b), load(a).contains(", then ") {
      func lengths(_ record: RunRecord) -> String {
        record.plan.phases.filter(\.steady).map { "\($0.seconds) s" }.joined(separator: ", ")
      }
      compare("lengths of the steady phases", lengths(a), lengths(b))
    }
    let steps = (a.plan.steps.map(\.name), b.plan.steps.map(\.name))
    let onlyFirst = steps.0.filter { !Set(steps.1).contains($0) }
    let onlySecond = steps.1.filter { !Set(steps.0).contains($0) }
    if !onlyFirst.isEmpty { found.append("steps of the first run only: \(onlyFirst.joined(separator: ", "))") }
    if !onlySecond.isEmpty { found.append("steps of the second run only: \(onlySecond.joined(separator: ", "))") }
    return found
  }

  /// What differs and may be the very thing to be judged.
  private static func remarks(_ a: RunRecord, _ b: RunRecord) -> [String] {
    var found: [String] = []
    func compare(_ what: String, _ first: String?, _ second: String?) {
      if first != second { found.append("\(what): \(first ?? "unknown") against \(second ?? "unknown")") }
    }
    compare("build", a.build, b.build)
    compare("environment", a.environment ?? "none declared", b.environment ?? "none declared")
    compare("target", a.target, b.target)
    compare("timeout", "\(Int(a.settings.timeout)) ms", "\(Int(b.settings.timeout)) ms")
    compare("generator's machine", a.provenance.host, b.provenance.host)
    compare("gonogo", a.tool.version, b.tool.version)
    return found
  }

  /// A schedule fixes what is offered; what is answered is a figure only when it falls behind that.
  private static func isShort(_ record: RunRecord) -> Bool {
    Double(record.totals.ok) < 0.99 * Double(record.totals.planned)
  }

  private static func side(_ record: RunRecord, _ directory: String) -> ComparisonRecord.Side {
    ComparisonRecord.Side(
      folder: directory, runId: record.runId, started: record.started, plan: record.plan.name, target: record.target,
      environment: record.environment, build: record.build, demo: record.demo,
      steadySeconds: record.steady?.seconds ?? 0, requests: record.steady?.requests ?? 0,
      generatorHealthy: record.generator?.healthy ?? false, verdict: record.verdict)
  }
}

/// A run of which only some steps are compared one by one; what is pooled stays whole.
private struct StepSubset: MeasuredRun {
  let run: RunFolder
  let steps: [String]

  var phases: [PhaseFacts] { run.phases }
  var brokenLive: [String] { run.brokenLive }

  func batches(
    of selection: Selection, counting event: CountedEvent, batchSeconds: Int
  ) throws(SelectionError) -> [Batch] {
    try run.batches(of: selection, counting: event, batchSeconds: batchSeconds)
  }
  func quantile(_ q: Double, of selection: Selection, measure: Measure) throws(SelectionError) -> Double? {
    try run.quantile(q, of: selection, measure: measure)
  }
  func answeredTimes(of selection: Selection, measure: Measure) throws(SelectionError) -> AnsweredTimes? {
    try run.answeredTimes(of: selection, measure: measure)
  }
  func totals(of selection: Selection) throws(SelectionError) -> RequestTotals { try run.totals(of: selection) }
  func replies(of selection: Selection) throws(SelectionError) -> ReplyTotals { try run.replies(of: selection) }
  func completedPerSecond(of selection: Selection) throws(SelectionError) -> [Int] {
    try run.completedPerSecond(of: selection)
  }
}

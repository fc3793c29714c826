// SPDX-License-Identifier: Apache-2.0
import Judgement

// P-005: an hour at the peak in which the rules of P-002 to P-004 hold in every window of five minutes, nothing was
// started again, and memory does not grow by more than a tenth of its limit in a day. What is broken is FAIL however
// short the run was.

extension LoadItems {
  static let soakSeconds = 3600
  static let windowSeconds = 300

  /// One thing that P-005 needs.
  struct SoakPart {
    var status: ItemStatus
    var reason: String
    /// Of memory: growth per day, its bound, and the instance.
    var memory: MemoryGrowth?
  }

  func soak() -> ItemRecord {
    var item = ItemRecord(id: "P-005", status: .pass, reason: "")
    item.value = Double(load.secondsHeld)
    item.limit = Double(Self.soakSeconds)
    item.unit = .seconds
    let parts = [lengthHeld] + windowsHeld + restarts + memory
    item.status = Self.worstFirst.first { status in parts.contains { $0.status == status } } ?? .pass
    var reasons = parts.filter { $0.status == item.status }.map(\.reason)
    if item.status == .pass, !obstacles.isEmpty {
      item.status = .pending
      reasons = obstacles + ["measured: " + reasons.joined(separator: "; ")]
    } else if item.status == .pending {
      reasons += obstacles
    }
    item.reason = reasons.filter { !$0.isEmpty }.joined(separator: "; ")
    if item.status != .pending,
      let memory = parts.first(where: { $0.status == item.status && $0.memory != nil })?.memory
    {
      item.value = memory.perDay
      item.bound = item.status == .fail ? memory.lower : memory.upper
      item.limit = memory.allowed
      item.unit = .bytesPerDay
      item.part = memory.instance
    }
    return item
  }

  private var lengthHeld: SoakPart {
    let text = "\(Wording.count(load.secondsHeld)) of \(Wording.count(Self.soakSeconds)) s"
    return load.secondsHeld < Self.soakSeconds
      ? SoakPart(status: .pending, reason: text)
      : SoakPart(status: .pass, reason: "the peak was held for \(Wording.duration(Double(load.secondsHeld)))")
  }

  // MARK: windows

  /// By each window's own figures, as design and people read them: no window is long enough for bounds.
  private var windowsHeld: [SoakPart] {
    guard load.phases.contains(where: { $0.facts.seconds >= Self.windowSeconds }) else {
      if load.secondsHeld < Self.soakSeconds { return [] }
      return [
        SoakPart(
          status: .pending, reason: "no phase is as long as a window of 5 min: P-002 to P-004 are asked of each")
      ]
    }
    let steps: [String?] = [nil] + judgedSteps
    let journeys: [String?] = [nil] + folder.series.scenarios
    func rule(_ figure: Figure, _ limit: Double, _ text: String) -> (Selection) -> Threshold {
      {
        Threshold(
          text: text, figure: figure, comparison: .less, limit: limit, selection: $0, windowSeconds: Self.windowSeconds)
      }
    }
    let rules: [(String, [PartFinding])] = [
      ("p95", judged(steps, rule(.quantile(.response, 0.95), 1_000_000, "p(95) < 1s over 5m"))),
      ("p99", judged(steps, rule(.quantile(.response, 0.99), 2_000_000, "p(99) < 2s over 5m"))),
      ("errors", judged(journeys, rule(.errors, 0.001, "errors < 0.1% over 5m"))),
    ]
    let all = rules.flatMap { figure, findings in findings.map { (figure, $0) } }
    for verdict in [Verdict.fail, .inconclusive] {
      let these = all.filter { $0.1.finding.verdict == verdict }
      guard let (figure, first) = these.first else { continue }
      let isFail = verdict == .fail && load.mayFail
      let more = these.count > 1 ? "; \(Wording.count(these.count - 1)) more likewise" : ""
      return [
        SoakPart(
          status: isFail ? .fail : .pending,
          reason: "\(first.part ?? "all requests") \(figure): \(first.finding.reason)\(more)")
      ]
    }
    if let lack = emptyWindow(of: steps + journeys) { return [SoakPart(status: .pending, reason: lack)] }
    return [SoakPart(status: .pass, reason: "P-002 to P-004 held in every window of 5 min")]
  }

  /// What was not sent for five minutes held nothing in them.
  private func emptyWindow(of parts: [String?]) -> String? {
    for part in parts {
      var (empty, all) = (0, 0)
      for phase in load.phases {
        let batches =
          (try? folder.batches(
            of: Selection(phase: phase.facts.name, step: part), counting: .failed, batchSeconds: Self.windowSeconds))
          ?? [Batch(n: 0, possiblyOver: 0, surelyOver: 0)]
        empty += batches.count { $0.n == 0 }
        all += batches.count
      }
      if empty > 0 {
        return "\(part ?? "nothing") was \(part == nil ? "" : "not ")sent in \(Wording.count(empty)) of"
          + " \(Wording.count(all)) stretches of 5 min"
      }
    }
    return nil
  }

  // MARK: the target's side

  /// From the first second judged to the last.
  private var seconds: Range<Int> {
    guard let first = load.phases.first, let last = load.phases.last else { return 0..<0 }
    return first.start..<max(first.start, last.end)
  }

  private var restarts: [SoakPart] {
    let seen = folder.target.series.filter { series in
      series.metric != TargetMetric.unreadable && series.points.contains { seconds.contains($0.second) }
    }
    guard !seen.isEmpty else {
      return [
        SoakPart(
          status: .pending,
          reason: "the target's memory and restarts were not watched: the environment's `metrics` say where they are")
      ]
    }
    var found: [String] = []
    var canTell = false
    var subjects: Set<String> = []
    for series in seen {
      if series.metric == TargetMetric.restarts {
        canTell = true
        let values = series.points.filter { seconds.contains($0.second) }.map(\.value)
        if let low = values.first, let high = values.max(), high > low {
          found.append("\(series.subject) was restarted \(Wording.count((high - low).rounded())) times by its policy")
        }
      }
      guard series.instance.contains("@"), subjects.insert("\(series.source)/\(series.subject)").inserted else {
        continue
      }
      canTell = true
      if let second = restartSecond(of: series.subject, series.source, seen) {
        found.append("\(series.subject) was started again by second \(second)")
      }
    }
    if !found.isEmpty { return [SoakPart(status: .fail, reason: found.joined(separator: "; "))] }
    if let fallen = fallenCounter(seen) { return [SoakPart(status: .pending, reason: fallen)] }
    return canTell
      ? [SoakPart(status: .pass, reason: "no restart")]
      : [SoakPart(status: .pending, reason: "nothing that was watched tells when the target was started")]
  }

  /// What only grows does not fall while a process lives, whether its instance has another name by then or not.
  private func fallenCounter(_ seen: [TargetTable.Series]) -> String? {
    for series in seen
    where series.source != .prometheus && series.metric.prefix(while: { $0 != "{" }).hasSuffix("_total") {
      let points = series.points.filter { seconds.contains($0.second) }
      guard let place = zip(points, points.dropFirst()).first(where: { $0.value > $1.value })?.1.second else {
        continue
      }
      return
        "\(series.metric) of \(series.subject) fell by second \(place): it was started again, or several answer there"
    }
    return nil
  }

  /// A later instance that was first seen after the last sight of all before it. Replicas behind one address take turns.
  private func restartSecond(of subject: String, _ source: TargetSource, _ seen: [TargetTable.Series]) -> Int? {
    var spans: [String: (first: Int, last: Int)] = [:]
    for series in seen where series.source == source && series.subject == subject && series.instance.contains("@") {
      let inside = series.points.map(\.second).filter(seconds.contains)
      guard let first = inside.min(), let last = inside.max() else { continue }
      let span = spans[series.instance] ?? (first, last)
      spans[series.instance] = (min(span.first, first), max(span.last, last))
    }
    var end: Int?
    for span in spans.values.sorted(by: { ($0.first, $0.last) < ($1.first, $1.last) }) {
      if let end, span.first > end { return span.first }
      end = max(end ?? span.last, span.last)
    }
    return nil
  }

  private var memory: [SoakPart] {
    let instances = MemoryGrowth.instances(folder.target)
    guard !instances.isEmpty else {
      return folder.target.isEmpty
        ? [] : [SoakPart(status: .pending, reason: "no memory was sampled at the target")]
    }
    return instances.map { series in
      let subject = series.subject
      guard let limit = memoryLimit(of: series) else {
        return SoakPart(
          status: .pending,
          reason: "no memory limit of \(subject) is known: it has none, or `memory-limit` in `metrics` would say it")
      }
      let siblings = instances.filter { $0.source == series.source && $0.subject == subject }
      let sampling = MemoryGrowth.Sampling(
        everyMilliseconds: folder.everyMilliseconds(siblings), seconds: siblings.flatMap { $0.points.map(\.second) })
      switch MemoryGrowth.measured(series, limit: limit, within: seconds, sampling) {
      case .success(let growth): return growth.part(subject)
      case .failure(let lack): return SoakPart(status: .pending, reason: lack.reason(subject))
      }
    }
  }

  private func memoryLimit(of series: TargetTable.Series) -> Double? {
    let told = folder.target.series.first {
      $0.metric == TargetMetric.memoryLimit && $0.source == series.source && $0.instance == series.instance
    }
    if let value = told?.points.last?.value, value > 0 { return value }
    let declared = record.watched?.sources.filter { $0.source == series.source && $0.memoryLimit != nil } ?? []
    return (declared.first { $0.name == series.subject } ?? (declared.count == 1 ? declared[0] : nil))?.memoryLimit
  }
}

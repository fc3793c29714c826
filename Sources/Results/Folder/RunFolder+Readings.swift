// SPDX-License-Identifier: Apache-2.0
package import Judgement

extension RunFolder {
  /// Over how many seconds each figure of processor use goes: a minute, in phases under two of them 10 s.
  private static func cpuSeconds(_ span: Range<Int>) -> Int { span.count >= 120 ? 60 : 10 }

  package func readings(of figure: TargetFigure, in selection: Selection) throws(SelectionError) -> TargetReadings {
    let spans = try phaseIndices(selection).map { phaseSpans[$0] }.map { $0.start..<$0.end }
    guard !target.isEmpty else { return TargetReadings(lack: "the target was not watched in this run") }
    let meant = target.series.filter { figure.means($0.metric, of: $0.instance, $0.source) }
    guard !meant.isEmpty else { return TargetReadings(lack: unknown(figure)) }
    var result = TargetReadings()
    var missing: (taken: Int, expected: Int)?
    for (_, group) in Dictionary(grouping: meant, by: { "\($0.source) \($0.subject) \($0.metric)" }) {
      var taken = 0
      for series in group {
        let (values, lack) = values(of: figure, series, spans)
        if let lack { result.lack = lack }
        taken += series.points.count { point in spans.contains { $0.contains(point.second) } }
        if !values.isEmpty { result.series.append(TargetReadings.Series(name: figure.label(series), values: values)) }
      }
      let expected = spans.reduce(0) { $0 + $1.count } * 1000 / max(1, everyMilliseconds(group))
      if missing == nil || taken * missing!.expected < missing!.taken * expected { missing = (taken, expected) }
    }
    result.series.sort { $0.name < $1.name }
    result.taken = missing?.taken ?? 0
    result.expected = missing?.expected ?? 0
    return result
  }

  /// Time between two samples, as the run says; else as the samples lie.
  func everyMilliseconds(_ group: [TargetTable.Series]) -> Int {
    let sources = record?.watched?.sources.filter { $0.source == group[0].source } ?? []
    let named =
      sources.first { TargetTable.isMeant(group[0].subject, by: $0.name) } ?? (sources.count == 1 ? sources[0] : nil)
    if let every = named?.every ?? sources.map(\.every).max(), every >= 1 { return Int(every) }
    let points = group[0].points
    guard let first = points.first, let last = points.last, points.count > 1 else { return 1000 }
    return max(1000, (last.second - first.second) * 1000 / (points.count - 1))
  }

  private func values(
    of figure: TargetFigure, _ series: TargetTable.Series, _ spans: [Range<Int>]
  ) -> (values: [Double], lack: String?) {
    switch figure {
    case .metric, .memory:
      return (spans.flatMap { span in series.points.filter { span.contains($0.second) }.map(\.value) }, nil)
    case .memoryShare:
      guard let limit = limit(TargetMetric.memoryLimit, of: series), limit > 0 else {
        return ([], "no memory limit of \(series.subject) is known")
      }
      let points = spans.flatMap { span in series.points.filter { span.contains($0.second) } }
      return (points.map { $0.value / limit }, nil)
    case .cpu:
      let processors = limit(TargetMetric.processors, of: series) ?? 1
      let shares = spans.flatMap { Self.cpuShares(series.points, within: $0) }
      return shares.isEmpty
        ? ([], "too little of \(series.subject)'s processor time was sampled here")
        : (shares.map { $0 / (processors > 0 ? processors : 1) }, nil)
    }
  }

  private func limit(_ metric: String, of series: TargetTable.Series) -> Double? {
    let told = target.series.first {
      $0.metric == metric && $0.source == series.source && $0.instance == series.instance
    }
    if let value = told?.points.last?.value { return value }
    guard metric == TargetMetric.memoryLimit else { return nil }
    return record?.watched?.sources.first { $0.source == series.source && $0.memoryLimit != nil }?.memoryLimit
  }

  /// Processors used, over the shortest stretch that is long enough and ends with each sample. O(points).
  private static func cpuShares(_ points: [TargetTable.Point], within span: Range<Int>) -> [Double] {
    let inside = points.filter { span.contains($0.second) }
    let length = cpuSeconds(span)
    var begin = 0
    var shares: [Double] = []
    for point in inside {
      while begin + 1 < inside.count, inside[begin + 1].second <= point.second - length { begin += 1 }
      let seconds = point.second - inside[begin].second
      guard seconds >= length else { continue }
      shares.append(max(0, point.value - inside[begin].value) / Double(seconds))
    }
    return shares
  }

  private func unknown(_ figure: TargetFigure) -> String {
    var names: [String]
    if case .metric = figure {
      names = target.series.map { String($0.metric.prefix { $0 != "{" }) }
    } else {
      names = target.series.map(\.subject)
    }
    names = Array(Set(names)).sorted()
    let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", ..." : "")
    return "nothing of the name \(figure.name) was sampled" + (names.isEmpty ? "" : "; there are \(shown)")
  }
}

extension TargetFigure {
  /// What Prometheus clients call figures of their process.
  private static let scrapedCPU = "process_cpu_seconds_total"
  private static let scrapedMemory = "process_resident_memory_bytes"

  /// Whether a series is one that the rule is about. An instance is meant by its name without what a restart changes, or
  /// whole.
  package func means(_ metric: String, of instance: String, _ source: TargetSource) -> Bool {
    func isNamed(_ name: String) -> Bool { metric == name || metric.hasPrefix(name + "{") }
    func isOf(_ name: String) -> Bool {
      instance == name || TargetTable.isMeant(TargetTable.subject(ofInstance: instance, source: source), by: name)
    }
    switch self {
    case .metric(let name, _): return isNamed(name)
    case .cpu(let name):
      return isOf(name) && (metric == TargetMetric.cpu || source == .scrape && isNamed(Self.scrapedCPU))
    case .memory(let name), .memoryShare(let name):
      return isOf(name) && (metric == TargetMetric.memory || source == .scrape && isNamed(Self.scrapedMemory))
    }
  }

  /// The instance, and of a metric what tells its series apart.
  fileprivate func label(_ series: TargetTable.Series) -> String {
    if case .metric = self, let labels = series.metric.firstIndex(of: "{") {
      return "\(series.instance) \(series.metric[labels...])"
    }
    return series.instance
  }
}

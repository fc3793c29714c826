// SPDX-License-Identifier: Apache-2.0

extension Judge {
  /// `over 10s`: the rule must hold in every window of that length, second by second; each judged by its figure.
  func judgeWindows(
    _ threshold: Threshold, _ selection: Selection, _ seconds: Int, _ finding: inout Finding
  ) throws(SelectionError) {
    if threshold.figure == .rate {
      let completed = try run.completedPerSecond(of: selection)
      finding.n = completed.reduce(0, +)
      finding.effectiveN = Double(finding.n)
      let rates = windowSums(completed, seconds).map { Double($0) / Double(seconds) }
      return judgeEach(rates.map { ($0, $0) }, threshold.comparison, threshold.limit, threshold, seconds, &finding)
    }
    guard let event = threshold.countedEvent else { return }
    let batches = try run.batches(of: selection, counting: event, batchSeconds: 1)
    finding.n = batches.reduce(0) { $0 + $1.n }
    finding.effectiveN = Double(finding.n)
    let ns = windowSums(batches.map(\.n), seconds)
    let possibly = windowSums(batches.map(\.possiblyOver), seconds)
    let surely = windowSums(batches.map(\.surelyOver), seconds)
    let shares: [(Double, Double)?] = ns.indices.map { index in
      ns[index] == 0
        ? nil : (Double(possibly[index]) / Double(ns[index]), Double(surely[index]) / Double(ns[index]))
    }
    // == and != compare the share itself; for quantiles over a window the grammar refuses them.
    let rule = threshold.shareRule
    judgeEach(
      shares, rule?.comparison ?? threshold.comparison, rule?.limit ?? threshold.limit, threshold, seconds, &finding)
  }

  private func judgeEach(
    _ windows: [(possibly: Double, surely: Double)?], _ comparison: Comparison, _ limit: Double,
    _ threshold: Threshold, _ seconds: Int, _ finding: inout Finding
  ) {
    let held = windows.indices.filter { windows[$0] != nil }
    guard !held.isEmpty else {
      finding.explain("no whole window of \(seconds) s was measured")
      return
    }
    var broken: [Int] = []
    var doubtful = 0
    for index in held {
      guard let window = windows[index] else { continue }
      let (a, b) = (comparison.holds(window.possibly, limit), comparison.holds(window.surely, limit))
      if !a && !b { broken.append(index) } else if a != b { doubtful += 1 }
    }
    let isUpper = comparison == .less || comparison == .lessOrEqual
    let values = held.compactMap { windows[$0]?.possibly }
    let worst = isUpper ? values.max() : values.min()
    if threshold.figure.measure == nil { finding.value = worst }
    finding.verdict = !broken.isEmpty ? .fail : doubtful > 0 ? .inconclusive : .pass
    let what = "windows of \(seconds) s, each judged by its estimate"
    if let first = broken.first {
      finding.explain(
        "broken in \(Wording.count(broken.count)) of \(Wording.count(held.count)) \(what), first from second \(first)")
    } else if doubtful > 0 {
      finding.explain("in doubt in \(Wording.count(doubtful)) of \(Wording.count(held.count)) \(what)")
    } else {
      finding.explain("held in all \(Wording.count(held.count)) \(what)")
    }
  }
}

/// Sums over every window of so many neighbours; empty when there are fewer. O(values).
func windowSums(_ values: [Int], _ length: Int) -> [Int] {
  guard length > 0, values.count >= length else { return [] }
  var sum = values[0..<length].reduce(0, +)
  var sums = [sum]
  for index in length..<max(length, values.count) {
    sum += values[index] - values[index - length]
    sums.append(sum)
  }
  return sums
}

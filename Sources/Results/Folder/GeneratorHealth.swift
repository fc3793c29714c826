// SPDX-License-Identifier: Apache-2.0
package import Judgement

/// Whether the tool itself kept up: arithmetic over facts that were measured. An unhealthy generator makes no verdict
/// worse than INCONCLUSIVE; that is the judge's business.
package struct GeneratorHealth: Sendable {
  /// Share of the steady seconds that must keep the own lag within bounds, and of the arrivals that must start.
  private static let keptShare = 0.99
  /// No own lag above this is called healthy, in microseconds.
  private static let largestLag = 10_000.0
  private static let lagShareOfLimit = 0.02
  private static let mostBusyPerMille = 850
  private static let mostUsedPerMille = 900
  private static let mostStealPerMille = 50

  /// Own lag (p99 of a second) that is still in order, in microseconds.
  package let allowedLag: Double
  /// Seconds of the run, steady ones only.
  package let steadySeconds: [Range<Int>]
  package let arrivals: ArrivalTotals

  /// `smallestLimit`: of the rules on time that are judged, in microseconds; nil when there is none.
  package init(smallestLimit: Double?, steadySeconds: [Range<Int>], arrivals: ArrivalTotals) {
    allowedLag = min(Self.largestLag, (smallestLimit ?? .infinity) * Self.lagShareOfLimit)
    self.steadySeconds = steadySeconds
    self.arrivals = arrivals
  }

  /// The smallest limit on a time, in microseconds.
  package static func smallestLimit(_ thresholds: [Threshold]) -> Double? {
    thresholds.compactMap { threshold in
      switch threshold.figure {
      case .quantile, .mean, .minimum, .maximum: threshold.limit
      default: nil
      }
    }.min()
  }

  /// Why the generator was not healthy; empty when it was.
  package func reasons(_ rows: [GeneratorRow]) -> [String] {
    let steady = rows.filter(isSteady)
    let seconds = steadySeconds.reduce(0) { $0 + $1.count }
    var reasons: [String] = []
    let known = Set(steady.map(\.second)).count
    if Double(seconds - known) > (1 - Self.keptShare) * Double(seconds) {
      reasons.append("the tool's own state is known for only \(known) of \(seconds) steady seconds")
    }
    let late = steady.count { Double($0.ownLagP99) > allowedLag }
    if Double(late) > (1 - Self.keptShare) * Double(seconds) {
      reasons.append(
        "own lag p99 was over \(decimal(allowedLag / 1000)) ms in \(late) of \(seconds) steady seconds; 1 % may be")
    }
    if let busy = Self.mean(steady.map(\.counts.busyPerMille)), busy > Double(Self.mostBusyPerMille) {
      reasons.append("the busiest worker was busy \(decimal(busy / 10)) % of the time; 85 % may be")
    }
    if let steal = Self.mean(steady.map(\.counts.stealPerMille)), steal > Double(Self.mostStealPerMille) {
      reasons.append("\(decimal(steal / 10)) % of the processor time was stolen by other machines; 5 % may be")
    }
    if Double(arrivals.started) < Self.keptShare * Double(arrivals.planned) {
      reasons.append("only \(arrivals.started) of \(arrivals.planned) arrivals were started; 99 % must be")
    }
    reasons += used(rows.map(\.counts.descriptorsPerMille).max(), "descriptors")
    reasons += used(rows.map(\.counts.portsPerMille).max(), "local ports")
    return reasons
  }

  /// Whether a row lies wholly in a steady phase.
  package func isSteady(_ row: GeneratorRow) -> Bool {
    steadySeconds.contains { $0.contains(row.second) }
  }

  /// Of the figures that could be read; nil when none could.
  static func mean(_ perMille: [Int]) -> Double? {
    let known = perMille.filter { $0 >= 0 }
    return known.isEmpty ? nil : Double(known.reduce(0, +)) / Double(known.count)
  }

  private func used(_ perMille: Int?, _ what: String) -> [String] {
    guard let perMille, perMille > Self.mostUsedPerMille else { return [] }
    return ["\(decimal(Double(perMille) / 10)) % of the \(what) were in use; 90 % may be"]
  }
}

/// With at most two decimals.
private func decimal(_ value: Double) -> String {
  let hundredths = Int((value * 100).rounded())
  let (whole, rest) = (hundredths / 100, hundredths % 100)
  if rest == 0 { return String(whole) }
  return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
}

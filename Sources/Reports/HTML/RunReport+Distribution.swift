// SPDX-License-Identifier: Apache-2.0
import Glibc
import Results

extension RunReport {
  var distribution: HTMLText {
    guard let timeline, timeline.response.count > 0 else { return .none }
    return HTMLParts.section(
      "distribution", "Distribution of times",
      curve(timeline.response, timeline.service) + bins(timeline.response, timeline.service))
  }

  /// Percentiles on an axis on which each nine has the same room.
  private func curve(_ response: TimeDistribution, _ service: TimeDistribution) -> HTMLText {
    let quantiles = Set((response.curve + service.curve).map(\.quantile)).sorted()
    guard let last = quantiles.last, last > 0 else { return .none }
    let nines = max(1, (-log10(1 - last) * 10).rounded(.up) / 10)
    func share(_ quantile: Double) -> Double { -log10(1 - quantile) / nines }
    func values(_ distribution: TimeDistribution) -> [Double?] {
      let known = Dictionary(
        distribution.curve.map { ($0.quantile, $0.milliseconds) }, uniquingKeysWith: { first, _ in first })
      return quantiles.map { known[$0] }
    }
    let named: [(Double, String)] = [
      (0, "p0"), (0.5, "p50"), (0.9, "p90"), (0.95, "p95"), (0.99, "p99"), (0.999, "p99.9"), (0.9999, "p99.99"),
      (0.99999, "p99.999"),
    ]
    let ticks = named.filter { share($0.0) <= 1 }.filter { $0.0 != 0.95 || nines <= 4 }.filter {
      $0.0 != 0 || nines <= 4
    }
    return Chart(
      title: "Response and service time by percentile",
      about: "Of all requests of the steady phases; failed ones rank behind all others, so the curves end before them.",
      unit: .milliseconds,
      across: .places(
        quantiles.map(share), names: quantiles.map { "p" + HTMLText.coordinate($0 * 100, decimals: 4) },
        heading: "percentile", ticks: ticks.map { (share($0.0), $0.1) }),
      series: [
        Chart.Series("response time", .boldLine, colour: 1, values: values(response)),
        Chart.Series("service time", .dashedLine, colour: 0, values: values(service)),
      ]
    ).html
  }

  private func bins(_ response: TimeDistribution, _ service: TimeDistribution) -> HTMLText {
    let bins = response.bins
    guard let first = bins.first, let last = bins.last, bins.count > 1 else { return .none }
    let decades = log10(last.to / first.from)
    func share(_ value: Double) -> Double { log10(value / first.from) / decades }
    var ticks: [(share: Double, text: String)] = []
    for decade in -3...7 {
      let value = pow(10, Double(decade))
      if value >= first.from * 0.999, value <= last.to * 1.001 {
        ticks.append((share(value), ChartUnit.milliseconds.tick(value)))
      }
    }
    let hasFailed = bins.contains { $0.failed > 0 }
    let failed = Chart.Series(
      "failed, by the time until they did", .bars, colour: 4, values: bins.map { Double($0.failed) })
    return Chart(
      title: "How many requests took how long",
      about: "Response time, logarithmic: ten bars to a power of ten.",
      unit: .count,
      across: .places(
        bins.map { (share($0.from) + share($0.to)) / 2 },
        names: bins.map { "\(NumberText.milliseconds($0.from)) to \(NumberText.milliseconds($0.to))" },
        heading: "response time", ticks: ticks),
      series: [Chart.Series("answered as expected", .bars, colour: 3, values: bins.map { Double($0.ok) })]
        + (hasFailed ? [failed] : [])
    ).html
  }
}

// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reports
@testable import Results

struct ChartTests {
  @Test(
    arguments: [
      (97, [0, 50, 100]), (100, [0, 50, 100]), (101, [0, 50, 100, 150]), (0.3, [0, 0.1, 0.2, 0.3]),
      (7, [0, 2, 4, 6, 8]),
      (0, [0, 0.5, 1]),
    ] as [(Double, [Double])])
  func ticksAreRound(most: Double, ticks: [Double]) {
    let found = ChartScale(upTo: most, unit: .perSecond).ticks
    #expect(found.count == ticks.count && zip(found, ticks).allSatisfy { ($0 - $1).magnitude < 1e-9 }, "\(found)")
  }

  @Test func whatIsCountedHasWholeTicks() {
    #expect(ChartScale(upTo: 1, unit: .count).ticks == [0, 1])
    #expect(ChartScale(upTo: 300, unit: .mebibytes).ticks == [0, 128, 256, 384])
  }

  @Test func timesOfManySizesGetALogarithm() {
    let scale = ChartScale(times: [0.8, 12, 950], limits: [])
    #expect(scale.isLogarithmic)
    #expect(scale.ticks == [1, 10, 100, 1000])
    #expect(scale.share(0.5) == 0 && scale.share(1000) == 1 && scale.share(0) == 0)
    #expect(scale.share(10) > scale.share(1) && scale.share(10) < scale.share(100))
    #expect(!ChartScale(times: [10, 300], limits: []).isLogarithmic)
    #expect(!ChartScale(times: [], limits: []).isLogarithmic)
  }

  @Test(arguments: [
    (60, ["0 s", "10 s", "20 s", "30 s", "40 s", "50 s", "60 s"]),
    (600, ["0 min", "2 min", "4 min", "6 min", "8 min", "10 min"]),
    (3630, ["0 min", "10 min", "20 min", "30 min", "40 min", "50 min", "60 min"]),
    (200, ["0:00", "0:30", "1:00", "1:30", "2:00", "2:30", "3:00"]),
    (7200, ["0:00 h", "0:20 h", "0:40 h", "1:00 h", "1:20 h", "1:40 h", "2:00 h"]),
  ])
  func timeIsCutAtRoundMoments(seconds: Int, texts: [String]) {
    #expect(TimeTicks(seconds: seconds).ticks.map(\.text) == texts)
  }

  @Test func unitsAreWrittenAtTheTicks() {
    #expect([0.5, 20, 2500].map(ChartUnit.milliseconds.tick) == ["500 us", "20 ms", "2.5 s"])
    #expect(ChartUnit.share.tick(0.25) == "25 %" && ChartUnit.mebibytes.tick(2048) == "2 GiB")
  }

  @Test func gapsStayGapsAndTheFailedAreMarked() {
    let chart = Chart(
      title: "t", about: "a", unit: .milliseconds, across: .time(stretchSeconds: 1),
      series: [
        Chart.Series("p99", .line, colour: 0, values: [10, nil, 30, 40], isBeyond: [false, true, false, false])
      ])
    let html = chart.html.text
    #expect(html.contains(#"d="M125 150h0M625 50L875 0""#), "\(html)")
    #expect(html.contains(#"<path class="beyond" d="M375 0v9"/>"#))
    #expect(html.contains(#"<th scope="row">1s</th><td class="n">failed</td>"#))
  }

  @Test func barsStandOnEachOther() {
    let chart = Chart(
      title: "t", about: "a", unit: .count, across: .time(stretchSeconds: 5),
      series: [
        Chart.Series("a", .bars, colour: 3, values: [4, 0]), Chart.Series("b", .bars, colour: 4, values: [4, 8]),
      ])
    let html = chart.html.text
    #expect(html.contains(#"<path class="bar cd" d="M35 100h430V200h-430z"/>"#), "\(html)")
    #expect(html.contains(#"<path class="bar ce" d="M35 0h430V100h-430zM535 0h430V200h-430z"/>"#), "\(html)")
  }

  @Test func nothingIsDrawnOfNothing() {
    let series = Chart.Series("a", .line, colour: 0, values: [nil, nil])
    #expect(
      Chart(title: "t", about: "a", unit: .count, across: .time(stretchSeconds: 1), series: [series]).html.isEmpty)
  }

  @Test func samplesBecomeStretches() {
    let points = [0, 5, 10, 40].map { TargetTable.Point(second: $0, value: Double($0)) }
    let series = TargetSeries(metric: "", about: "", instance: "", unit: .count, points: points)
    #expect(series.stretches(of: 15, count: 3) == [10, nil, 40])
    #expect(series.stretches(of: 2, count: 4) == [0, 2.5, 5, 7.5] || series.stretches(of: 2, count: 4)[2] == 5)
  }

  @Test func processorsAreADifference() {
    let table = TargetTable(samples: [
      TargetSample(second: 0, source: .process, instance: "hotel:1@2", metric: TargetMetric.cpu, value: 1),
      TargetSample(second: 5, source: .process, instance: "hotel:1@2", metric: TargetMetric.cpu, value: 2),
      TargetSample(second: 5, source: .scrape, instance: "x", metric: "odd_series", value: 2),
      TargetSample(second: 5, source: .scrape, instance: "x", metric: "named_series", value: 2),
    ])
    let drawn = TargetSeries.all(of: table, rules: ["metric(\"named_series\") < 3"])
    #expect(drawn.map(\.metric) == ["Processor time", "named_series"])
    #expect(drawn[0].points == [TargetTable.Point(second: 5, value: 0.2)])
    #expect(drawn[0].instance == "hotel")
  }
}

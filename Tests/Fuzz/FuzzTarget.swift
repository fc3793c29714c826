import Transport

// SPDX-License-Identifier: Apache-2.0
@testable import Observe
@testable import Results

/// Prometheus text of any target: few samples, each of which reads the same when it is written again, and readings that
/// `target.csv` can hold.
func fuzzPrometheus(_ bytes: UnsafeBufferPointer<UInt8>) {
  let text = PrometheusText(Array(bytes), limit: 50) { _ in true }
  precondition(text.samples.count <= 50, "more samples than may be kept")
  for sample in text.samples {
    precondition(sample.series.hasPrefix(sample.name), "a series of another name")
    let line = Array("\(sample.series) \(sample.value)".utf8)
    guard line.count <= PrometheusText.lineLimitBytes else { continue }
    let again = PrometheusText(line, limit: 1) { _ in true }.samples.first
    precondition(again?.series == sample.series, "a series changed on its way")
    precondition(again?.value.bitPattern == sample.value.bitPattern || sample.value.isNaN, "a value changed on its way")
  }
  let reader = ScrapeReader(
    url: "http://127.0.0.1:1/metrics", connection: ConnectionSettings(), memoryLimitBytes: nil, keep: ["a", "up"],
    requests: nil)
  guard let readings = try? reader.readings(Array(bytes)) else { return }
  for reading in readings {
    let sample = TargetSample(
      second: 0, source: .scrape, instance: reading.instance, metric: reading.metric, value: reading.value)
    precondition(TargetFormat.line(sample) != nil, "a reading that no file holds")
  }
}

/// `target.csv` of any folder: what is read of it reads the same when it is written again.
func fuzzTargetTable(_ bytes: UnsafeBufferPointer<UInt8>) {
  let table = TargetTable(Array(bytes))
  var text = TargetFormat.header
  for series in table.series {
    precondition(!series.points.isEmpty, "a series out of nothing")
    for point in series.points {
      let sample = TargetSample(
        second: point.second, source: series.source, instance: series.instance, metric: series.metric,
        value: point.value)
      guard let line = TargetFormat.line(sample) else { preconditionFailure("a value that is no number") }
      text += line
    }
  }
  let again = TargetTable(Array(text.utf8))
  precondition(again.series == table.series, "samples changed on their way")
  precondition(again.problems.isEmpty, "our own file is not readable")
}

// SPDX-License-Identifier: Apache-2.0
package import Results
package import Transport

/// Reads Prometheus text over HTTP. Of what it holds are kept: the process's memory, time, begin and descriptors; the
/// server's count of requests, summed over its labels; and what somebody asked for by name.
package struct ScrapeReader: TargetReader {
  package let source = TargetSource.scrape
  /// The URL.
  package let name: String
  private let endpoint: TargetEndpoint
  private let memoryLimit: Double?
  private let keep: Set<String>
  private let counters: [String]

  private static let usual: Set = [
    "process_resident_memory_bytes", "process_cpu_seconds_total", startTime, "process_open_fds",
  ]
  private static let startTime = "process_start_time_seconds"
  /// Where frameworks count requests; the first one found counts.
  private static let usualCounters = [
    "http_requests_total", "http_server_requests_total", "http_request_duration_seconds_count",
    "http_server_requests_seconds_count", "http_server_request_duration_seconds_count", "requests_total",
  ]
  private static let bodyLimitBytes = 8 << 20
  private static let seriesLimit = 500

  /// `keep`: names of further series. `requests`: the counter of requests; nil: looked for among the usual names.
  package init(
    url: String, connection: ConnectionSettings, memoryLimitBytes: Double?, keep: [String], requests: String?
  ) {
    name = url
    var question = PlainRequest(url)
    question.headers = ["Accept: text/plain;version=0.0.4"]
    endpoint = TargetEndpoint(question, connection: connection, bodyLimitBytes: Self.bodyLimitBytes)
    memoryLimit = memoryLimitBytes
    self.keep = Set(keep)
    counters = requests.map { [$0] } ?? Self.usualCounters
  }

  package func read() throws(TargetUnreadable) -> [TargetReading] {
    let answer = try endpoint.ask()
    guard answer.status == 200 else { throw TargetUnreadable("it answers \(answer.status)") }
    return try readings(answer.body)
  }

  /// What is kept of an answer.
  func readings(_ body: [UInt8]) throws(TargetUnreadable) -> [TargetReading] {
    let counterNames = Set(counters)
    let text = PrometheusText(body, limit: Self.seriesLimit) {
      Self.usual.contains($0) || keep.contains($0) || counterNames.contains($0)
    }
    if text.isCut { throw TargetUnreadable("it has over \(Self.seriesLimit) series of the names that are kept") }
    guard !text.samples.isEmpty else {
      throw TargetUnreadable("it has no Prometheus text with a series that is kept")
    }
    let start = text.samples.first { $0.name == Self.startTime && $0.value.isFinite }?.value
    let instance = start.map { "\(endpoint.hostAndPort)@\($0)" } ?? endpoint.hostAndPort
    var figures = text.samples.filter { Self.usual.contains($0.name) || keep.contains($0.name) }
      .map { ($0.series, $0.value) }
    if let counter = counters.first(where: { name in text.samples.contains { $0.name == name } }),
      !figures.contains(where: { $0.0 == counter })
    {
      figures.append((counter, text.samples.reduce(0) { $0 + ($1.name == counter ? $1.value : 0) }))
    }
    if let memoryLimit { figures.append((TargetMetric.memoryLimit, memoryLimit)) }
    return figures.filter(\.1.isFinite).map { TargetReading(instance: instance, metric: $0.0, value: $0.1) }
  }

  /// The counter of requests among readings; nil when there is none.
  package func requestCounter(in readings: [TargetReading]) -> String? {
    counters.first { name in readings.contains { $0.metric == name } }
  }
}

// SPDX-License-Identifier: Apache-2.0
import Results
import TestServers
import Testing
import Transport

@testable import Observe

@Suite struct ScrapeReaderTests {
  private static let text = """
    process_resident_memory_bytes 1048576
    process_start_time_seconds 1763640000.5
    http_requests_total{status="200"} 40
    http_requests_total{status="500"} 2
    http_request_duration_seconds_count 42
    jobs_total{queue="a"} 7
    jobs_total{queue="b"} NaN
    other_total 9
    """

  private func reader(
    _ url: String, keep: [String] = [], requests: String? = nil, limit: Double? = nil
  ) -> ScrapeReader {
    ScrapeReader(
      url: url, connection: ConnectionSettings(), memoryLimitBytes: limit, keep: keep, requests: requests)
  }

  private func figures(_ readings: [TargetReading]) -> [String: Double] {
    Dictionary(readings.map { ($0.metric, $0.value) }) { first, _ in first }
  }

  @Test func theUsualSeriesAreKeptAndRequestsAreSummedUp() throws {
    let server = try TestServer(always: .answer(body: Self.text))
    let readings = try reader(server.url + "/metrics", limit: 5).read()
    #expect(Set(readings.map(\.instance)) == ["127.0.0.1:\(server.port)@1763640000.5"])
    #expect(
      figures(readings) == [
        "process_resident_memory_bytes": 1_048_576, "process_start_time_seconds": 1_763_640_000.5,
        "http_requests_total": 42, TargetMetric.memoryLimit: 5,
      ])
    #expect(reader("x").requestCounter(in: readings) == "http_requests_total")
    #expect(server.observed.requests.first?.path == "/metrics")
  }

  @Test func whatIsNamedIsKeptWithItsLabels() throws {
    let body = Array(Self.text.utf8)
    let kept = figures(try reader("http://h/m", keep: ["jobs_total"], requests: "other_total").readings(body))
    #expect(kept[#"jobs_total{queue="a"}"#] == 7 && kept["other_total"] == 9)
    #expect(kept[#"jobs_total{queue="b"}"#] == nil && kept["http_requests_total"] == nil)
    let labelled = figures(try reader("http://h/m", keep: ["http_requests_total"]).readings(body))
    #expect(labelled["http_requests_total"] == 42 && labelled[#"http_requests_total{status="500"}"#] == 2)
  }

  @Test func whoDoesNotSayWhenItBeganIsOneInstance() throws {
    let readings = try reader("https://h.example:8443/m?x=1").readings(Array("process_open_fds 3\n".utf8))
    #expect(readings == [TargetReading(instance: "h.example:8443", metric: "process_open_fds", value: 3)])
  }

  @Test(arguments: [
    (Reply.answer(404), "it answers 404"), (.redirect(to: "/elsewhere"), "it answers 302"),
    (.answer(body: "<html>hello</html>"), "it has no Prometheus text with a series that is kept"),
  ])
  func anotherAnswerIsTold(reply: Reply, reason: String) throws {
    let server = try TestServer(always: reply)
    #expect(throws: TargetUnreadable(reason)) { try reader(server.url + "/metrics").read() }
  }

  @Test func nobodyThereIsTold() throws {
    let server = try TestServer(always: .answer())
    server.stop()
    #expect(throws: TargetUnreadable.self) { try reader(server.url).read() }
  }

  @Test func tooManySeriesOfAKeptNameAreRefused() {
    let body = (0..<600).map { "jobs_total{n=\"\($0)\"} 1\n" }.joined()
    #expect(throws: TargetUnreadable("it has over 500 series of the names that are kept")) {
      try reader("http://h", keep: ["jobs_total"]).readings(Array(body.utf8))
    }
  }
}

@Suite struct PrometheusReaderTests {
  private func reader(_ server: String) -> PrometheusReader {
    PrometheusReader(server: server, query: "sum(up{job=\"a b\"})", name: "up", connection: ConnectionSettings())
  }

  @Test func theValueOfAQueryIsAsked() throws {
    let body = #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1763.5,"2.5"]}]}}"#
    let server = try TestServer(always: .json(body))
    let readings = try reader(server.url + "/").read()
    #expect(readings == [TargetReading(instance: "127.0.0.1:\(server.port)", metric: "up", value: 2.5)])
    #expect(server.observed.requests.first?.target == "/api/v1/query?query=sum%28up%7Bjob%3D%22a%20b%22%7D%29")
  }

  @Test(arguments: [
    (#"{"status":"success","data":{"resultType":"scalar","result":[1763.5,"7"]}}"#, 7.0),
    (#"{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"-1e3"]}]}}"#, -1000),
  ])
  func aScalarIsAValueToo(body: String, value: Double) throws {
    #expect(try reader("http://p").readings(status: 200, body: Array(body.utf8)).map(\.value) == [value])
  }

  @Test(arguments: [
    (#"{"status":"error","error":"parse error at char 3"}"#, "parse error at char 3"),
    (#"{"status":"error"}"#, "it answers 400"), ("<html>", "it answers 400 without JSON"),
    (#"{"status":"success","data":{"resultType":"vector","result":[]}}"#, "the query has no value"),
    (#"{"status":"success","data":{"result":[{"value":[1,"NaN"]}]}}"#, "the query has no value"),
    (
      #"{"status":"success","data":{"result":[{"value":[1,"1"]},{"value":[1,"2"]}]}}"#,
      "the query has 2 results, not one: sum(...) or max(...) makes one"
    ),
  ])
  func whatIsNoValueIsTold(body: String, reason: String) {
    #expect(throws: TargetUnreadable(reason)) {
      try reader("http://p").readings(status: 400, body: Array(body.utf8))
    }
  }
}

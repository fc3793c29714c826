// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Observe

@Suite struct PrometheusTextTests {
  private func read(_ text: String, limit: Int = 100) -> PrometheusText {
    PrometheusText(Array(text.utf8), limit: limit) { $0 != "unwanted" }
  }

  private func pairs(_ text: String) -> [String] { read(text).samples.map { "\($0.series)=\($0.value)" } }

  @Test func samplesAreReadAsTheManualSays() {
    let text = """
      # HELP http_requests_total The total number of HTTP requests.
      # TYPE http_requests_total counter
      http_requests_total{method="post",code="200"} 1027 1395066363000
      http_requests_total{method="post",code="400"}    3 1395066363000

      # Escaping in label values:
      msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find:\\n\\"FILE\\""} 1.458255915e9
      metric_without_timestamp_and_labels 12.47
      something_weird{problem="division by zero"} +Inf -3982045
      with_comma{a="1",} 1
      spaced { a = "1" , b = "}" } 2
      a:b_9 -1e-3
      unwanted 4
      """
    #expect(
      pairs(text) == [
        #"http_requests_total{method="post",code="200"}=1027.0"#, #"http_requests_total{method="post",code="400"}=3.0"#,
        #"msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find:\n\"FILE\""}=1458255915.0"#,
        "metric_without_timestamp_and_labels=12.47", #"something_weird{problem="division by zero"}=inf"#,
        #"with_comma{a="1"}=1.0"#, #"spaced{a="1",b="}"}=2.0"#, "a:b_9=-0.001",
      ])
    #expect(read(text).badLines == 0)
  }

  @Test(arguments: [
    "9a 1", "a", "a{ 1", "a{b} 1", "a{b=} 1", "a{b=\"x} 1", "a{b=\"x\\", "a{b=\"x\"", "a{b=\"x\" c=\"y\"} 1", "a one",
    "a 1 2 3", "a 1 x", "{a=\"1\"} 1", "<html>", "\u{0}", "é 1", "a{b=\"x\"} ",
  ])
  func whatIsNoSampleIsPassedOverAndCounted(line: String) {
    let text = read("before 1\n\(line)\r\nafter 2\n")
    #expect(text.samples.map(\.name) == ["before", "after"])
    #expect(text.badLines == 1)
  }

  @Test func anyBytesAreRead() {
    var state: UInt64 = 7
    let alphabet = Array("ab{}=\"\\ ,#1.e+-\n\r\t\u{0}é:_".utf8)
    for _ in 0..<2_000 {
      let bytes = (0..<64).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return alphabet[Int(state >> 33) % alphabet.count]
      }
      let text = PrometheusText(bytes, limit: 10) { _ in true }
      #expect(text.samples.count <= 10)
    }
  }

  @Test func thereIsAnEndToWhatIsKept() {
    let text = read((0..<20).map { "a{n=\"\($0)\"} 1\n" }.joined(), limit: 5)
    #expect(text.samples.count == 5 && text.isCut)
    #expect(read("a 1\n", limit: 1).isCut == false)
    let long = "a{b=\"" + String(repeating: "x", count: PrometheusText.lineLimitBytes) + "\"} 1\nc 2\n"
    #expect(read(long).samples.map(\.name) == ["c"])
  }
}

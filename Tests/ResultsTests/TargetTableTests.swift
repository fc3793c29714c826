// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Results

@Suite struct TargetTableTests {
  private func sample(
    _ second: Int, _ instance: String = "hotel:12@345", _ metric: String = TargetMetric.memory, _ value: Double = 1
  ) -> TargetSample {
    TargetSample(second: second, source: .process, instance: instance, metric: metric, value: value)
  }

  private func file(_ rows: String) -> [UInt8] { Array((TargetFormat.header + rows).utf8) }

  @Test func whatIsWrittenIsReadBack() {
    let odd = "http_requests_total{path=\"/a,b\\\"\",status=\"200\"}\n"
    let samples = [
      sample(0), sample(5, "hotel:12@345", TargetMetric.memory, 2), sample(5, "naïve, one:1@2", odd, 0.25),
      sample(10, "hotel:99@400"),
    ]
    let table = TargetTable(file(samples.compactMap(TargetFormat.line).joined()))
    #expect(table.problems == [])
    #expect(table == TargetTable(samples: samples))
    #expect(table.series(metric: TargetMetric.memory).map(\.points.count) == [2, 1])
    #expect(table.series(metric: odd).first?.points == [.init(second: 5, value: 0.25)])
    #expect(table.instances(of: .process) == ["hotel:12@345", "naïve, one:1@2", "hotel:99@400"])
    #expect(table.series(metric: TargetMetric.memory, source: .scrape) == [])
  }

  @Test(arguments: [
    (0.0, "0"), (512e6, "512000000"), (-3, "-3"), (0.25, "0.25"), (1e-7, "0.0000001"), (-1.5e-5, "-0.000015"),
    (1e22, "10000000000000000000000"), (1.5e300, nil), (.leastNormalMagnitude, nil), (123_456_789.125, "123456789.125"),
    (9.3e18, "9300000000000000000"), (1.7976931348623157e308, nil),
  ])
  func aValueIsAPlainDecimalThatReadsBackAsItself(value: Double, text: String?) throws {
    let written = TargetFormat.decimal(value)
    if let text { #expect(written == text) }
    #expect(written.allSatisfy { $0.isNumber || $0 == "." || $0 == "-" })
    #expect(Double(written) == value)
    let line = try #require(TargetFormat.line(sample(1, "i:1@1", "m", value)))
    #expect(TargetTable(file(line)).series.first?.points == [.init(second: 1, value: value)])
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func whatIsNoNumberIsNotWritten(value: Double) {
    #expect(TargetFormat.line(sample(1, "i", "m", value)) == nil)
  }

  @Test(arguments: [
    "5,process,i,m", "5,process,i,m,1,2", "-1,process,i,m,1", "x,process,i,m,1", "5,magic,i,m,1", "5,process,,m,1",
    "5,process,i,,1", "5,process,i%2,m,1", "5,process,i,m,nan", "5,process,i,m,1e5", "5,process,i,m,", "",
    "5,process,i,m,0x10", "99999999999,process,i,m,1",
  ])
  func aDamagedRowIsToldAndTheRestIsRead(row: String) {
    let table = TargetTable(file("1,process,i,m,1\n\(row)\n2,process,i,m,2\n"))
    #expect(table.problems == ["target.csv: 1 lines cannot be read, the first is line 3"])
    #expect(table.series.map(\.points) == [[.init(second: 1, value: 1), .init(second: 2, value: 2)]])
  }

  @Test func aCutFileAndAnotherHeaderAreTold() {
    #expect(TargetTable(file("1,process,i,m,1\n2,proc")).problems == ["target.csv ends in the middle of a line"])
    #expect(TargetTable(Array("second,what\n".utf8)).problems == ["target.csv has no header that can be read"])
    #expect(TargetTable(Array("second,what\n".utf8)).isEmpty)
  }

  @Test(arguments: [
    (TargetSource.process, "hotel:12@345", "hotel"),
    (.container, "agente-api-1:1a2b@2026-11-20T13:15:02Z", "agente-api-1"),
    (.scrape, "127.0.0.1:8000@1763640000.5", "127.0.0.1:8000"), (.scrape, "127.0.0.1:8000", "127.0.0.1:8000"),
    (.prometheus, "up", "up"), (.process, "hotel", "hotel"),
  ])
  func theSubjectIsWhatARestartDoesNotChange(source: TargetSource, instance: String, subject: String) {
    #expect(TargetTable.subject(ofInstance: instance, source: source) == subject)
  }
}

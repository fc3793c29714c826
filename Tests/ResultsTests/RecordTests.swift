// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Results

@Suite struct RecordTests {
  @Test func nullIsWrittenNotLeftOut() throws {
    let text = try String(decoding: SampleRun().record().encoded(), as: UTF8.self)
    for key in ["build", "ended", "environment", "peak", "replies", "steady", "stopReason"] {
      #expect(text.contains("\"\(key)\" : null"), "\(key)")
    }
    #expect(text.hasSuffix("}\n"))
  }

  @Test func theFieldsOfTheContractAreThere() throws {
    let directory = TemporaryDirectory()
    var run = SampleRun(peakSeconds: 12)
    run.failuresPerSecond = 1
    let (path, _) = try run.folder(in: directory)
    let data = try Data(contentsOf: URL(fileURLWithPath: path + "/run.json"))
    let root = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    func keys(_ path: String...) throws -> Set<String> {
      var object = root
      for name in path { object = try #require(object[name] as? [String: Any]) }
      return Set(object.keys)
    }
    let top: Set = [
      "schema", "tool", "runId", "seed", "started", "ended", "interrupted", "demo", "environment", "target", "build",
      "plan", "arrivals", "totals", "steady", "steps", "replies", "generator", "verdict", "thresholds", "items",
    ]
    #expect(try top.subtracting(keys()) == [])
    #expect(root["schema"] as? String == "gonogo.run/1")
    #expect(root["started"] as? String == "2026-11-20T13:15:02.250Z")
    #expect(try keys("arrivals") == ["planned", "started", "unsent", "completed", "failed", "cut"])
    #expect(
      try keys("totals") == [
        "planned", "unsent", "sent", "ok", "refused", "slow", "failed", "inFlight", "failedByKind",
      ])
    let times: Set = ["p50", "p95", "p99", "p999", "max", "mean"]
    for kind in ["response", "service", "answered"] { #expect(try keys("steady", kind) == times) }
    #expect(try keys("steady").isSuperset(of: ["seconds", "requests", "rate", "errorRate"]))
    #expect(
      try keys("generator").isSuperset(of: [
        "healthy", "ownLag", "blocked", "cpuShare", "busyShare", "steal", "reasons",
      ]))
    let step = try #require((root["steps"] as? [[String: Any]])?.first)
    #expect(Set(step.keys).isSuperset(of: ["scenario", "step", "requests", "errors", "response", "service"]))
    let threshold = try #require((root["thresholds"] as? [[String: Any]])?.first)
    #expect(
      Set(threshold.keys).isSuperset(of: ["expression", "value", "bound", "n", "effectiveN", "verdict", "reason"]))
  }

  @Test func recordsOfAnotherSchemaAreRefused() throws {
    let text = try String(decoding: SampleRun().record().encoded(), as: UTF8.self)
    let later = text.replacingOccurrences(of: "gonogo.run/1", with: "gonogo.run/2")
    #expect(throws: RecordError.otherSchema("gonogo.run/2")) { try RunRecord.decoded(from: Data(later.utf8)) }
    #expect(try RunRecord.decoded(from: Data(text.utf8)) == SampleRun().record())
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
    (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_795_180_502_123, "2026-11-20T13:15:02.123Z"),
    (-1, "1969-12-31T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
  ])
  func timesAreWrittenAndRead(milliseconds: Int64, text: String) {
    let time = Timestamp(millisecondsSinceEpoch: milliseconds)
    #expect(time.text == text)
    #expect(Timestamp(text) == time)
  }

  @Test func timesAgreeWithFoundation() {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    var milliseconds: Int64 = -62_000_000_000
    while milliseconds < 5_000_000_000_000 {
      let time = Timestamp(millisecondsSinceEpoch: milliseconds)
      #expect(formatter.string(from: Date(timeIntervalSince1970: Double(milliseconds) / 1000)) == time.text)
      milliseconds += 12_345_678_901
    }
  }

  @Test(arguments: [
    "", "2026-11-20", "2026-11-20T13:15:02", "2026-11-20T13:15:02+01:00", "2026-13-20T13:15:02Z",
    "2026-11-20T25:15:02Z", "2026-11-20T13:15:02.Z", "2026-11-20T13:15:02.12xZ", "2026-11-20 13:15:02Z",
    "\u{FF12}026-11-20T13:15:02Z",
  ])
  func whatIsNoTimeInUTCIsRefused(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func fractionsAreCutToMilliseconds() {
    #expect(Timestamp("2026-11-20T13:15:02Z")?.text == "2026-11-20T13:15:02.000Z")
    #expect(Timestamp("2026-11-20T13:15:02.5Z")?.text == "2026-11-20T13:15:02.500Z")
    #expect(Timestamp("2026-11-20T13:15:02.123999999Z")?.text == "2026-11-20T13:15:02.123Z")
  }

  @Test(arguments: [
    ("expected-peak", false, "20261120T131502Z-expected-peak"), ("smoke", true, "20261120T131502Z-demo-smoke"),
    ("../../etc/passwd", false, "20261120T131502Z-etc-passwd"), ("", false, "20261120T131502Z-run"),
    ("a b\n c", false, "20261120T131502Z-a-b-c"),
    (String(repeating: "x", count: 300), false, "20261120T131502Z-" + String(repeating: "x", count: 64)),
  ])
  func folderNamesAreSafe(plan: String, demo: Bool, name: String) {
    let started = Timestamp("2026-11-20T13:15:02.250Z")!
    #expect(RunFolderName.name(started: started, plan: plan, demo: demo) == name)
  }
}

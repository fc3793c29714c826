// SPDX-License-Identifier: Apache-2.0
import Docker
import Foundation
import Results
import TestDatabases
import Testing

@testable import Observe

@Suite(
  .enabled(if: TestEngine.isInstalled, "no engine can be started here: docker.io, busybox-static and root are needed"))
struct ContainerReaderTests {
  @Test func replicasAreInstancesAndARestartIsAnotherOne() throws {
    let engine = try TestEngine()
    defer { engine.stop() }
    for name in ["agente-api-1", "agente-api-2", "agente-db-1"] {
      let service = name.contains("api") ? "api" : "db"
      try engine.run(
        name,
        options: [
          "--label", "com.docker.compose.project=agente", "--label", "com.docker.compose.service=\(service)",
          "--memory", "64m",
        ])
    }
    let address = try EngineAddress.resolve(declared: engine.host) { _ in nil }
    func reader(_ name: String, _ project: String? = "agente", limit: Double? = nil) -> ContainerReader {
      ContainerReader(name: name, address: address, project: project, memoryLimitBytes: limit, userAgent: "gonogo/test")
    }
    func instances(_ readings: [TargetReading]) -> [String] { Set(readings.map(\.instance)).sorted() }

    let before = try reader("api").read()
    #expect(
      instances(before).map { TargetTable.subject(ofInstance: $0, source: .container) }
        == ["api/agente-api-1", "api/agente-api-2"])
    let metrics = Dictionary(
      before.filter { $0.instance.hasPrefix("api/agente-api-1:") }.map { ($0.metric, $0.value) }
    ) { first, _ in first }
    #expect(metrics[TargetMetric.memoryLimit] == Double(64 << 20) && metrics[TargetMetric.restarts] == 0)
    #expect(try #require(metrics[TargetMetric.memory]) > 0 && metrics[TargetMetric.cpu] != nil)
    #expect(try reader("api", limit: 5).read().contains { $0.metric == TargetMetric.memoryLimit && $0.value == 5 })
    // A container's own name does too, with or without a project.
    #expect(instances(try reader("agente-db-1").read()).count == 1)
    #expect(instances(try reader("agente-db-1", nil).read()).count == 1)
    #expect(try reader("api").images().map { $0.hasPrefix("api sha256:") } == [true])

    try engine.docker(["restart", "--time", "0", "agente-api-1"])
    let after = instances(try reader("api").read())
    #expect(after.count == 2)
    #expect(after[0] != instances(before)[0] && after[1] == instances(before)[1])

    try engine.docker(["kill", "agente-db-1"])
    #expect(throws: TargetUnreadable("db is there and does not run")) { try reader("db").read() }
    #expect(throws: TargetUnreadable("no container or service web in the project agente, only api, db")) {
      try reader("web").read()
    }
    #expect(throws: TargetUnreadable("no container or service api in the project other")) {
      try reader("api", "other").read()
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
import TestDatabases
import Testing

@testable import Docker

/// Against an engine as Debian has it.
@Suite(
  .enabled(if: TestEngine.isInstalled, "no engine can be started here: docker.io, busybox-static and root are needed"))
struct RealEngineTests {
  @Test func containersAreFoundByLabelAndTheirUseIsTold() throws {
    let engine = try TestEngine()
    defer { engine.stop() }
    let labels = { (service: String) in
      ["--label", "com.docker.compose.project=agente", "--label", "com.docker.compose.service=\(service)"]
    }
    try engine.run("agente-api-1", options: labels("api") + ["--memory", "64m", "--cpus", "0.5"])
    try engine.run("agente-db-1", options: labels("db"))
    try engine.run("stranger")
    let address = try EngineAddress.resolve(declared: engine.host) { _ in nil }
    let client = try EngineClient.connect(address, userAgent: "gonogo/test")
    #expect(try client.engineVersion().isEmpty == false)

    #expect(try client.containers().map(\.name) == ["agente-api-1", "agente-db-1", "stranger"])
    let project = try client.containers(labels: ["com.docker.compose.project=agente"])
    #expect(project.map(\.service) == ["api", "db"])
    #expect(try client.containers(labels: ["com.docker.compose.project=other"]) == [])
    let api = try #require(project.first)
    #expect(api.state == "running" && api.shortID.count == 12 && api.id.hasPrefix(api.shortID))

    let details = try client.container(api.id)
    #expect(details.name == "agente-api-1" && details.isRunning && details.restartCount == 0)
    #expect(details.memoryLimit == 64 << 20 && details.processors == 0.5)
    #expect(details.image.hasPrefix("sha256:") && details.imageName == TestEngine.image)
    #expect(try client.imageDigests(details.image) == [])
    #expect(try client.container("agente-db-1").memoryLimit == nil)

    let stats = try #require(try client.stats(api.id))
    #expect(stats.memoryLimit == 64 << 20 && stats.memory > 0 && stats.memory < 64 << 20)
    #expect(try #require(stats.onlineProcessors) >= 1)

    try engine.docker(["kill", "agente-api-1"])
    let dead = try client.container(api.id)
    #expect(!dead.isRunning && dead.state == "exited")
    #expect(try client.stats(api.id) == nil)
    #expect(try client.containers(labels: ["com.docker.compose.service=api"]).map(\.state) == ["exited"])
    #expect(throws: EngineError("No such container: nobody", status: 404)) { try client.container("nobody") }
  }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestDatabases
import TestServers
import Testing

/// A target in containers: its images are its build, and what they use is on file.
@Suite(
  .enabled(if: TestEngine.isInstalled, "no engine can be started here: docker.io, busybox-static and root are needed"))
struct ContainerTests {
  private func files(_ server: TestServer, engine: String) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write(
      "gonogo.yaml",
      """
      environments:
        here:
          url: \(server.url)
          kind: staging
          docker: {project: agente, host: "\(engine)"}
          build: {containers: [api]}
          metrics: [{container: api}]
      """)
    try scratch.write("health.yaml", "scenario: health\nsteps:\n  - get: /\n    name: live\n")
    return scratch
  }

  @Test func imagesAreTheBuildAndTheirUseIsJudged() async throws {
    let engine = try TestEngine()
    defer { engine.stop() }
    try engine.run(
      "api-1",
      options: [
        "--label", "com.docker.compose.project=agente", "--label", "com.docker.compose.service=api", "--memory", "64m",
      ])
    let server = try TestServer(always: .answer())
    defer { server.stop() }
    let scratch = try files(server, engine: engine.host)
    let ended = try await gonogo(
      [
        "load", "health.yaml", "--env", "here", "--rate", "20/s", "--for", "4s", "--threshold",
        "memory(api) < 64MB @steady", "--threshold", "memory(api) < 1kB", "--quiet", "--json",
      ], in: scratch)
    try #require(!ended.out.isEmpty, "\(ended)")
    let record = try object(ended.out)
    #expect((record["build"] as? String)?.hasPrefix("api sha256:") == true, "\(ended)")
    #expect(record["buildAfter"] as? String == record["build"] as? String)
    let rules = try #require(record["thresholds"] as? [[String: Any]])
    #expect(rules.map { $0["verdict"] as? String } == ["pass", "fail"], "\(rules)")
    #expect(ended.code == 99)
    let rows = try text(of: scratch.runFolder() + "/target.csv")
    #expect(rows.contains(",container,api%2Fapi-1%3A") && rows.contains(",memory_bytes,"), "\(rows)")
  }

  @Test func noEngineIsARefusal() async throws {
    let server = try TestServer(always: .answer())
    defer { server.stop() }
    let scratch = try files(server, engine: "unix:///nowhere/engine.sock")
    let ended = try await gonogo(
      ["load", "health.yaml", "--env", "here", "--rate", "1/s", "--for", "1s"], in: scratch)
    #expect(ended.code == 3 && ended.err.contains("the build cannot be told by its images: "), "\(ended)")
    #expect(ended.err.contains("unix:///nowhere/engine.sock"), "\(ended)")
  }
}

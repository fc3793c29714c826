import TestServers
// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Docker

/// Engines of other versions and moods than the one that is there.
@Suite struct EngineClientTests {
  private func connect(_ server: TestServer) throws -> EngineClient {
    let address = EngineAddress(place: .tcp(hostAndPort: "127.0.0.1:\(server.port)"), tls: nil, origin: "test")
    return try EngineClient.connect(address, userAgent: "gonogo/test")
  }

  private func engine(version: String?, _ answer: @escaping @Sendable (String) -> Reply) throws -> TestServer {
    try TestServer { request in
      guard request.path == "/_ping" else { return answer(request.path) }
      let head = version.map { "Api-Version: \($0)\r\n" } ?? ""
      return .raw("HTTP/1.1 200 OK\r\n\(head)Content-Length: 2\r\nConnection: close\r\n\r\nOK")
    }
  }

  @Test(arguments: [("1.41", "1.41"), ("1.24", "1.24"), ("1.51", "1.51"), ("1.99", "1.51"), ("2.0", "1.51")])
  func theNewestVersionThatBothKnowIsSpoken(told: String, spoken: String) throws {
    let server = try engine(version: told) { path in
      .json(path == "/v\(spoken)/version" ? #"{"Version": "20.10"}"# : "{}")
    }
    defer { server.stop() }
    let client = try connect(server)
    #expect(client.version == spoken)
    #expect(try client.engineVersion() == "20.10")
  }

  @Test(arguments: ["1.23", "0.9"])
  func anEngineThatIsTooOldIsRefused(told: String) throws {
    let server = try engine(version: told) { _ in .json("{}") }
    defer { server.stop() }
    #expect(throws: EngineError.self) { try connect(server) }
  }

  @Test(arguments: [nil, "", "new", "1", "1.x", "-1.2"])
  func whatTellsNoVersionIsNoEngine(told: String?) throws {
    let server = try engine(version: told) { _ in .json("{}") }
    defer { server.stop() }
    let error = #expect(throws: EngineError.self) { try connect(server) }
    #expect(error?.message.contains("is no engine") == true)
  }

  @Test func theEnginesOwnWordsAreKept() throws {
    let server = try engine(version: "1.41") { path in
      switch path {
      case "/v1.41/version": .json(#"{"message": "client version 1.50 is too new"}"#, status: 400)
      case "/v1.41/containers/a/json": .raw("HTTP/1.1 500 X\r\nContent-Length: 12\r\n\r\nplain\nwords ")
      case "/v1.41/containers/b/json": .raw("HTTP/1.1 409 X\r\nContent-Length: 0\r\n\r\n")
      default: .json("[]")
      }
    }
    defer { server.stop() }
    let client = try connect(server)
    #expect(throws: EngineError("client version 1.50 is too new", status: 400)) { try client.engineVersion() }
    #expect(throws: EngineError("plain words", status: 500)) { try client.container("a") }
    #expect(throws: EngineError("the engine answers 409", status: 409)) { try client.container("b") }
    #expect(throws: EngineError("the engine's answer to /containers/c/json cannot be read", status: 200)) {
      try client.container("c")
    }
  }

  @Test func nobodyThereIsSaidWithWhereAndWhoNamedIt() throws {
    let address = EngineAddress(place: .socket(path: "/nonexistent/docker.sock"), tls: nil, origin: "DOCKER_HOST")
    let error = #expect(throws: EngineError.self) { try EngineClient.connect(address, userAgent: "x") }
    #expect(error?.message.contains("unix:///nonexistent/docker.sock (DOCKER_HOST)") == true)
  }

  @Test func memoryIsWithoutWhatTheKernelMayDrop() throws {
    let server = try engine(version: "1.51") { path in
      let details = path.contains("/v1/") ? #""total_inactive_file": 30"# : #""inactive_file": 40, "anon": 5"#
      return .json(
        """
        {"cpu_stats": {"cpu_usage": {"total_usage": 7}, "online_cpus": 2},
         "memory_stats": {"usage": 100, "limit": 1000, "stats": {\(path.contains("/bare/") ? "" : details)}}}
        """)
    }
    defer { server.stop() }
    let client = try connect(server)
    #expect(try client.stats("v1")?.memory == 70)
    #expect(try client.stats("v2")?.memory == 60)
    #expect(try client.stats("bare")?.memory == 100)
    #expect(try client.stats("v2")?.cpuNanoseconds == 7)
  }
}

// SPDX-License-Identifier: Apache-2.0
import Document
import Testing

@testable import Scenarios

@Suite struct EnvironmentTests {
  private func load(_ text: String) throws -> Loaded<EnvironmentsFile> {
    let folder = try Folder(["gonogo.yaml": text])
    return loadEnvironments(folder.file("gonogo.yaml"))
  }

  @Test func whatIsAllowedWhenNothingIsSaid() throws {
    let loaded = try load(
      """
      environments:
        staging: {url: "http://127.0.0.1:8000", kind: staging}
        live: {url: "https://hotel.example/base", kind: production}
        brave: {url: "https://hotel.example", kind: production, allow: [smoke, load]}
      """)
    let file = try #require(loaded.value)
    #expect(file["staging"]?.allow == [.smoke, .load] && file["staging"]?.isReadOnly == false)
    #expect(file["live"]?.allow == [.smoke] && file["live"]?.isReadOnly == true)
    #expect(file["brave"]?.allow == [.smoke, .load] && file["brave"]?.isReadOnly == false)
    #expect(file["gone"] == nil)
    #expect(file["live"]?.hosts == nil && file["live"]?.insecure == false)
  }

  @Test func otherKeys() throws {
    let loaded = try load(
      """
      environments:
        e:
          url: https://e.example:8443
          kind: staging
          cert: c.pem
          key: /abs/k.pem
          insecure: true
          proxy: http://proxy.example:3128
          build: {get: /version, header: X-Build}
          peak: {rate: 200 requests/s, source: log, by: ops, mix: {a: 60%, b: 40%}}
          docker: {host: "unix:///run/docker.sock"}
          metrics: [{query: "up{job='api'}", prometheus: "http://prom:9090", name: up}]
          settings: {port: 8000, flag: NO}
      """)
    #expect(loaded.diagnostics.rendered() == "")
    let e = try #require(loaded.value?["e"])
    #expect(e.certificate?.hasSuffix("/c.pem") == true && e.key == "/abs/k.pem" && e.insecure)
    #expect(e.proxy == "http://proxy.example:3128" && e.build == .answer(get: "/version", place: .header("X-Build")))
    #expect(e.peak?.rate.unit == .requestsPerSecond && e.peak?.mix == ["a": 0.6, "b": 0.4])
    let up = Environment.Metrics.Place.query(prometheus: "http://prom:9090", expression: "up{job='api'}", name: "up")
    #expect(e.metrics == [.init(up)])
    #expect(e.settings["port"] == .text("8000") && e.settings["flag"] == .text("NO"))
  }

  @Test(arguments: [
    ("url: hotel.example, kind: staging", "2:12 a URL begins with http:// or https:// [write https://hotel.example]"),
    ("url: \"https://u:p@h\", kind: staging", "2:12 a URL must not hold a password [use a header with secret('NAME')]"),
    ("url: \"https://\", kind: staging", "2:12 the URL has no host"),
    ("url: \"https://h?x=1\", kind: staging", "2:12 a base URL has no query and no fragment"),
    ("url: \"https://h\"", "2:6 missing key `kind`"),
    ("url: \"https://h\", kind: prod", "2:31 expected one of `staging`, `production`, found `prod`"),
    ("url: \"https://h\", kind: staging, alow: [smoke]", "2:40 unknown key `alow` [did you mean `allow`?]"),
    (
      "url: \"https://h\", kind: staging, allow: [smok]",
      "2:48 expected one of `smoke`, `load`, `chaos`, found `smok` [did you mean `smoke`?]"
    ),
    ("url: \"https://h\", kind: staging, settings: {a: [\"b,c\"]}", "2:54 'b,c' of a list holds a comma"),
    ("url: \"https://h\", kind: staging, key: k", "2:40 a `key` goes with a `cert`"),
    (
      "url: \"https://h\", kind: staging, ca: c, insecure: true",
      "2:47 `insecure` makes `ca` useless [remove one of them]"
    ),
    ("url: \"https://h\", kind: staging, build: {get: /}", "2:47 `build` needs `json` or `header`"),
    ("url: \"https://h\", kind: staging, build: {json: $.v}", "2:47 `build` needs `get`, the path that is asked"),
    (
      "url: \"https://h\", kind: staging, build: {containers: []}",
      "2:47 `build` needs `get`, or `containers` with at least one name"
    ),
    (
      "url: \"https://h\", kind: staging, peak: {rate: 1x peak, source: s, by: b}",
      "2:53 a peak is one plain rate, such as 40 arrivals/s"
    ),
    ("url: \"https://h\", kind: staging, peak: {rate: 1/s, by: b}", "2:46 missing key `source`"),
    (
      "url: \"https://h\", kind: staging, coverage: {ignore: [{operation: DELET /x, reason: r}]}",
      "2:72 unknown method 'DELET' [did you mean `DELETE`?]"
    ),
  ])
  func mistakes(keys: String, expected: String) throws {
    #expect(described(try load("environments:\n  e: {\(keys)}\n").diagnostics) == [expected])
  }

  @Test func aListOfSettingsByPlace() throws {
    let text = """
      scenario: s
      steps:
        - {name: a, get: "{{ settings.health[1] }}"}
        - {name: b, get: "/{{ settings.health[2] }}", when: "settings.health[2]"}
        - {name: c, get: "{{ settings.health }}"}
      """
    let folder = try Folder(["s.yaml": text])
    let loaded = loadScenario(folder.file("s.yaml"), options(settings: ["health"]))
    #expect(loaded.diagnostics.rendered() == "")
    var context = context()
    context.settings = ["health": "/live,/ready"]
    let program = try #require(loaded.value)
    let journey = try journey(program, context)
    #expect(try rendered(program, journey, 0).urlText == "http://127.0.0.1:8080/ready")
    #expect(try rendered(program, journey, 2).urlText == "http://127.0.0.1:8080/live,/ready")
    #expect(try journey.next() == .request(0))
    #expect(try journey.next() == .request(2))

    let unknown = loadScenario(folder.file("s.yaml"), options(settings: ["helth"]))
    #expect(described(unknown.diagnostics).count == 4)
    context.settings = [:]
    #expect(throws: RunPreparationError.missingSetting("health.1", scenario: "s")) {
      _ = try ScenarioRun.prepare([program], context: context)
    }
  }

  @Test func theEmbeddedHotel() throws {
    let file = try #require(try load("environments: {demo: {url: embedded, kind: staging}}").value)
    #expect(file["demo"]?.isEmbedded == true)
    let other = try load("environments: {demo: {url: embeded, kind: staging}}")
    #expect(described(other.diagnostics).count == 1)
  }

  @Test(arguments: [
    ("openapi: /v3/api-docs", Environment.OpenAPISource.path("/v3/api-docs")),
    ("openapi: \"https://h/openapi.json\"", .url("https://h/openapi.json")), ("ignore: []", nil),
  ])
  func openAPIDocuments(keys: String, expected: Environment.OpenAPISource?) throws {
    let loaded = try load("environments:\n  e: {url: \"https://h\", kind: staging, coverage: {\(keys)}}\n")
    #expect(loaded.diagnostics.rendered() == "")
    #expect(loaded.value?["e"]?.coverage.openAPI == expected)
  }

  @Test func coverageByFileAndRoutes() throws {
    let loaded = try load(
      """
      environments:
        e:
          url: https://h
          kind: staging
          coverage:
            openapi: docs/api.yaml
            routes: [GET /health/live, "DELETE /rooms/{id}"]
            ignore: [{operation: TRACE *, reason: never meant}]
      """)
    #expect(loaded.diagnostics.rendered() == "")
    let coverage = try #require(loaded.value?["e"]?.coverage)
    guard case .file(let path)? = coverage.openAPI else { Issue.record("no file"); return }
    #expect(path.hasSuffix("/docs/api.yaml"))
    #expect(coverage.routes.map(\.description) == ["GET /health/live", "DELETE /rooms/{id}"])
    #expect(coverage.ignored == [.init(operation: "TRACE *", reason: "never meant")])
  }

  @Test(arguments: [
    ("routes: [/health]", "expected a method and a path, such as GET /health/live"),
    ("routes: [GET /a/*]", "a route is one operation [write {id} for the part of a path that varies]"),
    ("routes: [GTE /a]", "unknown method 'GTE' [did you mean `GET`?]"),
    ("routes: [\"* /a\"]", "unknown method '*'"), ("routes: [GET /a?b=1]", "an operation has no query and no fragment"),
    ("routes: []", "expected at least 1 item, found 0"),
    (
      "openapi: \"ftp://h/x\"",
      "a URL of a document begins with http:// or https:// [name a file without any scheme]"
    ),
    ("ignore: [{operation: GET /a}]", "missing key `reason`"),
    ("ignore: [{operation: GET /a, reason: \"\"}]", "expected text that is not empty"),
    ("ignore: [{operation: GET /a, reason: \"  \"}]", "expected a reason that says something"),
    ("ignroe: []", "unknown key `ignroe` [did you mean `ignore`?]"),
  ])
  func mistakesOfCoverage(keys: String, expected: String) throws {
    let text = "environments:\n  e: {url: \"https://h\", kind: staging, coverage: {\(keys)}}\n"
    let all = described(try load(text).diagnostics).map { $0.drop { $0 != " " }.dropFirst() }
    #expect(all == [expected[...]])
  }

  @Test func foundUpwards() throws {
    let folder = try Folder(["gonogo.yaml": "environments: {}", "a/b/c/x.txt": ""])
    #expect(EnvironmentsFile.locate(from: folder.file("a/b/c")) == folder.file("gonogo.yaml"))
    try folder.write("a/b/gonogo.yaml", "environments: {}")
    #expect(EnvironmentsFile.locate(from: folder.file("a/b/c")) == folder.file("a/b/gonogo.yaml"))
    #expect(EnvironmentsFile.locate(from: folder.file("a/b/../../a")) == folder.file("gonogo.yaml"))
  }

  @Test(arguments: [
    ("x.yaml", "a/b", "a/b/x.yaml"), ("../x", "a/b", "a/x"), ("/x/./y//z", "a", "/x/y/z"), ("../../x", "a", "../x"),
    ("./x", ".", "x"), (".", ".", "."), ("..", "/", "/.."),
  ])
  func paths(path: String, directory: String, expected: String) {
    #expect(resolved(path, in: directory) == expected)
  }

  @Test func aSinkSaysWhereItListens() throws {
    let loaded = try load(
      """
      environments:
        e: {url: "http://127.0.0.1:8000", kind: staging, outbound: sink, sink: {listen: "0.0.0.0:9090"}}
      """)
    #expect(loaded.value?["e"]?.sink == Environment.Sink(address: "0.0.0.0", port: 9090))
  }

  @Test(arguments: [
    (#"outbound: sink, sink: {listen: "localhost:9090"}"#, "expected an IPv4 address and a port"),
    (#"outbound: sink, sink: {listen: "127.0.0.1"}"#, "expected an IPv4 address and a port"),
    (#"outbound: sink, sink: {listen: "127.0.0.1:70000"}"#, "expected an IPv4 address and a port"),
    (#"outbound: sink, sink: {listen: "1.2.3:4"}"#, "expected an IPv4 address and a port"),
    (#"sink: {listen: "127.0.0.1:9090"}"#, "goes with `outbound: sink`"),
    (#"outbound: live, sink: {listen: "127.0.0.1:9090"}"#, "goes with `outbound: sink`"),
  ])
  func aSinkThatCannotBe(keys: String, says: String) throws {
    let loaded = try load("environments:\n  e: {url: \"http://127.0.0.1:8000\", kind: staging, \(keys)}\n")
    #expect(loaded.diagnostics.all.contains { $0.message.contains(says) }, "\(loaded.diagnostics.all)")
  }

  @Test(arguments: ["ca: a.pem", "insecure: true", "proxy: \"http://p:1\"", "docker: {project: a}"])
  func whatTheEmbeddedHotelCannotHave(key: String) throws {
    let loaded = try load("environments:\n  e: {url: embedded, kind: staging, \(key)}\n")
    #expect(loaded.diagnostics.all.contains { $0.message.contains("does not go with the embedded hotel") })
    let production = try load("environments:\n  e: {url: embedded, kind: production}\n")
    #expect(production.diagnostics.all.contains { $0.message.contains("no production system") })
  }
}

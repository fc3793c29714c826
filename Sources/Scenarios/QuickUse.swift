// SPDX-License-Identifier: Apache-2.0
import Document

/// Load on one URL without any file: `gonogo load --url ... --rate 500/s --for 30s`. Compiled to the same types, so that
/// everything after this point knows no difference.
package struct QuickUse: Sendable {
  package var url: String
  /// nil: GET, or POST with a body.
  package var method: String?
  /// "Name: value" each.
  package var headers: [String] = []
  /// Sent as it is; templates are not looked for in flags.
  package var body: [UInt8]?
  /// As in a file: 200, 2xx, 200..204; several separated by commas. Nil: 2xx.
  package var expectStatus: String?
  /// "500/s", "10..500/s", "200 requests/s".
  package var rate: String?
  /// "50" or "0..50".
  package var users: String?
  package var duration: String
  package var seed: UInt64?

  package init(url: String, duration: String = "30s") {
    self.url = url
    self.duration = duration
  }

  /// The plan named `quick` with one scenario `quick` of one step `request`. Mistakes are placed in the flags.
  package func plan() -> Loaded<Plan> {
    var diagnostics = Diagnostics()
    let step = step(&diagnostics)
    let phase = phase(&diagnostics)
    guard diagnostics.isEmpty, let phase else { return Loaded(value: nil, diagnostics: diagnostics, files: []) }
    var parts = ScenarioProgram.Parts()
    parts.name = "quick"
    parts.about = "\(step.method) \(url)"
    parts.requests = [RequestStep(step)]
    parts.sections = [.steps: [.request(0)]]
    parts.expectedCounts = [1]
    parts.secrets = headers.compactMap { line in
      guard let colon = line.firstIndex(of: ":"), SensitiveNames.isSensitive(line[..<colon]) else { return nil }
      return line[line.index(after: colon)...].split(separator: " ").last.map(String.init)
    }
    var plan = Plan(
      name: "quick", scenarios: [ScenarioProgram(parts)], mix: Mix(entries: [.init(scenario: 0, share: 1)]),
      phases: [phase])
    plan.seed = seed
    return Loaded(value: plan, diagnostics: diagnostics, files: [])
  }

  /// A plan of one phase for a scenario from a file: only rate, users and duration of the flags count.
  package func plan(for scenario: Loaded<ScenarioProgram>) -> Loaded<Plan> {
    var diagnostics = scenario.diagnostics
    let phase = phase(&diagnostics)
    guard let program = scenario.value, let phase, diagnostics.isEmpty else {
      return Loaded(value: nil, diagnostics: diagnostics, files: scenario.files)
    }
    var plan = Plan(
      name: program.name, scenarios: [program], mix: Mix(entries: [.init(scenario: 0, share: 1)]), phases: [phase])
    plan.seed = seed
    return Loaded(value: plan, diagnostics: diagnostics, files: scenario.files)
  }

  private func step(_ diagnostics: inout Diagnostics) -> CompiledRequest {
    let method = (self.method ?? (body == nil ? "GET" : "POST")).uppercased()
    var step = CompiledRequest(name: "request", method: method)
    step.place = "--url"
    step.isReadOnly = ["GET", "HEAD", "OPTIONS"].contains(method)
    if !ScenarioShapes.methods.contains(method.lowercased()) {
      let node = Node(text: self.method ?? "", called: "--method")
      let known = ScenarioShapes.methods.map { $0.uppercased() }
      diagnostics.error(at: node, "unknown method", hint: suggestion(for: method, among: known, called: "known are"))
    }
    let node = Node(text: url, called: "--url")
    if !url.hasPrefix("http://"), !url.hasPrefix("https://") {
      diagnostics.error(at: node, "a URL begins with http:// or https://", hint: "write http://\(url)")
    }
    var target: [UInt8] = []
    appendLink(url.prefix { $0 != "#" }.utf8, to: &target)
    step.url.append(constant: target)
    step.isURLAbsolute = true
    step.body = body.map { Template(constant: $0) }
    for header in headers { appendHeader(header, to: &step, &diagnostics) }
    if let expectStatus { step.status = status(expectStatus, &diagnostics) }
    return step
  }

  private func appendHeader(_ line: String, to step: inout CompiledRequest, _ diagnostics: inout Diagnostics) {
    let node = Node(text: line, called: "--header")
    guard let colon = line.firstIndex(of: ":") else {
      diagnostics.error(at: node, "a header is written 'Name: value'")
      return
    }
    guard
      let name = ScenarioShapes.headerName.decode(Node(text: String(line[..<colon]), called: "--header"), &diagnostics)
    else { return }
    let value = String(line[line.index(after: colon)...]).trimmingBlanks
    if value.utf8.contains(where: { $0 == 0x0a || $0 == 0x0d || $0 == 0 }) {
      diagnostics.error(at: node, "a header's value cannot span lines")
    }
    step.headers.append(.init(name, Template(constant: Array(value.utf8))))
  }

  private func status(_ text: String, _ diagnostics: inout Diagnostics) -> StatusRule {
    var compiler = ScenarioCompiler(
      files: FileSet(), directory: ".", options: LoadOptions(), diagnostics: Diagnostics())
    let ranges = text.split(separator: ",").compactMap { part in
      compiler.statusRange(Node(text: String(part).trimmingBlanks, called: "--expect-status"))
    }
    if ranges.isEmpty, compiler.diagnostics.isEmpty {
      diagnostics.error(at: Node(text: text, called: "--expect-status"), "a status is missing")
    }
    diagnostics.append(compiler.diagnostics)
    return StatusRule(entries: ranges.map { .init(statuses: $0, label: nil, isRefusal: false) })
  }

  private func phase(_ diagnostics: inout Diagnostics) -> Phase? {
    let length = Shape<Duration>.duration.decode(Node(text: duration, called: "--for"), &diagnostics)
    if let length, length < .seconds(1) {
      diagnostics.error(at: Node(text: duration, called: "--for"), "a run lasts at least 1s")
    }
    var load: Phase.Load?
    switch (rate, users) {
    case (let rate?, nil):
      load = PlanShapes.rate.decode(Node(text: rate, called: "--rate"), &diagnostics).map { .rate($0) }
    case (nil, let users?):
      load = PlanShapes.users.decode(Node(text: users, called: "--users"), &diagnostics)
        .map { .users(from: $0.from, to: $0.to) }
    default:
      let node = Node(text: rate ?? "", called: "--rate")
      diagnostics.error(at: node, rate == nil ? "give --rate or --users" : "--rate and --users exclude each other")
    }
    guard let load, let length else { return nil }
    return Phase(name: "run", load: load, durationNanoseconds: length.nanoseconds, isSteady: true)
  }
}

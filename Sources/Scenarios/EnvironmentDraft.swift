// SPDX-License-Identifier: Apache-2.0
import Document
import Glibc

/// An environment as it was written.
struct EnvironmentDraft: Sendable {
  var url = ""
  var kind = Environment.Kind.staging
  var allow: [Environment.Activity]?
  var hosts: [String]?
  var ca: String?
  var certificate: String?
  var key: String?
  var insecure = false
  var proxy: String?
  var build: BuildDraft?
  var peak: PeakDraft?
  var outbound: Environment.Outbound?
  var sink: SinkDraft?
  var docker: Environment.Docker?
  var metrics: [Environment.Metrics] = []
  var settings: [Entry<String, Environment.Setting>] = []
  var coverage = CoverageDraft()

  struct SinkDraft: Sendable { var listen = Environment.Sink(address: "", port: 0) }

  struct BuildDraft: Sendable {
    var get: String?
    var json: String?
    var header: String?
    var containers: [String] = []
  }

  struct PeakDraft: Sendable {
    var rate = RateExpression(from: 0, to: 0, unit: .arrivalsPerSecond)
    var source = ""
    var by = ""
    var mix: [Entry<String, Double>] = []
  }

  struct CoverageDraft: Sendable {
    var openAPI: Environment.OpenAPISource?
    var routes: [TargetOperation] = []
    var ignore: [Environment.IgnoredOperation] = []
  }

  /// Paths become relative to where the file is.
  func environment(named name: String, in directory: String) -> Environment {
    func path(_ text: String?) -> String? { text.map { resolved($0, in: directory) } }
    var environment = Environment(name: name, url: url, kind: kind)
    if let allow {
      environment.allow = Set(allow)
      environment.isReadOnly = false
    }
    environment.hosts = hosts
    environment.ca = path(ca)
    environment.certificate = path(certificate)
    environment.key = path(key)
    environment.insecure = insecure
    environment.proxy = proxy
    if let build {
      let place = build.header.map { Environment.BuildSource.Place.header($0) } ?? .json(build.json ?? "")
      environment.build = build.get.map { .answer(get: $0, place: place) } ?? .images(of: build.containers)
    }
    if let peak {
      let shares = Dictionary(peak.mix.map { ($0.key, $0.value) }) { first, _ in first }
      environment.peak = .init(rate: peak.rate, source: peak.source, by: peak.by, mix: shares.isEmpty ? nil : shares)
    }
    environment.outbound = outbound
    environment.sink = sink?.listen
    environment.docker = docker
    environment.metrics = metrics
    environment.settings = Dictionary(settings.map { ($0.key, $0.value) }) { first, _ in first }
    var source = coverage.openAPI
    if case .file(let file)? = source { source = .file(resolved(file, in: directory)) }
    environment.coverage = .init(openAPI: source, routes: coverage.routes, ignored: coverage.ignore)
    return environment
  }
}

extension Environment {
  /// A system with what its kind allows when nothing is written: staging smoke and load, production read-only smoke.
  package init(name: String, url: String, kind: Kind) {
    self.name = name
    self.url = url
    self.kind = kind
    allow = kind == .production ? [.smoke] : [.smoke, .load]
    isReadOnly = kind == .production
  }
}

extension EnvironmentsFile {
  /// The name looked for.
  package static let fileName = "gonogo.yaml"

  /// The nearest `gonogo.yaml`, from the folder upwards; nil when there is none up to the root.
  package static func locate(from directory: String) -> String? {
    var folder = resolved(directory, in: "/")
    if !directory.hasPrefix("/") {
      guard let here = getcwd(nil, 0) else { return nil }
      defer { free(here) }
      folder = resolved(directory, in: String(cString: here))
    }
    while true {
      let candidate = folder == "/" ? "/" + fileName : folder + "/" + fileName
      if access(candidate, F_OK) == 0 { return candidate }
      if folder == "/" { return nil }
      folder = Scenarios.directory(of: folder)
    }
  }
}

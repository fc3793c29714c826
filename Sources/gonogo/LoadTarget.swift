// SPDX-License-Identifier: Apache-2.0
import Document
import Scenarios
import Transport

/// The system a run is aimed at, after it was found to be allowed.
struct LoadTarget: Sendable {
  var url: TargetURL
  /// nil for a target on this machine that nobody declared.
  var environment: Environment?
  var unixSocket: String?
  var caFile: String?
  /// The embedded hotel is started with these as well.
  var hotelFlags = EmbeddedHotel.extraFlags

  /// The reference hotel, which `Companions` start.
  var isEmbedded: Bool { environment?.isEmbedded ?? false }

  /// What templates and probes put paths behind.
  var base: String { environment.flatMap { $0.isEmbedded ? nil : $0.url } ?? url.origin }

  /// For people; an embedded hotel that is not started has no address.
  var shown: String { isEmbedded && url.port == nil ? "the embedded hotel" : base }

  /// Messages to guests are caught by gonogo itself.
  var hasSink: Bool { isEmbedded || environment?.sink != nil }

  /// What scenarios read as `settings`. A target on this machine that nobody declared has those of the hotel: the shipped
  /// scenarios can be aimed at it as they are.
  var settings: [String: Environment.Setting] { environment?.settings ?? Environment.hotelSettings }

  /// An embedded target is served there.
  mutating func serve(at url: TargetURL) { self.url = url }

  var isOnThisMachine: Bool { url.isLoopback || unixSocket != nil }

  /// Finds the target by `--env` or `--target` and refuses what is neither on this machine nor declared. Without either
  /// it is the embedded hotel.
  static func resolve(_ arguments: Arguments, environments: EnvironmentsFile?) throws -> LoadTarget {
    var target: LoadTarget
    switch (arguments.value("env"), try arguments.target()) {
    case (let name?, nil):
      let environment = try Self.environment(named: name, in: environments)
      target =
        environment.isEmbedded
        ? embedded(environment) : LoadTarget(url: try TargetURL(environment.url), environment: environment)
    case (nil, let text?):
      let url = try TargetURL(text)
      let declared = try environments?.environments.first {
        try !$0.isEmbedded && TargetURL($0.url).origin == url.origin
      }
      target = LoadTarget(url: url, environment: declared)
    case (_?, _?):
      throw CommandFailure.usage("--env and --target name two targets; give one")
    case (nil, nil):
      target = embedded(.embedded(in: environments))
    }
    if target.isEmbedded {
      for flag in ["unix-socket", "ca"] where arguments.has(flag) {
        throw CommandFailure.usage(
          "--\(flag) does not go with the embedded hotel", hint: "name a target with --target URL or --env NAME")
      }
    }
    target.unixSocket = arguments.value("unix-socket")
    target.caFile = arguments.value("ca") ?? target.environment?.ca
    if let environment = target.environment, target.unixSocket != nil, !target.url.isLoopback {
      // Whoever answers there, it is not that system, and its runs must not be taken for the system's.
      throw CommandFailure.usage(
        "--unix-socket would send elsewhere what is meant for '\(environment.name)' at \(printable(target.url.host))",
        hint: "name a target on this machine with --target http://localhost")
    }
    if target.environment == nil, !target.isOnThisMachine { throw undeclared(target.url) }
    return target
  }

  private static func embedded(_ environment: Environment) -> LoadTarget {
    LoadTarget(url: .thisMachine, environment: environment)
  }

  static func environment(named name: String, in file: EnvironmentsFile?) throws -> Environment {
    guard let file else {
      throw CommandFailure.usage(
        "--env \(printable(name)): there is no gonogo.yaml here or above", hint: "name it with --config FILE")
    }
    guard let environment = file[name] else {
      let names = file.environments.map(\.name)
      let near = nearest(to: name, among: names).map { "did you mean \($0)?" }
      throw CommandFailure.usage(
        "\(printable(file.path)) declares no environment \(printable(name))",
        hint: near ?? "it declares: \(names.joined(separator: ", "))")
    }
    return environment
  }

  private static func undeclared(_ url: TargetURL) -> CommandFailure {
    .refused(
      "\(printable(url.host)) is not this machine and is not declared: nothing was sent",
      hint: """
        if load may be sent to it, declare it in gonogo.yaml:

          environments:
            staging:
              url: \(url.origin)
              kind: staging
              allow: [smoke, load]
        """)
  }

  /// What compiling a plan for it may look at. Only the embedded hotel's secrets are known to everybody.
  var loadOptions: LoadOptions {
    var options = LoadOptions(settings: Array(settings.keys))
    options.isDemo = isEmbedded
    guard isEmbedded else { return options }
    let variable = options.environmentVariable
    options.environmentVariable = { name in
      if let value = variable(name), !value.isEmpty { return value }
      return EmbeddedHotel.demoSecrets[name]
    }
    return options
  }

  /// Whether load may be sent there at all.
  func requireLoadAllowed(plan: Plan, arguments: Arguments) throws {
    guard let environment else { return }
    guard environment.allow.contains(.load) else {
      let kind = environment.kind == .production ? " (production: read-only smoke unless it says more)" : ""
      throw CommandFailure.refused(
        "environment '\(environment.name)' does not allow load\(kind)",
        hint: "its entry in gonogo.yaml would have to say allow: [smoke, load]")
    }
    if environment.kind == .production, arguments.value("confirm") != environment.name {
      throw CommandFailure.refused(
        "'\(environment.name)' is production",
        hint: "if load is really meant, type its name: --confirm \(environment.name)")
    }
    if plan.sendsWebhooks, environment.outbound == .live {
      throw CommandFailure.refused(
        "'\(environment.name)' says outbound: live: messages caused by webhook load could reach real people",
        hint: "send outbound messages to a sink and say outbound: sink")
    }
  }

  /// Whether smoke may be sent there, and whether it may only read. Production that allows more is only read, too, unless
  /// its name is typed.
  func requireSmokeAllowed(plan: Plan, arguments: Arguments) throws -> (mustRead: Bool, note: String?) {
    guard let environment else { return (false, nil) }
    guard environment.allow.contains(.smoke) else {
      throw CommandFailure.refused(
        "environment '\(environment.name)' does not allow smoke",
        hint: "its entry in gonogo.yaml would have to say allow: [smoke]")
    }
    if environment.isReadOnly {
      return (true, "'\(environment.name)' is production: only steps that change nothing are sent")
    }
    if environment.kind == .production, arguments.value("confirm") != environment.name {
      return (
        true,
        "'\(environment.name)' is production: only steps that change nothing are sent;"
          + " --confirm \(environment.name) would send all"
      )
    }
    if plan.sendsWebhooks, environment.outbound == .live, !arguments.has("read-only") {
      throw CommandFailure.refused(
        "'\(environment.name)' says outbound: live: messages caused by webhook steps could reach real people",
        hint: "send outbound messages to a sink and say outbound: sink, or smoke with --read-only")
    }
    return (false, nil)
  }

  /// How connections are made, by environment and plan.
  func connection(for plan: Plan, userAgent: String) -> ConnectionSettings {
    var settings = ConnectionSettings()
    settings.caFile = caFile
    settings.unixSocket = unixSocket
    settings.userAgent = userAgent
    settings.compression = plan.compression
    if let environment {
      settings.insecure = environment.insecure
      settings.clientCertificate = environment.certificate
      settings.clientKey = environment.key
      settings.proxy = environment.proxy
    }
    settings.allowedHosts = environment?.hosts ?? [url.host]
    settings.http =
      switch plan.http {
      case .automatic: .automatic
      case .http1: .http1
      case .http2: .http2
      case .http2PriorKnowledge: .http2PriorKnowledge
      }
    settings.reuse =
      switch plan.connections {
      case .journey: .journey
      case .some(.none): .none
      case .pool, nil: .pool
      }
    return settings
  }
}

extension Environment {
  /// What counts when a command names no target: the entry of that name, else the first with its URL, else this.
  static func embedded(in file: EnvironmentsFile?) -> Environment {
    let declared = file?.environments.filter(\.isEmbedded) ?? []
    return declared.first { $0.name == embeddedURL } ?? declared.first ?? .embedded
  }

  private static var embedded: Environment {
    var environment = Environment(name: embeddedURL, url: embeddedURL, kind: .staging)
    environment.outbound = .sink
    environment.build = .answer(get: "/health/detailed", place: .json("$.version"))
    environment.settings = hotelSettings
    environment.metrics = [hotelMetrics]
    return environment
  }

  /// Far more than it needs: a limit for its memory to be judged against.
  private static var hotelMetrics: Metrics {
    var metrics = Metrics(.scrape("/metrics"))
    metrics.memoryLimitBytes = 512e6
    return metrics
  }

  /// Where the reference hotel has what scenarios ask for.
  static let hotelSettings: [String: Setting] = [
    "webhook": .text("/webhooks/whatsapp"), "health": .list(["/health/live", "/health/ready"]),
  ]
}

extension LoadTarget {
  /// A plan that cannot be made ready for it.
  func failure(_ error: PlanError, of plan: Plan, _ arguments: Arguments) -> CommandFailure {
    guard error.lacksPeak, environment == nil else { return .usage(error.message, hint: error.hint) }
    return .usage(
      "plan '\(plan.name)' sends multiples of the peak, and nobody declared \(url.origin) or its peak",
      hint: declaration(
        peak: true, sink: plan.scenarios.contains { $0.requests.contains { $0.reply != nil } },
        in: LoadInputs.environmentsPath(arguments)))
  }

  /// Replies are awaited that nobody would see.
  func noSink(for step: String, _ arguments: Arguments) -> CommandFailure {
    let how =
      environment == nil
      ? declaration(peak: false, sink: true, in: LoadInputs.environmentsPath(arguments))
      : """
      declare where it listens for them:

        outbound: sink
        sink: {listen: "127.0.0.1:9090"}
      """
    return .refused(
      "\(step) awaits replies, and nothing says where they arrive",
      hint: "send the system's messages to gonogo, and \(how)")
  }

  /// What declares a target on this machine that nobody declared, so that a plan can be run against it: lines for people
  /// to add to the file of environments.
  func declaration(peak: Bool, sink: Bool, in file: String?) -> String {
    var lines = [
      file.map { "add to \(printable($0)) under `environments`:" } ?? "declare it in gonogo.yaml:", "",
    ]
    if file == nil { lines.append("environments:") }
    lines += [
      "  local:", "    url: \(url.origin)", "    kind: staging", "    allow: [smoke, load]",
    ]
    if peak {
      lines.append("    peak: {rate: 40 arrivals/s, source: \"where the number comes from\", by: who says so}")
    }
    if sink { lines += ["    outbound: sink", "    sink: {listen: \"127.0.0.1:9090\"}"] }
    let settings = Environment.hotelSettings.sorted { $0.key > $1.key }.map { name, setting in
      switch setting {
      case .text(let text): "\(name): \(text)"
      case .list(let items): "\(name): [\(items.joined(separator: ", "))]"
      }
    }
    lines.append("    settings: {\(settings.joined(separator: ", "))}")
    return lines.joined(separator: "\n")
  }
}

extension Arguments {
  /// The URL of the target; `--url` is its other name.
  func target() throws(CommandFailure) -> String? {
    if has("target"), has("url") { throw .usage("--target and --url are the same; give one") }
    return value("target") ?? value("url")
  }
}

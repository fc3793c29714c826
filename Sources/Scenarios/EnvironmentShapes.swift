// SPDX-License-Identifier: Apache-2.0
import Document
import JSON

/// What a file of environments may hold.
enum EnvironmentShapes {
  struct FileDraft: Sendable {
    var entries: [Entry<String, EnvironmentDraft>] = []
  }

  static let file = Shape.object(FileDraft(), "Declared systems.", called: "environments", keepsBroken: true) { o in
    o.required("environments", .entries(keys: ScenarioShapes.name("a name"), of: environment), \.entries, "By name.")
  }

  static let environment: Shape<EnvironmentDraft> = Shape.object(
    EnvironmentDraft(), "A system and what is allowed on it.", called: "an environment", keepsBroken: true
  ) { o in
    o.required("url", url, \.url, "Scheme, host and port; embedded: the hotel that gonogo starts.")
    o.required("kind", .cases(), \.kind, "staging, or production.")
    o.optional("allow", .list(of: .cases()), \.allow, "smoke, load, chaos. Production: read-only smoke unless written.")
    o.optional("hosts", .list(of: .nonEmptyString, atLeast: 1), \.hosts, "Links and redirects may go nowhere else.")
    o.optional("ca", .nonEmptyString, \.ca, "Certificates to trust (PEM), relative to this file.")
    o.optional("cert", .nonEmptyString, \.certificate, "Client certificate (PEM).")
    o.optional("key", .nonEmptyString, \.key, "Its private key (PEM).")
    o.optional("insecure", .bool, \.insecure, "Whether certificates are not checked; every report says so.")
    o.optional("proxy", proxyURL, \.proxy, "A proxy to go through.")
    o.optional("build", build, \.build, "Where the system tells its build.")
    o.optional("peak", peak, \.peak, "The load expected in its life.")
    o.optional("outbound", .cases(), \.outbound, "sink, or live: messages could reach real people.")
    o.optional("sink", sink, \.sink, "With outbound: sink, the stand-in of the Cloud API that gonogo runs.")
    o.optional("docker", docker, \.docker, "Where its containers are.")
    o.optional("metrics", .list(of: metrics), \.metrics, "What to watch on its side.")
    o.optional("settings", .dictionary(of: setting), \.settings, "Values for scenarios: settings.name.")
    o.optional("coverage", coverage, \.coverage, "The operations that smoke has to call.")
  }.check { draft, node, diagnostics in
    if draft.key != nil, draft.certificate == nil {
      diagnostics.error(at: node.keyNode("key") ?? node, "a `key` goes with a `cert`")
    }
    if draft.insecure, draft.ca != nil {
      diagnostics.error(
        at: node.keyNode("insecure") ?? node, "`insecure` makes `ca` useless", hint: "remove one of them")
    }
    if draft.sink != nil, draft.outbound != .sink {
      diagnostics.error(at: node.keyNode("sink") ?? node, "a `sink` goes with `outbound: sink`")
    }
    if draft.url == Environment.embeddedURL {
      for key in ["sink", "ca", "cert", "key", "insecure", "proxy", "docker"] {
        guard let written = node.keyNode(key) else { continue }
        diagnostics.error(at: written, "`\(key)` does not go with the embedded hotel")
      }
      if draft.kind == .production {
        diagnostics.error(at: node["kind"] ?? node, "the embedded hotel is no production system", hint: "kind: staging")
      }
    }
    if draft.kind == .production, draft.insecure {
      diagnostics.warning(at: node.keyNode("insecure") ?? node, "certificates of production are not checked")
    }
  }

  private static let url = Shape<String>.text(
    "a URL such as https://staging.hotel.example, or embedded", pattern: "^(https?://|embedded$)"
  ).map {
    text throws(Mistake) in
    if text == Environment.embeddedURL { return text }
    guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
      throw Mistake("a URL begins with http:// or https://", hint: "write https://\(text)")
    }
    let rest = text.drop { $0 != "/" }.dropFirst(2)
    let authority = rest.prefix { $0 != "/" }
    if authority.isEmpty { throw Mistake("the URL has no host") }
    if authority.contains("@") {
      throw Mistake("a URL must not hold a password", hint: "use a header with secret('NAME')")
    }
    if rest.contains("?") || rest.contains("#") { throw Mistake("a base URL has no query and no fragment") }
    return text
  }

  private static let proxyURL = Shape<String>.text("a proxy such as http://proxy:3128").map { text throws(Mistake) in
    let schemes = ["http://", "https://", "socks5://", "socks5h://"]
    if !schemes.contains(where: { text.hasPrefix($0) }) {
      throw Mistake("a proxy begins with \(schemes.joined(separator: ", "))")
    }
    return text
  }

  static let build = Shape.object(EnvironmentDraft.BuildDraft(), "Where the build is told.", called: "a build source") {
    o in
    o.optional("get", .nonEmptyString, \.get, "A path.")
    o.optional("json", jsonPath, \.json, "A JSON path into the answer.")
    o.optional("header", ScenarioShapes.headerName, \.header, "A header of the answer.")
    o.optional(
      "containers", .list(of: .nonEmptyString), \.containers,
      "Instead: containers or services whose image digests are the build.")
    o.atMostOne(of: "json", "header")
    o.atMostOne(of: "get", "containers")
  }.check { draft, node, diagnostics in
    if draft.get != nil {
      if draft.json == nil, draft.header == nil { diagnostics.error(at: node, "`build` needs `json` or `header`") }
    } else if draft.json != nil || draft.header != nil {
      diagnostics.error(at: node, "`build` needs `get`, the path that is asked")
    } else if draft.containers.isEmpty {
      diagnostics.error(at: node, "`build` needs `get`, or `containers` with at least one name")
    }
  }

  static let jsonPath = ScenarioShapes.path.map { text throws(Mistake) in
    do throws(JSONPathError) { _ = try JSONPath(text) } catch {
      throw Mistake(error.message, hint: error.hint, offset: error.offset)
    }
    return text
  }

  static let peak = Shape.object(EnvironmentDraft.PeakDraft(), "The expected peak.", called: "a peak") { o in
    o.required("rate", PlanShapes.rate, \.rate, "Arrivals or requests per second.")
    o.required("source", .nonEmptyString, \.source, "Where the number comes from.")
    o.required("by", .nonEmptyString, \.by, "Who says so.")
    o.optional("mix", .dictionary(of: .share), \.mix, "Shares by scenario name.")
  }.check { draft, node, diagnostics in
    if draft.rate.unit == .peak || draft.rate.isRamp || draft.rate.to <= 0 {
      diagnostics.error(at: node["rate"] ?? node, "a peak is one plain rate, such as 40 arrivals/s")
    }
    let sum = draft.mix.reduce(0) { $0 + $1.value }
    if !draft.mix.isEmpty, abs(sum - 1) > 0.001 {
      diagnostics.error(at: node["mix"] ?? node, "the shares add up to \((sum * 1000).rounded() / 10)%, not 100%")
    }
  }

  static let sink = Shape.object(EnvironmentDraft.SinkDraft(), "Where messages to guests are caught.", called: "a sink")
  {
    o in
    o.required("listen", listen, \.listen, "Address and port to listen on, such as 127.0.0.1:9090.")
  }

  private static let listen = Shape<String>.text("an IPv4 address and a port, such as 127.0.0.1:9090").map {
    text throws(Mistake) in
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, numbers.count == 4, numbers.allSatisfy({ UInt8($0) != nil }), let port = UInt16(parts[1])
    else { throw Mistake("expected an IPv4 address and a port, such as 127.0.0.1:9090") }
    return Environment.Sink(address: String(parts[0]), port: Int(port))
  }

  static let docker = Shape.object(Environment.Docker(), "Where its containers are.", called: "a mapping") { o in
    o.optional("project", .nonEmptyString, \.project, "The compose project.")
    o.optional("host", .nonEmptyString, \.host, "The engine's address, as in DOCKER_HOST.")
  }

  static let setting: Shape<Environment.Setting> = {
    let text = Shape<String>.string.map { text throws(Mistake) in Environment.Setting.text(text) }
    let list = Shape<[String]>.list(of: .string).map { items throws(Mistake) in
      // Templates see the list joined by commas.
      if let item = items.first(where: { $0.contains(",") }) { throw Mistake("'\(item)' of a list holds a comma") }
      return Environment.Setting.list(items)
    }
    return .anyOf("text, or a list of texts", [text, list])
  }()
}

// SPDX-License-Identifier: Apache-2.0

/// A scenario of one step out of a curl command, and what the environment must say for it.
package struct CurlSketch: Sendable, Equatable {
  package var scenario: ScenarioSketch
  /// Scheme, host and port.
  package var origin: String
  package var isInsecure: Bool
  package var authority: String?

  /// Headers that the transport or the tool sets itself, or that only a browser means.
  private static let ownHeaders = [
    "content-length", "connection", "accept-encoding", "user-agent", "traceparent", "tracestate", "priority", "te",
    "transfer-encoding", "upgrade-insecure-requests", "keep-alive",
  ]

  /// `folder` is what files in the command are relative to, as the scenario sees it: "../" from its own folder.
  package init(_ text: String, name: String, folder: String = "") throws(ScenarioSketch.Mistake) {
    let command = try CurlCommand(text)
    scenario = ScenarioSketch(name: name, about: "Made of a curl command; a beginning to go on with.")
    isInsecure = command.isInsecure
    authority = command.authority
    let url = try Self.split(command.urls[0])
    origin = url.origin

    let method = try Self.method(of: command)
    var step = ScenarioSketch.Request(name: ScenarioSketch.stepName(method, url.path), method: method, path: url.path)
    var secrets = SecretNames()
    step.within = "1s"
    step.redirects = command.redirects.flatMap { $0 > 0 ? $0 : nil }
    step.timeout = command.timeout
    var left = command.notes
    if let user = command.user ?? url.user {
      step.variables.append(.init("credentials", secrets.credentials(user)))
      step.headers.append(.init("Authorization", "Basic {{ base64(credentials) }}"))
    }
    for header in command.headers {
      let folded = header.name.lowercased()
      if Self.ownHeaders.contains(folded) || folded.hasPrefix("sec-") || (folded == "host" && header.value == url.host)
      {
        left.append("\(header.name): set by gonogo, or meant for browsers only")
      } else if step.headers.contains(where: { $0.name.lowercased() == folded }) {
        throw .init("the header \(header.name) is set twice")
      } else {
        // The same key again would ask for the same thing again, and not be done.
        let isKey = folded == "idempotency-key"
        if isKey { step.remarks.append("\(header.name): a new one for each request.") }
        step.headers.append(.init(header.name, isKey ? "{{ uuid() }}" : secrets.header(header)))
      }
    }
    if command.cookies != nil { step.headers.append(.init("Cookie", ScenarioSketch.secret(secrets.add("COOKIE")))) }
    if command.isCompressed { left.append("--compressed: write `compression: true` into the plan") }
    try Self.addBody(of: command, folder: folder, to: &step, &secrets)
    step.path = secrets.query(step.path)
    if !left.isEmpty { step.remarks += ["Not taken over:"] + left.map { "  \($0)" } }
    scenario.steps = [step]
    scenario.variables = secrets.names + Self.shellVariables(in: scenario.yaml).filter { !secrets.names.contains($0) }
  }

  private static func method(of command: CurlCommand) throws(ScenarioSketch.Mistake) -> String {
    let hasBody = !command.parts.isEmpty || (!command.data.isEmpty && !command.putsDataIntoQuery)
    let method = (command.method ?? (command.isHead ? "HEAD" : hasBody ? "POST" : "GET")).lowercased()
    guard ScenarioShapes.methods.contains(method) else {
      throw .init(
        "the method \(method.uppercased()) is not among \(ScenarioShapes.methods.map { $0.uppercased() }.joined(separator: ", "))"
      )
    }
    if hasBody, method == "get" || method == "head" {
      throw .init(
        "a \(method.uppercased()) with a body is not sent by gonogo", hint: "with -G curl puts the data into the query")
    }
    return method
  }

  // MARK: URL

  private static func split(_ text: String) throws(ScenarioSketch.Mistake) -> (
    origin: String, host: String, user: String?, path: String
  ) {
    var text = text
    if !text.contains("://") { text = "http://" + text }
    guard let place = text.firstRange(of: "://"), ["http", "https"].contains(text[..<place.lowerBound].lowercased())
    else { throw .init("only http and https are spoken, not \(text)") }
    let scheme = text[..<place.lowerBound].lowercased()
    let rest = text[place.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if authority.contains("{{") {
      throw .init("the host of the URL is a shell variable", hint: "write the host: it becomes an environment")
    }
    let parts = authority.split(separator: "@", maxSplits: 1).map(String.init)
    guard let host = parts.last, !host.isEmpty else { throw .init("the URL has no host: \(text)") }
    var path = String(rest.dropFirst(authority.count).prefix { $0 != "#" })
    if !path.hasPrefix("/") { path = "/" + path }
    if path.contains(" ") { throw .init("the URL holds a blank", hint: "write %20") }
    return ("\(scheme)://\(host)", host, parts.count == 2 ? parts[0] : nil, path)
  }

  // MARK: body

  private static func addBody(
    of command: CurlCommand, folder: String, to step: inout ScenarioSketch.Request, _ secrets: inout SecretNames
  ) throws(ScenarioSketch.Mistake) {
    func place(_ file: String) -> String { file.hasPrefix("/") ? file : folder + file }
    if !command.parts.isEmpty {
      if !command.data.isEmpty { throw .init("-d and -F do not go together") }
      step.headers.removeAll { $0.name.lowercased() == "content-type" }
      guard Set(command.parts.map(\.name)).count == command.parts.count else {
        throw .init("two parts of the form have the same name", hint: "write the step with `body:` by hand")
      }
      step.body = .parts(
        command.parts.map { part in
          var part = part
          part.file = part.file.map(place)
          part.value = part.value.map { secrets.field(part.name, $0) }
          return part
        })
      return
    }
    guard !command.data.isEmpty else { return }
    if case .file(let path, let isBinary)? = command.data.first {
      guard command.data.count == 1, !command.putsDataIntoQuery, path != "-" else {
        throw .init("of data from files, only one file as the whole body is understood")
      }
      if !isBinary {
        step.remarks.append("curl -d would take the line ends out of the file; gonogo sends it as it is.")
      }
      step.body = .file(place(path))
      return declare(isJSON: false, in: &step)
    }
    var text = ""
    var isJSON = false
    for (index, piece) in command.data.enumerated() {
      switch piece {
      case .text(let piece): text += (index == 0 ? "" : "&") + piece
      case .json(let piece):
        text += piece
        isJSON = true
      case .file: throw .init("data of files and of the command line do not go together")
      }
    }
    if command.putsDataIntoQuery {
      step.path += (step.path.contains("?") ? "&" : "?") + text
      return
    }
    declare(isJSON: isJSON, in: &step)
    let type = step.headers.first { $0.name.lowercased() == "content-type" }?.value.lowercased() ?? ""
    step.body = try body(text, type: type, &secrets)
    // Said by the kind of body.
    let said: String? =
      switch step.body {
      case .json: "application/json"
      case .form: "application/x-www-form-urlencoded"
      default: nil
      }
    step.headers.removeAll { $0.name.lowercased() == "content-type" && $0.value.lowercased() == said }
  }

  /// The content type curl would send when the command names none.
  private static func declare(isJSON: Bool, in step: inout ScenarioSketch.Request) {
    func has(_ name: String) -> Bool { step.headers.contains { $0.name.lowercased() == name } }
    if !has("content-type") {
      step.headers.append(.init("Content-Type", isJSON ? "application/json" : "application/x-www-form-urlencoded"))
    }
    if isJSON, !has("accept") { step.headers.append(.init("Accept", "application/json")) }
  }

  private static func body(_ text: String, type: String, _ secrets: inout SecretNames) throws(ScenarioSketch.Mistake)
    -> ScenarioSketch.Body
  {
    if type.contains("json"), let value = SketchValue(json: Array(text.utf8)), !value.repeatsNames {
      return .json(secrets.json(value))
    }
    if type.hasPrefix("application/x-www-form-urlencoded"), let fields = fields(text) {
      return .form(fields.map { .init($0.name, secrets.field($0.name, $0.value)) })
    }
    // Shell variables are no secrets yet.
    let written = Array(text.replacing(/{{ env\('\w+'\) }}/, with: "").utf8)
    var shown = written
    SensitiveNames.removeValues(from: &shown, mark: [])
    if shown != written {
      throw .init(
        "the body holds a secret and is neither JSON nor a form, so the secret cannot be taken out of it",
        hint: "put the secret into a variable, and write $NAME; or say what the body is with -H 'Content-Type: ...'")
    }
    return .text(text)
  }

  /// Nil: not a form that encodes to the same again, or a name stands twice.
  private static func fields(_ text: String) -> [ScenarioSketch.Pair]? {
    var fields: [ScenarioSketch.Pair] = []
    for piece in text.split(separator: "&", omittingEmptySubsequences: false) {
      let halves = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2, let name = decoded(halves[0]), !name.isEmpty, let value = decoded(halves[1]),
        !fields.contains(where: { $0.name == name })
      else { return nil }
      fields.append(.init(name, value))
    }
    return fields
  }

  private static func decoded(_ text: Substring) -> String? {
    // A template is no percent encoding: it stays what it is.
    if text.contains("{{") { return text.contains("%") || text.contains("+") ? nil : String(text) }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "+") {
        bytes.append(0x20)
      } else if byte == UInt8(ascii: "%") {
        guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
          return nil
        }
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else if byte <= 0x20 || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "\"") {
        // More likely a body of another kind that was sent without saying so.
        return nil
      } else {
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func shellVariables(in yaml: String) -> [String] {
    var names: [String] = []
    for match in yaml.split(separator: "{{ env('").dropFirst() {
      let name = String(match.prefix { $0 != "'" })
      if !names.contains(name) { names.append(name) }
    }
    return names
  }
}

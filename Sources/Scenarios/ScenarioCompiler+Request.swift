// SPDX-License-Identifier: Apache-2.0
import Document
import JSON

/// One request: where to, with what.
extension ScenarioCompiler {
  mutating func compileRequest(_ draft: StepDraft, _ request: Entry<String, Node>) {
    guard let node = draft.node else { return }
    var step = CompiledRequest(name: draft.name?.value ?? "", method: request.key.uppercased())
    step.about = draft.about ?? ""
    step.place = node.position.description
    step.statusPlace = (draft.expect?.status ?? defaults.status)?.position.description ?? step.place
    step.withinPlace = node["expect"]?["within"]?.position.description ?? step.place
    step.pathText = request.value.text ?? ""
    nameStep(draft, node)
    step.isProbe = draft.isProbe ?? defaults.isProbe
    step.isReadOnly = draft.isReadOnly ?? fileIsReadOnly ?? ["GET", "HEAD", "OPTIONS"].contains(step.method)
    step.tags = fileTags + draft.tags.filter { !fileTags.contains($0) }
    step.timeoutNanoseconds = (draft.timeout ?? defaults.timeout)?.nanoseconds
    if step.timeoutNanoseconds == 0 { diagnostics.error(at: node, "a timeout of nothing lets no request succeed") }
    step.maximumRedirects = draft.follow ?? defaults.follow ?? 0

    if let url = compiled(
      request.value,
      { text, scope throws(TemplateMistake) in
        try Template.url(text, scope: &scope)
      })
    {
      step.url = url
      step.isURLAbsolute = checkURL(url, request.value)
    }
    var contentType: String?
    if let body = draft.body {
      if ["GET", "HEAD"].contains(step.method) {
        diagnostics.error(at: body.keyNode, "\(step.method) has no body", hint: "use `post`")
      }
      (step.body, contentType) = compileBody(body)
    }
    compileHeaders(draft, contentType, &step)
    compileExpectations(draft, node, &step)
    // What is delivered again is not retried as well: a default does not apply, and both are a mistake.
    step.retry = retry(draft.retry ?? (draft.redeliver == nil ? defaults.retry : nil))
    compileDelivery(draft, node, &step)
    compileCaptures(draft, &step)
    if let writes = draft.writes { step.writes = compileWrites(writes, of: step) }
    step.assignments = assignments

    var needed: Set<Int> = []
    step.url.collectSlots(into: &needed)
    step.body?.collectSlots(into: &needed)
    for header in step.headers { header.value.collectSlots(into: &needed) }
    step.writes?.key.collectSlots(into: &needed)
    step.reply?.collectSlots(into: &needed)
    step.neededSlots = needed.sorted()
    var expected: Set<Int> = []
    for rule in step.headerRules { rule.test.collectSlots(into: &expected) }
    for rule in step.textRules { rule.test.collectSlots(into: &expected) }
    for rule in step.jsonRules { rule.test.collectSlots(into: &expected) }
    step.expectedSlots = expected.sorted()
    var own = Set(step.captures.map(\.slot) + draft.variables.compactMap { slots[$0.key] })
    step.writes?.key.collectSlots(into: &own)
    step.ownSlots = own.sorted()

    instructions.append(.request(parts.requests.count))
    parts.requests.append(RequestStep(step))
    expectedCounts.append(weight * (1 + (step.redeliver?.share ?? 0)))
    expectedReplies.append(step.reply == nil ? 0 : weight)
  }

  private mutating func nameStep(_ draft: StepDraft, _ node: Node) {
    guard let name = draft.name else {
      // A wrong name has been reported already.
      if node["name"] == nil {
        diagnostics.error(at: node, "a request needs a `name`", hint: "rules and reports call it scenario/name")
      }
      return
    }
    if let first = stepNames[name.value] {
      diagnostics.error(
        at: name.node, "there are two steps named '\(name.value)'", hint: "the other is at \(first.position)")
    } else {
      stepNames[name.value] = name.node
    }
  }

  /// Whether the URL brings its own host; a path must begin with a slash.
  mutating func checkURL(_ url: Template, _ node: Node) -> Bool {
    guard case .constant(let start)? = url.segments.first else {
      if url.segments.isEmpty { diagnostics.error(at: node, "the path is empty", hint: "the root is /") }
      return false
    }
    let text = String(decoding: start, as: UTF8.self)
    if text.hasPrefix("http://") || text.hasPrefix("https://") { return true }
    if text.hasPrefix("/") { return false }
    if let scheme = text.firstRange(of: "://") {
      diagnostics.error(at: node, "'\(text[..<scheme.lowerBound])' is not supported: only http and https")
    } else {
      diagnostics.error(at: node, "a path begins with /", hint: "write /\(text)")
    }
    return false
  }

  // MARK: headers

  private mutating func compileHeaders(_ draft: StepDraft, _ contentType: String?, _ step: inout CompiledRequest) {
    let own = Set(draft.headers.map { $0.key.lowercased() })
    let inherited = defaults.headers.filter { !own.contains($0.key.lowercased()) }
    scope.allowsBody = step.body != nil
    defer { scope.allowsBody = false }
    var seen: Set<String> = []
    for entry in inherited + draft.headers {
      if !seen.insert(entry.key.lowercased()).inserted {
        diagnostics.error(at: entry.keyNode, "the header \(entry.key) is set twice")
      }
      guard
        let value = compiled(
          entry.value,
          { text, scope throws(TemplateMistake) in
            try Template.header(text, scope: &scope)
          })
      else { continue }
      step.headers.append(.init(entry.key, value))
      if SensitiveNames.isSensitive(entry.key), let bytes = value.constant {
        // "Bearer abc": the part after the scheme is the secret.
        let text = String(decoding: bytes, as: UTF8.self)
        scope.secrets.append(text.split(separator: " ").last.map(String.init) ?? text)
      }
    }
    guard let contentType, !seen.contains("content-type") else { return }
    var value = Template()
    value.append(constant: contentType.utf8)
    step.headers.append(.init("Content-Type", value))
  }

  // MARK: the rest

  private mutating func retry(_ draft: RetryDraft?) -> RetryRule? {
    guard let draft else { return nil }
    var rule = RetryRule(
      count: draft.count, statuses: [502...504], onTransportFailure: true,
      backoff: PauseRange(
        leastNanoseconds: draft.backoff.lowerBound.nanoseconds, mostNanoseconds: draft.backoff.upperBound.nanoseconds),
      factor: draft.factor)
    guard let on = draft.on else { return rule }
    rule.statuses = []
    rule.onTransportFailure = false
    for item in on.items ?? [on] {
      if item.text == "failure" {
        rule.onTransportFailure = true
      } else if let entry = statusRange(item, hint: "statuses and `failure` (no answer) can be retried") {
        rule.statuses.append(entry)
      }
    }
    return rule
  }

  mutating func report(_ error: JSONPathError, _ node: Node) {
    diagnostics.error(at: node, Mistake(error.message, hint: error.hint, offset: error.offset))
  }
}

extension CompiledRequest.HeaderTemplate {
  init(_ name: String, _ value: Template) {
    self.init(name: name, prefix: Array("\(name): ".utf8), value: value)
  }
}

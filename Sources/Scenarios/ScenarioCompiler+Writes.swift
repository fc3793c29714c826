// SPDX-License-Identifier: Apache-2.0
import Document
import JSON

/// `writes`: the ledger's part of a request.
extension ScenarioCompiler {
  mutating func compileWrites(_ draft: WritesDraft, of step: CompiledRequest) -> WritesRule? {
    let read = draft.read.flatMap { compileRead($0, of: step) }
    if let closer = draft.closedBy { closers.append(closer) }
    guard let key = draft.key else { return nil }
    let template = compiled(key) { text, scope throws(TemplateMistake) in try Template.text(text, scope: &scope) }
    if let constant = template?.constant {
      let text = String(decoding: constant, as: UTF8.self)
      diagnostics.error(
        at: key, "the key '\(text)' is the same for every write", hint: "use {{ uuid() }} through `let`")
    }
    return template.map { WritesRule(key: $0, read: read, closedBy: draft.closedBy?.value) }
  }

  private mutating func compileRead(_ draft: WritesDraft.ReadDraft, of step: CompiledRequest) -> ReadBackStep? {
    var read = CompiledRequest(name: "\(step.name) read back", method: "GET")
    read.isReadOnly = true
    read.timeoutNanoseconds = step.timeoutNanoseconds
    read.maximumRedirects = step.maximumRedirects
    var countPath: Int?
    var paths: [JSONPath] = []
    if let count = draft.count {
      do throws(JSONPathError) {
        paths.append(try JSONPath(count.value))
        countPath = 0
      } catch {
        report(error, count.node)
      }
    }
    read.paths = JSONPaths(paths)
    read.keepsBody = !paths.isEmpty
    var captures = StepDraft()
    captures.captures = draft.captures
    compileCaptures(captures, &read)
    compileReadHeaders(draft, of: step, &read)
    guard let get = draft.get else { return nil }
    read.place = get.position.description
    guard let url = compiled(get, { text, scope throws(TemplateMistake) in try Template.url(text, scope: &scope) })
    else { return nil }
    read.isURLAbsolute = checkURL(url, get)
    read.url = url
    return ReadBackStep(read, countPath: countPath)
  }

  /// The step's own lines say who asks (tenant, authorization): they go along. Those about its body would be lies.
  private mutating func compileReadHeaders(
    _ draft: WritesDraft.ReadDraft, of step: CompiledRequest, _ read: inout CompiledRequest
  ) {
    for entry in draft.headers {
      let value = compiled(entry.value) { text, scope throws(TemplateMistake) in
        try Template.header(text, scope: &scope)
      }
      if let value { read.headers.append(.init(entry.key, value)) }
    }
    let own = Set(draft.headers.map { $0.key.lowercased() })
    for header in step.headers {
      let name = header.name.lowercased()
      let isAboutBody = name.hasPrefix("content-") || name == "idempotency-key" || header.value.readsBody
      if !own.contains(name), !isAboutBody { read.headers.append(header) }
    }
  }
}

extension Template {
  fileprivate var readsBody: Bool {
    var found = false
    for case .insertion(let expression, _) in segments {
      expression.forEach { part in if case .body = part { found = true } }
    }
    return found
  }
}

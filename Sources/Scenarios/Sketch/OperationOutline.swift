// SPDX-License-Identifier: Apache-2.0

/// One operation of a document as a request, as far as the document tells what to send.
struct OperationOutline {
  let operation: TargetOperation
  /// Nil: something that is needed is not told.
  private(set) var request: ScenarioSketch.Request?
  /// Whether it may be sent by somebody who only wanted a beginning.
  private(set) var isStep = false
  /// Why it is no step.
  private(set) var reason: String?
  private(set) var parameterCount = 0
  private(set) var secrets: [String] = []

  private struct Missing: Error { var reason: String }

  init(_ operation: TargetOperation, _ document: APIDocument, withWrites: Bool) {
    self.operation = operation
    let method = operation.method.lowercased()
    let item = document.resolved(document.root["paths"]?[operation.path])
    let own = item?[method]
    guard ScenarioShapes.methods.contains(method) else {
      reason = "gonogo does not send \(operation.method)"
      return
    }
    if own?["deprecated"]?.isTrue == true {
      reason = "deprecated"
      return
    }
    var request = ScenarioSketch.Request(
      name: ScenarioSketch.stepName(method, operation.path), method: method, path: "")
    request.within = "1s"
    do throws(Missing) {
      let answer = try Self.status(own, document)
      request.status = answer
      try addParameters(item, own, document, to: &request)
      try addSecurity(own, document, to: &request)
      let isGuessed = try addBody(own, document, to: &request)
      self.request = request
      switch method {
      case "get", "head", "options": isStep = true
      case "delete": reason = "it deletes"
      default:
        isStep = withWrites && !isGuessed
        reason = isGuessed ? "it changes data, and the values of its body are guesses" : "it changes data"
      }
    } catch { reason = error.reason }
  }

  // MARK: answers

  private static func status(_ operation: SketchValue?, _ document: APIDocument) throws(Missing) -> String {
    let responses = document.resolved(operation?["responses"])?.members ?? []
    for response in responses where response.name.hasPrefix("2") {
      if document.resolved(response.value, "content")?["text/event-stream"] != nil {
        throw Missing(reason: "its answer is a stream that does not end")
      }
    }
    let good = responses.map(\.name).filter { $0.count == 3 && ($0.hasPrefix("2") || $0.hasPrefix("3")) }
    let wanted = good.filter { $0.hasPrefix("2") }
    let statuses = (wanted.isEmpty ? good : wanted).map { $0.lowercased() }
    guard statuses.allSatisfy({ Int($0) != nil }), !statuses.isEmpty else { return "2xx" }
    return statuses.count == 1 ? statuses[0] : "[\(statuses.joined(separator: ", "))]"
  }

  // MARK: parameters

  private mutating func addParameters(
    _ item: SketchValue?, _ own: SketchValue?, _ document: APIDocument, to request: inout ScenarioSketch.Request
  ) throws(Missing) {
    var path = (operation.basePaths.first ?? "") + operation.path
    var query: [String] = []
    // Those of the operation take the place of those of the path.
    var parameters: [SketchValue] = []
    for parameter in ((item?["parameters"]?.items ?? []) + (own?["parameters"]?.items ?? [])) {
      guard let parameter = document.resolved(parameter) else {
        throw Missing(reason: "a parameter is described elsewhere")
      }
      parameters.removeAll { $0["name"] == parameter["name"] && $0["in"] == parameter["in"] }
      parameters.append(parameter)
    }
    for parameter in parameters {
      guard let name = parameter["name"]?.text, let place = parameter["in"]?.text else { continue }
      guard parameter["required"]?.isTrue == true || place == "path" else { continue }
      parameterCount += 1
      let ignored = ["accept", "content-type", "authorization"]
      if place == "header", ignored.contains(name.lowercased()) { continue }
      let isSecret = SensitiveNames.isSensitive(name)
      let value = isSecret ? secret(ScenarioSketch.variableName(name)) : Self.value(of: parameter, place, document)
      guard let value else { throw Missing(reason: "`\(name)` has no example") }
      switch place {
      case "path": path = path.replacing("{\(name)}", with: value)
      case "query": query.append("\(Self.encoded(name))=\(value)")
      case "header": request.headers.append(.init(name, value))
      default: throw Missing(reason: "it needs a cookie")
      }
    }
    // A brace that is left stands for a value nobody described.
    if path.replacing("{{ ", with: "").contains("{") {
      throw Missing(reason: "its path has a part without description")
    }
    request.path = path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
  }

  /// A template for a parameter; nil when the document does not tell a value that could be meant.
  private static func value(of parameter: SketchValue, _ place: String, _ document: APIDocument) -> String? {
    let schema = document.resolved(parameter, "schema")
    let told =
      parameter["example"] ?? document.resolved(parameter["examples"]?.members.first?.value, "value")
      ?? Examples.told(by: schema, document)
    if let told = told?.scalarText {
      return place == "header" ? ScenarioSketch.literal(told) : encoded(told)
    }
    switch (schema?["type"]?.text, schema?["format"]?.text) {
    case ("string", "date"): return "{{ date(+30d) }}"
    case ("string", "date-time"): return "{{ now() }}"
    case _ where place == "header" && parameter["name"]?.text?.lowercased() == "idempotency-key":
      return "{{ uuid() }}"
    // A number in a path names one thing, which may not be there; elsewhere it says how many.
    case ("integer", _) where place != "path", ("number", _) where place != "path":
      return schema?["minimum"]?.scalarText ?? "1"
    case ("boolean", _): return "true"
    default: return nil
    }
  }

  private static func encoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    appendPercentEncoded(text.utf8, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private mutating func secret(_ name: String) -> String {
    if !secrets.contains(name) { secrets.append(name) }
    return ScenarioSketch.secret(name)
  }

  // MARK: security

  private mutating func addSecurity(
    _ own: SketchValue?, _ document: APIDocument, to request: inout ScenarioSketch.Request
  ) throws(Missing) {
    let requirements = (own?["security"] ?? document.root["security"])?.items ?? []
    // `{}` among them: it may be called by anybody.
    guard !requirements.isEmpty, !requirements.contains(where: { $0.members.isEmpty }) else { return }
    let schemes = document.resolved(document.root["components"], "securitySchemes")
    for name in requirements[0].members.map(\.name) {
      let scheme = document.resolved(schemes, name)
      let parameter = scheme?["name"]?.text ?? ""
      switch (scheme?["type"]?.text, scheme?["in"]?.text) {
      case ("http", _) where scheme?["scheme"]?.text?.lowercased() == "basic":
        request.variables.append(.init("credentials", "\(secret("API_USER")):\(secret("API_PASSWORD"))"))
        request.headers.append(.init("Authorization", "Basic {{ base64(credentials) }}"))
      case ("http", _), ("oauth2", _), ("openIdConnect", _):
        request.headers.append(.init("Authorization", "Bearer \(secret("API_TOKEN"))"))
      case ("apiKey", "header"):
        request.headers.append(.init(parameter, secret(ScenarioSketch.variableName(parameter))))
      case ("apiKey", "query"):
        let mark = request.path.contains("?") ? "&" : "?"
        request.path += "\(mark)\(Self.encoded(parameter))=\(secret(ScenarioSketch.variableName(parameter)))"
      case ("apiKey", "cookie"):
        request.headers.append(.init("Cookie", "\(parameter)=\(secret(ScenarioSketch.variableName(parameter)))"))
      default: throw Missing(reason: "its security scheme '\(name)' is not understood")
      }
    }
  }

  // MARK: body

  /// Whether values had to be guessed.
  private mutating func addBody(
    _ own: SketchValue?, _ document: APIDocument, to request: inout ScenarioSketch.Request
  ) throws(Missing) -> Bool {
    guard let body = document.resolved(own?["requestBody"]) else { return false }
    let isRequired = body["required"]?.isTrue == true
    guard !["get", "head"].contains(request.method) else {
      if isRequired { throw Missing(reason: "a \(operation.method) with a body is not sent by gonogo") }
      return false
    }
    let content = body["content"]?.members ?? []
    let isJSON = { (type: String) in type.contains("json") }
    guard
      let media = content.first(where: { isJSON($0.name) })
        ?? content.first(where: { $0.name.hasPrefix("application/x-www-form-urlencoded") })
    else {
      if !isRequired { return false }
      throw Missing(reason: "its body is \(content.first?.name ?? "not described")")
    }
    var examples = Examples(document)
    let told = media.value["example"] ?? document.resolved(media.value["examples"]?.members.first?.value, "value")
    guard let value = told ?? examples.value(for: media.value["schema"]), !value.repeatsNames else {
      throw Missing(reason: "its body has no example")
    }
    var hidden = SecretNames()
    let safe = hidden.json(told == nil ? value : value.mapTexts { _, text in ScenarioSketch.literal(text) })
    secrets += hidden.names.filter { !secrets.contains($0) }
    if isJSON(media.name) {
      request.body = .json(safe)
      if media.name != "application/json" { request.headers.append(.init("Content-Type", media.name)) }
    } else {
      request.body = .form(safe.members.compactMap { member in member.value.scalarText.map { .init(member.name, $0) } })
    }
    return told == nil && examples.guessed
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import Document

/// A scenario out of an OpenAPI document: what is safe to ask and needs nothing that the document does not tell becomes a
/// step. What changes data is written too, as comments unless it was asked for; the rest is listed with the reason.
package struct OpenAPISketch: Sendable, Equatable {
  package var scenario: ScenarioSketch
  /// Scheme, host and port of the first server that names them.
  package var origin: String?
  /// Paths that tell whether the system lives and is ready, as far as their names say so.
  package var healthPaths: [String] = []

  /// `location`: the path the document was fetched from. Throws also when nothing in it is safe to ask.
  package init(_ bytes: [UInt8], location: String, name: String, withWrites: Bool) throws(ScenarioSketch.Mistake) {
    let operations: [TargetOperation]
    do throws(OpenAPIError) { operations = try readOpenAPI(bytes, location: location) } catch {
      throw .init(error.message)
    }
    guard let root = Self.root(bytes) else { throw .init("it is nested too deep") }
    let title = root["info"]?["title"]?.text ?? "an API"
    scenario = ScenarioSketch(name: name, about: "Made of the OpenAPI document of \(ScenarioSketch.literal(title)).")
    origin = Self.origin(root)
    var outlines = operations.map { OperationOutline($0, APIDocument(root: root), withWrites: withWrites) }
    let bare = outlines.filter { $0.isStep && $0.parameterCount == 0 }.compactMap { $0.request?.path }
    for ending in [["/live", "/liveness", "/livez"], ["/ready", "/readiness", "/readyz"], ["/health", "/healthz"]] {
      guard let path = bare.first(where: { path in ending.contains { path.hasSuffix($0) } }) else { continue }
      // The general one only where there is no other.
      if healthPaths.isEmpty || ending[0] != "/health" { healthPaths.append(path) }
    }
    // What needs nothing comes first.
    outlines = outlines.filter { $0.parameterCount == 0 } + outlines.filter { $0.parameterCount > 0 }
    scenario.steps = outlines.compactMap { $0.isStep ? $0.request : nil }
    guard !scenario.steps.isEmpty else {
      throw .init(
        "no operation of it can be called as it is",
        hint: outlines.first.map { "\($0.operation): \($0.reason ?? "changes data; --writes makes a step of it")" })
    }
    scenario.steps += outlines.compactMap { outline in
      guard !outline.isStep, var request = outline.request else { return nil }
      request.isLeftOut = true
      request.remarks.insert("\(outline.operation): \(outline.reason ?? "it changes data")", at: 0)
      return request
    }
    let rest = outlines.filter { $0.request == nil }
    if !rest.isEmpty {
      scenario.rest = ["Not called yet:"] + rest.map { "  \($0.operation): \($0.reason ?? "")" }
    }
    scenario.nameApart()
    for name in outlines.filter(\.isStep).flatMap(\.secrets) where !scenario.variables.contains(name) {
      scenario.variables.append(name)
    }
  }

  private static func root(_ bytes: [UInt8]) -> SketchValue? {
    if let value = SketchValue(json: bytes) { return value }
    var diagnostics = Diagnostics()
    return parse(Source(path: "", bytes: bytes), &diagnostics).map { SketchValue($0) }
  }

  private static func origin(_ root: SketchValue) -> String? {
    for url in (root["servers"]?.items ?? []).compactMap({ $0["url"]?.text }) where !url.contains("{") {
      guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else { continue }
      let authority = url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
      if !authority.isEmpty, !authority.contains("@") { return scheme + authority }
    }
    return nil
  }
}

/// A document whose references can be followed.
struct APIDocument {
  let root: SketchValue

  /// What `$ref` refers to inside the document; nil for what is elsewhere, missing, or goes round in circles.
  func resolved(_ value: SketchValue?) -> SketchValue? {
    var value = value
    for _ in 0..<20 {
      guard let reference = value?["$ref"]?.text else { return value }
      guard reference.hasPrefix("#/") else { return nil }
      value = root
      for name in reference.dropFirst(2).split(separator: "/") {
        value = value?[String(name).replacing("~1", with: "/").replacing("~0", with: "~")]
      }
    }
    return nil
  }

  /// Member by member, references followed.
  func resolved(_ value: SketchValue?, _ name: String) -> SketchValue? { resolved(resolved(value)?[name]) }
}

// SPDX-License-Identifier: Apache-2.0
import Document

// `coverage:` of an environment.
extension EnvironmentShapes {
  static let coverage = Shape.object(
    EnvironmentDraft.CoverageDraft(), "The operations that smoke has to call.", called: "a mapping"
  ) { o in
    o.optional("openapi", openAPI, \.openAPI, "The OpenAPI document: a path of the target, a URL, or a file.")
    o.optional("routes", .list(of: route, atLeast: 1), \.routes, "Operations, such as GET /health/live.")
    o.optional("ignore", .list(of: ignored), \.ignore, "Operations that need no call, each with its reason.")
  }

  /// A path begins with `/`, a URL with its scheme; anything else is a file beside the one that names it.
  private static let openAPI = Shape<String>.nonEmptyString.map { text throws(Mistake) in
    if text.hasPrefix("/") { return Environment.OpenAPISource.path(text) }
    if text.hasPrefix("http://") || text.hasPrefix("https://") { return .url(text) }
    if text.contains("://") {
      throw Mistake("a URL of a document begins with http:// or https://", hint: "name a file without any scheme")
    }
    return .file(text)
  }

  private static let route = Shape<String>.text("an operation such as GET /health/live").map { text throws(Mistake) in
    let operation = try operation(text, alsoAny: false)
    return TargetOperation(method: operation.method, path: operation.path)
  }

  private static let ignored = Shape.object(
    Environment.IgnoredOperation(operation: "", reason: ""), "An operation left out."
  ) { o in
    o.required("operation", pattern, \.operation, "Method and path; * stands for any characters.")
    o.required("reason", reason, \.reason, "Why; shown in every report.")
  }

  private static let reason = Shape<String>.nonEmptyString.map { text throws(Mistake) in
    if text.allSatisfy(\.isWhitespace) { throw Mistake("expected a reason that says something") }
    return text
  }

  private static let pattern = Shape<String>.text("an operation such as DELETE /admin/*").map { text throws(Mistake) in
    let operation = try operation(text, alsoAny: true)
    return "\(operation.method) \(operation.path)"
  }

  private static func operation(_ text: String, alsoAny: Bool) throws(Mistake) -> (method: String, path: String) {
    let parts = text.split(separator: " ")
    let example = alsoAny ? "DELETE /admin/*" : "GET /health/live"
    guard parts.count == 2, parts[1].hasPrefix("/") || alsoAny && parts[1] == "*" else {
      throw Mistake("expected a method and a path, such as \(example)")
    }
    let methods = ScenarioShapes.methods.map { $0.uppercased() } + ["TRACE"] + (alsoAny ? ["*"] : [])
    guard methods.contains(String(parts[0])) else {
      let hint = suggestion(for: String(parts[0]), among: methods)
      throw Mistake("unknown method '\(parts[0])'", hint: hint, offset: 0, length: parts[0].utf8.count)
    }
    if !alsoAny, parts[1].contains("*") {
      throw Mistake("a route is one operation", hint: "write {id} for the part of a path that varies")
    }
    if parts[1].contains("?") || parts[1].contains("#") {
      throw Mistake("an operation has no query and no fragment")
    }
    return (String(parts[0]), String(parts[1]))
  }
}

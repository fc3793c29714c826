// SPDX-License-Identifier: Apache-2.0

/// One operation: what serves it and what the API document says of it, in one place so that they cannot drift apart.
struct Route: Sendable {
  /// A query or header parameter; those in the path are read off the path.
  struct Parameter: Sendable {
    enum Place: String { case query, header, path }
    var place: Place
    var name: String
    var about: String
    var isRequired = true
    var schema: JSONText
  }

  /// An answer the operation may give. All may also give what `Route.always` names.
  struct Documented: Sendable {
    var status: Int
    var about: String
    var contentType: String? = "application/json"
    var schema: JSONText = ["type": "object"]
  }

  var method: String
  /// With `{name}` for a segment that varies.
  var path: String
  /// Unique among all routes.
  var operation: String
  var about: String
  var parameters: [Parameter] = []
  /// Schema of the JSON the operation takes.
  var body: JSONText?
  var answers: [Documented]
  var bodyLimitBytes = 64 << 10
  /// Counts towards the rate limit.
  var isLimited = true
  var handle: @Sendable (Request, Exchange) -> Void

  /// Whether the document names the status for this operation.
  func documents(_ status: Int) -> Bool {
    answers.contains { $0.status == status } || Route.always.contains { $0.status == status }
  }

  static let always: [Documented] = [
    problem(400, "The request is malformed."), problem(413, "The body is too large."),
    problem(429, "Too many requests; see Retry-After."), problem(500, "The hotel failed."),
    problem(503, "The hotel cannot do this now; see Retry-After."),
  ]

  static func problem(_ status: Int, _ about: String) -> Documented {
    Documented(
      status: status, about: about, contentType: "application/problem+json",
      schema: ["$ref": "#/components/schemas/Problem"])
  }
}

/// Finds the route of a request.
struct Router: Sendable {
  enum Match {
    case route(Int, pathValues: [String: String])
    case otherMethods([String])
    case none
  }

  let routes: [Route]
  private let patterns: [[String]]

  init(_ routes: [Route]) {
    self.routes = routes
    patterns = routes.map { $0.path.dropFirst().split(separator: "/").map(String.init) }
  }

  /// Linear in the routes, of which there are a dozen or two. HEAD is answered as GET is, without the body.
  func match(method: String, _ segments: [String]) -> Match {
    let method = method == "HEAD" ? "GET" : method
    var methods: [String] = []
    for (index, pattern) in patterns.enumerated() {
      guard let values = Self.values(pattern, segments) else { continue }
      if routes[index].method == method { return .route(index, pathValues: values) }
      methods.append(routes[index].method)
      if routes[index].method == "GET" { methods.append("HEAD") }
    }
    return methods.isEmpty ? .none : .otherMethods(methods)
  }

  private static func values(_ pattern: [String], _ segments: [String]) -> [String: String]? {
    guard pattern.count == segments.count else { return nil }
    var values: [String: String] = [:]
    for (part, segment) in zip(pattern, segments) {
      if part.first == "{" {
        guard !segment.isEmpty else { return nil }
        values[String(part.dropFirst().dropLast())] = segment
      } else if part != segment {
        return nil
      }
    }
    return values
  }
}

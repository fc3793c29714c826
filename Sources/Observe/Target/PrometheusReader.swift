// SPDX-License-Identifier: Apache-2.0
import JSON
package import Results
package import Transport

/// Asks a Prometheus server for the present value of an expression.
package struct PrometheusReader: TargetReader {
  package let source = TargetSource.prometheus
  /// What reports call it.
  package let name: String
  private let endpoint: TargetEndpoint

  /// `server`: its base URL.
  package init(server: String, query: String, name: String, connection: ConnectionSettings) {
    self.name = name
    let base = server.hasSuffix("/") ? String(server.dropLast()) : server
    let question = PlainRequest(base + "/api/v1/query", query: [("query", query)])
    endpoint = TargetEndpoint(question, connection: connection, bodyLimitBytes: 1 << 20)
  }

  package func read() throws(TargetUnreadable) -> [TargetReading] {
    let answer = try endpoint.ask()
    return try readings(status: answer.status, body: answer.body)
  }

  /// One value; which of several would be meant, nobody could say.
  func readings(status: Int, body: [UInt8]) throws(TargetUnreadable) -> [TargetReading] {
    var matches = JSONMatches()
    let paths: JSONPaths
    do {
      paths = try JSONPaths(
        ["$.status", "$.error", "$.data.result[*].value[1]", "$.data.result[1]"].map(JSONPath.init))
      try matches.scan(body.span, paths)
    } catch {
      throw TargetUnreadable("it answers \(status) without JSON")
    }
    let bytes = body.span
    guard matches.first(of: 0)?.string(in: bytes) == "success" else {
      let reason = matches.first(of: 1)?.string(in: bytes) ?? "it answers \(status)"
      throw TargetUnreadable(String(reason.prefix(200)))
    }
    guard matches.count(of: 2) < 2 else {
      throw TargetUnreadable("the query has \(matches.count(of: 2)) results, not one: sum(...) or max(...) makes one")
    }
    // A scalar is a pair itself: the time and the value.
    guard let value = matches.first(of: 2) ?? matches.first(of: 3), value.kind == .string,
      let number = Double(value.string(in: bytes)), number.isFinite
    else { throw TargetUnreadable("the query has no value") }
    return [TargetReading(instance: endpoint.hostAndPort, metric: name, value: number)]
  }
}

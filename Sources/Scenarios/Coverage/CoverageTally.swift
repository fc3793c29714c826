// SPDX-License-Identifier: Apache-2.0

/// Counts which operations the requests of a run called.
package struct CoverageTally: Sendable {
  package let list: OperationList
  private let ignores: [Environment.IgnoredOperation]
  private let origin: String
  private var calls: [Int]
  private var undocumented: [String] = []

  /// Most requests without an operation that are kept, and the longest text of one.
  static let mostUndocumented = 100
  private static let longestUndocumented = 200

  /// `target`: its base URL; requests to other hosts are no calls of its operations.
  package init(_ list: OperationList, ignoring ignores: [Environment.IgnoredOperation], target: String) {
    self.list = list
    self.ignores = ignores
    origin = Self.cut(target).origin
    calls = Array(repeating: 0, count: list.operations.count)
  }

  /// Takes note of a request that was answered. `url` may be a path alone. Answers that say there is no such method (405,
  /// 501) are no calls.
  package mutating func answered(method: String, url: String, status: Int) {
    let (origin, path) = Self.cut(url)
    guard origin.isEmpty || origin == self.origin else { return }
    let method = method.uppercased()
    switch list.match(method: method, path: String(path)) {
    case .operation(let index): if status != 405, status != 501 { calls[index] += 1 }
    case .implied: break
    case .none:
      let text = "\(method) \(path.prefix { $0 != "?" && $0 != "#" }.prefix(Self.longestUndocumented))"
      if undocumented.count < Self.mostUndocumented, !undocumented.contains(text) { undocumented.append(text) }
    }
  }

  /// What was found so far.
  package var coverage: EndpointCoverage {
    let patterns = ignores.map { IgnorePattern($0.operation) }
    var isUsed = Array(repeating: false, count: ignores.count)
    let operations = list.operations.enumerated().map { index, operation in
      var reason: String?
      for (place, pattern) in patterns.enumerated() where pattern.fits(operation) {
        isUsed[place] = true
        reason = reason ?? ignores[place].reason
      }
      return EndpointCoverage.Operation(operation: operation, called: calls[index], ignored: reason)
    }
    return EndpointCoverage(
      source: list.source, operations: operations, undocumented: undocumented,
      unusedIgnores: zip(ignores, isUsed).filter { !$1 }.map(\.0.operation))
  }

  /// Scheme and host with the port that is meant, lower case, empty for a path alone; and the rest.
  private static func cut(_ url: String) -> (origin: String, path: Substring) {
    guard let colon = url.firstRange(of: "://") else { return ("", url[...]) }
    let scheme = url[..<colon.lowerBound].lowercased()
    let rest = url[colon.upperBound...]
    let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    var host = rest[..<end].lowercased()
    let port = scheme == "https" ? ":443" : ":80"
    if host.hasSuffix(port) { host.removeLast(port.count) }
    return ("\(scheme)://\(host)", rest[end...])
  }
}

/// Which operations were called, which not, and what was called beside them.
package struct EndpointCoverage: Sendable, Equatable {
  package struct Operation: Sendable, Equatable {
    package var operation: TargetOperation
    package var called: Int
    /// Why it need not be called.
    package var ignored: String?
  }

  package var source: String
  package var operations: [Operation]
  /// `GET /path` of requests without an operation.
  package var undocumented: [String]
  /// Entries of `ignore` that fit no operation.
  package var unusedIgnores: [String]

  /// Neither called nor ignored.
  package var gaps: [TargetOperation] {
    operations.filter { $0.called == 0 && $0.ignored == nil }.map(\.operation)
  }
}

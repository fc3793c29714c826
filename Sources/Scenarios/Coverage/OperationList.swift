// SPDX-License-Identifier: Apache-2.0

/// The operations a target says it has, and which of them a request calls.
package struct OperationList: Sendable {
  /// Where they are written, for people.
  package let source: String
  /// In the order of the source, each once.
  package let operations: [TargetOperation]
  private let places: [[Place]]

  /// One way to an operation: a base path and its own path together.
  private struct Place: Sendable {
    var template: PathTemplate
    var precision: [PathTemplate.Precision]
  }

  /// What a request is to the list.
  package enum Match: Sendable, Equatable {
    /// Index into `operations`.
    case operation(Int)
    /// HEAD or OPTIONS where another method is listed: every server may answer those without saying so.
    case implied
    case none
  }

  /// `targetPath`: path of the target's base URL; operations are looked for behind it, and also without it, since a
  /// source may write it or leave it out. Operations that differ only in the names in their braces are one.
  package init(source: String, operations: [TargetOperation], targetPath: String = "") {
    self.source = source
    var known: Set<TargetOperation> = []
    var kept: [TargetOperation] = []
    var places: [[Place]] = []
    let target = Self.trimmed(targetPath)
    for operation in operations {
      var nameless = operation
      nameless.path = Self.nameless(operation.path)
      guard known.insert(nameless).inserted else { continue }
      kept.append(operation)
      let bases = (operation.basePaths.isEmpty ? [""] : operation.basePaths).map(Self.trimmed)
      var seen: Set<String> = []
      places.append(
        (bases.map { target + $0 } + bases).filter { seen.insert($0).inserted }.map { base in
          let template = PathTemplate(base + operation.path)
          return Place(template: template, precision: template.precision)
        })
    }
    self.operations = kept
    self.places = places
  }

  /// The operation that a request calls: of those that fit the path and have the method, the one whose path is written
  /// out the farthest from the left. Complexity: O(operations x path).
  package func match(method: String, path: String) -> Match {
    let path = PathParts(path)
    var best: (index: Int, precision: [UInt8])?
    var isListed = false
    for (index, operation) in operations.enumerated() {
      let hasMethod = operation.method == method
      for place in places[index] where place.template.fits(path) {
        isListed = true
        guard hasMethod else { continue }
        // A slash at the end decides only between two that are alike otherwise.
        let slash: UInt8 = place.template.endsWithSlash == path.endsWithSlash ? 0 : 1
        let precision = place.precision.map(\.rawValue) + [slash]
        if best.map({ precision.lexicographicallyPrecedes($0.precision) }) ?? true { best = (index, precision) }
      }
    }
    if let best { return .operation(best.index) }
    return isListed && (method == "HEAD" || method == "OPTIONS") ? .implied : .none
  }

  /// `/rooms/{}` for `/rooms/{id}`.
  static func nameless(_ path: String) -> String {
    var result = ""
    var rest = path[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result += rest[..<open] + "{}"
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  private static func trimmed(_ base: String) -> String {
    var base = base[...]
    while base.hasSuffix("/") { base.removeLast() }
    return String(base)
  }
}

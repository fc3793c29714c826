// SPDX-License-Identifier: Apache-2.0

/// Which operations of the target were called, out of those it says it has. All lists in the order of the source.
package struct CoverageRecord: Codable, Sendable, Equatable {
  /// Where the operations are written: the document's URL or file, `routes of ENVIRONMENT`, or both.
  package var source: String
  package var operations: [CoveredOperation]
  /// Operations that were neither called nor ignored, as `GET /path`.
  package var gaps: [String]
  /// Requests that no operation describes, as `GET /path`, each once; the first of them when they are many.
  package var undocumented: [String]
  /// Entries of `ignore` that fit no operation.
  package var unusedIgnores: [String]

  package init(
    source: String, operations: [CoveredOperation], gaps: [String], undocumented: [String] = [],
    unusedIgnores: [String] = []
  ) {
    self.source = source
    self.operations = operations
    self.gaps = gaps
    self.undocumented = undocumented
    self.unusedIgnores = unusedIgnores
  }
}

/// One operation of the target.
package struct CoveredOperation: Codable, Sendable, Equatable {
  /// `GET /api/v1/reservations/{id}`.
  package var operation: String
  /// Answered requests.
  package var called: Int
  /// Why it need not be called; null when it must.
  @Nullable package var ignored: String?

  package init(operation: String, called: Int, ignored: String? = nil) {
    self.operation = operation
    self.called = called
    self.ignored = ignored
  }
}

// SPDX-License-Identifier: Apache-2.0

/// One thing a target can be asked: a method and a path, parts in braces standing for what varies.
package struct TargetOperation: Sendable, Hashable, CustomStringConvertible {
  /// In capitals.
  package var method: String
  /// As the source writes it: `/reservations/{id}`.
  package var path: String
  /// What stands before the path, for a source that says so (`servers` of OpenAPI); empty for nothing.
  package var basePaths: [String]

  package init(method: String, path: String, basePaths: [String] = []) {
    self.method = method
    self.path = path
    self.basePaths = basePaths
  }

  /// `GET /reservations/{id}`.
  package var description: String { "\(method) \(path)" }
}

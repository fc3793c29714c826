// SPDX-License-Identifier: Apache-2.0

/// Why an engine did not do what it was asked, for people: its own words where it had some.
package struct EngineError: Error, Sendable, Equatable, CustomStringConvertible {
  package var message: String
  /// Of the engine's answer; nil when there was none.
  package var status: Int?

  package init(_ message: String, status: Int? = nil) {
    self.message = message
    self.status = status
  }

  package var description: String { message }
}

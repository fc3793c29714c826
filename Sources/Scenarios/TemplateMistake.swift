// SPDX-License-Identifier: Apache-2.0

/// A mistake in a template or expression, placed inside the text it was written in.
package struct TemplateMistake: Error, Equatable {
  package var message: String
  package var hint: String?
  /// The right spelling, when one is near ("did you mean").
  package var suggestion: String?
  /// Bytes (UTF-8) from the start of the text, and how many are meant.
  package var offset: Int
  package var length: Int

  init(_ message: String, hint: String? = nil, suggestion: String? = nil, offset: Int = 0, length: Int = 1) {
    self.message = message
    self.hint = hint
    self.suggestion = suggestion
    self.offset = offset
    self.length = length
  }

  func shifted(by bytes: Int) -> TemplateMistake {
    var moved = self
    moved.offset += bytes
    return moved
  }

  func placed(at offset: Int, length: Int) -> TemplateMistake {
    var moved = self
    moved.offset = offset
    moved.length = length
    return moved
  }
}

// SPDX-License-Identifier: Apache-2.0

/// How much proof a verdict needs.
package enum Confidence: Sendable, Equatable {
  /// One-sided: a verdict is wrong with a probability of at most 1 - level. In 0.5 ..< 1.
  case level(Double)
  /// The measured figure alone decides; printed as such, never enough for a checklist item.
  case estimate

  /// What holds when a file says nothing.
  package static let standard = Confidence.level(0.95)
}

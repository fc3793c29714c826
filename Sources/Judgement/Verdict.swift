// SPDX-License-Identifier: Apache-2.0

/// What a measurement says about one rule, or about a whole run.
package enum Verdict: String, Sendable, Codable, CaseIterable {
  /// The rule is proven to hold.
  case pass
  /// Nothing is proven: not enough was measured, or what was measured cannot be trusted.
  case inconclusive
  /// The rule is proven not to hold, or an event it forbids was counted.
  case fail

  /// FAIL outweighs INCONCLUSIVE, which outweighs PASS. Nil for no verdicts at all: that is for the caller to read.
  package static func worst(of verdicts: some Sequence<Verdict>) -> Verdict? {
    verdicts.max { $0.weight < $1.weight }
  }

  private var weight: Int {
    switch self {
    case .pass: 0
    case .inconclusive: 1
    case .fail: 2
    }
  }
}

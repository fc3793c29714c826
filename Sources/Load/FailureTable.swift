// SPDX-License-Identifier: Apache-2.0
import Scenarios
import Transport

/// All kinds of failure as one numbered list: first what went wrong on the way, then what was wrong with the answer.
package enum FailureTable {
  package static let names = TransportFailure.allCases.map(\.name) + FailureKind.allCases.map(\.name)

  static func index(_ failure: TransportFailure) -> UInt8 { failure.rawValue }

  static func index(_ kind: FailureKind) -> UInt8 { UInt8(TransportFailure.allCases.count) + kind.rawValue }

  static let generator = index(TransportFailure.generator)
}

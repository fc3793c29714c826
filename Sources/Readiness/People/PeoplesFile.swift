// SPDX-License-Identifier: Apache-2.0
package import Document

/// `readiness.yaml`: what people attest, sign and decide, one entry after the other.
package enum PeoplesFile {
  package static let defaultPath = "readiness.yaml"

  /// Reads the file; one that is not there has no entries. Mistakes are reported into `diagnostics`, and the result is nil.
  package static func read(_ path: String, _ diagnostics: inout Diagnostics) -> PeoplesEntries? { PeoplesEntries() }
}

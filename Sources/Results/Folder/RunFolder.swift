// SPDX-License-Identifier: Apache-2.0

/// A run folder, read back.
package final class RunFolder {
  package let directory: String

  init(directory: String, record: RunRecord?) {
    self.directory = directory
  }

  package func completed(_ facts: RunRecord) -> RunRecord { facts }
}

// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The first failure of writing a run's files, shared by everything that writes them; reported once.
final class DiskTrouble: Sendable {
  private let state = Mutex<FileError?>(nil)

  var first: FileError? { state.withLock { $0 } }

  func remember(_ error: FileError) {
    state.withLock { first in
      if first == nil { first = error }
    }
  }
}

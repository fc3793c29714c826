// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Appends to `target.csv`. Any thread may call it; every sample reaches the kernel at once, since there are few.
package final class TargetWriter: Sendable {
  private let file: Mutex<AppendFile>

  init(path: String, trouble: DiskTrouble) throws(FileError) {
    var file = try AppendFile(path: path, trouble: trouble)
    file.append(TargetFormat.header)
    file.flush()
    self.file = Mutex(file)
  }

  /// Values that are no numbers are left out.
  package func append(_ samples: [TargetSample]) {
    let lines = samples.compactMap(TargetFormat.line)
    file.withLock { file in
      for line in lines { file.append(line) }
      file.flush()
    }
  }

  func synchronize() {
    file.withLock { $0.synchronize() }
  }
}

// SPDX-License-Identifier: Apache-2.0

/// Keeps bodies of requests in `sent/` of a run folder, so that they can be sent again. Any thread; whoever calls has
/// taken the secrets out.
package final class SentBodies: Sendable {
  private let directory: String
  private let disk: DiskTrouble

  init(directory: String, disk: DiskTrouble) {
    self.directory = directory
    self.disk = disk
  }

  /// The file's path; nil when it could not be written, which the folder's writer tells. The same bytes are kept once.
  package func keep(_ bytes: [UInt8]) -> String? {
    let folder = directory + "/sent"
    let path = "\(folder)/\(Digest.sha256(bytes).prefix(16)).body"
    do throws(FileError) {
      if FileCalls.exists(path) { return path }
      try FileCalls.makeDirectories(folder)
      try FileCalls.replace(path, with: bytes)
      return path
    } catch {
      disk.remember(error)
      return nil
    }
  }
}

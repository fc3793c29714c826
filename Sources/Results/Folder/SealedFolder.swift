// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A folder beside the run folders, for what is made of runs: whole files, copies of inputs, the manifest last.
package struct SealedFolder: Sendable {
  package let directory: String
  package let name: String
  private let resultsDirectory: String

  /// Makes `resultsDirectory` where it is missing, and in it `20261120T131502Z-NAME` (`...Z-demo-NAME`).
  package init(resultsDirectory: String, name: String, made: Timestamp, demo: Bool) throws(FileError) {
    self.resultsDirectory = resultsDirectory
    self.name = try RunFolderName.make(
      RunFolderName.name(started: made, plan: name, demo: demo), in: resultsDirectory)
    directory = resultsDirectory + "/" + self.name
    try FileCalls.makeDirectory(directory + "/inputs")
  }

  package func write(_ file: String, _ bytes: some Sequence<UInt8>) throws(FileError) {
    try FileCalls.replace(directory + "/" + file, with: bytes)
  }

  /// Keeps a copy of a file it was made from; see `RunFolderWriter.addInput`.
  package func addInput(path: String, bytes: [UInt8]) throws(FileError) {
    try InputCopies.add(path: path, bytes: bytes, to: directory)
  }

  /// Nothing may be written after it. `latest` points here then.
  package func seal() throws(FileError) {
    try Manifest.write(directory: directory)
    try RunFolderName.pointLatest(to: name, in: resultsDirectory)
  }
}

/// Replaces a file of people's by new bytes: all of them are there, or the old ones still are. Its permissions stay.
package func replaceFile(_ path: String, with bytes: some Sequence<UInt8>) throws(FileError) {
  var status = stat()
  let isThere = stat(path, &status) == 0
  try FileCalls.replace(path, with: bytes)
  if isThere, chmod(path, status.st_mode & 0o7777) != 0 {
    throw FileError(operation: "set the permissions of", path: path, code: errno)
  }
}

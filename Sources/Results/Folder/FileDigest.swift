// SPDX-License-Identifier: Apache-2.0

/// A file of a run folder and the SHA-256 of its bytes.
package struct FileDigest: Sendable, Equatable {
  /// Path below the folder.
  package var name: String
  /// 64 lower-case hexadecimal digits.
  package var sha256: String

  package init(name: String, sha256: String) {
    self.name = name
    self.sha256 = sha256
  }

  package static let attestationName = "attestation.json"

  /// What an attestation of a run refers to: `run.json` first, then everything below `inputs/`.
  package static func attested(in directory: String) throws(FileError) -> [FileDigest] {
    var digests = [FileDigest(name: "run.json", sha256: try Digest.sha256(file: directory + "/run.json"))]
    guard FileCalls.exists(directory + "/inputs") else { return digests }
    for file in try FileCalls.files(below: directory + "/inputs") {
      digests.append(
        FileDigest(name: "inputs/" + file, sha256: try Digest.sha256(file: directory + "/inputs/" + file)))
    }
    return digests
  }
}

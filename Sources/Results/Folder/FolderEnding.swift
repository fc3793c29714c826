// SPDX-License-Identifier: Apache-2.0
import Glibc
import Judgement

/// A writer of a run's folder, of whatever kind the run is: whole files are written and the folder is ended in one way.
protocol FolderEnding {
  var directory: String { get }
  var name: String { get }
  var resultsDirectory: String { get }
  var disk: DiskTrouble { get }
}

extension FolderEnding {
  /// Writes a whole file; what goes wrong is remembered.
  func replace(_ file: String, content: () throws -> [UInt8]) {
    let path = directory + "/" + file
    guard let bytes = try? content() else {
      disk.remember(FileError(operation: "encode", path: path, code: EINVAL))
      return
    }
    do throws(FileError) {
      try FileCalls.replace(path, with: bytes)
    } catch {
      disk.remember(error)
    }
  }

  /// Reads the folder back, completes the record from it, and writes what is made of it, the manifest last; then
  /// `latest` points here. Returns the record as it was written.
  func conclude(
    record: RunRecord, summary: (RunRecord) -> String, junit: (RunRecord) -> String?
  ) -> RunRecord {
    var facts = record
    if let trouble = disk.first { facts.notes.append(RunRecord.incompleteFiles + "\(trouble)") }
    let completed = RunFolder(directory: directory, record: facts).completed() ?? facts
    replace("run.json") { try Array(completed.encoded()) }
    replace("verdict") { Array("\(completed.verdict.rawValue)\n".utf8) }
    replace("summary.md") { Array(summary(completed).utf8) }
    if let text = junit(completed) { replace("junit.xml") { Array(text.utf8) } }
    do throws(FileError) {
      try Manifest.write(directory: directory)
      try RunFolderName.pointLatest(to: name, in: resultsDirectory)
    } catch {
      disk.remember(error)
    }
    return completed
  }
}

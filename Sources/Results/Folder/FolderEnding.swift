// SPDX-License-Identifier: Apache-2.0
import Glibc
import Judgement

/// Who ends a run's folder, of whatever kind the run is: whole files are written and the folder is ended in one way.
protocol FolderEnding {
  var directory: String { get }
  var disk: DiskTrouble { get }
}

/// A writer of a run's folder.
protocol FolderWriting: FolderEnding {
  var name: String { get }
  var resultsDirectory: String { get }
}

extension FolderEnding {
  /// Writes a whole file; what goes wrong is remembered.
  func replace(_ file: String, content: () throws -> [UInt8]?) {
    let path = directory + "/" + file
    do {
      guard let bytes = try content() else { return }
      try FileCalls.replace(path, with: bytes)
    } catch {
      disk.remember(error as? FileError ?? FileError(operation: "encode", path: path, code: EINVAL))
    }
  }

  /// Writes what is made of a complete record, the manifest last.
  func write(_ record: RunRecord, of folder: RunFolder, _ files: [DerivedFile]) {
    replace("run.json") { try Array(record.encoded()) }
    replace("verdict") { Array("\(record.verdict.rawValue)\n".utf8) }
    for file in files { replace(file.name) { try file.make(record, folder) } }
    do throws(FileError) {
      try Manifest.write(directory: directory)
    } catch {
      disk.remember(error)
    }
  }
}

extension FolderWriting {
  /// Reads the folder back, completes the record from it, and writes what is made of it; then `latest` points here.
  /// Returns the record as it was written.
  func conclude(record: RunRecord, derived: [DerivedFile]) -> RunRecord {
    var facts = record
    if let trouble = disk.first { facts.notes.append(RunRecord.incompleteFiles + "\(trouble)") }
    let folder = RunFolder(directory: directory, record: facts)
    let completed = folder.completed() ?? facts
    write(completed, of: folder, derived)
    do throws(FileError) {
      try RunFolderName.pointLatest(to: name, in: resultsDirectory)
    } catch {
      disk.remember(error)
    }
    return completed
  }
}

// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// A file of a run folder that is made from its other files alone, so that it can be made again, byte for byte: no
/// clock, no environment, no name of the folder may go into it.
package struct DerivedFile: Sendable {
  package var name: String
  /// Nil: a run of this kind has no such file. The record is complete; `folder` is what it was computed from.
  package var make: @Sendable (_ record: RunRecord, _ folder: RunFolder) throws -> [UInt8]?

  package init(_ name: String, make: @escaping @Sendable (RunRecord, RunFolder) throws -> [UInt8]?) {
    self.name = name
    self.make = make
  }

  /// Of text.
  package init(_ name: String, text: @escaping @Sendable (RunRecord, RunFolder) throws -> String?) {
    self.init(name) { record, folder in try text(record, folder).map { Array($0.utf8) } }
  }
}

/// A folder's files are made again after its run.
private struct FolderRemake: FolderEnding {
  let directory: String
  let disk = DiskTrouble()
}

extension RunFolder {
  /// Makes `run.json`, `verdict` and the derived files of an ended run again, and the manifest over them; its facts stay
  /// as they are. Returns the record as written, and what could not be written. Nil when the run has no record or did
  /// not come to its end: there is nothing that could be made *again*.
  package func remake(_ files: [DerivedFile]) -> (record: RunRecord, trouble: FileError?)? {
    guard record?.ended != nil, let completed = completed() else { return nil }
    let remake = FolderRemake(directory: directory)
    remake.write(completed, of: self, files)
    return (completed, remake.disk.first)
  }

  /// `slowest.json`; nil when it is not there or cannot be read.
  package var samples: Samples? {
    guard let bytes = try? FileCalls.read(path: directory + "/slowest.json") else { return nil }
    return try? JSONDecoder().decode(Samples.self, from: Data(bytes))
  }
}

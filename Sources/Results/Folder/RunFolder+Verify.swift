// SPDX-License-Identifier: Apache-2.0
import Judgement

extension RunFolder {
  /// Whether a folder is what the run left, in sentences; empty when it is: every digest, and `run.json` made again from
  /// the other files, byte for byte. `laterFiles`: what may have come after the manifest (a signature). `toolVersion`:
  /// of the tool that asks; another one may word its reasons differently, which is then said.
  package static func verify(
    _ directory: String, laterFiles: Set<String> = [Manifest.signatureName], toolVersion: String? = nil
  ) -> [String] {
    let problems = Manifest.verify(directory: directory, ignoring: laterFiles)
    var found = problems.map(\.description)
    // Where a link leads is not this folder, and a pipe may never end.
    if problems.contains(where: { if case .notAFile = $0 { true } else { false } }) { return found }
    do {
      let folder = try open(directory)
      if let record = folder.record, record.ended == nil {
        return found + ["the run did not come to its end: it has no verdict that could be checked"]
      }
      guard let completed = folder.completed() else { return found + folder.problems }
      let again = try completed.encoded()
      if try Array(again) != FileCalls.read(path: directory + "/run.json") {
        let writer = folder.record?.tool.version
        found.append(
          toolVersion == nil || toolVersion == writer
            ? "run.json does not follow from the other files: its figures or verdicts were changed"
            : "run.json was written by version \(writer ?? "unknown"), and this version makes other bytes of the files")
      }
      guard let verdict = try? FileCalls.read(path: directory + "/verdict") else {
        return found + ["verdict is missing"]
      }
      if String(decoding: verdict, as: UTF8.self) != "\(folder.record?.verdict.rawValue ?? "")\n" {
        found.append("verdict is not that of run.json")
      }
      found += try baselineProblems(completed, directory)
    } catch {
      found.append("run.json cannot be read: \(error)")
    }
    return found
  }

  /// The baseline that the run is, and the one it was held against, follow from its record.
  private static func baselineProblems(_ record: RunRecord, _ directory: String) throws -> [String] {
    var found: [String] = []
    let own = try? FileCalls.read(path: directory + "/" + BaselineRecord.fileName)
    if own != (try record.asBaseline.map { try Array($0.encoded()) }) {
      found.append("\(BaselineRecord.fileName) is not what the run found")
    }
    if let baseline = record.baseline {
      let copy = try? FileCalls.read(path: "\(directory)/inputs/\(BaselineRecord.fileName)")
      if (copy.flatMap { try? BaselineRecord.decoded(from: $0) }) != baseline {
        found.append("inputs/\(BaselineRecord.fileName) is not the baseline of run.json")
      }
    }
    return found
  }
}

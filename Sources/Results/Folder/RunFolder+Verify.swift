// SPDX-License-Identifier: Apache-2.0
import Judgement

extension RunFolder {
  /// Whether a folder is what the run left, in sentences; empty when it is: every digest, and `run.json` made again from
  /// the other files, byte for byte. `laterFiles`: what may have come after the manifest (a signature). `toolVersion`:
  /// of the tool that asks; another one may word its reasons differently, which is then said.
  package static func verify(
    _ directory: String, laterFiles: Set<String> = [], toolVersion: String? = nil
  ) -> [String] {
    var found = Manifest.verify(directory: directory, ignoring: laterFiles).map(\.description)
    do {
      let folder = try open(directory)
      if let record = folder.record, record.ended == nil {
        return found + ["the run did not come to its end: it has no verdict that could be checked"]
      }
      guard let again = try folder.completed()?.encoded() else { return found + folder.problems }
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
    } catch {
      found.append("run.json cannot be read: \(error)")
    }
    return found
  }
}

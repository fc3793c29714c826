// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Judgement
package import Results

extension ControlRun {
  /// Days after which the judge should be tried again.
  package static let dayLimit = 7

  /// The kinds, and the verdict that a sound judge finds.
  package static let expectations: [(name: String, expected: String)] = [("healthy", "pass"), ("errors", "fail")]

  /// Name of the plan of such a run, and by it of its folder.
  package static func planName(_ name: String) -> String { "control-\(name)" }

  /// Whole days before that moment.
  package func daysOld(at now: Timestamp) -> Int { at.days(until: now) }

  /// Whether the judge found what it must.
  package var isSound: Bool { found == expected }

  /// The newest control run of each kind in a results directory that came to its end and said something for certain: on a
  /// busy machine one can say nothing, and is no trial of the judge. What a folder says is computed from its files; one
  /// that is not what it was finds `unsound`.
  package static func newest(in directory: String) -> [ControlRun] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    let folders = names.filter(EvidenceScan.isControl).sorted(by: >)
    return expectations.compactMap { name, expected in
      folders.lazy.compactMap { control(name, expected, $0, directory) }.first
    }
  }

  private static func control(_ name: String, _ expected: String, _ folder: String, _ directory: String) -> ControlRun?
  {
    let path = directory + "/" + folder
    guard let record = (try? RunFolder.open(path))?.record, record.plan.name == planName(name),
      let ended = record.ended, !record.interrupted, RunEvidence(record, run: folder, directory: path).isControl
    else { return nil }
    let isSound = RunFolder.verify(path).isEmpty
    guard !isSound || record.verdict != .inconclusive else { return nil }
    return ControlRun(
      name: name, run: folder, at: ended, expected: expected, found: isSound ? record.verdict.rawValue : "unsound")
  }
}

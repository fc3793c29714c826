// SPDX-License-Identifier: Apache-2.0
import Results

extension Wordings {
  /// The target's own count of requests beside ours.
  static func reconciliation(_ entry: Reconciliation) -> String { "\(entry.metric): \(entry.reason)" }

  /// Before and, where it is another, after the run.
  static func build(_ record: RunRecord) -> String? {
    guard let after = record.buildAfter, let before = record.build, after != before else { return record.build }
    return "\(before), after the run \(after)"
  }
}

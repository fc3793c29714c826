// SPDX-License-Identifier: Apache-2.0
import Readiness
import Reports
import Results

/// Nil for a folder that is not one of a decision.
func openDecision(_ directory: String) throws -> DecisionRecord? {
  do {
    return try DecisionRecord.open(directory)
  } catch {
    throw CommandFailure.usage("the decision.json of \(printable(directory)) cannot be read: \(printable("\(error)"))")
  }
}

extension Console {
  /// A decision as it was taken: what is on file now has no part in it.
  func report(_ record: DecisionRecord, directory: String, arguments: Arguments) throws -> ExitCode {
    if arguments.has("write") {
      throw CommandFailure.usage(
        "\(printable(directory)) is a decision, whose files stay as they were sealed",
        hint: "gonogo report \(printable(directory)) --html FILE makes its page again beside it")
    }
    if arguments.has("json") {
      try output(String(decoding: try record.encoded(), as: UTF8.self).trimmed)
    } else if arguments.has("summary") {
      try output(decisionMarkdown(record).trimmed)
    } else if let path = arguments.value("html") {
      try writePage(decisionPage(record), to: path, console: self)
    } else {
      try show(record, directory: directory)
    }
    return ExitCode(of: record.outcome)
  }
}

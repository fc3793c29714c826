// SPDX-License-Identifier: Apache-2.0
import Judgement
package import Results

/// A search as Markdown: the answer first, then every trial.
package func capacitySummary(_ record: CapacityRecord) -> String {
  var lines = [
    "# \(record.verdict.rawValue.uppercased()), capacity: \(MarkdownText.escaped(record.plan))", "",
    "**\(MarkdownText.escaped(Wordings.capacity(record)))**", "",
  ]
  if record.demo { lines += ["**\(MarkdownText.escaped(Wordings.demo))**", ""] }
  if record.interrupted { lines += ["Interrupted: \(Wordings.searchInterrupted).", ""] }
  lines += ["Rules: " + record.rules.map { "`\($0)`" }.joined(separator: ", ") + ".", ""]
  lines += ["| arrivals/s | trial | outcome | why |", "|---|---|---|---|"]
  for trial in record.trials {
    lines.append(
      "| \(NumberText.plain(trial.rate)) | \(trial.confirmation ? "long" : "short") | \(trial.outcome) | "
        + "\(MarkdownText.escaped(trial.reason)) |")
  }
  return lines.joined(separator: "\n") + "\n"
}

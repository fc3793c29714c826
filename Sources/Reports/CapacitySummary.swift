// SPDX-License-Identifier: Apache-2.0
package import Results

/// A search as Markdown: the answer first, then every trial.
package func capacitySummary(_ record: CapacityRecord) -> String {
  var lines = ["# Capacity: \(MarkdownText.escaped(record.plan))", "", capacityAnswer(record), ""]
  if record.interrupted { lines += ["The search was interrupted: the answer is as far as it came.", ""] }
  lines += ["Rules: " + record.rules.map { "`\($0)`" }.joined(separator: ", ") + ".", ""]
  lines += ["| arrivals/s | trial | outcome | why |", "|---|---|---|---|"]
  for trial in record.trials {
    lines.append(
      "| \(NumberText.plain(trial.rate)) | \(trial.confirmation ? "long" : "short") | \(trial.outcome) | "
        + "\(MarkdownText.escaped(trial.reason)) |")
  }
  return lines.joined(separator: "\n") + "\n"
}

private func capacityAnswer(_ record: CapacityRecord) -> String {
  switch (record.held, record.broke) {
  case (let held?, let broke?):
    return "\(NumberText.plain(held)) arrivals/s held, \(NumberText.plain(broke)) broke: the capacity lies between."
  case (let held?, nil):
    let why = record.notTestedAbove.map { " Nothing above is known: \(MarkdownText.escaped($0))." } ?? ""
    return "\(NumberText.plain(held)) arrivals/s held.\(why)"
  case (nil, let broke?): return "No rate held; \(NumberText.plain(broke)) arrivals/s broke."
  case (nil, nil):
    return "No rate could be tested: \(MarkdownText.escaped(record.notTestedAbove ?? "the search did not begin"))."
  }
}

// SPDX-License-Identifier: Apache-2.0
package import Readiness
import Results

/// `junit.xml` of a decision: one suite with the decision itself, then one for each category with one case for each row of
/// the checklist. What is not proven is left out and says why, as in a run's own file; it never passes. A pure function of
/// the record.
package func junit(_ record: DecisionRecord) -> String {
  let suites =
    [JUnitSuite(name: "decision", cases: [outcome(of: record)])]
    + record.items.byCategory.map { JUnitSuite(name: $0.category, cases: $0.items.map(row)) }
  return JUnitSuite.document(suites, name: record.checklist.title, properties: properties(record))
}

private func properties(_ record: DecisionRecord) -> [(String, String)] {
  [
    ("checklist", record.checklist.id), ("environment", record.environment), ("build", record.build ?? "unknown"),
    ("demo", "\(record.demo)"), ("decided", record.decided.text), ("outcome", record.outcome.rawValue),
    ("gonogo", record.tool.version),
  ] + record.warnings.map { ("warning", $0) }
}

private func outcome(of record: DecisionRecord) -> JUnitCase {
  var outcome = JUnitCase(name: "outcome", className: "decision")
  let text = ([record.outcome.rawValue] + record.reasons).joined(separator: "\n")
  switch record.outcome {
  case .go, .caution, .ready: outcome.output = text
  case .noGo: outcome.failures = [JUnitCase.Failure(type: record.outcome.rawValue, message: text, text: text)]
  }
  return outcome
}

private func row(_ item: DecidedItem) -> JUnitCase {
  var row = JUnitCase(name: "\(item.id) \(item.title)", className: item.category)
  let reason = item.origin == .overridden ? "OVERRIDE of a measurement: \(item.reason)" : item.reason
  switch item.standing {
  case .pass: row.output = reason
  case .fail: row.failures = [JUnitCase.Failure(type: "fail", message: reason, text: reason)]
  case .partial, .pending: row.skipped = "\(item.standing.rawValue): \(reason)"
  case .notApplicable:
    row.skipped =
      "\(item.standing.rawValue): \(reason) (\(item.approvedBy.map { "approved by \($0)" } ?? "not approved"))"
  }
  return row
}

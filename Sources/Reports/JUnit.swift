// SPDX-License-Identifier: Apache-2.0
import Judgement
package import Results

/// `junit.xml`: of a smoke run one suite per scenario with one case per step, of a load run one suite with one case per
/// rule; and one suite of the checklist items the run marks. The elements are those of Surefire's schema 3.0, which
/// knows failures that a retry mended (`flakyFailure`) and those it did not (`rerunFailure`). A pure function of the
/// record.
package func junit(_ record: RunRecord) -> String {
  var suites: [JUnitSuite] = []
  if let smoke = record.smoke {
    suites += smoke.scenarios.map(JUnitSuite.init)
  } else {
    suites.append(JUnitSuite(rulesOf: record))
  }
  if !record.items.isEmpty { suites.append(JUnitSuite(items: record.items)) }
  return JUnitSuite.document(suites, name: record.plan.name, properties: properties(record))
}

private func properties(_ record: RunRecord) -> [(String, String)] {
  [
    ("runId", record.runId), ("seed", "\(record.seed)"), ("target", record.target),
    ("environment", record.environment ?? "none declared"), ("build", record.build ?? "unknown"),
    ("demo", "\(record.demo)"), ("started", record.started.text), ("verdict", record.verdict.rawValue),
    ("gonogo", record.tool.version),
  ] + record.reasons.map { ("reason", $0) }
}

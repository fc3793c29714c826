// SPDX-License-Identifier: Apache-2.0
import Reports
import Results

/// The steps of a smoke command before anything is sent: `--list` and `--dry-run`.
func smokeListing(_ scenarios: [SmokeScenario], style: TerminalStyle) -> String {
  var lines: [String] = []
  for scenario in scenarios {
    lines.append(SmokeLine.scenario(scenario, style: style))
    lines += scenario.steps.map { SmokeLine.planned($0, of: scenario, style: style) }
  }
  let steps = scenarios.flatMap(\.steps)
  let meant = steps.filter { $0.cause == nil }
  let writes = meant.count { $0.writes }
  var last = "\(meant.count) of \(steps.count) steps would be sent; \(writes) of them may change something"
  if meant.count == steps.count { last = "\(steps.count) steps; \(writes) of them may change something" }
  return (lines + ["", last]).joined(separator: "\n")
}

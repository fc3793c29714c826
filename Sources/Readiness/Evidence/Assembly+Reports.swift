// SPDX-License-Identifier: Apache-2.0
import Results

extension Assembly {
  /// What imported reports say to a row: the newest of the kind that is for it.
  func reported(_ kind: String, _ text: String, for item: ChecklistItem) -> MarkState {
    var state = MarkState(
      standing: .pending, reason: "no \(kind) report is on file (\(text))", isMachine: false)
    // A report that names no row is for the one row that asks for its kind: findings of one tool prove nothing of another.
    let isAlone = checklist.items.count { $0.asksForReport(kind) } == 1
    let imports = entries.reports.filter {
      $0.kind.rawValue == kind && ($0.items.contains(item.id) || ($0.items.isEmpty && isAlone))
    }
    var decisive: ImportedReport?
    for report in imports {
      if let refusal = refusal(of: report) {
        state.notes.append("the report \(report.path) of \(day(report.made ?? report.at)) does not count: \(refusal)")
      } else {
        decisive = report
      }
    }
    guard let report = decisive else { return state }
    state.isMachine = true
    state.origin = .imported
    state.date = report.made ?? report.at
    state.evidence = [report.path]
    state.validatedBy = "report \(report.path), imported by \(report.who)"
    state.notes.append("\(report.path): sha256 \(report.sha256)")
    if report.build == nil, let build {
      state.notes.append("imported for no build in particular: nothing says that it is of \(build)")
    }
    do throws(ReportRuleError) {
      let rule = try ReportRule.parse(text)
      let found = try rule.judge(report)
      state.standing = found.holds ? .pass : .fail
      state.reason = found.reason
      // Another try of the same tests on the same build is for the reader to see.
      for earlier in imports where found.holds && earlier != report && refusal(of: earlier) == nil {
        guard let old = try? rule.judge(earlier), !old.holds else { continue }
        state.notes.append(
          "an earlier report, \(earlier.path) of \(day(earlier.made ?? earlier.at)), was FAIL: \(old.reason)")
      }
    } catch {
      state.reason = error.message
    }
    return state
  }

  private func refusal(of report: ImportedReport) -> String? {
    if let reason = Readiness.refusal(report.environment, report.build, environment: environment, build: build) {
      return reason
    }
    let made = report.made ?? report.at
    if made.isFuture(at: now) { return "it is dated in the future: \(made.text)" }
    let age = made.days(until: now)
    return age > evidenceDays ? "it is \(age) days old: evidence counts for \(evidenceDays) days" : nil
  }
}

extension ChecklistItem {
  package func asksForReport(_ kind: String) -> Bool {
    marks.contains { if case .report(kind, _) = $0 { true } else { false } }
  }
}

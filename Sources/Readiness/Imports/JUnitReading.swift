// SPDX-License-Identifier: Apache-2.0
import Results

/// JUnit XML as pytest, Surefire, Jest and others write it.
enum JUnitReading {
  private struct Counts {
    var tests = 0
    var failures = 0
    var errors = 0
    var skipped = 0
  }

  static func read(_ bytes: [UInt8]) throws(ImportMistake) -> ReportReading {
    var reader = XMLReader(bytes)
    var counted = Counts()
    /// As the outermost elements with figures claim.
    var claimed = Counts()
    /// As the root claims, which some tools alone give figures.
    var whole = Counts()
    var path: [String] = []
    var made: Timestamp?
    /// What became of the test case being read.
    var outcome: String?
    while let event = try reader.next() {
      switch event {
      case .start(let name, let attributes):
        if path.isEmpty, name != "testsuites", name != "testsuite" {
          throw ImportMistake("its root is \(name), not testsuites: it is no JUnit report")
        }
        if path.isEmpty, name == "testsuites" { add(attributes, to: &whole) }
        if name == "testsuite" {
          if let at = attributes["timestamp"].flatMap({ Timestamp(lenient: $0) }) { made = min(made ?? at, at) }
          if !path.contains("testsuite") { add(attributes, to: &claimed) }
        }
        if name == "testcase" {
          counted.tests += 1
          outcome = nil
        } else if path.last == "testcase", ["failure", "error", "skipped"].contains(name) {
          // A test may fail and then break down in its teardown: the gravest counts.
          if outcome != "error", outcome != "failure" || name == "error" { outcome = name }
        }
        path.append(name)
      case .end(let name):
        path.removeLast()
        guard name == "testcase" else { continue }
        switch outcome {
        case "failure": counted.failures += 1
        case "error": counted.errors += 1
        case "skipped": counted.skipped += 1
        default: break
        }
        outcome = nil
      case .text: continue
      }
    }
    // Suites that count more than their cases show have failed outside of them.
    let tests = max(counted.tests, claimed.tests)
    let failures = max(counted.failures, claimed.failures, whole.failures)
    let errors = max(counted.errors, claimed.errors, whole.errors)
    let skipped = max(counted.skipped, claimed.skipped)
    guard tests > 0 else { throw ImportMistake("it reports no test at all") }
    guard tests > skipped else { throw ImportMistake("every one of its \(tests) tests was skipped") }
    return ReportReading(
      kind: .junit,
      summary: [
        ReportFigure("tests", tests), ReportFigure("passed", max(0, tests - failures - errors - skipped)),
        ReportFigure("failed", failures + errors), ReportFigure("failures", failures), ReportFigure("errors", errors),
        ReportFigure("skipped", skipped),
      ], made: made)
  }

  private static func add(_ attributes: [String: String], to counts: inout Counts) {
    counts.tests += reportCount(attributes["tests"]) ?? 0
    counts.failures += reportCount(attributes["failures"]) ?? 0
    counts.errors += reportCount(attributes["errors"]) ?? 0
    counts.skipped += reportCount(attributes["skipped"] ?? attributes["skip"] ?? attributes["disabled"]) ?? 0
  }
}

// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Judgement
package import Results

/// `attestation.json`: an in-toto Statement v1 with the predicate test-result v0.1. The subject is the image that was
/// tested when the build names its digest, and always the run's record. `files`: `run.json` first, then the inputs, as
/// `FileDigest.attested` lists them. A pure function; INCONCLUSIVE is never PASSED but WARNED, as is a demo.
package func attestation(_ record: RunRecord, files: [FileDigest]) -> String {
  let statement = Statement(
    subject: imageSubject(record.build) + files.prefix(1).map(Resource.init),
    predicate: TestResult(
      result: result(of: record), configuration: files.dropFirst().map(Resource.init),
      passedTests: tests(of: record, .pass, .pass), warnedTests: tests(of: record, .inconclusive, .pending, .partial),
      failedTests: tests(of: record, .fail, .fail), annotations: Annotations(record)))
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  // Nothing but texts and flags: there is nothing that could not be encoded.
  return String(decoding: (try? encoder.encode(statement)) ?? Data(), as: UTF8.self) + "\n"
}

private struct Statement: Encodable {
  var type = "https://in-toto.io/Statement/v1"
  var subject: [Resource]
  var predicateType = "https://in-toto.io/attestation/test-result/v0.1"
  var predicate: TestResult

  private enum CodingKeys: String, CodingKey {
    case type = "_type"
    case subject, predicateType, predicate
  }
}

private struct Resource: Encodable {
  var name: String
  var digest: [String: String]

  init(name: String, sha256: String) {
    self.name = name
    digest = ["sha256": sha256]
  }

  init(_ file: FileDigest) { self.init(name: file.name, sha256: file.sha256) }
}

private struct TestResult: Encodable {
  var result: String
  var configuration: [Resource]
  var passedTests: [String]
  var warnedTests: [String]
  var failedTests: [String]
  /// Beyond the specification, which allows more fields.
  var annotations: Annotations
}

/// Which run this is about, for people and policies.
private struct Annotations: Encodable {
  var runId: String
  var plan: String
  var target: String
  var environment: String?
  var build: String?
  var demo: Bool
  var verdict: String
  var started: String
  var ended: String?
  var gonogo: String

  init(_ record: RunRecord) {
    runId = record.runId
    plan = record.plan.name
    target = record.target
    environment = record.environment
    build = record.build
    demo = record.demo
    verdict = record.verdict.rawValue
    started = record.started.text
    ended = record.ended?.text
    gonogo = record.tool.version
  }
}

/// A demo proves nothing about a real system, however well it went.
private func result(of record: RunRecord) -> String {
  switch record.verdict {
  case .fail: "FAILED"
  case .inconclusive: "WARNED"
  case .pass: record.demo || record.items.contains { $0.status == .partial } ? "WARNED" : "PASSED"
  }
}

/// Names of rules, steps of a smoke run and checklist rows with one of the outcomes, in the order of the record.
private func tests(of record: RunRecord, _ verdict: Verdict, _ statuses: ItemStatus...) -> [String] {
  let rules = record.thresholds.filter { $0.verdict == verdict }.map { "rule \($0.expression)" }
  let steps = (record.smoke?.scenarios ?? []).flatMap { scenario in
    scenario.steps.filter { $0.status.verdict == verdict }.map { "step \(scenario.scenario)/\($0.name)" }
  }
  return rules + steps + record.items.filter { statuses.contains($0.status) }.map { "item \($0.id)" }
}

extension SmokeStep.Status {
  fileprivate var verdict: Verdict {
    switch self {
    case .passed: .pass
    case .failed: .fail
    case .skipped: .inconclusive
    }
  }
}

/// `sha256:...` in a build, as image digests are written: `agente-api@sha256:...`, several separated by blanks or commas.
private func imageSubject(_ build: String?) -> [Resource] {
  guard let build else { return [] }
  return build.split(whereSeparator: { " ,;".contains($0) }).compactMap { word in
    guard let mark = word.firstRange(of: "sha256:") else { return nil }
    let digits = word[mark.upperBound...]
    guard digits.count == 64, digits.allSatisfy({ $0.isHexDigit }) else { return nil }
    let name = word[..<mark.lowerBound].drop { "@=".contains($0) }
    let trimmed = String(name.reversed().drop { "@=:".contains($0) }.reversed())
    return Resource(name: trimmed.isEmpty ? "image" : trimmed, sha256: digits.lowercased())
  }
}

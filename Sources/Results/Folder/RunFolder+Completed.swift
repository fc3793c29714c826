// SPDX-License-Identifier: Apache-2.0
import Glibc
import Judgement

extension RunFolder {
  /// The record with everything that is computed: figures, health, findings, verdict. The one path to a verdict; from the
  /// same files it gives the same bytes. Nil without a record. What is missing from the files, or does not add up, makes
  /// the verdict INCONCLUSIVE at best.
  package func completed() -> RunRecord? { completion()?.record }

  /// The same, with the reasons for which nothing can be proven by the run whatever its figures are.
  package func completion() -> (record: RunRecord, doubts: [String])? {
    guard var result = record else { return nil }
    if let smoke = result.smoke { return (completedSmoke(result, smoke), []) }
    var doubts = problems + incompleteness
    if result.interrupted {
      // Whoever stops a run while it looks good must not get a PASS by it.
      doubts.append(
        "the run was interrupted before the end of its plan: its figures go as far as it did, and it cannot PASS")
    }
    if result.ended == nil {
      doubts.append("the run did not come to its end: figures go as far as its files")
      result.arrivals = seriesArrivals
      result.totals = seriesTotals.totals
      result.replies = nil
    }
    if !result.interrupted, result.brokenLive.isEmpty, let reason = result.stopReason {
      doubts.append("the run was stopped before the end of its plan, so it cannot PASS: \(reason)")
    }
    let broken = readLedger(&result, &doubts)
    let mismatches = ledgerMismatches()
    if !mismatches.isEmpty { doubts.append("the files do not add up: \(mismatches.joined(separator: "; "))") }
    let totals = result.totals
    result.watched = result.watched.map { reconciled($0, totals: totals) }
    doubts += targetDoubts(result)
    let thresholds = parsedThresholds(result.settings.thresholds, result.baseline, &doubts)
    result.replies = replyFigures(facts: result.replies)
    let health = health(thresholds)
    let generator = generatorFigures(health)
    result.steady = steadyFigures()
    result.steps = stepFigures()
    result.journeys = journeyFigures()
    result.generator = generator
    result.connections = connectionFigures(health)
    let confidence = result.settings.confidence.map(Confidence.level) ?? .estimate
    var judgement = judge(
      thresholds, confidence: confidence, run: self, generatorHealthy: generator.healthy,
      generatorReasons: generator.reasons)
    // An overload stop that no file wrote is a rule of the run all the same.
    let unwritten = result.brokenLive.filter { !result.settings.thresholds.contains($0) }
    let stops = parsedThresholds(unwritten, result.baseline, &doubts)
    if !stops.isEmpty {
      let more = judge(
        stops, confidence: confidence, run: self, generatorHealthy: generator.healthy,
        generatorReasons: generator.reasons)
      judgement.findings += more.findings
      judgement.verdict = Verdict.worst(of: [judgement.verdict, more.verdict]) ?? judgement.verdict
    }
    let rules = (thresholds.isEmpty ? [.whenNoneIsWritten] : thresholds) + stops
    result.thresholds = zip(rules, judgement.findings).map(thresholdRecord)
    result.reasons = broken + judgement.reasons + doubts
    let verdicts =
      [judgement.verdict] + (doubts.isEmpty ? [] : [.inconclusive]) + (broken.isEmpty ? [] : [Verdict.fail])
    result.verdict = Verdict.worst(of: verdicts) ?? .inconclusive
    // No item is taken from the file: what nothing here computes is not said.
    result.items = LoadItems(folder: self, record: result, doubts: doubts).all()
    return (result, doubts)
  }

  /// A file that could not be written to its end lacks lines, and no count tells of a line in the ledger that is not there.
  var incompleteness: [String] {
    let isIncomplete = record?.notes.contains { $0.hasPrefix(RunRecord.incompleteFiles) } ?? false
    return isIncomplete ? ["not everything could be written down: what is missing would count against the run"] : []
  }

  private func parsedThresholds(
    _ texts: [String], _ baseline: BaselineRecord?, _ doubts: inout [String]
  ) -> [Threshold] {
    var thresholds: [Threshold] = []
    for text in texts {
      do throws(ThresholdError) {
        thresholds.append(try Threshold.parse(text).resolved { baseline?.figure(for: $0) })
      } catch {
        doubts.append("the threshold \(text) cannot be read: \(error.message)")
      }
    }
    return thresholds
  }

  private func thresholdRecord(_ threshold: Threshold, _ finding: Finding) -> ThresholdRecord {
    let (unit, factor) = threshold.figure.unit
    var confidence: Double?
    if case .level(let level) = finding.confidence { confidence = level }
    return ThresholdRecord(
      expression: finding.expression, value: finding.value.map { $0 / factor },
      bound: finding.bound.map { $0 / factor },
      n: finding.n, effectiveN: finding.effectiveN, verdict: finding.verdict, reason: finding.reason,
      remark: finding.remark, confidence: confidence, unit: unit, limit: threshold.limit / factor)
  }

  private func health(_ thresholds: [Threshold]) -> GeneratorHealth {
    GeneratorHealth(
      smallestLimit: GeneratorHealth.smallestLimit(thresholds),
      steadySeconds: phaseSpans.filter(\.facts.isSteady).map { $0.start..<$0.end }, arrivals: seriesArrivals)
  }
}

extension Figure {
  /// As in records, and how many base units one is.
  fileprivate var unit: (name: String, baseUnits: Double) {
    switch self {
    case .quantile, .mean, .minimum, .maximum: ("milliseconds", 1000)
    case .errors, .slow, .refused, .unsent, .replyShare: ("fraction", 1)
    case .rate: ("perSecond", 1)
    case .count, .replies, .writes: ("count", 1)
    case .target(let figure):
      switch figure.unit {
      case .plain: ("number", 1)
      case .bytes: ("bytes", 1)
      case .fraction: ("fraction", 1)
      }
    }
  }
}

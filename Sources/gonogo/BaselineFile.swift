// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Judgement
import Results
import Scenarios

extension LoadInputs {
  /// Reads the baseline that the flag or the plan names, and gives every rule that says `baseline` its limit. A copy goes
  /// into the run's inputs.
  mutating func takeBaseline(_ arguments: Arguments) throws {
    let rules = plan.thresholds + (plan.find?.rules ?? [])
    guard let directory = arguments.value("baseline") ?? plan.baseline else {
      if let rule = rules.first(where: \.needsBaseline) {
        throw CommandFailure.usage(
          "`\(printable(rule.text))` needs a baseline, and none is named",
          hint: "--baseline DIR, or `baseline: DIR` in the plan: the folder of a run that passed at its declared peak")
      }
      return
    }
    let (record, file) = try Self.baseline(in: directory)
    let environment = target.environment?.name
    let isDemo = arguments.has("demo") || target.isEmbedded
    guard record.environment == environment, record.demo == isDemo else {
      func named(_ name: String?, _ isDemo: Bool) -> String {
        (name ?? "no declared environment") + (isDemo ? " (DEMO)" : "")
      }
      throw CommandFailure.refused(
        "the baseline in \(printable(directory)) is of another environment: \(named(record.environment, record.demo)),"
          + " not \(named(environment, isDemo))",
        hint: "systems that are not the same are no measure for each other; nothing was sent")
    }
    do throws(ThresholdError) {
      plan.thresholds = try plan.thresholds.map { rule throws(ThresholdError) in try rule.resolved(record.figure) }
      if let find = plan.find {
        plan.find?.rules = try find.rules.map { rule throws(ThresholdError) in try rule.resolved(record.figure) }
      }
    } catch {
      let text = rules.first { rule in
        do throws(ThresholdError) {
          _ = try rule.resolved(record.figure)
          return false
        } catch { return true }
      }
      throw CommandFailure.usage(
        "`\(printable(text?.text ?? ""))`: \(printable(error.message))", hint: error.suggestion.map { "write \($0)" })
    }
    baseline = record
    files.append(file)
  }

  /// `directory`: a run folder, or the file itself. A folder's digest of it must be right.
  private static func baseline(in directory: String) throws -> (BaselineRecord, InputFile) {
    var isDirectory = false
    let exists = FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory)
    guard exists else { throw CommandFailure.usage("the baseline \(printable(directory)) is not there") }
    let path = isDirectory ? "\(directory.withoutTrailingSlash)/\(BaselineRecord.fileName)" : directory
    guard let bytes = try? Array(Data(contentsOf: URL(filePath: path))) else {
      throw CommandFailure.usage(
        "\(printable(directory)) holds no \(BaselineRecord.fileName)",
        hint: "it is written by a load run that passed and held the peak its environment declares")
    }
    if isDirectory, Manifest.verify(directory: directory).contains(where: { $0.file == BaselineRecord.fileName }) {
      throw CommandFailure.refused(
        "\(printable(path)) is not what its run wrote", hint: "gonogo verify \(printable(directory)) lists what changed"
      )
    }
    do {
      return (try BaselineRecord.decoded(from: bytes), InputFile(path: BaselineRecord.fileName, bytes: bytes))
    } catch {
      throw CommandFailure.usage("\(printable(path)) cannot be read: \(printable("\(error)"))")
    }
  }

  /// What the rules come to, for the screen before the start.
  var baselineNotes: [String] {
    guard let baseline else { return [] }
    let from = "\(baseline.runId) of \(baseline.started.text)" + (baseline.build.map { ", build \($0)" } ?? "")
    return ["the baseline is run \(from), at \(baseline.peak) arrivals/s"]
      + (plan.thresholds + (plan.find?.rules ?? [])).compactMap { rule in
        rule.baselineWording.map { "`\(rule.text)`: \($0)" }
      }
  }
}

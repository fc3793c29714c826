// SPDX-License-Identifier: Apache-2.0
import Judgement

/// What a load run says about checklist rows: P-001 to P-005, P-013 and F-003, made from its folder alone. Always with
/// one-sided 95 % confidence, whatever the plan asks of its own rules; nothing is PASS by default.
///
/// A rule of the checklist means "under the expected peak". So a PASS needs the declared peak, its rate and its mix, and
/// a FAIL a load that was no heavier; what a run at another load shows stays PENDING and says so.
struct LoadItems {
  let folder: RunFolder
  let record: RunRecord
  /// What is wrong with the run or its files, for which nothing can be proven.
  let doubts: [String]
  let load: OfferedLoad

  static let level = 0.95
  static let worstFirst: [ItemStatus] = [.fail, .pending, .partial]

  /// `record`: complete but for its items.
  init(folder: RunFolder, record: RunRecord, doubts: [String]) {
    self.folder = folder
    self.record = record
    self.doubts = doubts
    load = OfferedLoad(folder, record)
  }

  /// In the order of the checklist.
  func all() -> [ItemRecord] {
    let peak = peakHeld()
    let p95 = responseTime("P-002", quantile: 0.95, limitMicroseconds: 1_000_000)
    let p99 = responseTime("P-003", quantile: 0.99, limitMicroseconds: 2_000_000)
    let errors = errorShare()
    let soak = soak()
    let gate = gate([peak, p95, p99, errors])
    return [peak, p95, p99, errors, soak, baseline(peak), gate].map(finished)
  }

  private func finished(_ item: ItemRecord) -> ItemRecord {
    var item = item
    if record.demo { item.reason += "; DEMO" }
    item.command = record.provenance.commandLine.isEmpty ? nil : command
    return item
  }

  /// As typed, so that a shell reads it as it was.
  private var command: String {
    let words = ["gonogo"] + record.provenance.commandLine.dropFirst()
    return words.map { word in
      let isPlain = !word.isEmpty && word.utf8.allSatisfy { byte in Self.plainBytes.contains(byte) }
      return isPlain ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
    }.joined(separator: " ")
  }

  private static let plainBytes = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=@%+,".utf8)

  /// Why nothing can be PASS although the figures would do.
  var obstacles: [String] {
    var reasons = load.lacks + doubts
    if record.settings.confidence == nil {
      reasons.append("the plan says `confidence: estimate`, by which no row is marked")
    }
    return reasons
  }

  // MARK: P-001

  /// 10 minutes; the demo's plan is shorter.
  var secondsToHold: Int { record.demo ? 60 : 600 }

  func peakHeld() -> ItemRecord {
    var item = ItemRecord(id: "P-001", status: .pending, reason: "")
    item.value = Double(load.secondsHeld)
    item.limit = Double(secondsToHold)
    item.unit = .seconds
    item.n = record.steady?.requests
    var reasons = obstacles
    if !load.isClosed, record.peak != nil, load.secondsHeld < secondsToHold {
      reasons.insert(
        "the declared peak was held for \(Wording.count(load.secondsHeld)) of \(Wording.count(secondsToHold)) s", at: 0)
    }
    guard reasons.isEmpty, let peak = record.peak else {
      item.reason = reasons.joined(separator: "; ")
      return item
    }
    item.status = .pass
    item.reason =
      "\(Wording.number(load.rate ?? peak.arrivalsPerSecond)) arrivals/s in the declared mix, held for"
      + " \(Wording.duration(Double(load.secondsHeld))); declared: \(peak.rate)"
      + (peak.source.map { ", \($0)" } ?? "") + (peak.by.map { " (\($0))" } ?? "")
      + (load.note.map { "; " + $0 } ?? "")
    return item
  }

  // MARK: P-013, F-003

  private func baseline(_ peak: ItemRecord) -> ItemRecord {
    var item = ItemRecord(id: "P-013", status: .pending, reason: "P-001 is \(peak.status.word) in this run")
    guard peak.status == .pass else { return item }
    guard record.verdict == .pass, let times = record.steady?.response, let p50 = times.p50, let p95 = times.p95,
      let p99 = times.p99
    else {
      item.reason = "a baseline is written of a run that passes; this one is \(record.verdict.rawValue.uppercased())"
      return item
    }
    func text(_ milliseconds: Double) -> String { Wording.time(milliseconds * 1000) }
    item.status = .pass
    item.value = p95
    item.unit = .milliseconds
    item.n = record.steady?.requests
    item.reason =
      "P50 \(text(p50)), P95 \(text(p95)), P99 \(text(p99)) of \(Wording.count(item.n ?? 0)) requests are in"
      + " baseline.json, with each step's"
    return item
  }

  private func gate(_ parts: [ItemRecord]) -> ItemRecord {
    var item = ItemRecord(id: "F-003", status: .pass, reason: "P-001, P-002, P-003 and P-004 are PASS in this run")
    for status in Self.worstFirst {
      let these = parts.filter { $0.status == status }
      guard let first = these.first else { continue }
      item.status = status
      item.part = first.part
      item.reason =
        these.count == 1
        ? "\(first.id) is \(status.word): \(first.reason)"
        : "\(these.map(\.id).joined(separator: ", ")) are \(status.word); \(first.id): \(first.reason)"
      break
    }
    return item
  }
}

extension ItemStatus {
  /// As people read it.
  package var word: String { rawValue.uppercased() }
}

// SPDX-License-Identifier: Apache-2.0
import Document
import Readiness
import Results

private let moment = Timestamp(millisecondsSinceEpoch: 1_772_366_400_000)
private let rules = ["coverage > 75%", "tests > 0 and failures == 0", "critical == 0 and high <= 3"]
  .compactMap { try? ReportRule.parse($0) }

/// A report of any tool, taken for each kind: counts that can be, which rules judge and the people's file keeps.
func fuzzReports(_ bytes: UnsafeBufferPointer<UInt8>) {
  precondition(rules.count == 3, "a rule of ours cannot be read")
  _ = ReportReading.kind(of: Array(bytes))
  for kind in ReportKind.allCases {
    let reading: ReportReading
    do throws(ImportMistake) {
      reading = try ReportReading.read(Array(bytes), kind: kind)
    } catch {
      precondition(!error.message.isEmpty, "an error that says nothing")
      continue
    }
    precondition(reading.summary.allSatisfy { $0.value >= 0 }, "a count below zero")
    let report = ImportedReport(
      path: "report", kind: kind, sha256: String(repeating: "0", count: 64), at: moment, made: reading.made, who: "qa",
      summary: reading.summary)
    for rule in rules { _ = try? rule.judge(report) }
    expectSame([.report(report)])
  }
}

/// Statuses out of Markdown and CSV: of known rows, at lines that are there, in words that the people's file keeps.
func fuzzStatuses(_ bytes: UnsafeBufferPointer<UInt8>) {
  let items: Set = ["S-001", "P-002", "DOC-010", "F-001"]
  let lines = bytes.count + 1
  for read in [{ try StatusMarkdown.read($0, items: items) }, StatusTable.read] as [(_: [UInt8]) throws -> StatusList] {
    guard let list = try? read(Array(bytes)) else { continue }
    for row in list.rows {
      precondition((1...lines).contains(row.line), "a line outside of the file")
      precondition(!row.item.isEmpty, "a row without a name")
      expectSame([
        .attestation(
          Attestation(
            item: row.item, status: row.status, who: row.who ?? "qa", at: row.at ?? moment, note: row.notes ?? "seen",
            evidence: row.evidence.map { EvidenceReference(location: $0) }))
      ])
    }
  }
}

/// The people's file: entries that read the same when they are written again, or errors that can be printed.
func fuzzPeople(_ bytes: UnsafeBufferPointer<UInt8>) {
  let source = Source(path: "readiness.yaml", bytes: Array(bytes))
  var diagnostics = Diagnostics()
  guard let entries = PeoplesFile.decode(source, &diagnostics) else {
    precondition(!diagnostics.isEmpty, "nothing was read and nothing was said")
    precondition(diagnostics.rendered().contains("readiness.yaml:"), "an error without a place")
    return
  }
  precondition(diagnostics.isEmpty, "entries in spite of errors")
  expectSame(entries.all)
}

private func expectSame(_ entries: [PeoplesEntry]) {
  let text = entries.map { $0.text() }.joined()
  var diagnostics = Diagnostics()
  let again = PeoplesFile.decode(Source(path: "again.yaml", bytes: Array(text.utf8)), &diagnostics)
  precondition(again?.all == entries, "entries changed on their way: \(diagnostics.rendered())\n\(text)")
}

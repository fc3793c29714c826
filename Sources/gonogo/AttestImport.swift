// SPDX-License-Identifier: Apache-2.0
import Document
import Readiness
import Results

extension Attest {
  private static let kinds = ["csv", "markdown"] + ReportKind.allCases.map(\.rawValue)
  private static let mostBytes = 64 << 20

  /// `--import FILE`: statuses of rows, or a report as evidence.
  func importing(_ file: String) throws {
    let source: Source
    do throws(Mistake) {
      source = try Source(contentsOf: file, limit: Self.mostBytes)
    } catch {
      throw CommandFailure.usage("--import: \(error.message)")
    }
    let kind = try kind(of: file, source.bytes)
    do {
      switch kind {
      case "csv": try take(StatusTable.read(source.bytes), file, source.bytes)
      case "markdown":
        try take(StatusMarkdown.read(source.bytes, items: Set(checklist.items.map(\.id))), file, source.bytes)
      default:
        guard let report = ReportKind(rawValue: kind) else { return }
        try take(ReportReading.read(source.bytes, kind: report), file, source.bytes)
      }
    } catch let mistake as ImportMistake {
      throw CommandFailure.usage("\(printable(file)) is not taken as \(kind): \(printable(mistake.message))")
    }
  }

  private func kind(of file: String, _ bytes: [UInt8]) throws -> String {
    if let kind = arguments.value("kind") {
      if Self.kinds.contains(kind) { return kind }
      throw CommandFailure.usage(
        "--kind \(printable(kind)) is none of \(Self.kinds.joined(separator: ", "))",
        hint: nearest(to: kind, among: Self.kinds).map { "did you mean \($0)?" })
    }
    if let kind = ReportReading.kind(of: bytes) { return kind.rawValue }
    let name = file.lowercased()
    if name.hasSuffix(".csv") || name.hasSuffix(".tsv") { return "csv" }
    if name.hasSuffix(".md") || name.hasSuffix(".markdown") { return "markdown" }
    throw CommandFailure.usage(
      "--import: what \(printable(file)) is cannot be told", hint: "--kind \(Self.kinds.joined(separator: "|"))")
  }

  // MARK: reports

  private func take(_ reading: ReportReading, _ file: String, _ bytes: [UInt8]) throws {
    try allow("a report", "import", "kind", "for", "env", "build")
    let ids = arguments.all("for")
    for id in ids {
      guard try item(id).asksForReport(reading.kind.rawValue) else {
        throw CommandFailure.usage(
          "\(id) asks for no \(reading.kind.rawValue) report",
          hint: "gonogo attest \(id) pass --who NAME --evidence \(printable(file))")
      }
    }
    let asking = checklist.items.filter { $0.asksForReport(reading.kind.rawValue) }.map(\.id)
    if ids.isEmpty, asking.count != 1 {
      throw CommandFailure.usage(
        asking.isEmpty
          ? "no row of \(checklist.id) asks for a \(reading.kind.rawValue) report"
          : "say which rows it is for: a report of one tool proves nothing of another",
        hint: asking.isEmpty ? nil : "--for \(asking.joined(separator: ", --for "))")
    }
    let report = ImportedReport(
      path: EvidenceFile(path).relative(file), kind: reading.kind, sha256: Digest.sha256(bytes), at: now,
      made: reading.made, who: try who(), items: ids.isEmpty ? asking : ids, summary: reading.summary,
      environment: try environment(), build: arguments.value("build"))
    for id in report.items { try sayWhatFollows(report, try item(id)) }
    try add(.report(report))
  }

  /// How the row will stand by it.
  private func sayWhatFollows(_ report: ImportedReport, _ item: ChecklistItem) throws {
    for case .report(report.kind.rawValue, let text) in item.marks {
      do throws(ReportRuleError) {
        let found = try ReportRule.parse(text).judge(report)
        console.remark("\(item.id) \(found.holds ? "PASS" : "FAIL"): \(found.reason)")
      } catch {
        console.remark("\(item.id): \(error.message)")
      }
    }
  }

  // MARK: statuses

  private func take(_ list: StatusList, _ file: String, _ bytes: [UInt8]) throws {
    try allow("a list of statuses", "import", "kind", "env", "build", "override")
    for remark in list.remarks { console.remark("\(printable(file)): \(printable(remark))") }
    guard !list.rows.isEmpty else {
      throw CommandFailure.usage("\(printable(file)) has no row of \(checklist.id) with a status")
    }
    let importer = StatusImport(
      checklist: checklist, who: arguments.value("who"), at: now, environment: try environment(),
      build: arguments.value("build"), override: arguments.value("override"),
      source: EvidenceReference(location: EvidenceFile(path).relative(file), sha256: Digest.sha256(bytes)))
    let console = console
    try add { before in
      do throws(ImportMistake) {
        let found = try importer.entries(of: list, before: before)
        for remark in found.remarks { console.remark(remark) }
        return found.entries
      } catch {
        throw CommandFailure.usage("\(printable(file)): \(printable(error.message))")
      }
    }
  }
}

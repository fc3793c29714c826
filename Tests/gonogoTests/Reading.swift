// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A JSON object as Foundation reads it, which the tool itself does not use.
func object(_ text: String) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

func text(of path: String) throws -> String {
  try String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
}

/// Paths of all files below a folder, relative to it, sorted.
func files(below folder: String) -> [String] {
  (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).filter { name in
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder) && !isFolder.boolValue
  }.sorted()
}

/// How a run ends whose rules hold: a busy machine makes the generator late, and the verdict INCONCLUSIVE.
let heldCodes: Set<Int32> = [0, 4]

/// What a run folder holds when its run came to its end, with or without its plan.
let completeFolder: Set = [
  "generator.csv", "generator.hlog", "journeys.hlog", "junit.xml", "ledger.jsonl", "manifest.sha256", "response.hlog",
  "run.json",
  "series.csv", "service.hlog", "slowest.json", "summary.md", "verdict",
]

/// Complete, and every digest is that of its file.
func expectComplete(_ folder: String, in scratch: Scratch, sourceLocation: SourceLocation = #_sourceLocation)
  async throws
{
  let names = Set(files(below: folder))
  #expect(completeFolder.isSubset(of: names), "\(names)", sourceLocation: sourceLocation)
  let check = try await run("bash", ["-c", "cd '\(folder)' && sha256sum -c --strict manifest.sha256"], in: scratch)
  #expect(check.code == 0, "\(check)", sourceLocation: sourceLocation)
  let listed = Set(try text(of: folder + "/manifest.sha256").split(separator: "\n").map { String($0.dropFirst(66)) })
  #expect(listed == names.subtracting(["manifest.sha256"]), sourceLocation: sourceLocation)
}

/// Both ledgers of a record add up.
func expectLedgersAddUp(_ record: [String: Any], sourceLocation: SourceLocation = #_sourceLocation) throws {
  let arrivals = try #require(record["arrivals"] as? [String: Int], sourceLocation: sourceLocation)
  let totals = try #require(record["totals"] as? [String: Any], sourceLocation: sourceLocation).compactMapValues {
    $0 as? Int
  }
  func sum(_ figures: [String: Int], _ names: String...) -> Int { names.reduce(0) { $0 + (figures[$1] ?? -1) } }
  #expect(arrivals["planned"] == sum(arrivals, "started", "unsent"), sourceLocation: sourceLocation)
  #expect(arrivals["started"] == sum(arrivals, "completed", "failed", "cut"), sourceLocation: sourceLocation)
  #expect(totals["planned"] == sum(totals, "sent", "unsent"), sourceLocation: sourceLocation)
  #expect(totals["sent"] == sum(totals, "ok", "failed", "inFlight"), sourceLocation: sourceLocation)
}

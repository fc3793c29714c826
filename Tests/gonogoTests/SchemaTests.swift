// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing

/// Schemas as they are printed, and the records of a search as they are reported again.
@Suite struct SchemaTests {
  @Test(arguments: ["run", "capacity", "plan", "scenario", "environments", "checklist"])
  func everyKindIsPrinted(kind: String) async throws {
    let ended = try await gonogo(["schema", kind], in: Scratch())
    #expect(ended.code == 0, "\(ended)")
    let schema = try object(ended.out)
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect((schema["properties"] as? [String: Any])?.isEmpty == false)
  }

  @Test func aKindThatIsNotThere() async throws {
    let ended = try await gonogo(["schema", "capasity"], in: Scratch())
    #expect(ended.code == 2)
    #expect(ended.err.contains("did you mean capacity?"), "\(ended.err)")
  }

  /// What the schema of `run.json` demands is in a real one, and what is there is described.
  @Test func aRunHasTheFieldsOfItsSchema() async throws {
    let server = try TestServer(always: .answer())
    let scratch = try Scratch()
    let ended = try await gonogo(["load", "--url", server.url, "--rate", "20/s", "--for", "2s", "--json"], in: scratch)
    let record = try object(ended.out)
    let schema = try object(try await gonogo(["schema", "run"], in: scratch).out)
    let properties = try #require(schema["properties"] as? [String: Any])
    #expect(Set(record.keys) == Set(properties.keys))
    #expect(Set(try #require(schema["required"] as? [String])) == Set(record.keys))
    let connections = try #require(record["connections"] as? [String: [String: Any]])
    let opened = try #require(connections["run"]?["opened"] as? Int)
    #expect((1...40).contains(opened))
    #expect(try #require(connections["run"]?["reuse"] as? Double) == 1 - Double(opened) / 40)
  }

  @Test func aSearchIsReportedAsItWasShown() async throws {
    let server = try TestServer(always: .answer())
    let scratch = try Scratch()
    try scratch.write("one.yaml", "scenario: one\nsteps:\n  - name: get\n    get: /\n")
    try scratch.write(
      "search.yaml",
      """
      plan: capacity
      mix: [{scenario: one.yaml, share: 100%}]
      find: {rate: up to 20/s, from: 20/s, for: 2s, while: ["errors < 50%"]}
      """)
    let ended = try await gonogo(["load", "search.yaml", "--url", server.url, "--demo"], in: scratch)
    #expect(ended.out.hasPrefix("DEMO"))
    let folder = "results/" + (try scratch.runFolder().split(separator: "/").last.map(String.init) ?? "")
    #expect(ended.out.contains("files        \(folder)\nDEMO"), "\(ended.out)")
    for name in [folder, "results/latest"] {
      let again = try await gonogo(["report", name], in: scratch)
      #expect(again.out == ended.out)
      #expect(again.code == ended.code)
    }
    let json = try await gonogo(["report", folder, "--json"], in: scratch)
    #expect(json.out == (try text(of: scratch.path + "/" + folder + "/capacity.json")))
    let summary = try await gonogo(["report", folder, "--summary"], in: scratch)
    #expect(summary.out == (try text(of: scratch.path + "/" + folder + "/summary.md")))
  }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Judgement
import TestPython
import Testing

@testable import Reports
@testable import Results

/// An in-toto Statement v1 with the predicate test-result v0.1, by the fields that their specifications require.
@Suite struct AttestationTests {
  private static let python = TestPython.path(importing: "jsonschema")
  private static let digest = String(repeating: "ab", count: 32)
  private static let files = [
    FileDigest(name: "run.json", sha256: digest), FileDigest(name: "inputs/plan.yaml", sha256: digest),
  ]

  /// Written from the specifications: every resource has a digest, results are one of three words.
  private static let schema = #"""
    {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
     "required": ["_type", "subject", "predicateType", "predicate"],
     "$defs": {
       "resource": {"type": "object", "required": ["name", "digest"], "properties": {
         "name": {"type": "string", "minLength": 1},
         "digest": {"type": "object", "required": ["sha256"],
           "properties": {"sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}}}}},
       "names": {"type": "array", "items": {"type": "string"}}},
     "properties": {
       "_type": {"const": "https://in-toto.io/Statement/v1"},
       "predicateType": {"const": "https://in-toto.io/attestation/test-result/v0.1"},
       "subject": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/resource"}},
       "predicate": {"type": "object", "required": ["result", "configuration"], "properties": {
         "result": {"enum": ["PASSED", "WARNED", "FAILED"]},
         "configuration": {"type": "array", "items": {"$ref": "#/$defs/resource"}},
         "url": {"type": "string"}, "passedTests": {"$ref": "#/$defs/names"},
         "warnedTests": {"$ref": "#/$defs/names"}, "failedTests": {"$ref": "#/$defs/names"}}}}}
    """#

  private static func object(_ record: RunRecord) throws -> [String: Any] {
    let text = attestation(record, files: files)
    return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private static func predicate(_ record: RunRecord) throws -> [String: Any] {
    try #require(try object(record)["predicate"] as? [String: Any])
  }

  @Test func onlyAPassOfARealSystemIsPassed() throws {
    var record = SampleRecord.passing()
    #expect(try Self.predicate(record)["result"] as? String == "PASSED")
    record.demo = true
    #expect(try Self.predicate(record)["result"] as? String == "WARNED")
    record.demo = false
    record.verdict = .inconclusive
    #expect(try Self.predicate(record)["result"] as? String == "WARNED")
    record.verdict = .fail
    #expect(try Self.predicate(record)["result"] as? String == "FAILED")
  }

  @Test func rulesAndItemsAreTests() throws {
    var record = SampleRecord.passing()
    record.thresholds[1].verdict = .inconclusive
    record.items = [
      ItemRecord(id: "P-001", status: .pass, reason: ""), ItemRecord(id: "P-004", status: .fail, reason: ""),
      ItemRecord(id: "P-005", status: .pending, reason: ""),
    ]
    let predicate = try Self.predicate(record)
    #expect(predicate["passedTests"] as? [String] == ["rule p(95) < 300ms @peak", "item P-001"])
    #expect(predicate["warnedTests"] as? [String] == ["rule errors < 0.1% @steady", "item P-005"])
    #expect(predicate["failedTests"] as? [String] == ["item P-004"])
  }

  @Test func theSubjectIsTheImageWhenItsDigestIsKnown() throws {
    var record = SampleRecord.passing()
    func subjects() throws -> [String] {
      (try Self.object(record)["subject"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
    }
    #expect(try subjects() == ["run.json"])
    record.build = "agente-api@sha256:\(Self.digest), sha256:\(Self.digest) sha256:short"
    #expect(try subjects() == ["agente-api", "image", "run.json"])
  }

  @Test(.enabled(if: python != nil, "no Python with the package jsonschema"))
  func theRequiredFieldsAreThere() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "gonogo-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    func path(_ name: String, _ text: String) throws -> String {
      let url = directory.appending(path: name)
      try Data(text.utf8).write(to: url)
      return url.path(percentEncoded: false)
    }
    var failing = SampleRecord.passing()
    failing.verdict = .fail
    failing.build = "api@sha256:\(Self.digest)"
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "ResultsTests/validate.py").path(percentEncoded: false)
    let schema = try path("schema.json", Self.schema)
    func complaints(_ text: String) throws -> String {
      try TestPython.run([Self.python ?? "python3", script, schema, try path("attestation.json", text)])
    }
    for record in [SampleRecord.passing(), failing] {
      #expect(try complaints(attestation(record, files: Self.files)).isEmpty)
    }
    let broken = attestation(failing, files: Self.files).replacing("FAILED", with: "INCONCLUSIVE")
    #expect(try !complaints(broken).isEmpty)
  }
}

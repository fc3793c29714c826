// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Results

/// The published schemas describe what is written: they are compared with encoded records key by key, both ways.
@Suite struct RecordSchemaTests {
  @Test func everyFieldOfARunIsDescribed() throws {
    let data = try FullRecords.run().encoded()
    #expect(try differences(data, RunRecord.description) == [])
    #expect(
      try wrongNulls(data, RunRecord.description) { try RunRecord.decoded(from: $0).encoded() } == [])
  }

  @Test func everyFieldOfASearchIsDescribed() throws {
    let data = try FullRecords.capacity().encoded()
    #expect(try differences(data, CapacityRecord.description) == [])
    #expect(
      try wrongNulls(data, CapacityRecord.description) {
        try JSONDecoder().decode(CapacityRecord.self, from: $0).encoded()
      } == [])
  }

  @Test func everyFieldOfABaselineIsDescribed() throws {
    let data = try FullRecords.baseline().encoded()
    #expect(try differences(data, BaselineRecord.description) == [])
    #expect(
      try wrongNulls(data, BaselineRecord.description) {
        try BaselineRecord.decoded(from: Array($0)).encoded()
      } == [])
  }

  @Test func everyFieldOfAComparisonIsDescribed() throws {
    let data = try FullRecords.comparison().encoded()
    #expect(try differences(data, ComparisonRecord.description) == [])
    #expect(
      try wrongNulls(data, ComparisonRecord.description) {
        try JSONDecoder().decode(ComparisonRecord.self, from: $0).encoded()
      } == [])
  }

  /// The comparison itself finds what it is for.
  @Test func aFieldThatIsMissingOrUnknownOrOfAnotherKindIsFound() throws {
    let description = RecordDescription(
      "", [field("a", .count, ""), field("b", .list(.text), ""), field("c", .flag, "")])
    func found(_ json: String) throws -> [String] { try differences(Data(json.utf8), description) }
    #expect(try found(#"{"a": 1, "b": ["x"], "c": true}"#) == [])
    #expect(try found(#"{"a": 1, "b": ["x"]}"#) == ["c is described and not written"])
    #expect(try found(#"{"a": 1, "b": ["x"], "c": true, "d": 1}"#) == ["d is written and not described"])
    #expect(try found(#"{"a": 1.5, "b": [1], "c": 1}"#) == ["a is 1.5", "b/0 is 1", "c is 1"])
    #expect(try found(#"{"a": true, "b": [], "c": null}"#) == ["a is 1", "b is empty here", "c is null here"])
  }

  @Test(arguments: RecordSchema.allCases)
  func aSchemaSaysWhatItIs(kind: RecordSchema) throws {
    let text = try kind.jsonSchema()
    let schema = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect(schema["$id"] as? String == "urn:gonogo:schema:\(kind.rawValue):1")
    #expect(schema["title"] as? String == "gonogo.\(kind.rawValue)/1")
    let properties = try #require(schema["properties"] as? [String: [String: Any]])
    #expect(properties["schema"]?["const"] as? String == "gonogo.\(kind.rawValue)/1")
    for (key, property) in properties { #expect((property["description"] as? String)?.isEmpty == false, "\(key)") }
    #expect(text.hasSuffix("}\n"))
  }

  // MARK: comparing

  private func differences(_ data: Data, _ description: RecordDescription) throws -> [String] {
    differences(try JSONSerialization.jsonObject(with: data), .record(description), "")
  }

  private func differences(_ value: Any, _ kind: FieldKind, _ place: String) -> [String] {
    func isBool(_ value: Any) -> Bool { isFlag(value) }
    let wrong = ["\(place) is \(value)"]
    if value is NSNull { return ["\(place) is null here"] }
    switch kind {
    case .text, .constant, .choice, .moment: return value is String ? [] : wrong
    case .flag: return isBool(value) ? [] : wrong
    case .count: return !isBool(value) && value is Int ? [] : wrong
    case .number: return !isBool(value) && value is Double ? [] : wrong
    case .nullable(let kind): return differences(value, kind, place)
    case .list(let element):
      guard let list = value as? [Any] else { return wrong }
      if list.isEmpty { return ["\(place) is empty here"] }
      return list.enumerated().flatMap { differences($1, element, "\(place)/\($0)") }
    case .table(let element):
      guard let table = value as? [String: Any] else { return wrong }
      if table.isEmpty { return ["\(place) is empty here"] }
      return table.sorted { $0.key < $1.key }.flatMap { differences($1, element, "\(place)/\($0)") }
    case .record(let record):
      guard let object = value as? [String: Any] else { return wrong }
      let start = place.isEmpty ? "" : place + "/"
      let unknown = Set(object.keys).subtracting(record.fields.map(\.key)).sorted()
      return unknown.map { "\(start)\($0) is written and not described" }
        + record.fields.flatMap { field in
          object[field.key].map { differences($0, field.kind, start + field.key) }
            ?? ["\(start)\(field.key) is described and not written"]
        }
    }
  }

  /// Each field is set to null in turn: what is described as nullable must be read and written so, and nothing else.
  private func wrongNulls(
    _ data: Data, _ description: RecordDescription, again: (Data) throws -> Data
  ) throws -> [String] {
    let root = try JSONSerialization.jsonObject(with: data)
    var wrong: [String] = []
    for (path, isNullable) in paths(.record(description)) where path.last is String {
      let changed = try JSONSerialization.data(withJSONObject: setting(root, path[...]))
      let place = path.map { "\($0)" }.joined(separator: "/")
      do {
        let written = try JSONSerialization.jsonObject(with: again(changed))
        if !isNullable { wrong.append("\(place) may be null") }
        if isNullable, !(value(written, path[...]) is NSNull) { wrong.append("\(place) is not written as null") }
      } catch {
        if isNullable { wrong.append("\(place) may not be null") }
      }
    }
    return wrong
  }

  /// Every field, as keys and indices; the first element stands for a list.
  private func paths(_ kind: FieldKind, _ place: [any Sendable] = []) -> [(path: [any Sendable], isNullable: Bool)] {
    switch kind {
    case .record(let record):
      return record.fields.flatMap { field -> [(path: [any Sendable], isNullable: Bool)] in
        let place = place + [field.key]
        let isNullable = if case .nullable = field.kind { true } else { false }
        return [(place, isNullable)] + paths(field.kind, place)
      }
    case .list(let element): return paths(element, place + [0])
    case .nullable(let kind): return paths(kind, place)
    default: return []
    }
  }

  private func setting(_ value: Any, _ path: ArraySlice<any Sendable>) -> Any {
    guard let first = path.first else { return NSNull() }
    if let key = first as? String, var object = value as? [String: Any], let inner = object[key] {
      object[key] = setting(inner, path.dropFirst())
      return object
    }
    if let index = first as? Int, var list = value as? [Any] {
      list[index] = setting(list[index], path.dropFirst())
      return list
    }
    return value
  }

  private func value(_ value: Any, _ path: ArraySlice<any Sendable>) -> Any? {
    guard let first = path.first else { return value }
    if let key = first as? String {
      return (value as? [String: Any])?[key].flatMap { self.value($0, path.dropFirst()) }
    }
    if let index = first as? Int { return (value as? [Any]).flatMap { self.value($0[index], path.dropFirst()) } }
    return nil
  }
}

/// Foundation bridges 1 and true into each other; the number's own type tells them apart.
private func isFlag(_ value: Any) -> Bool {
  guard let number = value as? NSNumber else { return value is Bool }
  return String(cString: number.objCType) == "c"
}

/// Real folders through a validator that is not ours. Without a Python that has the package `jsonschema` these tests are
/// reported as skipped; `scripts/setup` puts one into `.build/python`.
@Suite(.enabled(if: Validator.python != nil, "no Python with the package jsonschema"), .timeLimit(.minutes(5)))
struct SchemaValidatorTests {
  let directory = TemporaryDirectory()

  private func file(_ name: String, _ data: Data) throws -> String {
    let path = directory.path + "/" + name
    try data.write(to: URL(filePath: path))
    return path
  }

  @Test func realFoldersFollowTheSchema() throws {
    let schema = try file("run.schema.json", Data(RecordSchema.run.jsonSchema().utf8))
    let runs = [
      try SampleRun(peakSeconds: 12).folder(in: directory).path,
      try SampleRun(peakSeconds: 20, failuresPerSecond: 20).folder(in: directory).path,
      try SampleRun(peakSeconds: 320, confidence: nil, isOpen: false).folder(in: directory).path,
    ].map { $0 + "/run.json" }
    let unfinished = try file("begun.json", SampleRun().record().encoded())
    let full = try file("full.json", FullRecords.run().encoded())
    #expect(try Validator.complaints(schema: schema, files: runs + [unfinished, full]) == [])
  }

  @Test func searchesFollowTheirs() throws {
    let schema = try file("capacity.schema.json", Data(RecordSchema.capacity.jsonSchema().utf8))
    var empty = FullRecords.capacity()
    empty.trials = []
    empty.held = nil
    empty.broke = nil
    empty.notTestedAbove = nil
    let files = [
      try file("full.json", FullRecords.capacity().encoded()), try file("empty.json", empty.encoded()),
    ]
    #expect(try Validator.complaints(schema: schema, files: files) == [])
  }

  @Test func theSchemaIsNotContentWithEverything() throws {
    let schema = try file("run.schema.json", Data(RecordSchema.run.jsonSchema().utf8))
    let text = try String(decoding: FullRecords.run().encoded(), as: UTF8.self)
    let damages = [
      (#""demo" : false"#, #""demo" : 0"#), (#""seed" : 7"#, #""seed" : -7"#),
      (#""verdict" : "pass""#, #""verdict" : "green""#), (#""runId" : "01sample""#, #""runId" : null"#),
      (#""started" : "2026"#, #""started" : "26"#), (#""timeout" : 2"#, #""timeout" : "2""#),
      (#""schema" : "gonogo.run/1""#, #""schema" : "gonogo.run/2""#), (#""sameMachine""#, #""someMachine""#),
    ]
    for (index, (before, after)) in damages.enumerated() {
      let damaged = text.replacing(before, with: after)
      #expect(damaged != text, "\(before)")
      let path = try file("damaged-\(index).json", Data(damaged.utf8))
      #expect(try !Validator.complaints(schema: schema, files: [path]).isEmpty, "\(after)")
    }
  }
}

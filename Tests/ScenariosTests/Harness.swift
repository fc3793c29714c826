// SPDX-License-Identifier: Apache-2.0
import Document
import Foundation
import Testing

@testable import Scenarios

/// A folder of files for one test, removed with it.
final class Folder {
  let path: String

  init(_ files: [String: String] = [:]) throws {
    path = FileManager.default.temporaryDirectory.appending(path: "scenarios-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files { try write(name, text) }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func write(_ name: String, _ text: String) throws {
    let file = URL(fileURLWithPath: path).appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// Files beside the tests.
func fixture(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)").path
}

func options(_ variables: [String: String] = [:], settings: [String]? = nil) -> LoadOptions {
  var options = LoadOptions(settings: settings)
  options.environmentVariable = { variables[$0] }
  return options
}

/// Compiles a scenario text (and the files beside it); mistakes fail the test.
func program(
  _ text: String, files: [String: String] = [:], variables: [String: String] = [:],
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> ScenarioProgram {
  let folder = try Folder(files)
  try folder.write("scenario.yaml", text)
  let loaded = loadScenario(folder.file("scenario.yaml"), options(variables))
  #expect(loaded.diagnostics.rendered() == "", sourceLocation: sourceLocation)
  return try #require(loaded.value, sourceLocation: sourceLocation)
}

/// The messages of a broken scenario as `line:column message [hint]`.
func mistakes(_ text: String, files: [String: String] = [:], variables: [String: String] = [:]) throws -> [String] {
  let folder = try Folder(files)
  try folder.write("scenario.yaml", text)
  return described(loadScenario(folder.file("scenario.yaml"), options(variables)).diagnostics)
}

func described(_ diagnostics: Diagnostics) -> [String] {
  diagnostics.all.map { one in
    "\(one.position.line):\(one.position.column) \(one.message)" + (one.hint.map { " [\($0)]" } ?? "")
  }
}

func context(seed: UInt64 = 1, base: String = "http://127.0.0.1:8080") -> RunContext {
  var context = RunContext(runID: "00c0ffee0042", seed: seed, baseURL: base, redactor: Redactor())
  // 2026-03-01T12:00:00.250Z
  context.wallClockMilliseconds = { 1_772_366_400_250 }
  return context
}

func journey(_ program: ScenarioProgram, number: UInt64 = 1, _ context: RunContext = context()) throws -> Journey {
  let journey = Journey(try #require(try ScenarioRun.prepare([program], context: context).first))
  try journey.begin(number: number)
  journey.enter(.steps)
  return journey
}

/// A scenario of one request: `step` holds the keys of the step, indented by four.
func oneStep(_ step: String, head: String = "") -> String {
  "scenario: s\n\(head)steps:\n  - name: a\n\(step)"
}

extension RenderedRequest {
  var urlText: String { String(decoding: url, as: UTF8.self) }
  var bodyText: String { String(decoding: body, as: UTF8.self) }
  var headerTexts: [String] { headers[..<headerCount].map { String(decoding: $0, as: UTF8.self) } }
}

/// The first request of a scenario, rendered.
func rendered(_ program: ScenarioProgram, _ journey: Journey, _ index: Int = 0) throws -> RenderedRequest {
  var request = RenderedRequest()
  try program.requests[index].render(into: &request, journey: journey)
  return request
}

/// An answer out of memory.
final class Answer: ResponseView {
  let status: Int
  let headers: [String: String]
  private let bytes: UnsafeMutableBufferPointer<UInt8>

  init(_ status: Int, _ body: String = "", headers: [String: String] = [:]) {
    self.status = status
    self.headers = headers
    bytes = .allocate(capacity: body.utf8.count)
    _ = bytes.initialize(from: body.utf8)
  }

  deinit { bytes.deallocate() }

  var body: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(bytes) }

  func header(named name: String) -> String? {
    headers.first { $0.key.lowercased() == name.lowercased() }?.value
  }
}

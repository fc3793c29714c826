// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Document

/// Broken files beside the messages they must give: `name.yaml` and `name.expected`. With GONOGO_UPDATE_GOLDEN=1 in the
/// environment the messages are written instead; read the difference before you commit it.
@Suite struct CorpusTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test func corpusIsThere() throws {
    #expect(Self.names.count >= 80)
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    let orphans = files.filter { $0.hasSuffix(".expected") && !Self.names.contains(String($0.dropLast(9))) }
    #expect(orphans == [])
  }

  @Test(arguments: names) func givesItsMessages(name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: "\(name).yaml")))
    var diagnostics = Diagnostics()
    let value = Journey.shape.read(Source(path: "\(name).yaml", bytes: bytes), &diagnostics)
    let rendered = diagnostics.rendered()
    let golden = Self.folder.appending(path: "\(name).expected")
    if ProcessInfo.processInfo.environment["GONOGO_UPDATE_GOLDEN"] == "1" {
      try Data(rendered.utf8).write(to: golden)
    }
    #expect(rendered == String(decoding: try Data(contentsOf: golden), as: UTF8.self))
    #expect(value == nil)
    #expect(!diagnostics.isEmpty)
    expectPrintable(rendered)
    // After a syntax error nothing else is said.
    if name.hasPrefix("syntax-") { #expect(diagnostics.errorCount == 1) }
  }
}

/// Nothing in a message may steer a terminal.
func expectPrintable(_ text: String, _ location: SourceLocation = #_sourceLocation) {
  let steering = text.unicodeScalars.filter { scalar in
    switch scalar.value {
    case 0x0A, 0x09, 0x20..<0x7F: false
    case 0..<0xA0, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
  #expect(steering.isEmpty, sourceLocation: location)
}

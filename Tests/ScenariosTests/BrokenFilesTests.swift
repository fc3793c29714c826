// SPDX-License-Identifier: Apache-2.0
import Document
import Foundation
import Testing

@testable import Scenarios

/// Golden files: `Broken/NAME.yaml` must print `Broken/NAME.expected`. `GONOGO_UPDATE_GOLDEN=1` writes them anew.
@Suite struct BrokenFilesTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Broken")

  static var names: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".yaml") && !$0.hasPrefix("part-") }.map { String($0.dropLast(5)) }.sorted()
  }

  @Test(arguments: names)
  func prints(name: String) throws {
    let path = Self.folder.appending(path: "\(name).yaml").path
    let diagnostics =
      switch name {
      case _ where name.hasPrefix("plan-"): loadPlan(path, options()).diagnostics
      case _ where name.hasPrefix("environments-"): loadEnvironments(path).diagnostics
      default: loadScenario(path, options()).diagnostics
      }
    let text = diagnostics.rendered().replacing(Self.folder.path + "/", with: "")
    let golden = Self.folder.appending(path: "\(name).expected")
    if ProcessInfo.processInfo.environment["GONOGO_UPDATE_GOLDEN"] != nil {
      try Data(text.utf8).write(to: golden)
    }
    let expected = String(decoding: try Data(contentsOf: golden), as: UTF8.self)
    #expect(text == expected)
    #expect(!diagnostics.isEmpty)
  }

  @Test func thereAreSuchFiles() {
    #expect(Self.names.count >= 10)
  }

  @Test func fiveMistakesAreFive() {
    let path = Self.folder.appending(path: "five-mistakes.yaml").path
    #expect(loadScenario(path, options()).diagnostics.errorCount == 5)
  }
}

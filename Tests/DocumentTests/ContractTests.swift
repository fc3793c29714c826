// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Document

/// The files of the contract, as people will copy them.
@Suite struct ContractTests {
  private func node(_ name: String) throws -> Node {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Contract")
    let source = try Source(contentsOf: folder.appending(path: "\(name).yaml").path)
    var diagnostics = Diagnostics()
    let node = parse(source, &diagnostics)
    #expect(diagnostics.rendered() == "")
    return try #require(node)
  }

  @Test func scenario() throws {
    let file = try node("scenario")
    #expect(file["scenario"]?.text == "reservation")
    #expect(file["data"]?["guests"]?["pick"]?.text == "random")
    #expect(file["vars"]?["nights"]?.value == .number("2"))
    let steps = try #require(file["steps"]?.items)
    #expect(steps.count == 4)
    #expect(steps[0]["get"]?.text == "/api/v1/availability?checkin={{ date(+30d) }}&nights={{ nights }}")
    #expect(steps[0]["get"]?.isPlain == false)
    #expect(steps[0]["expect"]?["json"]?["$.rooms"]?.text == "not empty")
    #expect(steps[1]["pause"]?.text == "200ms..1s")
    #expect(steps[2]["let"]?["key"]?.text == "{{ uuid() }}")
    #expect(
      steps[2]["expect"]?["status"]?.entries?.map { "\($0.key.text ?? "") \($0.value.text ?? "")" } == [
        "201 booked", "409 sold out",
      ])
    #expect(steps[2]["writes"]?["closed-by"]?.text == "cancel")
    #expect(file["finally"]?.items?.first?["expect"]?["status"]?.items?.count == 2)
  }

  @Test func plan() throws {
    let file = try node("plan")
    #expect(file["mix"]?.items?.map { $0["share"]?.text } == ["20%", "60%", "20%"])
    #expect(file["phases"]?.items?.first?["rate"]?.text == "0..1x peak")
    let thresholds = try #require(file["thresholds"]?.items)
    #expect(thresholds.count == 4)
    // A threshold's parser knows offsets in its own text; the file's line and column follow from them.
    let text = try #require(thresholds[2].text)
    let step = text.utf8.distance(from: text.startIndex, to: try #require(text.firstRange(of: "step:")).lowerBound)
    let position = thresholds[2].position(atOffset: step)
    #expect((position.line, position.column) == (12, 6 + step))
  }

  @Test func environments() throws {
    let staging = try #require(try node("environments")["environments"]?["staging"])
    #expect(staging["peak"]?["source"]?.text == "nginx log, week 42")
    #expect(staging["build"]?["json"]?.text == "$.version")
    #expect(staging["metrics"]?.items?.count == 2)
    #expect(staging["coverage"]?["ignore"]?.items?.first?["operation"]?.text == "DELETE /admin/*")
  }

  @Test func drill() throws {
    let file = try node("drill")
    #expect(file["faults"]?.items?.first?["stop"]?["service"]?.text == "postgres")
    #expect(file["expect"]?["after"]?.items?.map(\.text) == ["recovery < 30s", "lost == 0", "duplicated == 0"])
  }
}

// SPDX-License-Identifier: Apache-2.0
import Document
import Testing

@testable import Scenarios

@Suite struct MarksTests {
  private func load(_ marks: String, gone: String = "status: 404", readBack: String = "json: {\"$.id\": \"{{ id }}\"}")
    throws -> Loaded<ScenarioProgram>
  {
    let folder = try Folder([
      "s.yaml": """
      scenario: s
      marks: \(marks)
      steps:
        - name: book
          post: /r
          capture: {id: "$.id"}
        - name: read
          get: "/r/{{ id }}"
          expect: {\(readBack)}
      finally:
        - name: cancel
          delete: "/r/{{ id }}"
        - name: gone
          get: "/r/{{ id }}"
          expect: {\(gone)}
      """
    ])
    return loadScenario(folder.file("s.yaml"))
  }

  @Test func stepsByItem() throws {
    let loaded = try load("{F-002: [book, read, cancel, gone], X-1: [read]}")
    #expect(loaded.diagnostics.rendered() == "")
    #expect(
      loaded.value?.marks == [
        Mark(item: "F-002", steps: ["book", "read", "cancel", "gone"]), Mark(item: "X-1", steps: ["read"]),
      ])
  }

  @Test func anItemAloneMeansAllSteps() throws {
    let loaded = try load("[X-1, ES-chaos.2]")
    #expect(loaded.diagnostics.rendered() == "")
    #expect(loaded.value?.marks.map(\.item) == ["X-1", "ES-chaos.2"])
    #expect(
      loaded.value?.marks.map(\.steps) == [["book", "read", "cancel", "gone"], ["book", "read", "cancel", "gone"]])
  }

  @Test func aScenarioWithoutMarksHasNone() throws {
    let folder = try Folder(["s.yaml": "scenario: s\nsteps: [{name: a, get: /}]"])
    #expect(loadScenario(folder.file("s.yaml")).value?.marks == [])
  }

  @Test(arguments: [
    (
      "[F-002]", "status: 404",
      ["2:9 F-002 names the four steps that prove it [write {F-002: [book, read-back, cancel, gone]}]"]
    ),
    (
      "{F-002: [book, read, cancel]}", "status: 404",
      ["2:9 F-002 is proven by four steps, found 3 [in this order: booked, read back, cancelled, gone]"]
    ),
    (
      "{F-002: [book, raed, cancel, gone]}", "status: 404",
      ["2:23 there is no step 'raed' [did you mean `read`?]"]
    ),
    (
      "{F-002: [read, book, cancel, gone]}", "status: 404",
      [
        "2:23 'book' does not come after the step named before it",
        "2:23 'book' does not look at what it reads back [expect something of the answer's json or body]",
      ]
    ),
    (
      "{F-002: [book, read, cancel, gone]}", "within: 1s",
      ["2:37 'gone' does not see whether it is gone [expect status 404, or something of the answer's json or body]"]
    ),
    (
      "{F-002: [book, read, cancel, gone]}", "status: [404, 200]",
      ["2:37 'gone' does not see whether it is gone [expect status 404, or something of the answer's json or body]"]
    ),
    ("{F-002: [book, read, cancel, gone]}", "status: 200, json: {\"$.state\": cancelled}", []),
    ("[X-1, X-1]", "status: 404", ["2:14 'X-1' is marked twice"]),
    ("[\"a b\"]", "status: 404", ["2:9 'a b' cannot be an item [letters, digits, and . _ - between them]"]),
  ])
  func mistakes(marks: String, gone: String, expected: [String]) throws {
    #expect(described(try load(marks, gone: gone).diagnostics) == expected)
  }

  @Test func aReadingThatLooksAtNothingProvesNothing() throws {
    let loaded = try load("{F-002: [book, read, cancel, gone]}", readBack: "status: 200")
    #expect(
      described(loaded.diagnostics) == [
        "2:23 'read' does not look at what it reads back [expect something of the answer's json or body]"
      ])
  }
}

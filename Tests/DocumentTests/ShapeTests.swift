// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Document

@Suite struct ShapeTests {
  struct PhaseDraft {
    var name = ""
    var rate: String?
    var length = Duration.zero
    var steady = false
  }

  struct PlanDraft {
    var name = ""
    var phases: [PhaseDraft] = []
    var status: [Entry<Int, String>] = []
  }

  static let phase = Shape.object(PhaseDraft(), "A part of the plan.") { o in
    o.required("name", .string, \.name, "What reports call it.")
    o.optional(
      "rate",
      .string.map { text throws(Mistake) in
        if text == "" { throw Mistake("no") }; return text
      }, \.rate, "Rate.")
    o.required("for", .duration, \.length, "How long it lasts.")
    o.optional("steady", .bool, \.steady, "Whether rules judge it.")
  }

  static let plan = Shape.object(PlanDraft(), "Arrivals over time.") { o in
    o.required("plan", .string, \.name, "Its name.")
    o.required("phases", .list(of: phase, atLeast: 1), \.phases, "One after the other.")
    o.optional("status", .dictionary(keys: .integer(in: 100...599), of: .string), \.status, "Codes.")
  }

  @Test func decodesTheExample() throws {
    let source = Source(
      path: "plan.yaml",
      text: """
        plan: on
        status: {201: booked, 409: sold out}
        phases:
          - {name: 0034600111222, rate: 0..1x peak, for: 1h30m, steady: true}
        """)
    var diagnostics = Diagnostics()
    let value = Self.plan.read(source, &diagnostics)
    #expect(diagnostics.rendered() == "")
    let draft = try #require(value)
    #expect(draft.name == "on")
    #expect(draft.phases[0].name == "0034600111222")
    #expect(draft.phases[0].length == .seconds(5400))
    #expect(draft.status.map(\.key) == [201, 409])
    print(Self.plan.schema.jsonSchema(title: "plan"))
  }

  @Test func reportsAll() throws {
    let source = Source(
      path: "plan.yaml",
      text: """
        plan:
        statu: {201: booked, abc: sold out}
        phases:
          - {name: 0034600111222, rate: "", for: 1.5 min, steady: yes}
          - name: {{ id }}
            for: 30
        """)
    var diagnostics = Diagnostics()
    #expect(Self.plan.read(source, &diagnostics) == nil)
    print(diagnostics.rendered())
    #expect(diagnostics.errorCount == 7)
  }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Judgement
import Testing

@testable import Document
@testable import Readiness

/// What a checklist's file may hold, and what is said of one that holds something else.
@Suite struct ChecklistFileTests {
  private static let sound = """
    checklist: own
    title: Our own
    priorities: {MUST: {blocker: true}, MAY: {}}
    roles: [Lead]
    decision-maker: Lead
    strict: true
    scores:
      must: {priority: MUST}
      all: {}
    decision:
      - {if: "must < 100% and all <= 92.5%", then: NO-GO, because: so}
      - {if: open risks >= LOW, then: GO WITH CAUTION, because: risks}
    otherwise: {then: GO, because: nothing is in the way}
    items:
      Food:
        Breakfast:
          - {id: B-1, priority: MUST, title: Coffee is hot, hint: try it, owner: Kitchen, target-date: 2026-12-01}
          - {id: B-2, priority: MUST, blocker: false, title: Eggs, marked-by: measured, same-as: B-1, people: the taste}
          - {id: B-3, title: More eggs, part-of: B-2, applies: if there are guests}
        Dinner:
          - {id: D-1, priority: MAY, title: Soup, points: 3, marked-by: {rules: ["p(95) < 1s @steady"], steady: 5m, peak: 2}}
          - id: D-2
            title: Fish
            scored: false
            marked-by: [{measured: P-001}, {report: coverage, rule: coverage > 75%}, {later: in the evening}]
      People:
        Signatures:
          - {id: S-1, title: The lead signs, sign-off: Lead}
          - {id: S-2, title: Somebody signs, sign-off: true}
    """

  @Test func everythingIsRead() throws {
    let list = try checklist(Self.sound)
    #expect(list.items.map(\.id) == ["B-1", "B-2", "B-3", "D-1", "D-2", "S-1", "S-2"])
    #expect(list.items.map(\.category) == Array(repeating: "Food", count: 5) + ["People", "People"])
    #expect(list.items[3].group == "Dinner" && list.categories.map(\.name) == ["Food", "People"])
    #expect(list.items.map(\.isBlocker) == [true, false, false, false, false, false, false])
    #expect(
      list.items[0].owner == "Kitchen" && list.items[0].targetDate == "2026-12-01" && list.items[0].hint == "try it")
    #expect(list.items[1].marks == [.measured("B-2")] && list.items[1].sameAs == ["B-1"])
    #expect(list.items[1].leftToPeople == "the taste" && list.items[2].appliesIf == "if there are guests")
    #expect(list.items[2].partOf == "B-2" && list.items[2].priority.isEmpty)
    #expect(list.items[3].points == 3)
    #expect(list.items[3].marks == [.rules(["p(95) < 1s @steady"], leastSteadySeconds: 300, leastPeak: 2)])
    #expect(!list.items[4].isScored)
    #expect(
      list.items[4].marks == [
        .measured("P-001"), .report(kind: "coverage", rule: "coverage > 75%"), .later(reason: "in the evening"),
      ])
    #expect(list.items[5].role == "Lead" && list.items[6].role == nil && list.items[6].isSignOff)
    #expect(list.rule.isStrict && list.rule.otherwise == .go && list.rule.decisionMaker == "Lead")
    #expect(
      list.rule.clauses[0].conditions == [
        .score("must", .less, Fraction(100, of: 100)), .score("all", .lessOrEqual, Fraction(925, of: 1000)),
      ])
    #expect(list.rule.clauses[1].conditions == [.openRisks(atLeast: .low)])
  }

  /// Whatever it is called, and whichever words it uses.
  @Test(arguments: [
    "decision: [{if: open risks >= HIGH, then: NO-GO, because: x}]\notherwise: {then: GO, because: why not}",
    "decision: [{if: open risks >= LOW, then: NO-GO, because: risks}]\notherwise: {then: GO WITH CAUTION, because: so}",
    "decision: [{if: all >= 0%, then: GO, because: enough}]\notherwise: {then: NO-GO, because: never}",
  ])
  func aRuleThatLaunchesWhatNobodyHasSeenIsAMistake(rule: String) {
    let text = """
      checklist: p020
      title: Easy
      priorities: {MUST: {blocker: true}}
      scores: {all: {}}
      \(rule)
      items: {A: {B: [{id: P-002, priority: MUST, title: Fast, marked-by: measured}]}}
      """
    #expect(mistakes(text).contains("with every row open this rule says GO"), "\(mistakes(text))")
  }

  /// Each: what is written instead of what, and what is said, with its place.
  @Test(arguments: [
    ("id: B-2,", "id: B-1,", "the row B-1 stands twice: first in line 17"),
    ("same-as: B-1", "same-as: B-11", "there is no row B-11\n"),
    ("same-as: B-1", "same-as: B-11", "did you mean `B-1`?"),
    ("same-as: B-1", "same-as: B-2", "no row asks for the same as itself"),
    ("part-of: B-2", "part-of: B-9", "there is no row B-9"),
    ("priority: MAY", "priority: MUTS", "did you mean `MUST`?"),
    ("{priority: MUST}", "{priority: MUSS}", "there is no priority `MUSS`"),
    ("all: {}", "all: {category: Foot}", "there is no category `Foot`"),
    ("all: {}", "all: {group: Diner}", "did you mean `Dinner`?"),
    ("all: {}", "all: {method: mean}", "expected one of `share`, `weighted-mean-of-groups`, `points`"),
    ("all: {}", "open risks: {}", "has a meaning of its own"),
    ("must < 100%", "most < 100%", "list.yaml:11:11: error: there is no score `most`"),
    ("must < 100%", "most < 100%", "did you mean `must`?"),
    ("all <= 92.5%", "all <= 101%", "list.yaml:11:34: error: a share is at most 100%"),
    ("all <= 92.5%", "all <= 92", "write `92%`"), ("all <= 92.5%", "all =< 92%", "`=<` compares nothing"),
    ("all <= 92.5%", "al", "expected a condition such as total < 90%, found `al`"),
    ("and all <= 92.5%", "and  ", "a condition is missing"),
    ("open risks >= LOW", "open risks >= HIHG", "did you mean `>= HIGH`?"),
    ("open risks >= LOW", "accepted risk", "did you mean `accepted risks`?"),
    ("then: GO WITH CAUTION", "then: GO WITH CAUTOIN", "did you mean `GO WITH CAUTION`?"),
    ("sign-off: Lead", "sign-off: Leed", "did you mean `Lead`?"),
    ("sign-off: true", "sign-off: true, marked-by: measured", "a signature is not marked by a run"),
    ("2026-12-01", "1.12.2026", "expected a date such as 2026-12-01"),
    ("p(95) < 1s @steady", "q(95) < 1s @steady", "list.yaml:21:"),
    ("coverage > 75%", "coverage is fine", "compares nothing"), ("report: coverage", "report: cobertura", "`coverage`"),
    ("later: in the evening", "latr: in the evening", "did you mean `later`?"),
    ("hint: try it", "hind: try it", "did you mean `hint`?"), ("peak: 2", "peak: 0", "above 0"),
    ("strict: true", "strict: yes", "write `true`"), ("points: 3", "points: 0", "from 1 to 1000"),
    ("title: Our own", "titel: Our own", "did you mean `title`?"),
  ])
  func aMistakeIsSaidWithItsPlace(old: String, new: String, expected: String) {
    let text = mistakes(Self.sound.replacing(old, with: new, maxReplacements: 1))
    #expect(text.contains(expected), "\(text)")
  }

  @Test func allMistakesAreSaidAtOnce() {
    var text = Self.sound.replacing("id: B-2,", with: "id: B-1,").replacing("MAY,", with: "MUTS,")
    text = text.replacing("must < 100%", with: "most < 100%").replacing("hint:", with: "hind:")
    let said = mistakes(text)
    #expect(said.components(separatedBy: "error:").count - 1 >= 4, "\(said)")
  }

  @Test func partsAreOneLevelDeep() {
    let text = Self.sound.replacing("title: Fish", with: "title: Fish\n        part-of: B-3")
    #expect(mistakes(text).contains("B-3 is itself a part"), "\(mistakes(text))")
  }

  @Test func aListWithoutRows() {
    let start = Self.sound.components(separatedBy: "items:")[0]
    #expect(mistakes(start + "items: {Food: {Breakfast: []}}").contains("a checklist needs rows"))
  }

  @Test func weightedListsStayWithinExactNumbers() {
    let rows = (1...31).map { "      - {id: A-\($0), title: one}" }.joined(separator: "\n")
    let text = """
      checklist: big
      title: big
      weights: {A: 1000, Be: 1}
      scores: {mean: {method: weighted-mean-of-groups}}
      decision: [{if: mean < 50%, then: NO-GO, because: so}]
      items:
        A:
          G:
      \(rows)
        B: {G: [{id: B-1, title: one}]}
      """
    let said = mistakes(text)
    #expect(said.contains("a group of a weighted mean has at most 30 rows, found 31"), "\(said)")
    #expect(said.contains("the weights add up to 1001"))
    #expect(said.contains("there is no category `Be`"))
    #expect(said.contains("the category `B` has no weight, and others have"))
  }

  // MARK: where lists are

  @Test func listsAreLookedForNearestFirst() {
    let folders = Checklist.folders(
      environments: "/srv/team/gonogo.yaml", workingDirectory: "/srv/team/plans", program: "/opt/bin/gonogo")
    #expect(
      folders == [
        "/srv/team/checklists", "/srv/team/scenarios/checklists", "/srv/team/plans/scenarios/checklists",
        "/srv/scenarios/checklists", "/scenarios/checklists", "/opt/share/gonogo/checklists",
        "/opt/bin/scenarios/checklists", "/opt/scenarios/checklists",
      ])
    #expect(Checklist.locate("p020", in: ["/nowhere", Lists.folder]) == "\(Lists.folder)/p020.yaml")
    #expect(Checklist.locate("p021", in: [Lists.folder]) == nil)
    #expect(Checklist.locate("own.yaml", in: []) == "own.yaml")
    #expect(Checklist.locate("lists/own", in: []) == "lists/own")
  }

  @Test func aFileThatCannotBeRead() {
    let loaded = Checklist.load("/nowhere/list.yaml")
    #expect(loaded.checklist == nil)
    #expect(loaded.diagnostics.rendered().contains("cannot read `/nowhere/list.yaml`"))
  }

  @Test func theFileIsKeptAsItWasRead() throws {
    let path = "\(Lists.folder)/p020.yaml"
    #expect(Checklist.load(path).bytes == Array(try Data(contentsOf: URL(filePath: path))))
  }

  @Test func theSchemaNamesEveryKey() throws {
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(Checklist.jsonSchema.utf8)) as? [String: Any])
    let properties = try #require(schema["properties"] as? [String: Any])
    #expect(
      Set(properties.keys) == [
        "checklist", "title", "source", "priorities", "weights", "strict", "roles", "decision-maker", "scores",
        "decision", "otherwise", "readings", "items",
      ])
    #expect(Set(schema["required"] as? [String] ?? []) == ["checklist", "title", "scores", "decision", "items"])
  }
}

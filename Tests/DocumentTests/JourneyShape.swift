// SPDX-License-Identifier: Apache-2.0
import Document

/// The shape of the corpus: a little of everything a room may describe.
struct Journey {
  var name = ""
  var about: String?
  var pick = Pick.random
  var users: Int?
  var weight = 1.0
  var isSteady = false
  var variables: [Entry<String, Node>] = []
  var steps: [Step] = []

  enum Pick: String, CaseIterable { case random, sequential, unique }

  struct Call {
    var name = ""
    var request: Entry<String, Located<String>>?
    var headers: [Entry<String, String>] = []
    var status: [Int] = []
    var json: Node?
    var body: String?
    var share: Double?
    var within: Duration?
  }

  struct Group {
    var times = 1
    var steps: [Step] = []
  }

  indirect enum Step {
    case call(Call)
    case pause(ClosedRange<Duration>)
    case group(Group)
  }

  static let shape = Shape.object(Journey(), "What one visitor does.", called: "a journey") { o in
    o.required("journey", .nonEmptyString, \.name, "Its name.")
    o.optional("about", .string, \.about, "What it is for.")
    o.optional("pick", .cases(), \.pick, "How rows are picked.")
    o.optional("users", .integer(in: 1...1000), \.users, "How many visitors at once.")
    o.optional("weight", .number, \.weight, "Its part of the whole.")
    o.optional("steady", .bool, \.isSteady, "Whether rules judge it.")
    o.optional("vars", .dictionary(of: .node), \.variables, "Names for values.")
    o.required("steps", .list(of: step, atLeast: 1), \.steps, "One after the other.")
  }

  static let step: Shape<Step> = .byKey(
    "a step", ["pause": pause, "repeat": group], otherwise: call.map { call throws(Mistake) in .call(call) })

  private struct PauseDraft { var length = Duration.zero...Duration.zero }

  private static let pause = Shape.object(PauseDraft(), "A rest between two requests.") { o in
    o.required("pause", .durationRange, \.length, "How long.")
  }.map { draft throws(Mistake) in Step.pause(draft.length) }

  private static let group = Shape.object(Group(), "Steps done again and again.") { o in
    o.required("repeat", .integer(in: 1...100), \.times, "How often.")
    o.required("steps", .list(of: .reference("step", to: step)), \.steps, "What is repeated.")
  }.map { group throws(Mistake) in Step.group(group) }

  private static let call = Shape.object(Call(), "A request and what is expected.", called: "a step") { o in
    o.required("name", .string, \.name, "What reports call it.")
    o.oneKey(of: ["get", "post", "put", "delete"], .located(.string), \.request, "The path.")
    o.optional("headers", .dictionary(of: .string), \.headers, "Request headers.")
    o.optional("status", .oneOrMany(of: .integer(in: 100...599)), \.status, "Codes that are fine.")
    o.optional("json", .node, \.json, "The body, as JSON.")
    o.optional("body", .string, \.body, "The body, as text.")
    o.optional("share", .share, \.share, "How many visitors do it.")
    o.optional("within", .duration, \.within, "No longer than this.")
    o.atMostOne(of: "json", "body")
  }
}

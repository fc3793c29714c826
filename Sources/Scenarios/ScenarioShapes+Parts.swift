// SPDX-License-Identifier: Apache-2.0
import Document

/// The parts of a step.
extension ScenarioShapes {
  static let feeder = Shape.object(ScenarioDraft.FeederDraft(), "A CSV file with a header.", called: "a data file") {
    o in
    o.required("file", .located(.nonEmptyString), \.file, "Its path, relative to this file.")
    o.optional("pick", .cases(), \.pick, "random, sequential, or unique (an error after the last row).")
  }

  static let defaults = Shape.object(ScenarioDraft.DefaultsDraft(), "Defaults of all requests.", keepsBroken: true) {
    o in
    o.optional("headers", .entries(keys: headerName, of: .template("text")), \.headers, "Headers of every request.")
    o.optional("timeout", .duration, \.timeout, "Limit of a request.")
    o.optional("within", .duration, \.within, "Slower answers are counted as slow.")
    o.optional("status", statusShape, \.status, "Expected statuses where a step names none.")
    o.optional("retry", retry, \.retry, "When to send again.")
    o.optional("follow", .integer(in: 0...20), \.follow, "Redirects to follow.")
    o.optional("probe", .bool, \.isProbe, "Leave all steps out of the rules that hold for each step.")
  }

  static let setup: Shape<ScenarioDraft.SetupDraft> = {
    let steps = Shape<[StepDraft]>.list(of: .reference("step", to: Self.step), atLeast: 1)
    let list = steps.map { steps throws(Mistake) in ScenarioDraft.SetupDraft(steps: steps) }
    let mapping = Shape.object(ScenarioDraft.SetupDraft(), "Steps, and when to repeat them.", keepsBroken: true) { o in
      o.required("steps", steps, \.steps, "The steps.")
      o.optional("every", .duration, \.every, "Run them again so often.")
      o.optional("on", statusShape, \.on, "Run them again when a journey meets such a status, for instance 401.")
    }
    return .anyOf("a list of steps, or a mapping with `steps`", [list, mapping])
  }()

  /// Described here, read by `StatusRule.compile`: a number, 2xx, 200..204, a list of these, or a mapping with labels.
  static let statusShape: Shape<Node> = {
    let one = Shape<String>.text(
      "a status such as 200, 2xx or 200..204", pattern: "^([1-5][0-9][0-9](\\.\\.[1-5][0-9][0-9])?|[1-5]xx)$")
    let list = Shape<[String]>.list(of: one, atLeast: 1)
    let labels = Shape<[Entry<String, String>]>.dictionary(keys: one, of: .string)
    return Shape<Node>(
      Schema(
        .anyOf([one.schema, list.schema, labels.schema]), phrase: "a status, a list of them, or statuses with labels")
    ) { node, _ in node }
  }()

  static let ruleShape = Shape<Node>.node.describing(
    "not empty, empty, exists, absent, contains ..., not contains ..., a comparison such as \"> 0\", or the value itself"
  )

  static let expect = Shape.object(ExpectDraft(), "What the answer must be.", called: "expectations", keepsBroken: true)
  { o in
    o.optional(
      "status", statusShape, \.status, "Expected statuses; with labels the first is success, others are refusals.")
    o.optional("within", .duration, \.within, "Slower answers are counted as slow; no failure.")
    o.optional("headers", .entries(keys: headerName, of: ruleShape), \.headers, "By header.")
    o.optional("body", ruleShape, \.body, "The body as text.")
    o.optional("json", .entries(keys: .string, of: ruleShape), \.json, "By JSON path.")
  }

  static let path = Shape<String>.text("a JSON path such as $.id", pattern: "^\\$")

  static let capture: Shape<CaptureDraft> = {
    let short = Shape.located(path).mapWithNode { path, node throws(Mistake) in
      guard path.value.hasPrefix("$") else {
        throw Mistake("a JSON path begins with $", hint: "for a header write {header: \(path.value)}")
      }
      var draft = CaptureDraft()
      draft.json = path
      return draft
    }
    let long = Shape.object(CaptureDraft(), "What is kept of an answer.", called: "a capture") { o in
      o.optional("json", .located(path), \.json, "A JSON path into the body.")
      o.optional("header", headerName, \.header, "A header.")
      o.optional("status", .bool, \.status, "The status.")
      o.optional("pick", .cases(), \.pick, "Which one of several: first (else), last, random.")
      o.optional("secret", .bool, \.isSecret, "Never shown anywhere.")
      o.optional("default", .node, \.fallback, "Used when the answer has no such thing.")
    }.check { draft, node, diagnostics in
      let count = (draft.json == nil ? 0 : 1) + (draft.header == nil ? 0 : 1) + (draft.status ? 1 : 0)
      if count != 1 { diagnostics.error(at: node, "a capture needs exactly one of `json`, `header`, `status`") }
      if draft.pick != nil, draft.json == nil { diagnostics.error(at: node, "`pick` goes with `json`") }
    }
    return .anyOf("a JSON path, or a mapping such as {header: Location}", [short, long])
  }()

  static let writes: Shape<WritesDraft> = {
    let read = Shape.object(WritesDraft.ReadDraft(), "How the write is read back.", keepsBroken: true) { o in
      o.required("get", .template("a path"), \.get, "The path or URL.")
      o.optional(
        "count", .located(path), \.count,
        "What was found: a list, a number, or a path with [*]. Without it an answer 2xx is one; 404 and 410 are none.")
      o.optional(
        "headers", .entries(keys: headerName, of: .template("text")), \.headers,
        "Headers beside those of the step, which go along but for those about its body.")
      o.optional(
        "capture", .entries(keys: variable, of: capture.deferred()), \.captures,
        "Variables from what was found: with them a write whose answer never came can be closed.")
    }
    return Shape.object(WritesDraft(), "A write that must not get lost.", keepsBroken: true) { o in
      o.required(
        "key", .template("text"), \.key,
        "What identifies the write; in the ledger before it is sent, with the values that reading and closing need.")
      o.optional("read", read, \.read, "How it is read back, after the load.")
      o.optional("closed-by", .located(.nonEmptyString), \.closedBy, "The step that takes it away again.")
    }
  }()

  static let retry: Shape<RetryDraft> = {
    let long = Shape.object(RetryDraft(), "When a request is sent again.", called: "a retry") { o in
      o.optional("count", .integer(in: 1...100), \.count, "Most sends after the first.")
      o.optional("on", .node.describing("Statuses and `failure` (no answer at all): [503, failure]."), \.on, "On what.")
      o.optional("backoff", .durationRange, \.backoff, "The wait before the first retry.")
      o.optional("factor", .number, \.factor, "Each wait is so many times the one before.")
    }
    let short = Shape<Int>.integer(in: 1...100).map { count throws(Mistake) in RetryDraft(count: count) }
    return .anyOf("a number, or a mapping with `count`", [short, long])
  }()

  static let redeliver = Shape.object(
    RedeliverDraft(), "When a delivered message is delivered again.", called: "`redeliver`", keepsBroken: true
  ) { o in
    o.optional("share", .share, \.share, "The probability that a message is sent once more though it was accepted.")
    o.optional(
      "when", .node.describing("not 2xx (no answer included), a status, or a list such as [429, 5xx, failure]."),
      \.when,
      "Answers after which it is always sent again, until `after` is used up.")
    o.optional(
      "after", .oneOrMany(of: .duration), \.waits, "The wait before each redelivery: as many are made at most.")
  }.mapWithNode { draft, node throws(Mistake) in
    var draft = draft
    draft.node = node
    return draft
  }

  static let reply = Shape.object(ReplyDraft(), "The reply to a message.", called: "`reply`", keepsBroken: true) { o in
    o.required(
      "within", .located(.duration), \.within, "The journey waits so long; what comes later is counted as late.")
    o.optional(
      "message", .template("text"), \.message, "The message id, where the body does not have it at Meta's place.")
    o.optional(
      "guest", .template("text"), \.guest, "The guest's number, where the body does not have it at Meta's place.")
  }.mapWithNode { draft, node throws(Mistake) in
    var draft = draft
    draft.node = node
    return draft
  }

  static let repetition: Shape<RepeatDraft> = {
    let times = Shape<String>.text("a number of times").undecoded()
    let short = times.map { node throws(Mistake) in RepeatDraft(times: node) }
    let long = Shape.object(RepeatDraft(), "How many times.", called: "a repetition") { o in
      o.required("times", times, \.times, "Most rounds.")
      o.optional("until", .template("an expression"), \.until, "Ends it when it holds after a round.")
    }
    return .anyOf("a number of times, or a mapping with `times` and `until`", [short, long])
  }()

  static func bodyShape(_ kind: String) -> Shape<Node> {
    switch kind {
    case "form", "multipart":
      Shape<[Entry<String, Node>]>.dictionary(of: .node).undecoded()
    case "body", "file": .template(kind == "file" ? "a path" : "text")
    default: .node
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
import Document

/// What a scenario file may hold. Everything keeps what it could read of a broken file, so that the compiler still finds
/// the mistakes inside templates.
enum ScenarioShapes {
  static let methods = ["get", "post", "put", "patch", "delete", "head", "options"]
  static let bodies = ["json", "form", "body", "multipart", "file"]

  static let scenario = file(isFragment: false)
  /// A file that others include: the name may be left out.
  static let fragment = file(isFragment: true)

  private static func file(isFragment: Bool) -> Shape<ScenarioDraft> {
    let step = Shape<StepDraft>.reference("step", to: Self.step)
    return Shape.object(ScenarioDraft(), "What one visitor does.", called: "a scenario", keepsBroken: true) { o in
      let name = Shape.located(name("a name"))
      if isFragment {
        o.optional("scenario", name, \.name, "Its name; not used where the file is included.")
      } else {
        o.required("scenario", name, \.name, "Its name in plans, rules and reports.")
      }
      o.optional("about", .string, \.about, "What it is, in a sentence.")
      o.optional("tags", .oneOrMany(of: .nonEmptyString), \.tags, "Words to select scenarios by.")
      o.optional("read-only", .bool, \.isReadOnly, "Whether no step changes anything in the target.")
      o.optional("marks", marks, \.marks, "Checklist items that its steps prove.")
      o.optional("data", .entries(keys: variable, of: feeder.deferred()), \.data, "CSV files to draw rows from.")
      o.optional("vars", .entries(keys: variable, of: .node), \.variables, "Values each journey begins with.")
      o.optional("defaults", defaults, \.defaults, "What holds for every request of this file.")
      o.optional("setup", setup, \.setup, "Steps that run once for all journeys, such as a login.")
      o.required("steps", .list(of: step, atLeast: 1), \.steps, "What the visitor does, in order.")
      o.optional("finally", .list(of: step), \.finally, "What is done however the steps ended.")
    }
  }

  static let step: Shape<StepDraft> = Shape.object(
    StepDraft(), "A request, a pause, a group or an included file.", called: "a step", keepsBroken: true
  ) { o in
    let template = Shape.template("text")
    let steps = Shape<[StepDraft]>.list(of: .reference("step", to: Self.step), atLeast: 1)
    o.optional("name", .located(name("a name")), \.name, "Its name in rules and reports: scenario/name.")
    o.optional("about", .string, \.about, "What it is, in a sentence; smoke says it when the step fails.")
    o.oneKey(of: methods, .template("a path such as /api/v1/items"), \.request, "The path or URL.", required: false)
    o.optional("pause", .located(.durationRange), \.pause, "Wait: 500ms, or drawn from 200ms..1s.")
    o.optional("include", .located(.nonEmptyString), \.include, "A file whose steps stand here.")
    o.optional("steps", steps, \.group, "Steps that `when`, `share` or `repeat` hold for together.")
    o.optional("let", .entries(keys: variable, of: .node), \.variables, "Variables set before the request.")
    o.optional("headers", .entries(keys: headerName, of: template), \.headers, "Headers, rendered after the body.")
    o.oneKey(bodies.map { ($0, bodyShape($0)) }, \.body, "What is sent.", required: false)
    o.optional("expect", expect, \.expect, "What the answer must be; 2xx when nothing is written.")
    o.optional("capture", .entries(keys: variable, of: capture.deferred()), \.captures, "Variables from the answer.")
    o.optional("writes", writes, \.writes, "Marks a write that must not get lost.")
    o.optional("retry", retry, \.retry, "When to send again.")
    o.optional("when", template, \.condition, "An expression; the step is left out when it is false.")
    o.optional("share", .share, \.share, "The probability of the step.")
    o.optional("repeat", repetition, \.repetition, "How many times.")
    o.optional("probe", .bool, \.isProbe, "Leave it out of the rules that hold for each step.")
    o.optional("timeout", .duration, \.timeout, "Limit of this request.")
    o.optional("follow", .integer(in: 0...20), \.follow, "Redirects to follow.")
    o.optional("tags", .oneOrMany(of: .nonEmptyString), \.tags, "Words to select steps by.")
    o.optional("read-only", .bool, \.isReadOnly, "Whether it changes nothing in the target.")
    o.optional("redeliver", redeliver, \.redeliver, "When the same bytes are delivered again, as webhooks do.")
    o.optional("reply", reply, \.reply, "Waits for the message that the target sends back, as the sink sees it.")
  }.mapWithNode { draft, node throws(Mistake) in
    var draft = draft
    draft.node = node
    return draft
  }

  static func name(_ phrase: String) -> Shape<String> {
    Shape<String>.text(phrase, pattern: "^[^/!,{}\\x00-\\x1f]+$").map { text throws(Mistake) in
      if text.isEmpty { throw Mistake("a name cannot be empty") }
      if let bad = text.unicodeScalars.first(where: { "/!,{}".unicodeScalars.contains($0) || $0.value < 0x20 }) {
        throw Mistake("a name cannot hold '\(bad)'", hint: "series are named scenario/step: use letters, digits and -")
      }
      if text != text.trimmingBlanks { throw Mistake("a name cannot begin or end with a blank") }
      return text
    }
  }

  static let variable = Shape<String>.text("a variable's name", pattern: "^[A-Za-z_][A-Za-z0-9_-]*$").map {
    text throws(Mistake) in
    let first = text.utf8.first ?? 0
    let isName =
      text.utf8.allSatisfy { isNameByte($0) } && !(0x30...0x39).contains(first) && first != 0x2d
      && text.utf8.last != 0x2d
    guard isName, !text.isEmpty else {
      throw Mistake("'\(text)' cannot be a variable", hint: "letters, digits, _ and - between them")
    }
    let reserved = ["run", "journey", "settings", "body", "true", "false", "null", "and", "or", "not"]
    if reserved.contains(text) || Scope.functions.contains(text) {
      throw Mistake("'\(text)' means something else already")
    }
    return text
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x5f || byte == 0x2d
  }

  static let headerName = Shape<String>.text("a header's name", pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$").map {
    text throws(Mistake) in
    let others = Array("!#$%&'*+-.^_`|~".utf8)
    let isToken = text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20) && $0 != 0x5f && $0 != 0x7e && $0 < 0x7b
        || others.contains($0)
    }
    guard isToken, !text.isEmpty else { throw Mistake("'\(text)' cannot be the name of a header") }
    return text
  }
}

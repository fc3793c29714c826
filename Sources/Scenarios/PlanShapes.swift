// SPDX-License-Identifier: Apache-2.0
import Document
import Judgement

/// What a plan file may hold.
enum PlanShapes {
  static let plan = Shape.object(
    PlanDraft(), "How many arrivals of which scenarios, when, and what must hold.", called: "a plan", keepsBroken: true
  ) { o in
    o.required("plan", .located(ScenarioShapes.name("a name")), \.name, "Its name.")
    o.optional("about", .string, \.about, "What it is for, in a sentence.")
    o.required("mix", mix, \.mix, "Scenarios and their shares of the arrivals.")
    o.optional("phases", .list(of: phase, atLeast: 1), \.phases, "One after the other.")
    o.optional(
      "thresholds", .list(of: .located(threshold)), \.thresholds,
      "Rules the run is judged by: p(95) < 300ms, errors < 0.1% @steady, cpu(api) < 70%, memory(api) < 80% and more.")
    o.optional("confidence", confidence, \.confidence, "How sure a verdict must be: 95%, or estimate.")
    o.optional(
      "baseline", .nonEmptyString, \.baseline, "Run folder whose figures rules may name: p(95) < baseline + 10%.")
    o.optional("max-in-flight", .integer(in: 1...1_000_000), \.maxInFlight, "Most requests at the same time.")
    o.optional("drain", .duration, \.drain, "How long journeys may go on after the last arrival.")
    o.optional("timeout", .duration, \.timeout, "Limit of a request.")
    o.optional("arrivals", .cases(), \.arrivals, "even, or poisson.")
    o.optional("connections", .cases(), \.connections, "Who shares connections: pool, journey, or none.")
    o.optional("http", .cases(), \.http, "The version of HTTP.")
    o.optional("compression", .bool, \.compression, "Whether compressed answers are asked for.")
    o.optional("find", find, \.find, "Searches the greatest rate at which rules hold.")
    o.optional("overload-stop", overload, \.overloadStop, "When a run is stopped early; off: never.")
    o.optional("seed", .integer(in: 0...Int.max), \.seed, "Fixes schedule and picks.")
  }.check { draft, node, diagnostics in
    if draft.timeout <= .zero {
      diagnostics.error(at: node["timeout"] ?? node, "a timeout of nothing lets no request succeed")
    }
    guard node["phases"] == nil, node["find"] == nil else { return }
    diagnostics.error(at: node, "a plan needs `phases`, or `find`")
  }

  static let mix = Shape<[PlanDraft.MixDraft]>.list(of: mixEntry, atLeast: 1)

  private static let mixEntry: Shape<PlanDraft.MixDraft> = {
    let file = Shape<String>.nonEmptyString
    let short = Shape.located(file).map { file throws(Mistake) in
      PlanDraft.MixDraft(node: file.node, scenario: file)
    }
    let long = Shape.object(
      PlanDraft.MixDraft(), "A scenario and its share.", called: "a scenario of the mix", keepsBroken: true
    ) { o in
      o.required("scenario", .located(file), \.scenario, "A scenario file, relative to this one.")
      o.optional(
        "share", .located(share), \.share, "Its share of the arrivals: percents that add up to 100, or weights.")
    }.mapWithNode { draft, node throws(Mistake) in
      var draft = draft
      draft.node = node
      return draft
    }
    return .anyOf("a scenario file, or a mapping with `scenario` and `share`", [short, long])
  }()

  private static let share = Shape<String>.text(
    "a share such as 20%, or a weight", pattern: #"^[0-9]+(\.[0-9]+)? ?%?$"#
  ).map {
    text throws(Mistake) in
    if text.hasSuffix("%") { return PlanDraft.Share.fraction(try parseShare(text)) }
    guard let weight = Value.parsedNumber(text), weight >= 0 else {
      throw Mistake("expected a share such as 20%, or a weight such as 3")
    }
    return .weight(weight)
  }

  static let phase: Shape<PlanDraft.PhaseDraft> = Shape.object(
    PlanDraft.PhaseDraft(), "A stretch of the plan.", called: "a phase", keepsBroken: true
  ) { o in
    o.required("name", .located(ScenarioShapes.name("a name")), \.name, "Its name in rules: @name.")
    o.optional("rate", rate, \.rate, "Arrivals per second, or a ramp: 0..40/s.")
    o.optional("users", users, \.users, "Visitors at the same time (closed model), or a ramp: 0..50.")
    o.required("for", .located(.duration), \.length, "How long it lasts.")
    o.optional("demo", .located(.duration), \.demoLength, "How long it lasts against the embedded hotel.")
    o.optional("steady", .bool, \.isSteady, "Whether rules and checklist look at it.")
    o.optional("mix", mix, \.mix, "Its own mix.")
    o.optional("arrivals", .cases(), \.arrivals, "even, or poisson.")
  }.mapWithNode { draft, node throws(Mistake) in
    var draft = draft
    draft.node = node
    return draft
  }.check { draft, node, diagnostics in
    if node["rate"] == nil, node["users"] == nil { diagnostics.error(at: node, "a phase needs `rate` or `users`") }
    if node["rate"] != nil, node["users"] != nil {
      diagnostics.error(at: node.keyNode("users") ?? node, "`users` cannot stand beside `rate`")
    }
    for case let length? in [draft.length, draft.demoLength] where length.value < .seconds(1) {
      diagnostics.error(at: length.node, "a phase lasts at least 1s")
    }
  }

  static let rate = Shape<String>.text("a rate such as 40 arrivals/s, 200 requests/s or 1x peak").map {
    text throws(Mistake) in
    do throws(RateMistake) { return try RateExpression.parse(text) } catch { throw Mistake(error) }
  }

  private static let upTo = Shape<String>.text("a rate such as up to 500/s").map { text throws(Mistake) in
    let skipped = text.hasPrefix("up to ") ? 6 : 0
    do throws(RateMistake) {
      let rate = try RateExpression.parse(String(text.dropFirst(skipped)))
      if rate.isRamp {
        throw RateMistake(
          message: "a search has one upper end", hint: "write up to 500/s", offset: 0, length: text.utf8.count)
      }
      return rate
    } catch {
      var mistake = Mistake(error)
      mistake.offset = error.offset + skipped
      throw mistake
    }
  }

  static let users = Shape<String>.text(
    "a number of users, or a ramp such as 0..50", pattern: #"^[0-9]+(\.\.[0-9]+)?$"#
  ).map {
    text throws(Mistake) in
    let ends = text.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = ends.map { Int($0) }
    let most = 1_000_000
    if numbers.count == 1, let users = numbers[0], (1...most).contains(users) {
      return PlanDraft.ClosedRampOfUsers(from: users, to: users)
    }
    if numbers.count == 3, ends[1].isEmpty, let from = numbers[0], let to = numbers[2], max(from, to) > 0,
      max(from, to) <= most, min(from, to) >= 0
    {
      return PlanDraft.ClosedRampOfUsers(from: from, to: to)
    }
    throw Mistake("expected a number of users up to \(most), or a ramp such as 0..50")
  }

  static let threshold = Shape<String>.text("a rule such as p(95) < 300ms").map { text throws(Mistake) in
    do throws(ThresholdError) { return try Threshold.parse(text) } catch {
      throw Mistake(
        error.message, hint: error.suggestion.map { "did you mean `\($0)`?" }, offset: error.span.offset,
        length: max(1, error.span.length))
    }
  }

  private static let confidence = Shape<String>.text("a confidence such as 95%, or estimate").map {
    text throws(Mistake) in
    if text == "estimate" { return Confidence.estimate }
    let level = try parseShare(text)
    guard level >= 0.5, level < 1 else { throw Mistake("a confidence is at least 50% and less than 100%") }
    return .level(level)
  }

  private static let find = Shape.object(PlanDraft.FindDraft(), "A search for the greatest rate.", called: "a search") {
    o in
    o.required("rate", upTo, \.upTo, "The search goes no higher: up to 500/s.")
    o.required("while", .oneOrMany(of: .located(threshold)), \.rules, "What must hold at a rate.")
    o.optional("from", rate, \.startingAt, "Where it begins; a tenth of the upper end else.")
    o.optional("for", .duration, \.trial, "Length of one trial.")
    o.optional("demo", .duration, \.demoTrial, "Length of one trial against the embedded hotel.")
    o.optional("precision", .share, \.precision, "How near the interval's ends must come.")
  }.check { draft, node, diagnostics in
    if draft.trial < .seconds(1) { diagnostics.error(at: node["for"] ?? node, "a trial lasts at least 1s") }
    if let trial = draft.demoTrial, trial < .seconds(1) {
      diagnostics.error(at: node["demo"] ?? node, "a trial lasts at least 1s")
    }
    if draft.precision < 0.001 { diagnostics.error(at: node["precision"] ?? node, "the precision is at least 0.1%") }
  }

  private static let overload: Shape<Plan.OverloadStop?> = {
    let off = Shape<Bool>.choice(["off": true]).map { _ throws(Mistake) in Plan.OverloadStop?.none }
    let on = Shape.object(PlanDraft.OverloadDraft(), "When a run is stopped early.", called: "an overload stop") { o in
      o.optional("errors", .share, \.errors, "More than this share of errors")
      o.optional("for", .duration, \.window, "in so many seconds.")
    }.mapWithNode { draft, node throws(Mistake) in
      let seconds = Int(draft.window.components.seconds)
      if seconds < 1 { throw Mistake("the window lasts at least 1s") }
      return Plan.OverloadStop?.some(Plan.OverloadStop(errorShare: draft.errors, seconds: seconds))
    }
    return .anyOf("off, or a mapping such as {errors: 80%, for: 30s}", [off, on])
  }()
}

extension Mistake {
  init(_ mistake: RateMistake) {
    self.init(mistake.message, hint: mistake.hint, offset: mistake.offset, length: mistake.length)
  }
}

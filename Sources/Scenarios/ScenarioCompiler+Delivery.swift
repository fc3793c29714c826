// SPDX-License-Identifier: Apache-2.0
import Document
package import Judgement

/// `redeliver` and `reply`: what a webhook step adds.
extension ScenarioCompiler {
  mutating func compileDelivery(_ draft: StepDraft, _ node: Node, _ step: inout CompiledRequest) {
    for key in ["redeliver", "reply"] where isSetup && node[key] != nil {
      diagnostics.error(
        at: node.keyNode(key) ?? node, "`\(key)` belongs to the load: setup runs once, beside it",
        hint: "move the step to `steps`")
    }
    if draft.redeliver != nil, draft.retry != nil {
      diagnostics.error(
        at: node.keyNode("redeliver") ?? node, "`redeliver` and `retry` cannot stand together: both send again",
        hint: "`redeliver` sends the same bytes, `retry` makes the request anew")
    }
    step.redeliver = draft.redeliver.flatMap { redelivery($0) }
    step.reply = draft.reply.flatMap { reply($0, hasBody: draft.body != nil) }
  }

  private mutating func redelivery(_ draft: RedeliverDraft) -> RedeliverRule? {
    guard let node = draft.node else { return nil }
    if draft.share == nil, draft.when == nil {
      // A key that was wrong has been reported already.
      let isBroken = (node.entries ?? []).contains { $0.key.text != "after" }
      if !isBroken {
        diagnostics.error(at: node, "`redeliver` needs a `share` or a `when`", hint: "{share: 10%, when: not 2xx}")
      }
      return nil
    }
    var rule = RedeliverRule(share: draft.share ?? 0, waitsNanoseconds: draft.waits.map(\.nanoseconds))
    if let when = draft.when { compileWhen(when, &rule) }
    return rule
  }

  /// `not 2xx`: every other status, and no answer. Else a status, `failure`, or a list of these.
  private mutating func compileWhen(_ node: Node, _ rule: inout RedeliverRule) {
    if let text = node.text, text.hasPrefix("not ") {
      let rest = String(text.dropFirst(4)).trimmingBlanks
      guard let range = Self.statusRange(of: rest) else {
        diagnostics.error(at: node, "expected a status such as 2xx after `not`, found '\(rest)'", hint: "not 2xx")
        return
      }
      rule.statuses = [range]
      rule.isInverted = true
      rule.onTransportFailure = true
      return
    }
    for item in node.items ?? [node] {
      if item.text == "failure" {
        rule.onTransportFailure = true
      } else if item.text?.hasPrefix("not ") ?? false {
        diagnostics.error(at: item, "`not` stands alone, not in a list", hint: "when: not 2xx")
      } else if let range = statusRange(
        item, hint: "`not 2xx`, statuses, and `failure` (no answer) can have it delivered again")
      {
        rule.statuses.append(range)
      }
    }
  }

  private mutating func reply(_ draft: ReplyDraft, hasBody: Bool) -> ReplyRule? {
    guard let node = draft.node, let within = draft.within else { return nil }
    if within.value <= .zero { diagnostics.error(at: within.node, "a reply takes time: `within` is more than nothing") }
    if !hasBody, draft.message == nil {
      diagnostics.error(
        at: node, "there is no body in which the message id could be found",
        hint: "name it: reply: {within: ..., message: \"{{ ... }}\"}")
    }
    return ReplyRule(
      withinNanoseconds: within.value.nanoseconds, message: messageTemplate(draft.message),
      guest: draft.guest.flatMap { text($0) })
  }

  private mutating func messageTemplate(_ node: Node?) -> Template? {
    guard let node, let template = text(node) else { return nil }
    if let constant = template.constant {
      let text = String(decoding: constant, as: UTF8.self)
      diagnostics.error(
        at: node, "the message id '\(text)' is the same for every message",
        hint: "use a variable that the body uses too, such as {{ message_id }}")
    }
    return template
  }

  private mutating func text(_ node: Node) -> Template? {
    compiled(node) { text, scope throws(TemplateMistake) in try Template.text(text, scope: &scope) }
  }
}

extension Threshold {
  /// A rule on replies where none is awaited could never be judged.
  package func replyMistake(in scenarios: [ScenarioProgram]) -> (message: String, hint: String)? {
    guard figure.isAboutReplies else { return nil }
    let awaiting = scenarios.flatMap { program in
      zip(program.requestNames, program.requests).filter { $0.1.reply != nil }.map(\.0)
    }
    guard !awaiting.isEmpty else {
      return ("no step of this plan awaits a reply", "add `reply: {within: 10s}` to the step that posts the message")
    }
    guard !awaiting.contains(where: selection.includes) else { return nil }
    return ("step '\(selection.step ?? "")' awaits no reply", "those that do: \(awaiting.joined(separator: ", "))")
  }
}

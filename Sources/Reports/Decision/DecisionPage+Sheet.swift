// SPDX-License-Identifier: Apache-2.0
import Readiness
import Results

extension DecisionPage {
  /// A page of its own on paper. What is on file stands in it; the boxes are for people alone.
  var sheet: HTMLText {
    let others = record.signOffs.map(\.role).filter { !record.rule.roles.contains($0) }
    let roles = (record.rule.roles + others).map { role -> HTMLText in
      let signature = record.signOffs.last { $0.role == role }
      let signed: HTMLText = signature == nil ? "" : #"<span class="soft">on file</span>"#
      return #"""
        <tr><th scope="row">\#(role)</th><td>\#(signature?.who)</td><td>\#(signed)</td><td>\#(signature.map { DecisionWords.moment($0.at) })</td><td>\#(signature?.note)</td></tr>

        """#
    }
    let boxes = [Outcome.go, .caution, .noGo].map { outcome -> HTMLText in
      #"<li><span class="box"></span>\#(outcome.rawValue)</li>"#
    }
    let conditions = record.conditions.map { condition -> HTMLText in "\(condition.text) (\(condition.who))" }
    let maker = record.rule.decisionMaker.map { "Decision maker (\($0))" } ?? "Decision maker"
    return #"""
      <section id="sheet" class="sheet" aria-labelledby="sheet-h">
      \#(HTMLParts.demoLine(record.demo))<h2 id="sheet-h">Sign-off sheet</h2>
      <p>\#(record.checklist.title). Environment \#(environmentLine). Found by the tool at \#(DecisionWords.moment(record.decided)): <strong>\#(record.outcome.rawValue)</strong>\#(scoreLine).</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Signatures"><table class="signatures">
      <thead><tr><th scope="col">Role</th><th scope="col">Name</th><th scope="col">Signature</th><th scope="col">Date</th><th scope="col">Notes</th></tr></thead>
      <tbody>
      \#(roles)</tbody></table></div>
      <h3>Decision</h3>
      <ul class="boxes">\#(boxes)</ul>
      <h3>Conditions</h3>
      \#(HTMLParts.list(conditions))<div class="line"></div><div class="line"></div>
      <div class="fields">
      <div><span>\#(maker)</span><b>\#(record.decisionMaker)</b></div><div><span>Signature</span></div>
      <div><span>Date</span></div><div><span>Launch date and time (UTC)</span></div>
      </div>
      </section>

      """#
  }

  private var environmentLine: HTMLText {
    "\(record.environment), build \(record.build ?? "unknown")"
  }

  private var scoreLine: HTMLText {
    HTMLText(
      joining: record.scores.map { score -> HTMLText in
        ", \(score.name) \(DecisionWords.fraction(score, record.rule)) (\(DecisionWords.percent(score.share)))"
      })
  }
}

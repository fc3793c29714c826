// SPDX-License-Identifier: Apache-2.0
import Document
import Results

/// What each kind of entry may hold.
enum PeoplesShapes {
  static let entries = Shape<[PeoplesEntry]>.list(of: entry)

  private static let kinds: KeyValuePairs<String, Shape<PeoplesEntry>> = [
    "risk": risk, "sign-off": signOff, "condition": condition, "decision-maker": decisionMaker,
    "supersede": supersession, "import": report, "approval": approval,
  ]

  /// Of an entry's keys one says what it is. `item` is asked last, since a risk may name one too.
  private static let entry = Shape<PeoplesEntry>.byKey(
    "an entry",
    kinds,
    otherwise: Shape(attestation.schema) { node, diagnostics in
      if node["item"] != nil || node.entries == nil { return attestation.decode(node, &diagnostics) }
      let known = ["item"] + kinds.map(\.key)
      let near = node.entries?.lazy.compactMap(\.key.text).compactMap { nearest(to: $0, among: known) }.first
      diagnostics.error(
        at: node, "expected an entry with one of the keys \(known.map { "`\($0)`" }.joined(separator: ", "))",
        hint: near.map { "did you mean `\($0)`?" })
      return nil
    })

  private static let words = Shape<String>.nonEmptyString
  static let standings: KeyValuePairs<String, Standing> = [
    "pass": .pass, "partial": .partial, "fail": .fail, "na": .notApplicable, "pending": .pending,
  ]
  private static let status = Shape<Standing>.choice(standings)

  // MARK: item

  private struct ItemDraft {
    var item = ""
    var status = Standing.pending
    var who = ""
    var at = Timestamp(millisecondsSinceEpoch: 0)
    var environment: String?
    var build: String?
    var note: String?
    var evidence: [String] = []
    var approvedBy: String?
    var override: String?
    var checklist = Attestation.defaultChecklist
  }

  private static let attestation = Shape.object(ItemDraft(), "What somebody says about a row.", called: "an entry") {
    o in
    o.required("item", words, \.item, "Id of the row.")
    o.required("status", status, \.status, "How it stands; `pending` withdraws what was said before.")
    o.required("who", words, \.who, "Who checked it.")
    o.required("at", .moment, \.at, "When.")
    o.optional("environment", words, \.environment, "Counts for this one only; `demo`: the embedded hotel.")
    o.optional("build", words, \.build, "Counts for this one only.")
    o.optional("note", words, \.note, "What was seen; of an N/A: why it does not apply.")
    o.optional(
      "evidence", .oneOrMany(of: words), \.evidence, "Files and links, `FILE sha256:DIGEST` for one that stays.")
    o.optional("approved-by", words, \.approvedBy, "Who agrees that it does not apply.")
    o.optional("override", words, \.override, "Why it stands over a measurement; shown wherever the row is.")
    o.optional("checklist", words, \.checklist, "Which list the row is of (p020).")
  }
  .check { draft, node, diagnostics in
    if draft.status == .pass, draft.note == nil, draft.evidence.isEmpty {
      diagnostics.error(at: node, "a pass needs `evidence` or a `note`: what was seen")
    }
    if draft.status == .notApplicable, draft.note == nil {
      diagnostics.error(at: node, "`na` needs a `note`: why the row does not apply")
    }
    if draft.approvedBy != nil, draft.status != .notApplicable {
      diagnostics.error(at: node["approved-by"] ?? node, "only `na` is approved")
    }
  }
  .map { draft in
    PeoplesEntry.attestation(
      Attestation(
        item: draft.item, status: draft.status, who: draft.who, at: draft.at, environment: draft.environment,
        build: draft.build, note: draft.note, evidence: draft.evidence.map { EvidenceReference($0) },
        approvedBy: draft.approvedBy, override: draft.override, checklist: draft.checklist))
  }

  // MARK: approval, condition, decision maker, supersession

  private struct WordDraft {
    var subject = ""
    var reason = ""
    var who = ""
    var at = Timestamp(millisecondsSinceEpoch: 0)
    var checklist = Attestation.defaultChecklist
  }

  private static let approval = Shape.object(WordDraft(), "Approves that a row does not apply.", called: "an entry") {
    o in
    o.required("approval", words, \.subject, "Id of the row.")
    o.required("who", words, \.who, "Who agrees.")
    o.required("at", .moment, \.at, "When.")
    o.optional("checklist", words, \.checklist, "Which list the row is of (p020).")
  }
  .map { PeoplesEntry.approval(Approval(item: $0.subject, who: $0.who, at: $0.at, checklist: $0.checklist)) }

  private static let condition = Shape.object(WordDraft(), "What a launch depends on.", called: "an entry") { o in
    o.required("condition", words, \.subject, "What has to be done or watched.")
    o.required("who", words, \.who, "Who asks for it.")
    o.required("at", .moment, \.at, "When.")
  }
  .map { PeoplesEntry.condition(ConditionEntry(text: $0.subject, who: $0.who, at: $0.at)) }

  private struct MakerDraft {
    var who = ""
    var at: Timestamp?
  }

  private static let decisionMaker = Shape.object(MakerDraft(), "Who decides.", called: "an entry") { o in
    o.required("decision-maker", words, \.who, "Name.")
    o.optional("at", .moment, \.at, "When it was put on file.")
  }
  .map { PeoplesEntry.decisionMaker(DecisionMakerEntry(who: $0.who, at: $0.at)) }

  private static let supersession = Shape.object(
    WordDraft(), "Why a PASS counts after a FAIL on the same build.", called: "an entry"
  ) { o in
    o.required("supersede", words, \.subject, "Name of the run folder of the FAIL.")
    o.required("reason", words, \.reason, "What was wrong with that run, or what was mended.")
    o.required("who", words, \.who, "Who says so.")
    o.required("at", .moment, \.at, "When.")
  }
  .map {
    PeoplesEntry.supersession(Supersession(run: $0.subject, reason: $0.reason, who: $0.who, at: $0.at))
  }

  // MARK: risk

  private struct RiskDraft {
    var id = ""
    var title = ""
    var item: String?
    var level = RiskLevel.high
    var impact = ""
    var probability = ""
    var mitigation: String?
    var mitigated = false
    var acceptedBy: String?
    var at = Timestamp(millisecondsSinceEpoch: 0)
  }

  private static let risk = Shape.object(RiskDraft(), "What launching may cost.", called: "an entry") { o in
    o.required("risk", words, \.id, "Its id, such as R-1; a later entry with the same id takes its place.")
    o.required("title", words, \.title, "What it is.")
    o.optional("item", words, \.item, "The row it comes from.")
    o.required(
      "level", .choice(["low": .low, "medium": .medium, "high": .high, "critical": .critical]), \.level,
      "How grave it is.")
    o.optional("impact", words, \.impact, "Effect of launching with it.")
    o.optional("probability", words, \.probability, "Chance that it shows.")
    o.optional("mitigation", words, \.mitigation, "What lowers it.")
    o.optional("mitigated", .bool, \.mitigated, "Whether the mitigation is in place.")
    o.optional("accepted-by", words, \.acceptedBy, "Who accepts living with it.")
    o.required("at", .moment, \.at, "When.")
  }
  .check { draft, node, diagnostics in
    if draft.mitigated, draft.mitigation == nil {
      diagnostics.error(at: node["mitigated"] ?? node, "`mitigated` needs a `mitigation`: what was done")
    }
  }
  .map { draft in
    PeoplesEntry.risk(
      RiskEntry(
        risk: Risk(
          id: draft.id, title: draft.title, item: draft.item, level: draft.level, impact: draft.impact,
          probability: draft.probability, mitigation: draft.mitigation, isMitigated: draft.mitigated,
          acceptedBy: draft.acceptedBy),
        at: draft.at))
  }

  // MARK: sign-off

  private struct SignOffDraft {
    var role = ""
    var who = ""
    var at = Timestamp(millisecondsSinceEpoch: 0)
    var note: String?
    var environment: String?
    var build: String?
  }

  private static let signOff = Shape.object(SignOffDraft(), "A signature on the sheet.", called: "an entry") { o in
    o.required("sign-off", words, \.role, "The role: Engineering Lead.")
    o.required("who", words, \.who, "Who signs.")
    o.required("at", .moment, \.at, "When.")
    o.optional("note", words, \.note, "What is said with it.")
    o.optional("environment", words, \.environment, "Counts for this one only; `demo`: the embedded hotel.")
    o.optional("build", words, \.build, "Counts for this one only.")
  }
  .map { draft in
    PeoplesEntry.signOff(
      SignOffEntry(
        signOff: SignOff(role: draft.role, who: draft.who, at: draft.at, note: draft.note),
        environment: draft.environment, build: draft.build))
  }

  // MARK: import

  private struct ReportDraft {
    var path = ""
    var kind = ReportKind.junit
    var sha256 = ""
    var at = Timestamp(millisecondsSinceEpoch: 0)
    var made: Timestamp?
    var who = ""
    var items: [String] = []
    var summary: [ReportFigure] = []
    var environment: String?
    var build: String?
  }

  private static let digest = words.map { text throws(Mistake) in
    guard Digest.isSHA256(text) else { throw Mistake("expected 64 lower-case hexadecimal digits") }
    return text
  }

  private static let figures = Shape<[Entry<String, Int>]>.dictionary(of: .integer(in: 0...Int.max))
    .map { (entries: [Entry<String, Int>]) in entries.map { ReportFigure($0.key, $0.value) } }

  private static let report = Shape.object(ReportDraft(), "A report of another tool.", called: "an entry") { o in
    o.required("import", words, \.path, "The file.")
    o.required("kind", .cases(of: ReportKind.self), \.kind, "What it is.")
    o.required("sha256", digest, \.sha256, "Digest of the file.")
    o.required("at", .moment, \.at, "When it was imported.")
    o.optional("made", .moment, \.made, "When it was made, as far as it says so.")
    o.required("who", words, \.who, "Who imported it.")
    o.optional("for", .oneOrMany(of: words), \.items, "Rows it is for; without it every row that asks for its kind.")
    o.required("summary", figures, \.summary, "Its counts by name.")
    o.optional("environment", words, \.environment, "Counts for this one only; `demo`: the embedded hotel.")
    o.optional("build", words, \.build, "Counts for this one only.")
  }
  .map { draft in
    PeoplesEntry.report(
      ImportedReport(
        path: draft.path, kind: draft.kind, sha256: draft.sha256, at: draft.at, made: draft.made, who: draft.who,
        items: draft.items, summary: draft.summary, environment: draft.environment, build: draft.build))
  }
}

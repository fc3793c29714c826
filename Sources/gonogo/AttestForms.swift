// SPDX-License-Identifier: Apache-2.0
import Document
import FoundationEssentials
import Readiness
import Results

extension Attest {
  private static let statuses: [(word: String, standing: Standing)] = [
    ("pass", .pass), ("partial", .partial), ("fail", .fail), ("na", .notApplicable), ("pending", .pending),
  ]

  /// `ITEM pass ...` and `ITEM approve`.
  func word(about id: String, _ rest: [String]) throws -> PeoplesEntry {
    let item = try item(id)
    guard rest.count == 1, let word = rest.first else {
      throw CommandFailure.usage(
        rest.isEmpty ? "say how \(id) stands" : "one word says how \(id) stands",
        hint: "gonogo attest \(id) pass|partial|fail|na|pending|approve --who NAME")
    }
    if word == "approve" {
      try allow("approve")
      let approval = Approval(item: id, who: try who(), at: now, checklist: checklist.id)
      guard try isNotApplicable(id) else {
        throw CommandFailure.refused(
          "nobody has said that \(id) does not apply", hint: "gonogo attest \(id) na --note WHY --who NAME")
      }
      return .approval(approval)
    }
    guard let status = Self.statuses.first(where: { $0.word == word.lowercased() })?.standing else {
      let near = nearest(to: word, among: Self.statuses.map(\.word) + ["approve"]).map { "did you mean \($0)?" }
      throw CommandFailure.usage(
        "\(printable(word)) is no status", hint: near ?? "there are: pass, partial, fail, na, pending, approve")
    }
    try allow("a row", "note", "evidence", "env", "build", "approved-by", "override")
    let said = Attestation(
      item: id, status: status, who: try who(), at: now, environment: try environment(),
      build: arguments.value("build"), note: arguments.value("note"), evidence: try evidence(),
      approvedBy: arguments.value("approved-by"), override: arguments.value("override"), checklist: checklist.id)
    try check(said, item)
    return .attestation(said)
  }

  private func check(_ said: Attestation, _ item: ChecklistItem) throws {
    if said.status == .pass, said.note == nil, said.evidence.isEmpty {
      throw CommandFailure.usage("a pass needs --evidence or --note: what was seen")
    }
    if said.status == .notApplicable, said.note == nil {
      throw CommandFailure.usage("na needs --note: why \(item.id) does not apply")
    }
    if said.approvedBy != nil, said.status != .notApplicable {
      throw CommandFailure.usage("only na is approved: --approved-by does not go with it")
    }
    if item.isSignOff, said.status == .pass, let role = item.role {
      throw CommandFailure.refused(
        "\(item.id) is proven by a signature",
        hint: "gonogo attest sign-off '\(role)' --who NAME --env NAME --build NAME")
    }
    guard said.override == nil, [.pass, .partial, .notApplicable].contains(said.status) else { return }
    if let measurement = try measurement(of: item, said) {
      throw CommandFailure.refused(
        "\(item.id) is not attested over \(measurement)",
        hint:
          "gonogo status says how it stands; --override REASON lets your word stand, and the reason is shown everywhere"
      )
    }
  }

  /// What a word about the row would stand over; nil when it may stand by itself.
  private func measurement(of item: ChecklistItem, _ said: Attestation) throws -> String? {
    if item.isMeasuredAlways { return "what runs measure" }
    guard !item.marks.isEmpty else { return nil }
    let environment = said.environment == demoEnvironment ? nil : said.environment
    let runs = EvidenceScan(
      directory: arguments.value("out") ?? "results", checklist: checklist, environment: environment, now: now,
      toolVersion: Main.version
    ).runs()
    let build = DecidedBuild.find(given: said.build, evidence: runs, environment: environment, now: now).build
    let entries: PeoplesEntries
    do throws(AppendError) { entries = try PeoplesFile.read(path) } catch { throw CommandFailure(error, path: path) }
    let bare = PeoplesEntries(entries.all.filter { if case .attestation = $0 { false } else { true } })
    let states = assemble(
      checklist: checklist, evidence: runs, entries: bare, environment: environment, build: build, now: now)
    guard let state = states.first(where: { $0.item.id == item.id }),
      !state.notes.contains(where: { $0.hasPrefix("on file for") })
    else { return nil }
    return [.measured, .imported].contains(state.origin) ? "\(state.standing.rawValue): \(state.reason)" : nil
  }

  private func isNotApplicable(_ id: String) throws -> Bool {
    let entries: PeoplesEntries
    do throws(AppendError) { entries = try PeoplesFile.read(path) } catch { throw CommandFailure(error, path: path) }
    let said = entries.all.compactMap { entry -> Attestation? in
      if case .attestation(let said) = entry, said.item == id, said.checklist == checklist.id { said } else { nil }
    }
    return said.last?.status == .notApplicable
  }

  // MARK: other forms

  /// A later entry with the same id takes the place of the earlier one: what is not named again stays.
  func risk(_ rest: [String]) throws -> (PeoplesEntries) throws -> [PeoplesEntry] {
    try allow(
      "risk", "title", "item", "level", "impact", "probability", "mitigation", "mitigated", "accepted-by")
    guard rest.count == 1, let id = rest.first else {
      throw CommandFailure.usage("name one risk", hint: "gonogo attest risk R-1 --title TEXT --level high")
    }
    if let row = arguments.value("item") { _ = try item(row) }
    var level: RiskLevel?
    if let word = arguments.value("level") {
      level = RiskLevel(rawValue: word.uppercased())
      guard level != nil else {
        throw CommandFailure.usage("--level is low, medium, high or critical, not \(printable(word))")
      }
    }
    let arguments = arguments
    let now = now
    return { before in
      let old = before.risks.first { $0.id == id }
      guard let title = arguments.value("title") ?? old?.title, let level = level ?? old?.level else {
        throw CommandFailure.usage("a new risk needs --title and --level")
      }
      let mitigation = arguments.value("mitigation") ?? old?.mitigation
      if arguments.has("mitigated"), mitigation == nil {
        throw CommandFailure.usage("--mitigated needs --mitigation: what was done")
      }
      return [
        .risk(
          RiskEntry(
            risk: Risk(
              id: id, title: title, item: arguments.value("item") ?? old?.item, level: level,
              impact: arguments.value("impact") ?? old?.impact ?? "",
              probability: arguments.value("probability") ?? old?.probability ?? "", mitigation: mitigation,
              isMitigated: arguments.has("mitigated") || (old?.isMitigated ?? false),
              acceptedBy: arguments.value("accepted-by") ?? old?.acceptedBy), at: now))
      ]
    }
  }

  /// For one environment and one build: a signature under the next launch is another one.
  func signOff(_ rest: [String]) throws -> PeoplesEntry {
    try allow("sign-off", "note", "env", "build")
    let roles = checklist.rule.roles
    guard rest.count == 1, let role = rest.first else {
      throw CommandFailure.usage("name one role: \(roles.joined(separator: ", "))")
    }
    guard let known = roles.first(where: { $0.lowercased() == role.lowercased() }) else {
      let near = nearest(to: role, among: roles).map { "did you mean '\($0)'?" }
      throw CommandFailure.usage(
        "\(checklist.id) has no role \(printable(role))", hint: near ?? "there are: \(roles.joined(separator: ", "))")
    }
    guard arguments.has("env"), let build = arguments.value("build") else {
      throw CommandFailure.usage(
        "a signature is for one environment and one build: --env NAME --build NAME",
        hint: "gonogo status says which build is meant; --env demo is the embedded hotel")
    }
    return .signOff(
      SignOffEntry(
        signOff: SignOff(role: known, who: try who(), at: now, note: arguments.value("note")),
        environment: try environment(), build: build))
  }

  func condition(_ rest: [String]) throws -> PeoplesEntry {
    try allow("condition")
    guard rest.count == 1, let text = rest.first else {
      throw CommandFailure.usage("say the condition in one word or in quotes")
    }
    return .condition(ConditionEntry(text: text, who: try who(), at: now))
  }

  func decisionMaker(_ rest: [String]) throws -> PeoplesEntry {
    try allow("decision-maker")
    guard rest.count == 1, let name = rest.first else { throw CommandFailure.usage("name who decides, in quotes") }
    return .decisionMaker(DecisionMakerEntry(who: name, at: now))
  }

  func supersession(_ rest: [String]) throws -> PeoplesEntry {
    try allow("supersede", "reason")
    guard rest.count == 1, let name = rest.first.map({ $0.withoutTrailingSlash }) else {
      throw CommandFailure.usage("name one run folder: that of the FAIL")
    }
    guard let reason = arguments.value("reason") else {
      throw CommandFailure.usage("--reason is missing: what was wrong with that run, or what was mended")
    }
    let directory = arguments.value("out") ?? "results"
    let run = name.split(separator: "/").last.map(String.init) ?? name
    guard FileManager.default.fileExists(atPath: "\(directory)/\(run)/run.json") else {
      let known = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
      throw CommandFailure.usage(
        "there is no run \(printable(run)) in \(printable(directory))",
        hint: nearest(to: run, among: known).map { "did you mean \($0)?" })
    }
    return .supersession(Supersession(run: run, reason: reason, who: try who(), at: now))
  }
}

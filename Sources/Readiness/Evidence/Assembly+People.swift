// SPDX-License-Identifier: Apache-2.0
import Results

extension Assembly {
  /// The row with what people say about it.
  func attested(_ item: ChecklistItem, over machine: MarkState?) -> ItemState {
    var state = ItemState(
      item: item, standing: machine?.standing ?? .pending, origin: machine?.origin ?? .none,
      reason: machine?.reason ?? "nobody has attested it", validatedBy: machine?.validatedBy, date: machine?.date,
      evidence: machine?.evidence ?? [], notes: machine?.notes ?? [], command: machine?.command,
      attempts: machine?.attempts ?? [])
    if let rest = item.leftToPeople { state.notes.append("people look at: \(rest)") }
    if let condition = item.appliesIf { state.notes.append("asked for \(condition)") }
    guard let (word, approver) = newestWord(about: item, &state.notes) else { return state }
    if let machine, machine.isMachine, let objection = objection(to: word, machine) {
      state.notes.append("\(word.who) attested \(word.status.rawValue) on \(day(word.at)): \(objection)")
      return state
    }
    if let machine, machine.isMachine {
      state.notes.insert("measured: \(machine.standing.rawValue), \(machine.reason)", at: 0)
    }
    let isOverride = machine?.isMachine == true && word.override != nil
    state.standing = word.status
    state.origin = isOverride ? .overridden : .attested
    state.reason = reason(of: word)
    state.validatedBy = word.who
    state.date = word.at
    state.evidence = unique(word.evidence.map(\.location) + state.evidence)
    state.notes += word.evidence.compactMap { file in file.sha256.map { "\(file.location): sha256 \($0)" } }
    if word.build == nil { state.notes.append("attested \(age(word.at)), for no build in particular") }
    state.approvedBy = word.status == .notApplicable ? approver : nil
    if word.status == .notApplicable, approver == nil {
      state.notes.append(
        "nobody has approved that it does not apply, so it counts as open: gonogo attest \(item.id) approve --who NAME")
    }
    return state
  }

  /// The last thing said about a row for this environment and build, and who approved that it does not apply. Withdrawn:
  /// nil.
  private func newestWord(about item: ChecklistItem, _ notes: inout [String]) -> (Attestation, String?)? {
    var word: Attestation?
    var approver: String?
    for entry in entries.all {
      switch entry {
      case .attestation(let said) where said.item == item.id && said.checklist == checklist.id:
        if let refusal = refusal(said.environment, said.build, environment: environment, build: build) {
          notes.append(
            "\(said.who) attested \(said.status.rawValue) on \(day(said.at)), which does not count: \(refusal)")
        } else {
          word = said.status == .pending ? nil : said
          approver = said.approvedBy
        }
      case .approval(let approval) where approval.item == item.id && approval.checklist == checklist.id:
        approver = word?.status == .notApplicable ? approval.who : nil
      default: continue
      }
    }
    return word.map { ($0, approver) }
  }

  /// Why a word does not count over what was measured; nil when it does.
  private func objection(to word: Attestation, _ machine: MarkState) -> String? {
    // Whoever knows of a failure that no run saw is believed.
    if word.status == .fail { return nil }
    guard word.override != nil else {
      return "runs mark this row, so that counts only with --override REASON"
    }
    if let date = machine.date, machine.origin == .measured, date > word.at {
      return "its override is older than the measurement of \(date.text)"
    }
    return nil
  }

  private func reason(of word: Attestation) -> String {
    let note = word.note.map { ": \($0)" } ?? ""
    guard let override = word.override else { return "attested by \(word.who) on \(day(word.at))\(note)" }
    return "OVERRIDDEN by \(word.who) on \(day(word.at)), because: \(override)\(note)"
  }

  func day(_ at: Timestamp) -> String { String(at.text.prefix(10)) }

  func age(_ at: Timestamp) -> String {
    let days = at.days(until: now)
    return days <= 0 ? "today" : days == 1 ? "1 day ago" : "\(days) days ago"
  }

  // MARK: sign-off rows

  /// A row that a signature proves, or the decision itself.
  func signedState(of item: ChecklistItem) -> ItemState {
    var state = state(of: item)
    if item.role != nil, state.origin == .attested, [.pass, .partial].contains(state.standing) {
      // Nobody's word stands for somebody else's signature.
      let note =
        "\(state.validatedBy ?? "somebody") attested \(state.standing.rawValue): a signature alone proves this row"
      state = ItemState(item: item, standing: .pending, origin: .none, reason: "", notes: [note])
    }
    guard state.origin == .none else { return state }
    let signOffs = signatures.counted
    if let role = item.role {
      state.reason = "\(role) has not signed"
      guard let signed = signOffs.last(where: { $0.role == role }) else {
        for (old, reason) in signatures.refused where old.role == role {
          state.notes.append("the signature of \(old.who) on \(day(old.at)) does not count: \(reason)")
        }
        return state
      }
      state.standing = .pass
      state.origin = .attested
      state.reason = "\(role) signed on \(day(signed.at))" + (signed.note.map { ": \($0)" } ?? "")
      state.validatedBy = signed.who
      state.date = signed.at
      return state
    }
    let missing = checklist.rule.roles.filter { role in !signOffs.contains { $0.role == role } }
    guard missing.isEmpty, let maker = entries.decisionMaker else {
      state.reason =
        missing.isEmpty
        ? "nobody is named who decides: gonogo attest decision-maker NAME"
        : "not signed by \(missing.joined(separator: ", "))"
      return state
    }
    state.standing = .pass
    state.origin = .attested
    state.reason = "everybody has signed, \(maker) decides, and this record is the decision's"
    state.validatedBy = maker
    state.date = signOffs.map(\.at).max()
    return state
  }
}

// SPDX-License-Identifier: Apache-2.0
import Results

extension Assembly {
  /// What runs say to one mark: the newest conclusive one that counts, with every attempt beside it.
  func measured(_ mark: Mark) -> MarkState {
    var tries = runs.compactMap { run in said(by: run, to: mark).map { Try(run: run, standing: $0, reason: $1) } }
    for index in tries.indices { tries[index].refusal = refusals[tries[index].run.run] }
    var state = MarkState(standing: .pending, reason: "no run is on file", isMachine: true)
    // What a scenario or a drill of the team marks, people may attest as long as none has.
    if case .measured(let id) = mark, !rowsOfEveryRun.contains(id) {
      state.isMachine = tries.contains { $0.run.isOf(environment: environment) }
    }
    let newest = tries.first { $0.refusal == nil && $0.standing != .pending }
    var decisive = newest
    if let newest, newest.standing == .pass || newest.standing == .partial,
      let failed = failure(beside: newest, tries)
    {
      let how = "gonogo attest supersede \(shellText([failed.run.run])) --reason WHY --who NAME"
      for index in tries.indices
      where tries[index].refusal == nil && [.pass, .partial].contains(tries[index].standing)
        && (tries[index].run.at > failed.run.at || tries[index].run.run == newest.run.run)
      {
        tries[index].refusal =
          "a \(tries[index].standing.rawValue) after the FAIL of \(failed.run.run) on the same build counts only"
          + " with a reason: \(how)"
      }
      decisive = failed
      state.notes.append("the \(newest.standing.rawValue) of \(newest.run.run) does not count: \(how)")
    }
    state.attempts = attempts(tries)
    guard let decisive else {
      state.reason = unproven(tries)
      state.command = tries.first?.run.command
      return state
    }
    state.standing = decisive.standing
    state.reason = decisive.reason
    state.origin = .measured
    state.date = decisive.run.at
    state.evidence = [decisive.run.directory]
    state.validatedBy = "run \(decisive.run.run) on \(decisive.run.host)"
    state.command = decisive.run.command
    state.notes += remarks(tries, decisive)
    return state
  }

  private struct Try {
    var run: RunEvidence
    var standing: Standing
    var reason: String
    var refusal: String?
  }

  /// Nil when the run says nothing to the mark.
  private func said(by run: RunEvidence, to mark: Mark) -> (Standing, String)? {
    if case .measured(let id) = mark {
      // Load computes these rows; a scenario of a smoke run may name them, but proves nothing under load.
      if run.kind == .smoke, rowsOfEveryLoad.contains(id) { return nil }
      return run.items.first { $0.id == id }.map { (Standing($0.status), $0.reason) }
    }
    return run.rules.first { $0.mark == mark }.map { ($0.standing, $0.reason) }
  }

  /// The newest FAIL beside a run on the same build that nobody gave a reason to leave behind. How old it is does not
  /// matter, since the build is the same; nor does a clock that was ahead, nor that its folder no longer verifies: who
  /// edits a FAIL must not be better off than who leaves it alone.
  private func failure(beside newest: Try, _ tries: [Try]) -> Try? {
    let named = Set(entries.supersessions.map(\.run))
    let superseded = named.union(runs.filter { named.contains($0.run) }.compactMap(\.runId))
    return tries.first { old in
      old.standing == .fail && old.run.run != newest.run.run && copies[old.run.run] == nil
        && old.run.build == newest.run.build && old.run.isOf(environment: environment) && old.run.ended != nil
        && !superseded.contains(old.run.run) && !(old.run.runId.map(superseded.contains) ?? false)
    }
  }

  /// Attempts of other environments are many and say nothing here: the newest of them stands for all.
  private func attempts(_ tries: [Try]) -> [Attempt] {
    var foreign: [String: Int] = [:]
    var result: [Attempt] = []
    for one in tries {
      let isForeign = !one.run.isOf(environment: environment)
      if isForeign, let refusal = one.refusal {
        foreign[refusal, default: 0] += 1
        if foreign[refusal, default: 0] > 1 { continue }
      }
      result.append(
        Attempt(
          run: one.run.run, at: one.run.at, standing: one.standing, reason: one.reason, build: one.run.build,
          refusal: one.refusal))
    }
    for index in result.indices {
      guard let refusal = result[index].refusal, let count = foreign[refusal], count > 1 else { continue }
      result[index].refusal = "\(refusal) (and \(count - 1) older)"
    }
    return result
  }

  /// Why no run decides.
  private func unproven(_ tries: [Try]) -> String {
    if let open = tries.first(where: { $0.refusal == nil }) { return "\(open.reason) (\(open.run.run))" }
    guard let refused = tries.first(where: { $0.run.isOf(environment: environment) }) ?? tries.first,
      let refusal = refused.refusal
    else { return "no run is on file" }
    return "the \(refused.standing.rawValue) of \(refused.run.run) does not count: \(refusal)"
  }

  private func remarks(_ tries: [Try], _ decisive: Try) -> [String] {
    var notes: [String] = []
    let sameBuild = tries.filter {
      $0.run.build == decisive.run.build && $0.run.isOf(environment: environment) && copies[$0.run.run] == nil
    }
    if decisive.run.isInsecure { notes.append("certificates were not checked in \(decisive.run.run)") }
    if sameBuild.count > 1, let place = sameBuild.firstIndex(where: { $0.run.run == decisive.run.run }) {
      let others = sameBuild.filter { $0.run.run != decisive.run.run }
      let counts = [Standing.pass, .partial, .fail, .pending].compactMap { standing in
        let count = others.count { $0.standing == standing }
        return count == 0 ? nil : "\(count) \(standing.rawValue)"
      }
      notes.append(
        "attempt \(sameBuild.count - place) of \(sameBuild.count) on this build; the others:"
          + " \(counts.joined(separator: ", "))")
    }
    let older = Set(sameBuild.filter { $0.standing == .fail && $0.run.at <= decisive.run.at }.map(\.run.run))
    for entry in entries.supersessions
    where older.contains(entry.run) && decisive.run.run != entry.run && decisive.standing != .fail {
      notes.append("the FAIL of \(entry.run) is superseded by \(entry.who): \(entry.reason)")
    }
    return notes
  }
}

extension Standing {
  init(_ status: ItemStatus) {
    switch status {
    case .pass: self = .pass
    case .partial: self = .partial
    case .fail: self = .fail
    case .pending: self = .pending
    }
  }
}

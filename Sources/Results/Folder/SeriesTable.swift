// SPDX-License-Identifier: Apache-2.0

/// A row of one step.
struct StepRow {
  /// From the run's begin.
  var second: Int
  /// Index into `SeriesTable.phases`.
  var phase: Int
  /// Index into `SeriesTable.steps`.
  var step: Int
  var counts: StepCounts
}

/// A row of one scenario's journeys.
struct JourneyRow {
  var second: Int
  var phase: Int
  /// Index into `SeriesTable.scenarios`.
  var scenario: Int
  var counts: ArrivalTotals
}

/// `series.csv` in memory. Names that the plan does not have are added behind those it has.
struct SeriesTable {
  private(set) var phases: [String]
  private(set) var steps: [StepRecord]
  private(set) var scenarios: [String]
  private(set) var failureKinds: [String] = []
  private(set) var stepRows: [StepRow] = []
  private(set) var journeyRows: [JourneyRow] = []
  /// The last second with a row, -1 for none.
  private(set) var lastSecond = -1
  /// What could not be read, for people.
  private(set) var problems: [String] = []

  /// Four months: what comes later in a damaged file must not make arrays of that length.
  private static let lastPossibleSecond = 10_000_000

  private var phaseIndices: [ArraySlice<UInt8>: Int] = [:]
  private var stepIndices: [ArraySlice<UInt8>: Int] = [:]

  init(_ bytes: [UInt8], plan: PlanRecord?) {
    phases = plan?.phases.map(\.name) ?? []
    steps = plan?.steps ?? []
    scenarios = plan?.scenarios ?? []
    for (index, phase) in phases.enumerated() { phaseIndices[ArraySlice(PercentText.encode(phase).utf8)] = index }
    var rows = TextRows(bytes)
    guard let header = rows.next(), readHeader(header) else {
      problems.append("series.csv has no header that can be read")
      return
    }
    var unreadable = 0
    var firstUnreadable = 0
    while let line = rows.next() {
      if readRow(line) { continue }
      unreadable += 1
      if firstUnreadable == 0 { firstUnreadable = rows.lineNumber }
    }
    if unreadable > 0 {
      problems.append("series.csv: \(unreadable) lines cannot be read, the first is line \(firstUnreadable)")
    }
    if rows.cutBytes > 0 { problems.append("series.csv ends in the middle of a line") }
  }

  private mutating func readHeader(_ header: ArraySlice<UInt8>) -> Bool {
    let names = header.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    let leading = SeriesFormat.leading.count
    let trailing = SeriesFormat.trailing.count
    guard names.count >= leading + trailing,
      names.prefix(leading).elementsEqual(SeriesFormat.leading, by: { $0.elementsEqual($1.utf8) }),
      names.suffix(trailing).elementsEqual(SeriesFormat.trailing, by: { $0.elementsEqual($1.utf8) })
    else { return false }
    for name in names[leading..<names.count - trailing] {
      guard name.starts(with: "failed_".utf8), let kind = PercentText.decode(name.dropFirst(7)) else { return false }
      failureKinds.append(kind)
    }
    return true
  }

  private mutating func readRow(_ line: ArraySlice<UInt8>) -> Bool {
    var rest = line
    guard let second = rest.takeField()?.wholeNumber, (0...Self.lastPossibleSecond).contains(second),
      let phaseName = rest.takeField(),
      let scenarioName = rest.takeField(), let stepName = rest.takeField(), let phase = phaseIndex(phaseName)
    else { return false }
    let place = line[scenarioName.startIndex..<stepName.endIndex]
    if stepName.isEmpty {
      for _ in 0..<9 + failureKinds.count where rest.takeField()?.isEmpty != true { return false }
      guard let counts = journeyCounts(&rest), let scenario = scenarioIndex(scenarioName) else { return false }
      journeyRows.append(JourneyRow(second: second, phase: phase, scenario: scenario, counts: counts))
    } else {
      guard let counts = stepCounts(&rest), let step = stepIndex(place, scenarioName, stepName) else { return false }
      stepRows.append(StepRow(second: second, phase: phase, step: step, counts: counts))
    }
    lastSecond = max(lastSecond, second)
    return true
  }

  private func stepCounts(_ rest: inout ArraySlice<UInt8>) -> StepCounts? {
    var counts = StepCounts()
    func count() -> Int? { rest.takeField()?.wholeNumber.flatMap { $0 < 0 ? nil : $0 } }
    guard let due = count(), let sent = count(), let ok = count(), let refused = count(), let slow = count(),
      let inFlight = count(), let unsent = count(), let completedOk = count(), let completedFailed = count()
    else { return nil }
    counts.due = due
    counts.sent = sent
    counts.ok = ok
    counts.refused = refused
    counts.slow = slow
    counts.inFlight = inFlight
    counts.unsent = unsent
    counts.completedOk = completedOk
    counts.completedFailed = completedFailed
    for kind in failureKinds.indices {
      guard let failed = count() else { return nil }
      if failed > 0 {
        if counts.failed.isEmpty { counts.failed = Array(repeating: 0, count: failureKinds.count) }
        counts.failed[kind] = failed
      }
    }
    for _ in SeriesFormat.trailing where rest.takeField()?.isEmpty != true { return nil }
    return rest.takeField() == nil ? counts : nil
  }

  private func journeyCounts(_ rest: inout ArraySlice<UInt8>) -> ArrivalTotals? {
    var counts = ArrivalTotals()
    func count() -> Int? { rest.takeField()?.wholeNumber.flatMap { $0 < 0 ? nil : $0 } }
    guard let planned = count(), let started = count(), let unsent = count(), let completed = count(),
      let failed = count(), let cut = count(), rest.takeField() == nil
    else { return nil }
    counts.planned = planned
    counts.started = started
    counts.unsent = unsent
    counts.completed = completed
    counts.failed = failed
    counts.cut = cut
    return counts
  }

  private mutating func phaseIndex(_ name: ArraySlice<UInt8>) -> Int? {
    if let index = phaseIndices[name] { return index }
    guard let phase = PercentText.decode(name) else { return nil }
    phases.append(phase)
    phaseIndices[name] = phases.count - 1
    return phases.count - 1
  }

  private mutating func stepIndex(
    _ place: ArraySlice<UInt8>, _ scenario: ArraySlice<UInt8>, _ step: ArraySlice<UInt8>
  ) -> Int? {
    if let index = stepIndices[place] { return index }
    guard let scenario = PercentText.decode(scenario), let step = PercentText.decode(step) else { return nil }
    let known = steps.firstIndex { $0.scenario == scenario && $0.step == step }
    if known == nil { steps.append(StepRecord(scenario: scenario, step: step)) }
    if !scenarios.contains(scenario) { scenarios.append(scenario) }
    stepIndices[place] = known ?? steps.count - 1
    return stepIndices[place]
  }

  private mutating func scenarioIndex(_ name: ArraySlice<UInt8>) -> Int? {
    guard let scenario = PercentText.decode(name) else { return nil }
    if let index = scenarios.firstIndex(of: scenario) { return index }
    scenarios.append(scenario)
    return scenarios.count - 1
  }
}

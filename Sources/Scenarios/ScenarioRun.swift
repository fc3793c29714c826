// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// One scenario during one run: what its journeys share. Thread-safe.
package final class ScenarioRun: Sendable {
  package let program: ScenarioProgram
  package let context: RunContext

  let tag: RunTag
  let baseURL: [UInt8]
  let settings: [Value]
  let counters: [SharedCounter]
  /// Of each feeder; unused by `pick: random`.
  let cursors: [SharedCounter]

  /// What the last setup found, by position in `program.sharedSlots`.
  private let shared: Mutex<[Value]>
  /// Changes with `shared`, so that journeys need the lock only then.
  private let sharedVersion = Atomic<Int>(0)

  init(
    program: ScenarioProgram, context: RunContext, settings: [Value], counters: [SharedCounter],
    cursors: [SharedCounter]
  ) {
    self.program = program
    self.context = context
    self.settings = settings
    self.counters = counters
    self.cursors = cursors
    tag = RunTag(runID: context.runID)
    var base = Array(context.baseURL.utf8)
    while base.last == UInt8(ascii: "/") { base.removeLast() }
    baseURL = base
    shared = Mutex(Array(repeating: Value(), count: program.sharedSlots.count))
  }

  /// Prepares the scenarios of a plan. Equal files with equal picks are dealt from one cursor, equal counters are one
  /// counter, so that "unique" and "counter" hold for the run and not only for a scenario. Secrets are made known to the
  /// redactor here, before anything is sent.
  package static func prepare(_ programs: [ScenarioProgram], context: RunContext) throws(RunPreparationError)
    -> [ScenarioRun]
  {
    var counters: [String: SharedCounter] = [:]
    var cursors: [String: SharedCounter] = [:]
    var runs: [ScenarioRun] = []
    for program in programs {
      for secret in program.secrets { context.redactor.add(secret) }
      var settings: [Value] = []
      for name in program.settingsUsed {
        guard let text = context.settings[name] ?? SettingPlace(name)?.text(in: context.settings) else {
          throw RunPreparationError.missingSetting(name, scenario: program.name)
        }
        settings.append(Value(text: text))
      }
      let run = ScenarioRun(
        program: program, context: context, settings: settings,
        counters: program.counterNames.map { name in
          counters.value(for: name) { SharedCounter(first: context.agentIndex + 1, stride: context.agentCount) }
        },
        cursors: program.feeders.map { feeder in
          cursors.value(for: "\(feeder.pick.rawValue) \(feeder.path)") {
            SharedCounter(first: context.agentIndex, stride: context.agentCount)
          }
        })
      runs.append(run)
    }
    return runs
  }

  /// Makes the captures of a finished setup journey visible to all journeys that begin from now on.
  package func publishSetup(of journey: Journey) {
    for slot in program.secretSlots where journey.slots[slot].kind != .absent {
      context.redactor.add(journey.slots[slot].string)
    }
    shared.withLock { values in
      for (index, slot) in program.sharedSlots.enumerated() { values[index].set(journey.slots[slot]) }
    }
    sharedVersion.wrappingAdd(1, ordering: .releasing)
  }

  /// Copies the shared values when they are newer than `version`.
  func refresh(_ values: inout [Value], version: inout Int) {
    let current = sharedVersion.load(ordering: .acquiring)
    guard current != version else { return }
    version = current
    shared.withLock { latest in
      for index in latest.indices { values[index].set(latest[index]) }
    }
  }
}

/// Why a run cannot begin.
package enum RunPreparationError: Error, Equatable {
  case missingSetting(String, scenario: String)

  package var message: String {
    switch self {
    case .missingSetting(let name, let scenario):
      "scenario '\(scenario)' uses settings.\(name), which the environment does not declare"
    }
  }
}

/// One of a list of settings, as templates name it: `health.0`.
struct SettingPlace {
  let list: String
  let index: Int

  /// Nil: the name has no number at its end.
  init?(_ name: String) {
    guard let dot = name.lastIndex(of: "."), let index = Int(name[name.index(after: dot)...]), index >= 0 else {
      return nil
    }
    list = String(name[..<dot])
    self.index = index
  }

  /// Empty text beyond the end; nil when there is no such list.
  func text(in settings: [String: String]) -> String? {
    guard let items = settings[list]?.split(separator: ",", omittingEmptySubsequences: false) else { return nil }
    return index < items.count ? String(items[index]) : ""
  }
}

extension Dictionary {
  fileprivate mutating func value(for key: Key, make: () -> Value) -> Value {
    if let known = self[key] { return known }
    let made = make()
    self[key] = made
    return made
  }
}

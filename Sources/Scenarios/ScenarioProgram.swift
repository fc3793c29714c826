// SPDX-License-Identifier: Apache-2.0

/// A scenario file, compiled: what one visitor does, ready to be run by any number of journeys on any thread.
package final class ScenarioProgram: Sendable {
  package let name: String
  package let about: String
  /// Sends nothing that changes anything: every step is read-only.
  package let isReadOnly: Bool
  package let tags: [String]
  /// Checklist items that its steps prove.
  package let marks: [Mark]
  /// All requests, setup and finally included; `Instruction.request` and `Move.request` index into it.
  package let requests: [RequestStep]
  /// `scenario/step` of each request, the name used in series, logs and thresholds.
  package let requestNames: [String]
  /// When `setup:` is run again after the first time; nil without a setup.
  package let setupRule: SetupRule?

  private let setup: [Instruction]
  private let steps: [Instruction]
  private let finally: [Instruction]
  let slotNames: [String]
  let variables: [(slot: Int, value: ValueTemplate)]
  /// Slots that setup fills for all journeys.
  let sharedSlots: [Int]
  /// Slots whose values are secrets.
  let secretSlots: [Int]
  let feeders: [Feeder]
  /// Feeders that a setup journey reads: from the others it takes no row.
  let setupFeeders: Set<Int>
  let counterNames: [String]
  /// Settings of the environment that templates use.
  package let settingsUsed: [String]
  /// Values of `env()` and `secret()`, for the redactor.
  package let secrets: [String]
  /// Those of them that come from a variable of the process environment.
  package let namedSecrets: [NamedSecret]
  let loopCount: Int
  /// By request, for those that write: what of a journey reading back and closing need.
  let kept: [Int: KeptNames]
  /// How often each request is sent in an average journey that meets no error: shares and repeats are counted, every
  /// `when` as true, `until` as never met, retries not at all, redeliveries by their share. Requests of setup count 0.
  package let expectedCounts: [Double]
  /// How many replies each request awaits in such a journey.
  package let expectedReplies: [Double]

  /// The parts of a scenario, run in this order.
  package enum Section: Sendable, CaseIterable {
    /// Once per run, by one journey of its own.
    case setup
    case steps
    /// After the steps, however they ended. Requests whose variables never got a value are left out.
    case finally
  }

  init(_ parts: Parts) {
    name = parts.name
    about = parts.about
    tags = parts.tags
    marks = parts.marks
    requests = parts.requests
    requestNames = parts.requests.map { "\(parts.name)/\($0.name)" }
    isReadOnly = parts.requests.allSatisfy(\.isReadOnly)
    setupRule = parts.setupRule
    setup = parts.sections[.setup] ?? []
    steps = parts.sections[.steps] ?? []
    finally = parts.sections[.finally] ?? []
    slotNames = parts.slotNames
    variables = parts.variables
    sharedSlots = parts.sharedSlots
    secretSlots = parts.secretSlots
    feeders = parts.feeders
    setupFeeders = parts.setupFeeders
    counterNames = parts.counterNames
    settingsUsed = parts.settingsUsed
    secrets = parts.secrets
    namedSecrets = parts.namedSecrets
    loopCount = parts.loopCount
    expectedCounts = parts.expectedCounts
    expectedReplies = parts.expectedReplies
    var kept: [Int: KeptNames] = [:]
    for (index, request) in parts.requests.enumerated() {
      let closer = request.writes?.closedBy.flatMap { name in parts.requests.first { $0.name == name } }
      kept[index] = KeptNames(request, closer: closer, sharedSlots: parts.sharedSlots)
    }
    self.kept = kept
  }

  /// What the compiler gathers.
  struct Parts {
    var name = ""
    var about = ""
    var tags: [String] = []
    var marks: [Mark] = []
    var requests: [RequestStep] = []
    var setupRule: SetupRule?
    var sections: [Section: [Instruction]] = [:]
    var slotNames: [String] = []
    var variables: [(slot: Int, value: ValueTemplate)] = []
    var sharedSlots: [Int] = []
    var secretSlots: [Int] = []
    var feeders: [Feeder] = []
    var setupFeeders: Set<Int> = []
    var counterNames: [String] = []
    var settingsUsed: [String] = []
    var secrets: [String] = []
    var namedSecrets: [NamedSecret] = []
    var loopCount = 0
    var expectedCounts: [Double] = []
    var expectedReplies: [Double] = []
  }

  /// Whether the section has anything to do.
  package func isEmpty(_ section: Section) -> Bool { instructions(section).isEmpty }

  func instructions(_ section: Section) -> [Instruction] {
    switch section {
    case .setup: setup
    case .steps: steps
    case .finally: finally
    }
  }
}

extension ScenarioProgram {
  /// Requests that no journey sends, as indices into `requests`.
  package var setupRequests: Set<Int> {
    Set(setup.compactMap { if case .request(let index) = $0 { index } else { nil } })
  }

  /// The first request of `steps`, as an index into `requests`; nil when there is none.
  package var firstRequest: Int? {
    for case .request(let index) in steps { return index }
    return nil
  }
}

/// A secret value and the variable it stands in, in the process environment or in a journey.
package struct NamedSecret: Sendable, Equatable {
  package var name: String
  package var value: String
}

extension ScenarioProgram {
  /// The section in which a request stands. O(instructions).
  package func section(ofRequest request: Int) -> Section {
    Section.allCases.first { section in
      instructions(section).contains { if case .request(request) = $0 { true } else { false } }
    } ?? .steps
  }
}

/// When `setup:` is run again.
package struct SetupRule: Sendable, Equatable {
  package var everyNanoseconds: Int64?
  /// Statuses that mean "log in again", such as 401.
  package var onStatuses: [ClosedRange<Int>] = []

  package func isTriggered(by status: Int) -> Bool { onStatuses.contains { $0.contains(status) } }
}

/// A table of rows and how journeys draw from it.
package struct Feeder: Sendable {
  package enum Pick: String, Sendable, CaseIterable {
    /// Any row, by the journey's own random source.
    case random
    /// One row after the other, from the first again after the last.
    case sequential
    /// One row after the other; after the last there is none.
    case unique
  }

  package var name: String
  package var path: String
  package var pick: Pick
  package var table: FeederTable
}

/// One step of a compiled scenario. Places are indexes into the section.
enum Instruction: Sendable {
  case request(Int)
  case pause(PauseRange)
  case assign(slot: Int, ValueTemplate)
  case skip(unless: Expression, to: Int)
  case chance(Double, otherwise: Int)
  /// Begins a loop of so many rounds; none goes straight to `end`.
  case loop(Int, times: Expression, end: Int)
  /// Ends a round; goes back to `start` unless it was the last or `until` holds.
  case again(Int, until: Expression?, start: Int)
}

/// A pause, drawn evenly between its ends.
package struct PauseRange: Sendable, Equatable {
  package var leastNanoseconds: Int64
  package var mostNanoseconds: Int64

  func draw(_ random: inout RandomSource) -> Int64 {
    let width = mostNanoseconds - leastNanoseconds
    return width <= 0 ? leastNanoseconds : leastNanoseconds + Int64(random.next(below: Int(width) + 1))
  }
}

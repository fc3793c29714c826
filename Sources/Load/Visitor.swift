// SPDX-License-Identifier: Apache-2.0
import Scenarios
import Transport

/// One visitor on a worker: a journey under way, and the exchange (connection, cookies) it talks through. Reused for one
/// journey after the other. Confined to its worker.
final class Visitor {
  enum Stage {
    case idle
    /// In the heap: a request, or the next instruction, is due at `dueNanoseconds`.
    case waiting
    /// Its request is with the transport.
    case sent
    /// It waits for a reply to its message, since `dueNanoseconds`.
    case awaiting
  }

  let index: Int
  let exchange: Exchange
  var stage = Stage.idle
  var journey: Journey?
  var scenario = 0
  var phase = 0
  /// Number of the user in a closed plan, -1 in an open one.
  var user = -1

  /// Intended start of the journey.
  private(set) var begunNanoseconds: Int64 = 0
  /// When the request under way, or the next one, is (or was) due.
  var dueNanoseconds: Int64 = 0
  /// The request that is due or under way; nil while the next instruction has not been looked at.
  var request: Int?
  var attempt = 0
  var section = ScenarioProgram.Section.steps
  var outcome = JourneyOutcome.completed
  /// The journey has sent a request.
  var hasSent = false
  /// Nobody waits for the rest of the steps: on with `finally` as soon as possible.
  var isStopping = false
  var ownLagNanoseconds: Int64 = 0
  var blockedNanoseconds: Int64 = 0
  var traceNumber: UInt64 = 0
  /// Writes of this journey that are acknowledged and not closed yet.
  var openWrites: [OpenWrite] = []
  /// The write that is under way: its key and values as the ledger has them.
  var write: (key: String, values: [UInt8])?

  // The message under way, for steps that are delivered again or replied to.

  /// How often it was sent again with the same bytes.
  var redeliveries = 0
  /// A delivery of it was answered well.
  var isDelivered = false
  /// It is to be sent once more though it was answered well.
  var isToBeRepeated = false
  var deliveryDueNanoseconds: Int64 = 0
  var kept: KeptRequest?
  /// Its number in the worker's book, when a reply is awaited.
  var message: UInt32?
  /// What came of its reply, and how many more there were, when it was there before the message was accepted.
  var earlyReply: (outcome: ReplyOutcome, repeats: Int)?

  struct OpenWrite {
    /// Index into the scenario's requests.
    var request: Int
    var key: String
    var closedBy: String
    /// What the closing step reads: a step that reads the same closes this write, and no other.
    var closerValues: [Value]
  }

  init(index: Int, exchange: Exchange) {
    self.index = index
    self.exchange = exchange
    exchange.userIndex = index
  }

  /// A journey of `setup:`: it is not part of the load, and measured by nobody.
  var isSetup: Bool { section == .setup }

  /// Second half of the trace id: the same for all requests of a journey.
  var traceJourney: UInt64 { RandomSource.mixed((journey?.number ?? 0) &+ 1) | 1 }

  func begin(_ journey: Journey, _ section: ScenarioProgram.Section, scenario: Int, due: Int64) {
    self.journey = journey
    self.section = section
    self.scenario = scenario
    begunNanoseconds = due
    dueNanoseconds = due
    request = nil
    outcome = .completed
    hasSent = false
    isStopping = false
    write = nil
    if !openWrites.isEmpty { openWrites.removeAll(keepingCapacity: true) }
  }
}

extension Exchange: ResponseView {}

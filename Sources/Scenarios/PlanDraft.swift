// SPDX-License-Identifier: Apache-2.0
import Document
import Judgement

/// A plan file as it was written.
struct PlanDraft: Sendable {
  var name: Located<String>?
  var about = ""
  var mix: [MixDraft] = []
  var phases: [PhaseDraft] = []
  var thresholds: [Located<Threshold>] = []
  var confidence = Confidence.standard
  /// Folder of the run whose figures rules may name.
  var baseline: String?
  var maxInFlight: Int?
  var drain = Duration.seconds(30)
  var timeout = Duration.seconds(30)
  var arrivals = Plan.ArrivalPattern.even
  var connections: Plan.ConnectionPolicy?
  var http = Plan.HTTPVersion.automatic
  var compression = false
  var find: FindDraft?
  var overloadStop: Plan.OverloadStop? = .standard
  var seed: Int?

  struct MixDraft: Sendable {
    var node: Node?
    var scenario: Located<String>?
    var share: Located<Share>?
  }

  enum Share: Sendable {
    case fraction(Double)
    case weight(Double)
  }

  struct PhaseDraft: Sendable {
    var node: Node?
    var name: Located<String>?
    var rate: RateExpression?
    var users: ClosedRampOfUsers?
    var length: Located<Duration>?
    var demoLength: Located<Duration>?
    var isSteady = false
    var mix: [MixDraft]?
    var arrivals: Plan.ArrivalPattern?
  }

  struct ClosedRampOfUsers: Sendable {
    var from: Int
    var to: Int
  }

  struct FindDraft: Sendable {
    var upTo: RateExpression?
    var startingAt: RateExpression?
    var rules: [Located<Threshold>] = []
    var trial = Duration.seconds(30)
    var demoTrial: Duration?
    var precision = 0.05
  }

  struct OverloadDraft: Sendable {
    var errors = 0.5
    var window = Duration.seconds(10)
  }
}

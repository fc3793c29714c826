// SPDX-License-Identifier: Apache-2.0

/// `series.csv`. One header line, then rows of one step, or of one scenario's journeys (their step is empty), in one
/// second and phase. Rows of the same second, phase and step are added up: a second may be written in parts, since a
/// request belongs to the second it was due in but is known to have ended only later.
///
/// `second,phase,scenario,step,due,sent,ok,refused,slow,in_flight,unsent,completed_ok,completed_failed,failed_KIND...,
/// journeys_planned,journeys_started,journeys_unsent,journeys_completed,journeys_failed,journeys_cut`
///
/// Seconds count from the run's begin. Names are percent-encoded. Fields that do not apply to a row are empty.
struct SeriesFormat: Sendable {
  static let leading = [
    "second", "phase", "scenario", "step", "due", "sent", "ok", "refused", "slow", "in_flight", "unsent",
    "completed_ok", "completed_failed",
  ]
  static let trailing = [
    "journeys_planned", "journeys_started", "journeys_unsent", "journeys_completed", "journeys_failed", "journeys_cut",
  ]
  let failureKinds: [String]

  var header: String {
    let kinds = failureKinds.map { "failed_" + PercentText.encode($0) }
    return (Self.leading + kinds + Self.trailing).joined(separator: ",") + "\n"
  }

  /// `place`: `second,phase,scenario,step` with names already encoded.
  func line(place: String, counts: StepCounts) -> String {
    var line = place
    for value in [
      counts.due, counts.sent, counts.ok, counts.refused, counts.slow, counts.inFlight, counts.unsent,
      counts.completedOk, counts.completedFailed,
    ] {
      line += ",\(value)"
    }
    for kind in failureKinds.indices {
      line += ",\(kind < counts.failed.count ? counts.failed[kind] : 0)"
    }
    return line + ",,,,,,\n"
  }

  func line(place: String, journeys: ArrivalTotals) -> String {
    place + String(repeating: ",", count: 9 + failureKinds.count)
      + ",\(journeys.planned),\(journeys.started),\(journeys.unsent),\(journeys.completed),\(journeys.failed)"
      + ",\(journeys.cut)\n"
  }
}

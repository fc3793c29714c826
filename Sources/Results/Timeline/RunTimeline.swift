// SPDX-License-Identifier: Apache-2.0

/// A load run as it went, in stretches of equal length: what charts are drawn from. Percentiles are those of merged
/// histograms, never of percentiles. Times in milliseconds.
package struct RunTimeline: Sendable, Equatable {
  /// Length of every stretch; the last one may go beyond the end of the run.
  package var stretchSeconds: Int
  package var stretches: [Stretch] = []
  /// With anything in the series; 0: as many as the stretches have.
  package var seconds = 0
  /// Names of the failures, in the order of `Stretch.failed`.
  package var failureKinds: [String] = []
  /// Length of the stretches of `steps`.
  package var stepStretchSeconds: Int
  /// Steps of the plan in their order.
  package var steps: [StepTrend] = []
  /// Of the steady phases, or of all when none is steady.
  package var response = TimeDistribution()
  package var service = TimeDistribution()
  /// Nil when no step awaits replies.
  package var replies: [ReplyStretch]?

  /// Seconds of the run that a stretch covers: fewer in the last one.
  package func seconds(of stretch: Stretch) -> Int {
    seconds > stretch.start ? min(stretchSeconds, seconds - stretch.start) : stretchSeconds
  }

  /// By the second in which requests were due, but for `answeredOk` and `answeredFailed`, which go by the last byte.
  package struct Stretch: Sendable, Equatable {
    /// Second of the run.
    package var start: Int
    package var due = 0
    package var sent = 0
    package var unsent = 0
    package var answeredOk = 0
    package var answeredFailed = 0
    /// Unanswered after the drain.
    package var inFlight = 0
    package var failed: [Int] = []
    package var response = Quantiles()
    package var service = Quantiles()
    /// Nil without a row of the tool's own state.
    package var generator: GeneratorStretch?

    package init(start: Int) { self.start = start }
  }

  /// Nil where nothing was sent, and where the percentile falls among the failed requests.
  package struct Quantiles: Sendable, Equatable {
    package var p50: Double?
    package var p95: Double?
    package var p99: Double?

    package init(p50: Double? = nil, p95: Double? = nil, p99: Double? = nil) {
      self.p50 = p50
      self.p95 = p95
      self.p99 = p99
    }
  }

  /// The tool's own state. Nil what could not be read.
  package struct GeneratorStretch: Sendable, Equatable {
    package var ownLagP99: Double?
    package var blockedP99: Double?
    /// Mean of the seconds' shares, of the busiest worker.
    package var busyShare: Double?
    /// Mean; 1 is one processor.
    package var cpuShare: Double?
    /// Most at the end of a second.
    package var inFlight: Int?
    package var residentMiB: Double?
  }

  package struct StepTrend: Sendable, Equatable {
    package var scenario: String
    package var step: String
    /// Response times per stretch; nil like `Quantiles`.
    package var p95: [Double?]
    package var sent: [Int]
    /// failed + inFlight.
    package var errors: [Int]
  }

  package struct ReplyStretch: Sendable, Equatable {
    package var awaited = 0
    package var late = 0
    package var lost = 0
    package var duplicated = 0
    package var p50: Double?
    package var p95: Double?
  }
}

/// How long requests took, over all of them.
package struct TimeDistribution: Sendable, Equatable {
  /// Sent.
  package var count = 0
  /// In rising order of `quantile`, as far as there are requests answered as expected.
  package var curve: [Point] = []
  /// In rising order, without gaps: ten to a power of ten.
  package var bins: [Bin] = []

  package struct Point: Sendable, Equatable {
    /// 0..<1, of all requests sent; failed ones rank behind all others.
    package var quantile: Double
    package var milliseconds: Double
  }

  package struct Bin: Sendable, Equatable {
    /// Milliseconds.
    package var from: Double
    package var to: Double
    package var ok = 0
    /// By the time until they failed.
    package var failed = 0
  }

  package init() {}
}

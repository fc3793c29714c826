// SPDX-License-Identifier: Apache-2.0
import Results

extension RunReport {
  // MARK: Steps and journeys

  var steps: HTMLText {
    guard !record.steps.isEmpty else { return .none }
    let trends = timeline?.steps ?? []
    let most = NumberText.duration(seconds: Double(timeline?.stepStretchSeconds ?? 1))
    let rows = record.steps.map { step -> [HTMLText] in
      func time(_ value: Double?) -> HTMLText { "\(Wordings.time(value, requests: step.requests))" }
      let trend = trends.first { $0.scenario == step.scenario && $0.step == step.step }
      let probe: HTMLText = step.probe ? #" <span class="soft">(probe)</span>"# : .none
      return [
        "\(step.scenario)/<wbr>\(step.step)\(probe)", trend.map { Sparkline($0).html } ?? .none,
        "\(NumberText.count(step.requests))", "\(NumberText.count(step.errors))", time(step.response.p50),
        time(step.response.p95), time(step.response.p99), time(step.response.p999), time(step.response.max),
        time(step.service.p95), "\(NumberText.count(step.refused))", "\(NumberText.count(step.slow))",
      ]
    }
    return HTMLParts.section(
      "steps", "Steps",
      """
      <p class="soft small">Of the steady phases; times are response times but for the last but two. The line: p95 of \
      the response time per \(most) over the whole run, each from 0 to its own highest value; red below: errors.</p>
      \(HTMLTable(
        caption: "Steps",
        columns: [
          .text("step"), .text("p95 over time"), .number("requests"), .number("errors"), .number("p50"), .number("p95"),
          .number("p99"), .number("p99.9"), .number("max"), .number("service p95"), .number("refused"), .number("slow"),
        ], rows: rows
      ).html)
      """)
  }

  var journeys: HTMLText {
    let rows = record.journeys.map { journey -> [HTMLText] in
      let arrivals = journey.arrivals
      func time(_ value: Double?) -> HTMLText { "\(Wordings.time(value, requests: arrivals.started))" }
      return [
        "\(journey.scenario)", "\(NumberText.count(arrivals.planned))", "\(NumberText.count(arrivals.started))",
        "\(NumberText.count(arrivals.completed))", "\(NumberText.count(arrivals.failed))",
        "\(NumberText.count(arrivals.cut))", time(journey.duration.p50), time(journey.duration.p95),
        time(journey.duration.p99),
      ]
    }
    return HTMLParts.section(
      "journeys", "Journeys",
      HTMLTable(
        caption: "Journeys",
        columns: [
          .text("scenario"), .number("planned"), .number("started"), .number("completed"), .number("failed"),
          .number("cut"), .number("p50 duration"), .number("p95"), .number("p99"),
        ], rows: rows
      ).html)
  }

  // MARK: Samples

  var slowest: HTMLText {
    guard let samples, let first = samples.slowest.first else { return .none }
    let longest = samples.slowest.map(\.response).max() ?? first.response
    let legend = Waterfall.Part.allCases.map { part -> HTMLText in
      let swatch: HTMLText = #"<rect class="bar \#(part.colour)" y="1" width="14" height="10"/>"#
      return #"<li><svg width="14" height="12" aria-hidden="true">\#(swatch)</svg>\#(part.name)</li>"#
    }
    let rows = samples.slowest.map { sample -> [HTMLText] in
      [
        "\(sample.scenario)/<wbr>\(sample.step)", Waterfall(sample, longest: longest).html,
        "\(NumberText.milliseconds(sample.response))", "\(NumberText.milliseconds(sample.service))", "\(at(sample))",
        "\(sample.failure ?? sample.status.map(String.init) ?? "-")",
        #"<span class="mono">\#(sample.traceparent)</span>"#,
      ]
    }
    return HTMLParts.section(
      "slowest", "The slowest requests",
      #"<ul class="legend">\#(legend)</ul>\#n"#
        + HTMLTable(
          caption: "The slowest requests",
          columns: [
            .text("step"), .text("from due to last byte"), .number("response"), .number("service"), .number("due at"),
            .text("answer"), .wide("traceparent"),
          ], rows: rows
        ).html)
  }

  /// `1m 05s` into the run.
  private func at(_ sample: Sample) -> String {
    NumberText.duration(
      seconds: Double(sample.due.millisecondsSinceEpoch - record.started.millisecondsSinceEpoch) / 1000)
  }

  var failures: HTMLText {
    guard let samples else { return .none }
    let kinds = samples.failures.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }
    let parts = kinds.map { kind, samples -> HTMLText in
      let entries = samples.map { sample -> HTMLText in
        let status = sample.status.map { ", status \($0)" } ?? ""
        let excerpt: HTMLText = sample.excerpt.map { "<pre>\(HTMLText(lines: $0))</pre>" } ?? .none
        return """
          <li><p>\(sample.scenario)/\(sample.step), due at \(at(sample)), after \
          \(NumberText.milliseconds(sample.service))\(status)<br><span class="mono soft">\(sample.traceparent)</span></p>
          \(excerpt)</li>

          """
      }
      return "<h3>\(kind)</h3>\n<ul>\(entries)</ul>\n"
    }
    return HTMLParts.section("failures", "The first failures of each kind", HTMLText(joining: parts))
  }
}

/// A step's p95 over the run, and where it had errors, as large as a word.
private struct Sparkline {
  private let trend: RunTimeline.StepTrend
  private static let width = 120.0
  private static let height = 24.0

  init(_ trend: RunTimeline.StepTrend) { self.trend = trend }

  var html: HTMLText {
    let most = trend.p95.compactMap(\.self).max() ?? 0
    let count = Double(max(trend.p95.count, 1))
    var line = HTMLText.none
    var isDown = false
    for (index, value) in trend.p95.enumerated() {
      guard let value else {
        isDown = false
        continue
      }
      let y = Self.height - 4 - (most > 0 ? value / most : 0) * (Self.height - 6)
      line += "\(isDown ? "L" : "M")\((Double(index) + 0.5) / count * Self.width) \(y)"
      if !isDown { line += "h0" }
      isDown = true
    }
    let bad = trend.errors.indices.filter { trend.errors[$0] > 0 }
      .map { "M\(Double($0) / count * Self.width) \(Self.height - 1)h\(Self.width / count)" as HTMLText }
    let errors: HTMLText = bad.isEmpty ? .none : #"<path class="bad" d="\#(HTMLText(joining: bad))"/>"#
    let text = "p95 at most \(NumberText.milliseconds(most)); errors: \(trend.errors.reduce(0, +))"
    return #"""
      <svg class="spark" width="120" height="24" viewBox="0 0 120 24" role="img" aria-label="\#(text)"><title>\#(text)\#
      </title><path d="\#(line)"/>\#(errors)</svg>
      """#
  }
}

/// Where the time of one request went.
private struct Waterfall {
  enum Part: CaseIterable {
    case wait, nameLookup, connect, tls, server, transfer

    var name: String {
      switch self {
      case .wait: "waited for its turn"
      case .nameLookup: "name lookup"
      case .connect: "connect"
      case .tls: "TLS"
      case .server: "until the first byte"
      case .transfer: "until the last byte"
      }
    }

    var colour: HTMLText {
      switch self {
      case .wait: "ce"
      case .nameLookup: "cf"
      case .connect: "cc"
      case .tls: "cd"
      case .server: "cb"
      case .transfer: "ca"
      }
    }
  }

  private let parts: [(part: Part, milliseconds: Double)]
  private let longest: Double

  /// `longest`: what the whole width stands for, in milliseconds.
  init(_ sample: Sample, longest: Double) {
    self.longest = max(longest, 0.001)
    let phases = sample.phases
    var parts: [(Part, Double)] = [(.wait, sample.response - sample.service)]
    var at = 0.0
    // Times count from the hand-over; one that did not happen takes none.
    let marks: [(Part, Double?)] = [
      (.nameLookup, phases.nameLookup), (.connect, phases.connect), (.tls, phases.tls), (.server, phases.firstByte),
      (.transfer, sample.service),
    ]
    for (part, end) in marks {
      guard let end, end > at else { continue }
      parts.append((part, end - at))
      at = end
    }
    self.parts = parts.filter { $0.1 > 0 }.map { (part: $0.0, milliseconds: $0.1) }
  }

  var html: HTMLText {
    var x = 0.0
    let bars = parts.map { part, milliseconds -> HTMLText in
      defer { x += milliseconds / longest * 400 }
      let text = "\(part.name): \(NumberText.milliseconds(milliseconds))"
      return #"""
        <rect class="bar \#(part.colour)" x="\#(x)" width="\#(milliseconds / longest * 400)" height="14">\#
        <title>\#(text)</title></rect>
        """#
    }
    let label = parts.map { "\($0.part.name) \(NumberText.milliseconds($0.milliseconds))" }.joined(separator: ", ")
    return #"""
      <svg class="fall" viewBox="0 0 400 14" preserveAspectRatio="none" role="img" aria-label="\#(label)">\#(bars)</svg>
      """#
  }
}

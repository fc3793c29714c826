// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results

extension RunReport {
  private func chart(
    _ title: String, _ about: String, _ unit: ChartUnit, _ series: [Chart.Series], limits: [Chart.Limit] = [],
    beyond: String = "failed"
  ) -> HTMLText {
    guard let timeline else { return .none }
    var chart = Chart(
      title: title, about: about, unit: unit, across: .time(stretchSeconds: timeline.stretchSeconds), series: series,
      bands: bands, limits: limits)
    chart.beyond = beyond
    return chart.html
  }

  /// Phases that are not steady are shaded; so is what was broken on purpose.
  private var bands: [Chart.Band] {
    let hasSteady = record.plan.phases.contains(where: \.steady)
    return record.plan.phases.filter { !$0.steady && hasSteady && $0.seconds > 0 }.map {
      Chart.Band(from: $0.start, to: $0.start + $0.seconds, name: $0.name)
    } + faults
  }

  /// `15s`.
  private var stretch: String { NumberText.duration(seconds: Double(timeline?.stretchSeconds ?? 1)) }

  // MARK: Over time

  var overTime: HTMLText {
    guard let timeline else { return .none }
    let stretches = timeline.stretches
    func rate(_ count: KeyPath<RunTimeline.Stretch, Int>) -> [Double?] {
      stretches.map { Double($0[keyPath: count]) / Double(timeline.seconds(of: $0)) }
    }
    let rates = chart(
      "Throughput", "Requests per second: due by the plan, and answered, by the second of their last byte.", .perSecond,
      [
        Chart.Series("due", .dashedLine, colour: 0, values: rate(\.due)),
        Chart.Series(
          "answered as expected", .boldLine, colour: 3, values: rate(\.answeredOk)),
        Chart.Series("failed", .line, colour: 4, values: rate(\.answeredFailed)),
      ])
    return HTMLParts.section(
      "time", "Over time",
      rates
        + chart(
          "Response time", "Due to last byte: what rules judge. Percentiles of all requests due in each \(stretch).",
          .milliseconds, percentiles(\.response), limits: limits)
        + chart(
          "Service time", "Handed to the network to last byte: without the time a request had to wait for its turn.",
          .milliseconds, percentiles(\.service)))
  }

  private func percentiles(_ path: KeyPath<RunTimeline.Stretch, RunTimeline.Quantiles>) -> [Chart.Series] {
    guard let timeline else { return [] }
    func series(
      _ name: String, _ look: Chart.Series.Look, _ colour: Int, _ quantile: KeyPath<RunTimeline.Quantiles, Double?>
    ) -> Chart.Series {
      Chart.Series(
        name, look, colour: colour, values: timeline.stretches.map { $0[keyPath: path][keyPath: quantile] },
        isBeyond: timeline.stretches.map { $0.sent > 0 && $0[keyPath: path][keyPath: quantile] == nil })
    }
    return [
      series("p50", .line, 0, \.p50), series("p95", .boldLine, 1, \.p95), series("p99", .dashedLine, 2, \.p99),
    ]
  }

  /// Limits on percentiles of all requests; those of single steps would mislead here. The lowest four.
  private var limits: [Chart.Limit] {
    var found: [Chart.Limit] = []
    for rule in record.thresholds {
      guard let threshold = try? Threshold.parse(rule.expression), case .quantile(.response, _) = threshold.figure,
        threshold.selection.step == nil, !found.contains(where: { $0.value == rule.limit })
      else { continue }
      found.append(Chart.Limit(value: rule.limit, name: rule.expression))
    }
    return Array(found.sorted { $0.value < $1.value }.prefix(4))
  }

  // MARK: Errors

  var errors: HTMLText {
    guard let timeline else { return .none }
    let stretches = timeline.stretches
    var kinds = timeline.failureKinds.indices.map { index in
      (name: timeline.failureKinds[index], counts: stretches.map { $0.failed[index] })
    }
    kinds.append(("in flight at the end", stretches.map(\.inFlight)))
    kinds = kinds.filter { $0.counts.contains { $0 > 0 } }
    guard !kinds.isEmpty || record.totals.refused > 0 || record.totals.unsent > 0 else { return .none }
    let colours = [4, 1, 2, 0, 3]
    // The most frequent first; what has no colour of its own is added up.
    kinds.sort { $0.counts.reduce(0, +) > $1.counts.reduce(0, +) }
    if kinds.count > colours.count {
      let rest = kinds[(colours.count - 1)...]
      let sums = stretches.indices.map { index in rest.reduce(0) { $0 + $1.counts[index] } }
      kinds = Array(kinds.prefix(colours.count - 1)) + [("other kinds", sums)]
    }
    let series = zip(kinds, colours).map { kind, colour in
      Chart.Series(kind.name, .bars, colour: colour, values: kind.counts.map { $0 > 0 ? Double($0) : 0 })
    }
    let drawing =
      kinds.isEmpty
      ? HTMLText.none
      : chart(
        "Errors by kind", "Requests that failed, by the second in which they were due, per \(stretch).", .count, series)
    let totals = record.totals.failedByKind.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    let table = HTMLTable(
      caption: "Errors by kind", columns: [.text("kind"), .number("requests"), .number("share of sent")],
      rows: totals.map { kind, count in
        [
          "\(kind)", "\(NumberText.count(count))",
          "\(NumberText.share(record.totals.sent > 0 ? Double(count) / Double(record.totals.sent) : nil))",
        ]
      }
    ).html
    var notes: [HTMLText] = []
    if record.totals.refused > 0 {
      let steps = record.steps.filter { $0.refused > 0 }
        .map { "\($0.scenario)/\($0.step) \(NumberText.count($0.refused))" }.joined(separator: ", ")
      notes.append(
        "\(NumberText.count(record.totals.refused)) refused as the scenarios declare: no errors\(steps.isEmpty ? "" : " (while steady: \(steps))")."
      )
    }
    if record.totals.unsent > 0 {
      notes.append(
        "\(NumberText.count(record.totals.unsent)) became due and were never sent: no answers, so no errors either.")
    }
    return HTMLParts.section("errors", "Errors and refusals", drawing + table + HTMLParts.list(notes))
  }

  // MARK: Replies

  var repliesSection: HTMLText {
    guard let figures = record.replies else { return .none }
    let text = HTMLText(joining: Wordings.replies(figures).map { "<p>\($0)</p>\n" })
    guard let replies = timeline?.replies else { return HTMLParts.section("replies", "Replies to guests", text) }
    let isLost = replies.map { $0.lost > 0 }
    func values(_ path: KeyPath<RunTimeline.ReplyStretch, Double?>) -> ([Double?], [Bool]) {
      (replies.map { $0[keyPath: path] }, zip(replies, isLost).map { $0.awaited > 0 && $1 && $0[keyPath: path] == nil })
    }
    let times = chart(
      "Reply time", "From the due time of a message to the arrival of its reply, by the second the message was due.",
      .milliseconds,
      [
        Chart.Series("p50", .line, colour: 0, values: values(\.p50).0, isBeyond: values(\.p50).1),
        Chart.Series("p95", .boldLine, colour: 1, values: values(\.p95).0, isBeyond: values(\.p95).1),
      ], beyond: "lost")
    let bad =
      replies.contains { $0.late + $0.lost + $0.duplicated > 0 }
      ? chart(
        "Replies late, lost and duplicated", "Messages due in each \(stretch).", .count,
        [
          Chart.Series("lost", .bars, colour: 4, values: replies.map { Double($0.lost) }),
          Chart.Series("late", .bars, colour: 1, values: replies.map { Double($0.late) }),
          Chart.Series("duplicated", .bars, colour: 2, values: replies.map { Double($0.duplicated) }),
        ]) : .none
    return HTMLParts.section("replies", "Replies to guests", text + times + bad)
  }

  // MARK: Own health

  var ownHealth: HTMLText {
    guard let generator = record.generator else { return .none }
    let alarm: HTMLText =
      generator.healthy
      ? "<p>\(HTMLParts.badge(.pass, "healthy")) \(Wordings.health(generator).droppingFirstWord)</p>\n"
      : """
      <div class="alert"><p>\(HTMLParts.badge(.warning, "NOT HEALTHY")) Rules on time cannot be judged by this run: \
      what is measured may be the tool's own delay.</p>
      \(HTMLParts.list(generator.reasons.map { "\($0)" }))</div>
      <p>\(Wordings.health(generator))</p>

      """
    let rows = timeline?.stretches.map(\.generator) ?? []
    let delays = chart(
      "Own delays", "p99 per \(stretch). Own lag is this tool's fault; blocked is the target holding every slot.",
      .milliseconds,
      [
        Chart.Series("own lag", .boldLine, colour: 4, values: rows.map { $0?.ownLagP99 }),
        Chart.Series("blocked by the target", .line, colour: 0, values: rows.map { $0?.blockedP99 }),
      ])
    let load = chart(
      "Own load",
      "Mean per \(stretch): the busiest worker's time not spent waiting; processor time, 100 % is one processor.",
      .share,
      [
        Chart.Series("busiest worker", .line, colour: 0, values: rows.map { $0?.busyShare }),
        Chart.Series("processor", .boldLine, colour: 1, values: rows.map { $0?.cpuShare }),
      ])
    let flight = chart(
      "Requests in flight", "Most at the end of a second of each \(stretch).", .count,
      [Chart.Series("in flight", .boldLine, colour: 0, values: rows.map { $0?.inFlight.map(Double.init) })])
    return HTMLParts.section("generator", "The generator's own health", alarm + delays + load + flight)
  }

  // MARK: The target's side

  var targetSection: HTMLText {
    let length = timeline?.stretchSeconds ?? 1
    let count = timeline?.stretches.count ?? 0
    let shown = 5
    let charts = TargetSeries.grouped(target).map { metric, series -> HTMLText in
      let rest = series.count - shown
      let about = series[0].about + (rest > 0 ? " \(rest) more instances are in target.csv." : "")
      let limits = series.compactMap(\.limit)
      let limit = limits.min().map { Chart.Limit(value: $0, name: "limit \(series[0].unit.cell($0))") }
      return chart(
        metric, about, series[0].unit,
        series.prefix(shown).enumerated().map { index, one in
          Chart.Series(
            one.instance, index % 2 == 0 ? .boldLine : .dashedLine, colour: index % 5,
            values: one.stretches(of: length, count: count))
        }, limits: limit.map { [$0] } ?? [])
    }
    return HTMLParts.section("target", "The target's side", reconciliation + HTMLText(joining: charts))
  }

  /// The target's own count of requests beside ours, and what could not be watched.
  private var reconciliation: HTMLText {
    guard let watched = record.watched else { return .none }
    let rows = watched.reconciliation.map { count -> [HTMLText] in
      let mark = count.ok.map { HTMLParts.badge($0 ? .pass : .fail, $0 ? "agrees" : "differs") }
      return [
        mark ?? HTMLParts.badge(.neutral, "unknown"), "\(count.instance)", "<code>\(count.metric)</code>",
        "\(NumberText.plain(count.server))", "\(NumberText.count(count.sent))", "\(count.reason)",
      ]
    }
    let troubles = watched.sources.filter { $0.trouble != nil }.map { source -> HTMLText in
      "\(source.name) (\(source.source.rawValue)) could not be read before the run: \(source.trouble)"
    }
    let table = HTMLTable(
      caption: "Requests as the target counted them",
      columns: [
        .text("requests"), .wide("instance"), .wide("its counter"), .number("counted there"), .number("sent"),
        .wide("reading"),
      ], rows: rows)
    return HTMLParts.list(troubles) + table.html
  }
}

extension String {
  /// After the first colon.
  fileprivate var droppingFirstWord: String {
    guard let colon = firstIndex(of: ":") else { return self }
    return String(self[index(after: colon)...].drop { $0 == " " })
  }
}

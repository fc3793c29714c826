// SPDX-License-Identifier: Apache-2.0
import Docker
import Glibc
import Judgement
import Observe
import Reports
import Results
import Scenarios
import Transport

/// What of a target is watched while it is under load.
struct TargetSide: Sendable {
  private(set) var sources: [WatchedSource] = []
  private var entries: [TargetWatch.Entry] = []
  /// What was read before the run, for the first row of each source.
  private var first: [[TargetReading]] = []
  /// Which engine each container is looked for in.
  private var engines: [String] = []

  /// Reads every source once; that takes some seconds at most.
  init(_ inputs: LoadInputs, planNanoseconds: Int64, hotelProcessID: Int32?) {
    let target = inputs.target
    let usual = TargetWatch.usualNanoseconds(planNanoseconds: planNanoseconds)
    let metrics = target.environment?.metrics ?? []
    let named = inputs.plan.thresholds.compactMap { Self.metricName(in: $0.text) }
    if let hotelProcessID {
      let limit = metrics.compactMap(\.memoryLimitBytes).first
      add(
        ProcessReader(name: "hotel", processID: hotelProcessID, memoryLimitBytes: limit), every: usual,
        memoryLimit: limit)
    }
    let connection = target.connection(for: inputs.plan, userAgent: "gonogo/\(Main.version)")
    for entry in metrics {
      let every = entry.everyNanoseconds ?? usual
      switch entry.place {
      case .scrape(let place):
        let isPath = place.hasPrefix("/")
        let url = isPath ? target.base.withoutTrailingSlash + place : place
        let reader = ScrapeReader(
          url: url, connection: isPath ? connection : Self.plainConnection, memoryLimitBytes: entry.memoryLimitBytes,
          keep: entry.keep + named, requests: entry.requests)
        add(reader, every: every, memoryLimit: entry.memoryLimitBytes)
      case .query(let server, let expression, let name):
        add(
          PrometheusReader(server: server, query: expression, name: name, connection: Self.plainConnection),
          every: every, memoryLimit: nil)
      case .container(let name):
        let docker = target.environment?.docker
        let agent = "gonogo/\(Main.version)"
        do throws(EngineError) {
          let address = try EngineAddress.resolve(declared: docker?.host, variables: processVariable)
          let reader = ContainerReader(
            name: name, address: address, project: docker?.project, memoryLimitBytes: entry.memoryLimitBytes,
            userAgent: agent)
          add(reader, every: every, memoryLimit: entry.memoryLimitBytes)
          engines.append("\(name): engine \(address.text) (\(address.origin))")
        } catch {
          add(
            BrokenReader(source: .container, name: name, reason: error.message), every: every,
            memoryLimit: entry.memoryLimitBytes)
        }
      }
    }
    readOnce(requests: metrics)
  }

  private static var plainConnection: ConnectionSettings {
    var settings = ConnectionSettings()
    settings.userAgent = "gonogo/\(Main.version)"
    return settings
  }

  /// The series that a rule such as `metric("name{label=\"x\"}") < 5` is about, without its labels.
  private static func metricName(in rule: String) -> String? {
    guard let begin = rule.firstRange(of: "metric(\"") else { return nil }
    let name = rule[begin.upperBound...].prefix { $0 != "\"" && $0 != "{" }
    return name.isEmpty ? nil : String(name)
  }

  private mutating func add(_ reader: any TargetReader, every: Int64, memoryLimit: Double?) {
    sources.append(
      WatchedSource(
        source: reader.source, name: reader.name, every: Double(every) / 1e6, memoryLimit: memoryLimit))
    entries.append(TargetWatch.Entry(reader: reader, everyNanoseconds: every))
  }

  private mutating func readOnce(requests: [Environment.Metrics]) {
    let results = TargetWatch.readOnce(entries)
    for (index, result) in results.enumerated() {
      switch result {
      case .success(let readings):
        first.append(readings)
        sources[index].requests = (entries[index].reader as? ScrapeReader)?.requestCounter(in: readings)
      case .failure(let trouble):
        first.append([])
        sources[index].trouble = printable(Redactor().redact(trouble.reason))
      }
    }
  }

  /// As the run's record has it; nil when nothing is watched.
  var record: WatchedRecord? { sources.isEmpty ? nil : WatchedRecord(sources: sources) }

  /// For the screen before the start.
  var lines: [String] { sourceLines + engines.map(printable) }

  private var sourceLines: [String] {
    sources.map { source in
      let what = Redactor().redact(source.name)
      let every = NumberText.duration(seconds: source.every / 1000)
      guard let trouble = source.trouble else {
        let counter = source.requests.map { ", its own count of requests is \($0)" } ?? ""
        return "\(source.source.rawValue) \(printable(what)) every \(every)\(counter)"
      }
      return "\(source.source.rawValue) \(printable(what)) cannot be read: \(trouble)"
    }
  }

  /// Why the run must not begin: a rule of the plan is about the target's side, and nothing of it can be read.
  func refusal(_ thresholds: [String]) -> String? {
    let needing = thresholds.filter { rule in
      ["metric(", "cpu(", "memory(", "restarts("].contains { rule.drop { $0 == " " }.hasPrefix($0) }
    }
    guard let rule = needing.first else { return nil }
    if sources.isEmpty { return "`\(rule)` needs figures of the target, and nothing of it is watched" }
    guard let broken = sources.first(where: { $0.trouble != nil }), let trouble = broken.trouble else {
      return needing.lazy.compactMap(unknownName).first
    }
    return
      "`\(rule)` needs figures of the target, and \(broken.source.rawValue) \(broken.name) cannot be read: \(trouble)"
  }

  /// Of a rule about processor time or memory of something that nothing tells of. A metric may appear later than now.
  private func unknownName(in rule: String) -> String? {
    guard case .target(let figure)? = (try? Threshold.parse(rule))?.figure else { return nil }
    if case .metric = figure { return nil }
    let readings = zip(sources, first).flatMap { source, readings in readings.map { (source.source, $0) } }
    guard !readings.contains(where: { figure.means($1.metric, of: $1.instance, $0) }) else { return nil }
    let names = Set(readings.map { TargetTable.subject(ofInstance: $1.instance, source: $0) }).sorted()
    return "`\(rule)` is about \(figure.name), of which nothing that is watched tells"
      + (names.isEmpty ? "" : "; there are \(names.joined(separator: ", "))")
  }

  /// Begins to sample; nil when nothing is watched.
  func watch(_ writer: RunFolderWriter, started: Timestamp) -> TargetWatch? {
    guard let file = writer.target else { return nil }
    let lead = started.millisecondsSinceEpoch - Timestamp.now().millisecondsSinceEpoch
    return TargetWatch(
      entries, first: first, writer: file, startedAt: MonotonicTime.now().advanced(byNanoseconds: lead * 1_000_000))
  }
}

/// Of this process's environment; nil when it is not set.
func processVariable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// A source whose place could not be made out.
private struct BrokenReader: TargetReader {
  let source: TargetSource
  let name: String
  let reason: String

  func read() throws(TargetUnreadable) -> [TargetReading] { throw TargetUnreadable(reason) }
}

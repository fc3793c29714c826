// SPDX-License-Identifier: Apache-2.0
import Document

extension EnvironmentShapes {
  private struct MetricsDraft: Sendable {
    var text = ""
    var prometheus = ""
    var name = ""
    var memoryLimit: Double?
    var keep: [String] = []
    var requests: String?
    var every: Duration?

    func metrics(_ place: Environment.Metrics.Place) -> Environment.Metrics {
      var metrics = Environment.Metrics(place)
      metrics.memoryLimitBytes = memoryLimit
      metrics.keep = keep
      metrics.requests = requests
      metrics.everyNanoseconds = every.map(\.nanoseconds)
      return metrics
    }
  }

  static let metrics: Shape<Environment.Metrics> = {
    let scrape = Shape.object(MetricsDraft(), "Prometheus text.") { o in
      o.required("scrape", .nonEmptyString, \.text, "A path or URL.")
      o.optional("memory-limit", byteSize, \.memoryLimit, "What its memory is held against, such as 512MB.")
      o.optional("keep", .list(of: .nonEmptyString), \.keep, "Names of further series to keep.")
      o.optional("requests", .nonEmptyString, \.requests, "The series that counts its requests.")
      o.optional("every", every, \.every, "Time between two samples.")
    }.map { draft throws(Mistake) in draft.metrics(.scrape(draft.text)) }
    let container = Shape.object(MetricsDraft(), "A container's memory, CPU and restarts.") { o in
      o.required("container", .nonEmptyString, \.text, "A container, or a service of the compose project.")
      o.optional("memory-limit", byteSize, \.memoryLimit, "In place of the limit that the engine knows.")
      o.optional("every", every, \.every, "Time between two samples.")
    }.map { draft throws(Mistake) in draft.metrics(.container(draft.text)) }
    let query = Shape.object(MetricsDraft(), "A query.") { o in
      o.required("query", .nonEmptyString, \.text, "PromQL.")
      o.required("prometheus", .nonEmptyString, \.prometheus, "The server's URL.")
      o.required("name", .nonEmptyString, \.name, "What reports call it.")
      o.optional("every", every, \.every, "Time between two samples.")
    }.map { draft throws(Mistake) in
      draft.metrics(.query(prometheus: draft.prometheus, expression: draft.text, name: draft.name))
    }
    return .byKey("metrics", ["scrape": scrape, "container": container, "query": query])
  }()

  private static let every = Shape<Duration>.duration.map { duration throws(Mistake) in
    if duration < .seconds(1) { throw Mistake("the target is asked at most once a second", hint: "write 1s") }
    return duration
  }

  private static let byteSize: Shape<Double> = Shape<String>.text(
    "a size such as 512MB", pattern: "^[0-9.]+ *[kMG]?i?B$"
  ).map {
    text throws(Mistake) in
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }
    let factors: [String: Double] = [
      "B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1024, "MiB": 1_048_576, "GiB": 1_073_741_824,
    ]
    guard let number = Double(digits), number > 0, let factor = factors[String(unit)] else {
      throw Mistake("expected a size such as 512MB", hint: "units are B, kB, MB, GB, KiB, MiB, GiB")
    }
    return number * factor
  }
}

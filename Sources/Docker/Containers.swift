// SPDX-License-Identifier: Apache-2.0
import JSON

/// A container as lists have it.
package struct ContainerSummary: Sendable, Equatable {
  package var id: String
  /// Without the slash before it.
  package var name: String
  /// `running`, `exited`, `paused`, `restarting`, ...
  package var state: String
  package var labels: [String: String]

  package static let projectLabel = "com.docker.compose.project"
  package static let serviceLabel = "com.docker.compose.service"

  /// Of a compose project.
  package var service: String? { labels[Self.serviceLabel] }

  /// As people write it.
  package var shortID: String { String(id.prefix(12)) }
}

/// A container as it was made and as it is.
package struct ContainerDetails: Sendable, Equatable {
  package var id: String
  package var name: String
  package var state: String
  package var isRunning: Bool
  /// RFC 3339, to the nanosecond.
  package var startedAt: String
  /// By its restart policy.
  package var restartCount: Int
  /// Digest of the image it runs: `sha256:...`.
  package var image: String
  /// As its maker named it.
  package var imageName: String
  package var labels: [String: String]
  /// Bytes; nil: no limit of its own.
  package var memoryLimit: Int64?
  /// Processors it may use; nil: no limit of its own.
  package var processors: Double?
}

/// What a container uses at one moment.
package struct ContainerStats: Sendable, Equatable {
  /// Of all its processes since it began.
  package var cpuNanoseconds: UInt64
  /// Bytes, without file pages that the kernel may drop at once, as `docker stats` shows it.
  package var memory: UInt64
  /// Bytes: its own limit, else the machine's memory.
  package var memoryLimit: UInt64
  /// Processors of the machine; nil when the engine does not tell.
  package var onlineProcessors: Int?
}

extension EngineClient {
  /// The engine's own version, such as `20.10.24`.
  package func engineVersion() throws(EngineError) -> String {
    struct Answer: Decodable {
      var version: String

      private enum CodingKeys: String, CodingKey { case version = "Version" }
    }
    return try get(Answer.self, "/version").version
  }

  /// All containers, stopped ones included, that carry all of these labels (`name` or `name=value`); by name.
  package func containers(labels: [String] = []) throws(EngineError) -> [ContainerSummary] {
    struct Answer: Decodable {
      var id: String
      var names: [String]?
      var state: String?
      var labels: [String: String]?

      private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "Names"
        case state = "State"
        case labels = "Labels"
      }
    }
    var query = [(name: "all", value: "true")]
    if !labels.isEmpty {
      var filters = Array(#"{"label":["#.utf8)
      for (index, label) in labels.enumerated() {
        if index > 0 { filters.append(UInt8(ascii: ",")) }
        appendJSONString(label, to: &filters)
      }
      query.append((name: "filters", value: String(decoding: filters, as: UTF8.self) + "]}"))
    }
    return try get([Answer].self, "/containers/json", query: query).map { answer in
      // A link from another container is a name too, with more than one slash.
      let names = (answer.names ?? []).map { $0.drop { $0 == "/" } }
      let name = names.first { !$0.contains("/") } ?? names.first ?? ""
      return ContainerSummary(
        id: answer.id, name: String(name), state: answer.state ?? "", labels: answer.labels ?? [:])
    }.sorted { $0.name < $1.name }
  }

  /// `id`: of a container, or its name.
  package func container(_ id: String) throws(EngineError) -> ContainerDetails {
    struct Answer: Decodable {
      struct State: Decodable {
        var status: String
        var running: Bool
        var startedAt: String

        private enum CodingKeys: String, CodingKey {
          case status = "Status"
          case running = "Running"
          case startedAt = "StartedAt"
        }
      }
      struct Config: Decodable {
        var image: String
        var labels: [String: String]?

        private enum CodingKeys: String, CodingKey {
          case image = "Image"
          case labels = "Labels"
        }
      }
      struct HostConfig: Decodable {
        var memory: Int64?
        var nanoCpus: Int64?
        var cpuQuota: Int64?
        var cpuPeriod: Int64?

        private enum CodingKeys: String, CodingKey {
          case memory = "Memory"
          case nanoCpus = "NanoCpus"
          case cpuQuota = "CpuQuota"
          case cpuPeriod = "CpuPeriod"
        }
      }
      var id: String
      var name: String
      var restartCount: Int
      var image: String
      var state: State
      var config: Config
      var hostConfig: HostConfig

      private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case restartCount = "RestartCount"
        case image = "Image"
        case state = "State"
        case config = "Config"
        case hostConfig = "HostConfig"
      }
    }
    let answer = try get(Answer.self, "/containers/\(id)/json")
    let host = answer.hostConfig
    var processors: Double?
    if let nano = host.nanoCpus, nano > 0 {
      processors = Double(nano) / 1e9
    } else if let quota = host.cpuQuota, quota > 0 {
      let period = host.cpuPeriod ?? 0
      processors = Double(quota) / Double(period > 0 ? period : 100_000)
    }
    return ContainerDetails(
      id: answer.id, name: String(answer.name.drop { $0 == "/" }), state: answer.state.status,
      isRunning: answer.state.running, startedAt: answer.state.startedAt, restartCount: answer.restartCount,
      image: answer.image, imageName: answer.config.image, labels: answer.config.labels ?? [:],
      memoryLimit: host.memory.flatMap { $0 > 0 ? $0 : nil }, processors: processors)
  }

  /// At this moment; nil for a container that does not run.
  package func stats(_ id: String) throws(EngineError) -> ContainerStats? {
    struct Answer: Decodable {
      struct CPU: Decodable {
        struct Usage: Decodable {
          var totalUsage: UInt64

          private enum CodingKeys: String, CodingKey { case totalUsage = "total_usage" }
        }
        var cpuUsage: Usage
        var onlineCpus: Int?

        private enum CodingKeys: String, CodingKey {
          case cpuUsage = "cpu_usage"
          case onlineCpus = "online_cpus"
        }
      }
      struct Memory: Decodable {
        var usage: UInt64?
        var limit: UInt64?
        var stats: [String: UInt64]?
      }
      var cpuStats: CPU
      var memoryStats: Memory

      private enum CodingKeys: String, CodingKey {
        case cpuStats = "cpu_stats"
        case memoryStats = "memory_stats"
      }
    }
    var query = [(name: "stream", value: "false")]
    // Else the engine takes two samples, a second apart.
    if speaks(1, 41) { query.append((name: "one-shot", value: "true")) }
    let answer = try get(Answer.self, "/containers/\(id)/stats", query: query)
    guard let usage = answer.memoryStats.usage else { return nil }
    let details = answer.memoryStats.stats ?? [:]
    // The first name is that of cgroup v1, the second that of v2.
    let inactive = details["total_inactive_file"] ?? details["inactive_file"] ?? 0
    return ContainerStats(
      cpuNanoseconds: answer.cpuStats.cpuUsage.totalUsage, memory: inactive < usage ? usage - inactive : usage,
      memoryLimit: answer.memoryStats.limit ?? 0, onlineProcessors: answer.cpuStats.onlineCpus)
  }

  /// Where the image came from, by digest: `registry.example/api@sha256:...`; empty for one that was made here.
  package func imageDigests(_ id: String) throws(EngineError) -> [String] {
    struct Answer: Decodable {
      var repoDigests: [String]?

      private enum CodingKeys: String, CodingKey { case repoDigests = "RepoDigests" }
    }
    return try get(Answer.self, "/images/\(id)/json").repoDigests ?? []
  }
}

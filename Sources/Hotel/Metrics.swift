// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// Counts since the start, as Prometheus reads them.
final class Metrics: Sendable {
  private struct Endpoint: Hashable, Comparable {
    var method: String
    var path: String

    static func < (one: Endpoint, other: Endpoint) -> Bool { (one.path, one.method) < (other.path, other.method) }
  }

  private struct Counts {
    var byStatus: [Int: Int] = [:]
    let durations = Durations()
  }

  private struct State {
    var endpoints: [Endpoint: Counts] = [:]
    var sources: [@Sendable () -> String] = []
  }

  private static let knownMethods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
  private let state = Mutex(State())

  /// One answered request; `path` as the route has it. Labels come from fixed sets, so that no client makes them grow.
  func count(path: String?, method: String, status: Int, nanoseconds: Int64) {
    let endpoint = Endpoint(
      method: Self.knownMethods.contains(method) ? method : "other", path: path ?? "unmatched")
    state.withLock { state in
      state.endpoints[endpoint, default: Counts()].byStatus[status, default: 0] += 1
      state.endpoints[endpoint]?.durations.count(nanoseconds: nanoseconds)
    }
  }

  /// Has `source` asked for lines of its own whenever the metrics are read.
  func include(_ source: @escaping @Sendable () -> String) { state.withLock { $0.sources.append(source) } }

  /// The text format of Prometheus, version 0.0.4.
  func text(diskUsedPercent: Double?) -> String {
    let (endpoints, sources) = state.withLock { ($0.endpoints.sorted { $0.key < $1.key }, $0.sources) }
    var text = Self.head("http_requests_total", "counter", "Requests answered.")
    for (endpoint, counts) in endpoints {
      for (status, count) in counts.byStatus.sorted(by: { $0.key < $1.key }) {
        text += "http_requests_total{\(Self.labels(endpoint)),status=\"\(status)\"} \(count)\n"
      }
    }
    text += Self.head(
      "http_request_duration_seconds", "histogram", "From the request line to the answer, writing it excluded.")
    for (endpoint, counts) in endpoints {
      text += counts.durations.text("http_request_duration_seconds", labels: Self.labels(endpoint))
    }
    text += Self.head("http_errors_total", "counter", "Answers from 400 up, by whose error it was.")
    for (endpoint, counts) in endpoints {
      for (type, range) in [("client", 400..<500), ("server", 500..<600)] {
        let count = counts.byStatus.reduce(0) { $0 + (range.contains($1.key) ? $1.value : 0) }
        if count > 0 { text += "http_errors_total{\(Self.labels(endpoint)),error_type=\"\(type)\"} \(count)\n" }
      }
    }
    return text + Self.processText(diskUsedPercent: diskUsedPercent) + sources.map { $0() }.joined()
  }

  private static func processText(diskUsedPercent: Double?) -> String {
    var text = head("process_cpu_seconds_total", "counter", "User and system time.")
    text += "process_cpu_seconds_total \(Double(processorNanoseconds()) / 1e9)\n"
    if let started = startedSeconds {
      text += head("process_start_time_seconds", "gauge", "When it began, in seconds since 1970.")
      text += "process_start_time_seconds \(started)\n"
    }
    if let open = openDescriptors() {
      text += head("process_open_fds", "gauge", "Open descriptors.")
      text += "process_open_fds \(open)\n"
    }
    if let bytes = residentBytes() {
      text += head("process_resident_memory_bytes", "gauge", "Resident memory.")
      text += "process_resident_memory_bytes \(bytes)\n"
    }
    if let diskUsedPercent {
      text += head("disk_used_percent", "gauge", "Of the file system that holds the database.")
      text += "disk_used_percent \(diskUsedPercent)\n"
    }
    return text
  }

  private static func residentBytes() -> Int? {
    let fields = firstLine(of: "/proc/self/statm")?.split(separator: " ") ?? []
    return fields.count > 1 ? Int(fields[1]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) } : nil
  }

  /// As Prometheus clients tell it: the machine's begin and the ticks from there to the process's. Read once, so that it
  /// is the same in every answer.
  private static let startedSeconds: Double? = {
    // The name in parentheses may hold anything; the begin is the 20th field behind it.
    guard let fields = firstLine(of: "/proc/self/stat")?.split(separator: ")").last?.split(separator: " "),
      fields.count > 19, let ticks = Double(fields[19]),
      let booted = file("/proc/stat")?.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
      let seconds = Double(booted.dropFirst(6))
    else { return nil }
    return seconds + ticks / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
  }()

  private static func openDescriptors() -> Int? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    defer { closedir(directory) }
    var count = -1  // the listing's own descriptor
    while let entry = readdir(directory) {
      if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
    }
    return count
  }

  private static func firstLine(of path: String) -> Substring? { file(path)?.split(separator: "\n").first }

  /// The first 32 KiB of a file of /proc: its lines come whole.
  private static func file(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 32 << 10)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }

  static func head(_ name: String, _ type: String, _ about: String) -> String {
    "# HELP \(name) \(about)\n# TYPE \(name) \(type)\n"
  }

  private static func labels(_ endpoint: Endpoint) -> String {
    "method=\"\(endpoint.method)\",endpoint=\"\(endpoint.path)\""
  }
}

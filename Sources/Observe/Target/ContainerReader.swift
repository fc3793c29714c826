// SPDX-License-Identifier: Apache-2.0
package import Docker
package import Results
import Synchronization

/// Reads the containers of a name through their engine: one container, or all replicas of a service.
package final class ContainerReader: TargetReader {
  package let source = TargetSource.container
  package let name: String
  private let address: EngineAddress
  private let project: String?
  private let memoryLimit: Double?
  private let userAgent: String
  private let client = Mutex<EngineClient?>(nil)

  /// `project`: the compose project that it must belong to; nil: any container of the engine.
  package init(
    name: String, address: EngineAddress, project: String?, memoryLimitBytes: Double?, userAgent: String
  ) {
    self.name = name
    self.address = address
    self.project = project
    memoryLimit = memoryLimitBytes
    self.userAgent = userAgent
  }

  package func read() throws(TargetUnreadable) -> [TargetReading] {
    do throws(EngineError) {
      return try readings(connected())
    } catch {
      throw TargetUnreadable(error.message)
    }
  }

  /// `agente-api sha256:...` of each service or container meant, sorted; what runs is told by this.
  package func images() throws(EngineError) -> [String] {
    let engine = try connected()
    var images: Set<String> = []
    for container in try meant(engine) {
      images.insert("\(container.service ?? container.name) \(try engine.container(container.id).image)")
    }
    return images.sorted()
  }

  private func connected() throws(EngineError) -> EngineClient {
    if let client = client.withLock({ $0 }) { return client }
    let made = try EngineClient.connect(address, userAgent: userAgent)
    client.withLock { $0 = made }
    return made
  }

  private func meant(_ engine: EngineClient) throws(EngineError) -> [ContainerSummary] {
    let all = try engine.containers(labels: project.map { ["\(ContainerSummary.projectLabel)=\($0)"] } ?? [])
    let meant = all.filter { $0.name == name || $0.service == name }
    guard meant.isEmpty else { return meant }
    let there = Set(all.map { $0.service ?? $0.name }).sorted().prefix(10).joined(separator: ", ")
    let place = project.map { "the project \($0)" } ?? address.text
    throw EngineError("no container or service \(name) in \(place)" + (there.isEmpty ? "" : ", only \(there)"))
  }

  private func readings(_ engine: EngineClient) throws(EngineError) -> [TargetReading] {
    var readings: [TargetReading] = []
    for container in try meant(engine) {
      let details = try engine.container(container.id)
      guard details.isRunning, let stats = try engine.stats(container.id) else { continue }
      // A service's containers have names of their own; rules speak of the service.
      let place = details.name == name ? name : "\(name)/\(details.name)"
      let instance = "\(place):\(container.shortID)@\(details.startedAt)"
      var figures = [
        (TargetMetric.memory, Double(stats.memory)), (TargetMetric.cpu, Double(stats.cpuNanoseconds) / 1e9),
        (TargetMetric.restarts, Double(details.restartCount)),
      ]
      let limit = memoryLimit ?? (stats.memoryLimit > 0 ? Double(stats.memoryLimit) : nil)
      if let limit { figures.append((TargetMetric.memoryLimit, limit)) }
      if let processors = details.processors ?? stats.onlineProcessors.map(Double.init) {
        figures.append((TargetMetric.processors, processors))
      }
      readings += figures.map { TargetReading(instance: instance, metric: $0.0, value: $0.1) }
    }
    if readings.isEmpty { throw EngineError("\(name) is there and does not run") }
    return readings
  }
}

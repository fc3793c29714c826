// SPDX-License-Identifier: Apache-2.0
import Docker
import JSON
import Observe
import Results
import Scenarios
import Transport

/// What is asked of a target before anything else is sent to it.
struct LoadProbe {
  let target: LoadTarget
  let connection: ConnectionSettings
  /// In quick use: the one URL, when asking for it changes nothing.
  let quickURL: String?

  private static let timeout = Duration.seconds(10)

  private var healthPaths: [String] {
    switch target.environment?.settings["health"] {
    case .text(let path)?: [path]
    case .list(let paths)?: paths
    case nil: []
    }
  }

  /// Throws when the target cannot be reached or says that it is not healthy. Limits that it announces are returned.
  @discardableResult
  func requireHealthy() throws -> AnnouncedLimits {
    let paths = healthPaths
    var limits = AnnouncedLimits()
    for path in paths { limits.merge(try require(target.base.withoutTrailingSlash + path, mustBeFine: true)) }
    if paths.isEmpty { limits = try require(quickURL ?? target.base.withoutTrailingSlash + "/", mustBeFine: false) }
    return limits
  }

  /// Throws when nobody answers; whatever is answered will do. Limits that it announces are returned.
  @discardableResult
  func requireReachable() throws -> AnnouncedLimits {
    Self.limits(try ask(target.base.withoutTrailingSlash + (healthPaths.first ?? "/")))
  }

  /// The limits that the target announces to the first of these requests that is answered with any. Health is seldom
  /// limited, so that what the run will send tells more. Nobody answering is no mistake here.
  func limits(asking requests: [PlainRequest]) -> AnnouncedLimits {
    for request in requests.prefix(Self.mostReadings) {
      guard let answer = try? ask(request) else { continue }
      let limits = Self.limits(answer)
      if !limits.isEmpty { return limits }
    }
    return AnnouncedLimits()
  }

  private static let mostReadings = 3

  private static func limits(_ answer: PlainResponse) -> AnnouncedLimits {
    AnnouncedLimits(head: answer.head, now: Double(Timestamp.now().millisecondsSinceEpoch) / 1000)
  }

  private func require(_ url: String, mustBeFine: Bool) throws -> AnnouncedLimits {
    let answer = try ask(url)
    // Without a declared health path any answer shows that somebody is there, but not one that says "broken".
    let isFine = mustBeFine ? (200...299).contains(answer.status) : answer.status < 500
    guard isFine else {
      throw CommandFailure.refused(
        "the target is not healthy: \(Self.shown(url)) answers \(answer.status)", hint: "--no-probe starts all the same"
      )
    }
    return Self.limits(answer)
  }

  /// A query may hold a key.
  private static func shown(_ url: String) -> String { printable(Redactor().redact(url)) }

  /// The build that a run is of. What somebody names must not contradict what the target says of itself.
  func build(named: String?) throws -> String? {
    guard let named else { return try build() }
    guard target.environment?.build != nil, let own = try? build(), own != named else { return named }
    throw CommandFailure.refused(
      "--build \(printable(named)): the target says that it is build \(printable(own))",
      hint: "leave --build out; nothing but questions was sent")
  }

  /// The target's own word for its build; nil when it is not declared how to learn it.
  func build() throws -> String? {
    switch target.environment?.build {
    case nil: return nil
    case .images(let names)?: return try images(of: names)
    case .answer(let path, let place)?: return try told(at: path, place)
    }
  }

  private func told(at path: String, _ place: Environment.BuildSource.Place) throws -> String? {
    let answer = try ask(target.base.withoutTrailingSlash + path)
    switch place {
    case .header(let name): return answer.header(named: name)
    case .json(let text):
      guard let path = try? JSONPath(text) else { return nil }
      var matches = JSONMatches()
      return answer.body.withUnsafeBufferPointer { buffer in
        guard (try? matches.scan(buffer, JSONPaths([path]))) != nil else { return nil }
        return matches.first(of: 0)?.string(in: buffer.span)
      }
    }
  }

  /// `agente-api sha256:..., pms sha256:...`.
  private func images(of names: [String]) throws -> String {
    let docker = target.environment?.docker
    do throws(EngineError) {
      let address = try EngineAddress.resolve(declared: docker?.host, variables: processVariable)
      var images: [String] = []
      for name in names {
        let reader = ContainerReader(
          name: name, address: address, project: docker?.project, memoryLimitBytes: nil,
          userAgent: "gonogo/\(Main.version)")
        images += try reader.images()
      }
      return images.joined(separator: ", ")
    } catch {
      throw CommandFailure.refused(
        "the build cannot be told by its images: \(printable(error.message))",
        hint: "--build names it; nothing was sent")
    }
  }

  private func ask(_ url: String) throws -> PlainResponse { try ask(PlainRequest(url)) }

  private func ask(_ question: PlainRequest) throws -> PlainResponse {
    var probe = question
    probe.timeout = Self.timeout
    var settings = connection
    settings.maximumRedirects = 0
    settings.bodyLimitBytes = 1 << 20
    do {
      return try request(probe, settings: settings)
    } catch {
      throw CommandFailure.refused(
        "the target cannot be reached: \(Self.shown(probe.url)): \(error.text)", hint: "nothing was sent")
    }
  }
}

extension String {
  var withoutTrailingSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}

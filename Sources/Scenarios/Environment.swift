// SPDX-License-Identifier: Apache-2.0

/// A declared system, with what is allowed on it.
package struct Environment: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable { case staging, production }
  package enum Activity: String, Sendable, CaseIterable { case smoke, load, chaos }
  package enum Outbound: String, Sendable, CaseIterable {
    /// Messages go to a sink.
    case sink
    /// Messages could reach real people.
    case live
  }

  /// Stands for the reference hotel, which is started for the run and ended after it.
  package static let embeddedURL = "embedded"

  package var name: String
  package var url: String
  package var kind: Kind
  /// Without a word about it: staging allows smoke and load; production read-only smoke and nothing else.
  package var allow: Set<Activity>
  /// Smoke may send read-only steps only (production unless `allow` is written).
  package var isReadOnly: Bool
  /// Nil: only the host of `url`.
  package var hosts: [String]?
  /// Paths of PEM files, as absolute as the file that names them.
  package var ca: String?
  package var certificate: String?
  package var key: String?
  package var insecure = false
  package var proxy: String?
  package var build: BuildSource?
  package var peak: Peak?
  package var outbound: Outbound?
  /// Where gonogo listens for the messages to guests while a run lasts; the system is set up to send them there.
  package var sink: Sink?
  package var docker: Docker?
  package var metrics: [Metrics] = []
  /// Lists are joined by commas for templates.
  package var settings: [String: Setting] = [:]
  package var coverage = Coverage()

  /// Where the target's build is told.
  package enum BuildSource: Sendable, Equatable {
    package enum Place: Sendable, Equatable {
      /// A JSON path, as written.
      case json(String)
      case header(String)
    }
    /// By the target itself, where it answers at that path.
    case answer(get: String, place: Place)
    /// By the images that these containers, or all containers of these services, run.
    case images(of: [String])
  }

  /// The load that is expected in the system's life, and who says so.
  package struct Peak: Sendable, Equatable {
    package var rate: RateExpression
    package var source: String
    package var by: String
    /// Shares by scenario name, when they are declared.
    package var mix: [String: Double]?
  }

  package struct Sink: Sendable, Equatable {
    /// An IPv4 address of this machine.
    package var address: String
    /// 0 takes a free one.
    package var port: Int

    package init(address: String, port: Int) {
      self.address = address
      self.port = port
    }
  }

  package struct Docker: Sendable, Equatable {
    package var project: String?
    package var host: String?
  }

  /// Something to watch on the system's side.
  package struct Metrics: Sendable, Equatable {
    package enum Place: Sendable, Equatable {
      /// Prometheus text at a path of the target, or at a URL.
      case scrape(String)
      /// A container, or a service of the compose project.
      case container(String)
      case query(prometheus: String, expression: String, name: String)
    }
    package var place: Place
    /// What its memory is held against; nil: as the source says itself.
    package var memoryLimitBytes: Double?
    /// Names of series that are kept beside the usual ones.
    package var keep: [String] = []
    /// The series that counts the server's requests; nil: the usual names are looked for.
    package var requests: String?
    /// Nil: by the length of the plan.
    package var everyNanoseconds: Int64?

    package init(_ place: Place) { self.place = place }
  }

  package enum Setting: Sendable, Equatable {
    case text(String)
    case list([String])

    /// As templates see it.
    package var joined: String {
      switch self {
      case .text(let text): text
      case .list(let items): items.joined(separator: ",")
      }
    }
  }

  /// What smoke holds its requests against.
  package struct Coverage: Sendable, Equatable {
    /// Where the OpenAPI document is; nil: nothing is said about it.
    package var openAPI: OpenAPISource?
    /// Operations written here, `GET /health/live` each.
    package var routes: [TargetOperation] = []
    package var ignored: [IgnoredOperation] = []

    package init(openAPI: OpenAPISource? = nil, routes: [TargetOperation] = [], ignored: [IgnoredOperation] = []) {
      self.openAPI = openAPI
      self.routes = routes
      self.ignored = ignored
    }
  }

  package enum OpenAPISource: Sendable, Equatable {
    /// Of the target, fetched before the run.
    case path(String)
    case url(String)
    /// As absolute as the file that names it.
    case file(String)
  }

  package struct IgnoredOperation: Sendable, Equatable {
    /// Method and path; `*` stands for any characters in the path, and for any method.
    package var operation: String
    package var reason: String

    package init(operation: String, reason: String) {
      self.operation = operation
      self.reason = reason
    }
  }
}

extension Environment {
  package var isEmbedded: Bool { url == Self.embeddedURL }
}

/// The environments of one `gonogo.yaml`.
package struct EnvironmentsFile: Sendable {
  package var path: String
  package var environments: [Environment]

  package subscript(name: String) -> Environment? { environments.first { $0.name == name } }
}

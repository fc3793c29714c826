// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// Where an engine listens, found as the docker command finds it.
package struct EngineAddress: Sendable, Equatable {
  package enum Place: Sendable, Equatable {
    case socket(path: String)
    case tcp(hostAndPort: String)
  }

  package var place: Place
  /// Speaks TLS with these PEM files; nil: plain.
  package var tls: TLS?
  /// Who named it: `DOCKER_HOST`, `context staging`, `default`.
  package var origin: String

  package struct TLS: Sendable, Equatable {
    package var ca: String?
    package var certificate: String?
    package var key: String?
    package var isVerified = true
  }

  package static let usualSocket = "/var/run/docker.sock"

  /// As in DOCKER_HOST.
  package var text: String {
    switch place {
    case .socket(let path): "unix://\(path)"
    case .tcp(let hostAndPort): "tcp://\(hostAndPort)"
    }
  }

  /// `declared`: what a file says, in the form of DOCKER_HOST; it goes before everything else. Then come DOCKER_HOST,
  /// DOCKER_CONTEXT, the current context of the docker command, and the usual socket.
  package static func resolve(
    declared: String?, variables: (String) -> String?
  ) throws(EngineError) -> EngineAddress {
    func variable(_ name: String) -> String? { variables(name).flatMap { $0.isEmpty ? nil : $0 } }
    let home = variable("HOME") ?? "/root"
    let folder = variable("DOCKER_CONFIG") ?? home + "/.docker"
    var tls: TLS?
    if variable("DOCKER_TLS_VERIFY") != nil {
      let files = variable("DOCKER_CERT_PATH") ?? folder
      tls = TLS(ca: files + "/ca.pem", certificate: files + "/cert.pem", key: files + "/key.pem")
    }
    if let declared { return EngineAddress(place: try place(declared), tls: tls, origin: "the environment") }
    if let host = variable("DOCKER_HOST") {
      return EngineAddress(place: try place(host), tls: tls, origin: "DOCKER_HOST")
    }
    let context = variable("DOCKER_CONTEXT") ?? ContextFiles(folder: folder).current
    if let context, context != "default" { return try ContextFiles(folder: folder).address(of: context) }
    return EngineAddress(place: .socket(path: usualSocket), tls: nil, origin: "default")
  }

  static func place(_ text: String) throws(EngineError) -> Place {
    for scheme in ["unix://", "tcp://", "http://", "https://"] where text.hasPrefix(scheme) {
      var rest = text.dropFirst(scheme.count)
      if scheme == "unix://" { return .socket(path: rest.isEmpty ? usualSocket : String(rest)) }
      while rest.hasSuffix("/") { rest.removeLast() }
      guard !rest.isEmpty, !rest.contains("/"), !rest.contains("@") else { break }
      return .tcp(hostAndPort: rest.contains(":") ? String(rest) : "\(rest):2375")
    }
    throw EngineError("an engine is reached by unix:// or tcp://, not by \(text.prefix(200))")
  }
}

/// What `docker context` keeps in its folder.
private struct ContextFiles {
  let folder: String

  private struct Configuration: Decodable { var currentContext: String? }

  private struct Meta: Decodable {
    struct Endpoint: Decodable {
      var host: String?
      var skipsTLSVerify: Bool?

      private enum CodingKeys: String, CodingKey {
        case host = "Host"
        case skipsTLSVerify = "SkipTLSVerify"
      }
    }
    var name: String
    var endpoints: [String: Endpoint]?

    private enum CodingKeys: String, CodingKey {
      case name = "Name"
      case endpoints = "Endpoints"
    }
  }

  var current: String? {
    decode(Configuration.self, "\(folder)/config.json")?.currentContext.flatMap { $0.isEmpty ? nil : $0 }
  }

  // Folders are named by a digest of the context's name; the name stands in the file too.
  func address(of name: String) throws(EngineError) -> EngineAddress {
    let metas = "\(folder)/contexts/meta"
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: metas)) ?? [] {
      guard let meta = decode(Meta.self, "\(metas)/\(entry)/meta.json"), meta.name == name,
        let endpoint = meta.endpoints?["docker"], let host = endpoint.host
      else { continue }
      let place = try EngineAddress.place(host)
      let files = "\(folder)/contexts/tls/\(entry)/docker"
      func file(_ name: String) -> String? {
        FileManager.default.fileExists(atPath: "\(files)/\(name)") ? "\(files)/\(name)" : nil
      }
      var tls: EngineAddress.TLS?
      if case .tcp = place, FileManager.default.fileExists(atPath: files) || endpoint.skipsTLSVerify == true {
        tls = .init(
          ca: file("ca.pem"), certificate: file("cert.pem"), key: file("key.pem"),
          isVerified: endpoint.skipsTLSVerify != true)
      }
      return EngineAddress(place: place, tls: tls, origin: "context \(name)")
    }
    throw EngineError("the docker context \(name) is not known in \(folder)")
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ path: String) -> Value? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return try? JSONDecoder().decode(type, from: data)
  }
}

// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Transport

/// A client of one engine, by the newest version of its API that both know. Each call is a request of its own and blocks;
/// any thread may make it.
package struct EngineClient: Sendable {
  package let address: EngineAddress
  /// Of the API, as spoken: `1.41`.
  package let version: String
  private let settings: ConnectionSettings
  private let base: String

  /// What this client was written for, and what it can do without.
  static let newestVersion = APIVersion(1, 51)
  static let oldestVersion = APIVersion(1, 24)
  private static let timeout = Duration.seconds(4)

  /// Asks the engine for its version.
  package static func connect(_ address: EngineAddress, userAgent: String) throws(EngineError) -> EngineClient {
    var settings = ConnectionSettings()
    settings.userAgent = userAgent
    settings.http = .http1
    settings.bodyLimitBytes = 16 << 20
    var base = "http://docker"
    switch address.place {
    case .socket(let path): settings.unixSocket = path
    case .tcp(let hostAndPort): base = "\(address.tls == nil ? "http" : "https")://\(hostAndPort)"
    }
    if let tls = address.tls {
      settings.caFile = tls.ca
      settings.clientCertificate = tls.certificate
      settings.clientKey = tls.key
      settings.insecure = !tls.isVerified
    }
    let answer = try send(PlainRequest(base + "/_ping"), settings: settings, at: address)
    guard answer.status == 200 else { throw refusal(answer) }
    guard let told = answer.header(named: "Api-Version").flatMap(APIVersion.init) else {
      throw EngineError("what answers at \(address.text) is no engine: it tells no Api-Version")
    }
    guard told >= oldestVersion else {
      throw EngineError("the engine at \(address.text) knows API \(told.text) only; \(oldestVersion.text) is needed")
    }
    let version = min(told, newestVersion)
    return EngineClient(address: address, version: version.text, settings: settings, base: "\(base)/v\(version.text)")
  }

  /// What a GET of that path answers; `query`: names and values, not yet escaped.
  func get<Value: Decodable>(
    _ type: Value.Type, _ path: String, query: [(name: String, value: String)] = []
  ) throws(EngineError) -> Value {
    let answer = try Self.send(PlainRequest(base + path, query: query), settings: settings, at: address)
    guard (200...299).contains(answer.status) else { throw Self.refusal(answer) }
    do {
      return try JSONDecoder().decode(type, from: Data(answer.body))
    } catch {
      throw EngineError("the engine's answer to \(path) cannot be read", status: answer.status)
    }
  }

  /// Whether the version spoken is at least that one.
  func speaks(_ major: Int, _ minor: Int) -> Bool { (APIVersion(version) ?? .init(0, 0)) >= APIVersion(major, minor) }

  private static func send(
    _ question: PlainRequest, settings: ConnectionSettings, at address: EngineAddress
  ) throws(EngineError) -> PlainResponse {
    var question = question
    question.timeout = timeout
    do throws(TransportError) {
      return try request(question, settings: settings)
    } catch {
      throw EngineError("the engine at \(address.text) (\(address.origin)) cannot be reached: \(error.text)")
    }
  }

  // JSON with a message, or plain text.
  private static func refusal(_ answer: PlainResponse) -> EngineError {
    struct Message: Decodable { var message: String }
    let told = (try? JSONDecoder().decode(Message.self, from: Data(answer.body)))?.message
    let text = told ?? String(decoding: answer.body.prefix(500), as: UTF8.self)
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return EngineError(words.isEmpty ? "the engine answers \(answer.status)" : words, status: answer.status)
  }
}

/// `1.41`.
struct APIVersion: Comparable {
  var major: Int
  var minor: Int

  init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0, minor >= 0 else {
      return nil
    }
    self.init(major, minor)
  }

  var text: String { "\(major).\(minor)" }

  static func < (one: APIVersion, other: APIVersion) -> Bool { (one.major, one.minor) < (other.major, other.minor) }
}

// SPDX-License-Identifier: Apache-2.0
import Transport

/// What a reader asks over HTTP, and how: within some seconds, no further than the host that was named.
struct TargetEndpoint {
  /// `127.0.0.1:8000` of `http://127.0.0.1:8000/metrics`.
  let hostAndPort: String
  private var question: PlainRequest
  private var connection: ConnectionSettings

  init(_ question: PlainRequest, connection: ConnectionSettings, bodyLimitBytes: Int) {
    self.question = question
    self.question.timeout = .seconds(4)
    self.connection = connection
    self.connection.maximumRedirects = 0
    self.connection.bodyLimitBytes = bodyLimitBytes
    let rest = question.url.firstRange(of: "://").map { question.url[$0.upperBound...] } ?? question.url[...]
    hostAndPort = String(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" })
  }

  func ask() throws(TargetUnreadable) -> PlainResponse {
    do throws(TransportError) {
      return try request(question, settings: connection)
    } catch {
      throw TargetUnreadable(error.text)
    }
  }
}

// SPDX-License-Identifier: Apache-2.0

/// How one target is reached. Fixed for the life of a loop.
///
/// Only what stands here counts: proxy variables of the environment and `.netrc` are ignored.
package struct ConnectionSettings: Sendable {
  /// Which HTTP is spoken.
  package enum HTTP: Sendable, CaseIterable {
    /// HTTP/2 where a TLS server offers it, else HTTP/1.1.
    case automatic
    case http1
    /// As `automatic`, and exchanges wait for a connection that is being opened, to share it.
    case http2
    /// HTTP/2 from the first byte, also without TLS.
    case http2PriorKnowledge
  }

  package enum IPVersion: Sendable, CaseIterable { case any, four, six }

  /// Whose connections an exchange may use.
  package enum Reuse: Sendable, CaseIterable {
    /// Any idle connection of the same multi handle.
    case pool
    /// Its own alone, until `dropConnection()`. TLS sessions are not resumed: each journey is a new visitor.
    case journey
    /// A new connection for each request.
    case none
  }

  package var http: HTTP = .automatic
  /// PEM file of the authorities to trust *instead of* the system's.
  package var caFile: String?
  /// Takes any certificate. To be shown wherever results are.
  package var insecure = false
  /// PEM files.
  package var clientCertificate: String?
  package var clientKey: String?
  /// `http://host:port` or another scheme libcurl knows.
  package var proxy: String?
  /// Path of a stream socket to connect to whatever the URL's host is.
  package var unixSocket: String?
  package var ipVersion: IPVersion = .any
  /// Offers every coding libcurl knows and decodes the answer; body limits then apply to the decoded size.
  package var compression = false
  package var reuse: Reuse = .pool
  /// Name lookup, connection and TLS together. libcurl counts in milliseconds.
  package var connectTimeout: Duration = .seconds(10)
  /// Hosts (`host`, or `host:port`) a URL or redirect may name; nil allows any.
  package var allowedHosts: [String]?
  /// 0: redirects are answers like any other.
  package var maximumRedirects = 0
  /// Most bytes of a body that is kept, after decoding.
  package var bodyLimitBytes = 16 << 20
  /// Most bytes of a body that is only counted, after decoding.
  package var discardLimitBytes = 4 << 30
  /// Most bytes and lines of all response heads of one exchange, interim answers included.
  package var headerLimitBytes = 256 << 10
  package var headerLimitLines = 1_000
  package var userAgent = "gonogo"
  package var cookies = true
  /// How long a looked-up name holds; all exchanges of a loop share the answer. Open connections are kept beyond it.
  package var nameLookupSeconds = 60
  /// Fixed addresses, as `host:port:address`.
  package var resolve: [String] = []

  package init() {}
}

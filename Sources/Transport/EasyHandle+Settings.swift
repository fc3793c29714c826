// SPDX-License-Identifier: Apache-2.0
import CLibcurl

extension EasyHandle {
  /// Sets what stays the same for the life of the handle. An option this libcurl lacks is an error, never ignored.
  func apply(_ settings: ConnectionSettings) throws(TransportError) {
    try applyAlways(settings)
    try applyTrust(settings)
    if settings.compression { try require("compression", set(.acceptEncoding, "")) }
    if settings.cookies { try require("cookies", set(.cookieFile, "")) }
    if let path = settings.unixSocket { try require("unix socket", set(.unixSocket, path)) }
    switch settings.ipVersion {
    case .any: break
    case .four: try require("IPv4", set(.ipResolve, Int(CURL_IPRESOLVE_V4)))
    case .six: try require("IPv6", set(.ipResolve, Int(CURL_IPRESOLVE_V6)))
    }
    switch settings.http {
    case .automatic: try require("HTTP/2", set(.httpVersion, CURL_HTTP_VERSION_2TLS))
    case .http1: try require("HTTP/1.1", set(.httpVersion, CURL_HTTP_VERSION_1_1))
    case .http2:
      try require("HTTP/2", set(.httpVersion, CURL_HTTP_VERSION_2TLS))
      try require("multiplexing", set(.pipeWait, 1))
    case .http2PriorKnowledge:
      try require("HTTP/2", set(.httpVersion, CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE))
      try require("multiplexing", set(.pipeWait, 1))
    }
    if settings.reuse == .none {
      try require("no reuse", set(.forbidReuse, 1))
      try require("no reuse", set(.freshConnect, 1))
    }
    if settings.reuse != .pool { try require("no TLS sessions", set(.sslSessionCache, 0)) }
  }

  private func applyAlways(_ settings: ConnectionSettings) throws(TransportError) {
    // Signals would be shared by all threads; timeouts of name lookups work without them.
    try require("no signals", set(.noSignal, 1))
    try require("schemes", set(.protocols, "http,https"))
    try require("no delay", set(.noDelay, 1))
    // Empty, not unset: unset means the environment's http_proxy and no_proxy.
    try require("proxy", set(.proxy, settings.proxy ?? ""))
    try require("no proxy", set(.noProxy, ""))
    try require("netrc", set(.netrc, Int(CURL_NETRC_IGNORED.rawValue)))
    try require("CONNECT headers", set(.suppressConnectHeaders, 1))
    // What the scenario says is what is sent, "/a/../b" included.
    try require("path", set(.pathAsIs, 1))
    try require("buffer", set(.bufferSize, TransferState.smallBufferBytes))
    try require("name lookups", set(.dnsCacheTimeout, settings.nameLookupSeconds))
    try require("connect timeout", set(.connectTimeout, max(1, settings.connectTimeout.wholeMilliseconds)))
  }

  private func applyTrust(_ settings: ConnectionSettings) throws(TransportError) {
    if let file = settings.caFile {
      try require("CA file", set(.authorityFile, file))
      try require("CA file", set(.proxyAuthorityFile, file))
    }
    // libcurl keeps the parsed authorities of a multi handle only when no directory is set; without that, each TLS
    // connection parses the system's bundle anew (10 ms and 1 MB). With a file of our own it would also trust more
    // than the file.
    if settings.caFile != nil || string(CURLINFO_CAINFO) != nil {
      try require("CA directory", set(.authorityPath, nil))
      try require("CA directory", set(.proxyAuthorityPath, nil))
    }
    if settings.insecure {
      for option in [LongOption.verifyPeer, .verifyHost, .proxyVerifyPeer, .proxyVerifyHost] {
        try require("insecure", set(option, 0))
      }
    }
    if let file = settings.clientCertificate { try require("client certificate", set(.certificate, file)) }
    if let file = settings.clientKey { try require("client key", set(.key, file)) }
  }

  func require(_ what: String, _ code: CURLcode) throws(TransportError) {
    guard code != CURLE_OK else { return }
    throw TransportError(failure: .other, text: "\(what): \(String(cString: curl_easy_strerror(code)))")
  }
}

extension Duration {
  /// Milliseconds, rounded up: libcurl counts in no finer unit.
  var wholeMilliseconds: Int {
    let (seconds, attoseconds) = components
    return Int(seconds) * 1_000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}

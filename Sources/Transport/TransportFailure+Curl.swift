// SPDX-License-Identifier: Apache-2.0
import CLibcurl
import Glibc

extension TransportFailure {
  /// What a network call's errno means, nil when it says nothing.
  static func of(errno code: Int32) -> TransportFailure? {
    switch code {
    case EMFILE, ENFILE, ENOMEM, ENOBUFS, EADDRNOTAVAIL, EADDRINUSE: .generator
    case ECONNREFUSED: .connectRefused
    case ETIMEDOUT: .connectTimeout
    case ECONNRESET, EPIPE, ECONNABORTED: .reset
    default: nil
    }
  }
}

extension Exchange {
  /// The kind of a result of libcurl. Codes that mean several things are told apart by what the transfer had reached.
  func kind(of code: CURLcode) -> TransportFailure {
    if let stopped = state.pointee.stopped { return stopped }
    // Descriptors ran out in openSocket.
    if TransportFailure.of(errno: state.pointee.socketError) == .generator { return .generator }
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .nameLookup
    case CURLE_COULDNT_CONNECT, CURLE_FAILED_INIT, CURLE_INTERFACE_FAILED, CURLE_NO_CONNECTION_AVAILABLE:
      let kind = TransportFailure.of(errno: systemError) ?? .connectFailed
      return kind == .reset ? .connectFailed : kind
    case CURLE_OPERATION_TIMEDOUT: return timeoutKind
    case CURLE_GOT_NOTHING: return .emptyReply
    case CURLE_PARTIAL_FILE: return .partialBody
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR: return streamErrorKind
    case CURLE_SSL_CONNECT_ERROR:
      if systemError == ECONNRESET { return .reset }
      return errorTextContains("certificate") ? .certificate : .tls
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
      return .certificate
    case CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_SHUTDOWN_FAILED, CURLE_USE_SSL_FAILED: return .tls
    case CURLE_PROXY: return .connectFailed
    case CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_BAD_CONTENT_ENCODING, CURLE_FILESIZE_EXCEEDED,
      CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP_RETURNED_ERROR, CURLE_CHUNK_FAILED:
      return .protocolError
    case CURLE_TOO_MANY_REDIRECTS: return .redirectLimit
    // 7.88 reports a header line beyond its 100 KB as lack of memory, with an answer begun; a real lack ends the process.
    case CURLE_OUT_OF_MEMORY: return hasAnswerBegun ? .headersTooLarge : .generator
    default: return .other
    }
  }

  private var systemError: Int32 {
    let last = Int32(truncatingIfNeeded: easy.long(CURLINFO_OS_ERRNO))
    return last != 0 ? last : state.pointee.socketError
  }

  private var hasAnswerBegun: Bool { easy.offset(CURLINFO_STARTTRANSFER_TIME_T) > 0 }

  private var timeoutKind: TransportFailure {
    if errorTextContains("Resolving timed out") { return .nameLookup }
    // "Pre-transfer" is the end of everything that comes before the request.
    return easy.offset(CURLINFO_PRETRANSFER_TIME_T) == 0 ? .connectTimeout : .timeout
  }

  private var streamErrorKind: TransportFailure {
    if errorTextContains("chunked-encoding") { return .protocolError }
    if easy.long(CURLINFO_HTTP_CONNECTCODE) / 100 > 2 { return .connectFailed }
    if let kind = TransportFailure.of(errno: systemError), kind == .reset || kind == .generator { return kind }
    guard errorTextContains("SSL") else { return .reset }
    return errorTextContains("certificate") || errorTextContains("unknown ca") ? .certificate : .tls
  }

  private func errorTextContains(_ part: StaticString) -> Bool {
    part.withUTF8Buffer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { strstr(errorBuffer, $0.baseAddress!) != nil }
    }
  }
}

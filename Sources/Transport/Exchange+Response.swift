// SPDX-License-Identifier: Apache-2.0
import CLibcurl

/// Where the time of an exchange went: microseconds since libcurl took it up, each including those before it. With
/// redirects, of the last hop.
package struct PhaseTimes: Sendable, Equatable {
  package var nameLookup: Int64
  package var connect: Int64
  /// 0 without TLS.
  package var tls: Int64
  package var firstByte: Int64
  package var total: Int64
  /// The request went over a connection that was open already.
  package var reused: Bool
}

package enum HTTPVersion: String, Sendable {
  case one = "1.0", oneOne = "1.1", two = "2", three = "3", unknown = ""
}

extension Exchange {
  enum Outcome { case isOver, goesOn }

  /// Takes down how the transfer ended, or turns to the next hop of a redirect.
  func settle(_ code: CURLcode, at now: MonotonicTime) -> Outcome {
    endedAt = now
    if state.pointee.clearHTTP2 != .off, joinsAfter(code) { return .goesOn }
    status = easy.long(CURLINFO_RESPONSE_CODE)
    guard code == CURLE_OK else {
      failure = kind(of: code)
      if errorBuffer[0] == 0 { explanation = String(cString: curl_easy_strerror(code)) }
      return .isOver
    }
    adaptBuffer()
    switch followRedirect(at: now) {
    case .none: return .isOver
    case .followed: return .goesOn
    case .refused(let reason):
      failure = reason.failure
      explanation = reason.text
      return .isOver
    }
  }

  private func adaptBuffer() {
    if state.pointee.bodyBytes > 4 * TransferState.smallBufferBytes {
      enlargeBuffer(to: TransferState.largeBufferBytes)
    }
  }
}

// Read from libcurl when asked for, so that what nobody looks at costs nothing.
extension Exchange {
  package var phases: PhaseTimes {
    PhaseTimes(
      nameLookup: easy.offset(CURLINFO_NAMELOOKUP_TIME_T), connect: easy.offset(CURLINFO_CONNECT_TIME_T),
      tls: easy.offset(CURLINFO_APPCONNECT_TIME_T), firstByte: easy.offset(CURLINFO_STARTTRANSFER_TIME_T),
      total: easy.offset(CURLINFO_TOTAL_TIME_T), reused: reused)
  }

  package var reused: Bool { easy.long(CURLINFO_NUM_CONNECTS) == 0 }

  package var httpVersion: HTTPVersion {
    switch easy.long(CURLINFO_HTTP_VERSION) {
    case Int(CURL_HTTP_VERSION_1_0): .one
    case Int(CURL_HTTP_VERSION_1_1): .oneOne
    case Int(CURL_HTTP_VERSION_2_0): .two
    case Int(CURL_HTTP_VERSION_3): .three
    default: .unknown
    }
  }

  /// Request head and body as written, TLS and framing not counted.
  package var bytesSent: Int64 { Int64(easy.long(CURLINFO_REQUEST_SIZE)) + easy.offset(CURLINFO_SIZE_UPLOAD_T) }

  /// Response head and body as they came, before decoding, TLS and framing not counted.
  package var bytesReceived: Int64 { Int64(easy.long(CURLINFO_HEADER_SIZE)) + easy.offset(CURLINFO_SIZE_DOWNLOAD_T) }

  /// Size of the body after decoding, whether it was kept or not.
  package var bodyBytes: Int { state.pointee.bodyBytes }

  /// The body after decoding; empty unless it was to be kept. Valid until the next `prepare` or `start`.
  package var body: UnsafeBufferPointer<UInt8> { state.pointee.body.bytes }

  /// The head of the final answer as it came (HTTP/2 in the shape of HTTP/1), trailers after it; empty unless it was to
  /// be kept. Valid until the next `prepare` or `start`.
  package var headerBytes: UnsafeBufferPointer<UInt8> { state.pointee.headers.bytes }

  /// How often libcurl had to send the request again because a kept connection turned out to be dead. Only methods
  /// without consequences are; a write ends as `reset` instead.
  package var resends: Int { state.pointee.resends }

  /// The value of the first header of that name, in any case, without surrounding blanks. Linear in the head.
  package func header(named name: String) -> String? { headerValue(named: name, in: headerBytes) }

  /// What went wrong in libcurl's words, or ours; empty when nothing did. May name hosts, addresses and files.
  package var errorText: String {
    guard failure != nil else { return "" }
    return explanation.isEmpty ? String(cString: errorBuffer) : explanation
  }
}

/// The value of the first header of that name in a response's head. Linear.
func headerValue(named name: String, in head: UnsafeBufferPointer<UInt8>) -> String? {
  let wanted = Array(name.lowercased().utf8)
  for line in head.split(separator: 0x0A) {
    guard let colon = line.firstIndex(of: 0x3A), line.distance(from: line.startIndex, to: colon) == wanted.count,
      zip(line[..<colon], wanted).allSatisfy({ ($0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0) == $1 })
    else { continue }
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    let value = line[line.index(after: colon)...].drop(while: isBlank)
    return String(decoding: value.prefix(value.count - value.reversed().prefix(while: isBlank).count), as: UTF8.self)
  }
  return nil
}

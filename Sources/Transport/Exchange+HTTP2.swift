// SPDX-License-Identifier: Apache-2.0
import CLibcurl

/// How a request over HTTP/2 without TLS is announced. libcurl 7.88 begins HTTP/2 anew on a kept connection when told of
/// "prior knowledge" (curl pull request 10643, mended in 8.0), and breaks it: there the request that opens a connection
/// says so, and those that join one say plain "HTTP/2", which on such a connection is the same. Whether a request opens
/// or joins is known only once it has its connection, before a byte is sent; a wrong guess is held back and corrected.
enum ClearHTTP2 { case off, opens, joins }

extension Exchange {
  private static let isAffected = curl_version_info(CURLVERSION_FIRST).pointee.version_num < 0x08_00_00
  private static let mostMismatches = 20

  /// Called with each new URL.
  func adaptToScheme(isTLS: Bool) {
    if http == .http2PriorKnowledge || (isTLS && http != .http1) { enlargeBuffer(to: TransferState.streamBufferBytes) }
    guard http == .http2PriorKnowledge, Exchange.isAffected else { return }
    if isTLS {
      state.pointee.clearHTTP2 = .off
      easy.set(.httpVersion, CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE)
    } else if state.pointee.clearHTTP2 == .off {
      announce(.opens)
    }
  }

  func enlargeBuffer(to bytes: Int) {
    guard bytes > bufferBytes else { return }
    if easy.set(.bufferSize, bytes) == CURLE_OK { bufferBytes = bytes }
  }

  /// After a transfer: true when it was held back and is to be handed to libcurl again.
  func joinsAfter(_ code: CURLcode) -> Bool {
    guard state.pointee.isMismatched else {
      if code == CURLE_OK && state.pointee.clearHTTP2 == .opens { announce(.joins) }
      return false
    }
    state.pointee.isMismatched = false
    mismatches += 1
    guard mismatches <= Exchange.mostMismatches else { return false }
    announce(state.pointee.clearHTTP2 == .opens ? .joins : .opens)
    errorBuffer[0] = 0
    return true
  }

  func announce(_ mode: ClearHTTP2) {
    state.pointee.clearHTTP2 = mode
    easy.set(.httpVersion, mode == .opens ? CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE : CURL_HTTP_VERSION_2_0)
  }
}

/// One exchange of a multi handle opens an HTTP/2 connection without TLS while the others wait to join it, so that none
/// has to be held back. Confined to the loop's thread; empty but while connections are opened.
struct ConnectionOpeners {
  private var opening: [UnsafeMutablePointer<MultiState>: (opener: Exchange, waiting: [Exchange])] = [:]

  /// Whether the exchange may open a connection now; if not, it is kept until the one who does has ended.
  mutating func mayOpen(_ exchange: Exchange) -> Bool {
    guard !exchange.ownsConnections else { return true }
    guard let opener = opening[exchange.multi]?.opener, opener !== exchange else {
      opening[exchange.multi] = (exchange, opening[exchange.multi]?.waiting ?? [])
      return true
    }
    opening[exchange.multi]?.waiting.append(exchange)
    return false
  }

  /// The exchange is over, or no longer wanted. Returns those to be handed to libcurl now: all at once, also when the
  /// connection failed, so that each meets its own failure in its own time.
  mutating func ended(_ exchange: Exchange, joins: Bool) -> [Exchange] {
    guard let entry = opening[exchange.multi] else { return [] }
    guard entry.opener === exchange else {
      opening[exchange.multi]?.waiting.removeAll { $0 === exchange }
      return []
    }
    opening[exchange.multi] = nil
    if joins { for other in entry.waiting { other.announce(.joins) } }
    return entry.waiting
  }
}

// SPDX-License-Identifier: Apache-2.0
import CLibcurl
import Glibc

/// What libcurl's callbacks of one exchange read and write. It lives at a fixed address outside any object, so that a
/// callback costs neither reference counting nor an exclusivity check. Confined to the loop's thread.
struct TransferState {
  /// libcurl's smallest receive buffer. It is one per handle, so it decides the memory of 10,000 connections.
  static let smallBufferBytes = 1_024
  /// What an exchange changes to after a body that shows the small buffer to be wasteful.
  static let largeBufferBytes = 16_384
  /// What it needs where HTTP/2 is possible: libcurl 7.88 takes in 32 KB of frames at once, and what of them does not fit
  /// into this buffer it may never ask for again (300 KB bodies hung for ever, at 1 KB always, at 16 KB when multiplexed).
  static let streamBufferBytes = 102_400

  var body = ByteStore()
  var headers = ByteStore()
  /// After decoding, kept or not.
  var bodyBytes = 0
  var headerBytes = 0
  var headerLines = 0
  var keepsBody = false
  var keepsHeaders = false
  let limits: Limits
  /// Why a callback ended the transfer.
  var stopped: TransportFailure?
  /// How often this hop's request was written, or about to be.
  var sends = 0
  /// Sends beyond the first of each hop: libcurl found a kept connection dead.
  var resends = 0
  var mayResend = true
  /// The errno of socket() or of the descriptor limit; libcurl forgets it.
  var socketError: Int32 = 0
  let pollSet: UnsafeMutablePointer<PollSet>
  let easy: EasyHandle
  var clearHTTP2 = ClearHTTP2.off
  /// The request met a connection that `clearHTTP2` does not fit, and was held back.
  var isMismatched = false

  struct Limits {
    let keptBody: Int
    let discardedBody: Int
    let headerBytes: Int
    let headerLines: Int
  }

  mutating func begin() {
    body.clear(keeping: 64 << 10)
    headers.clear(keeping: 64 << 10)
    bodyBytes = 0
    headerBytes = 0
    headerLines = 0
    stopped = nil
    sends = 0
    resends = 0
    socketError = 0
  }

  /// The next hop of a redirect: its body and head replace the last one's, the limits on heads go on.
  mutating func beginHop() {
    body.clear()
    headers.clear()
    bodyBytes = 0
    sends = 0
    socketError = 0
  }

  mutating func receiveBody(_ bytes: UnsafeRawPointer, _ length: Int) -> Int {
    bodyBytes += length
    if keepsBody {
      guard bodyBytes <= limits.keptBody else { return stop(.bodyTooLarge) }
      guard body.append(bytes, length) else { return stop(.generator) }
    } else if bodyBytes > limits.discardedBody {
      return stop(.bodyTooLarge)
    }
    return length
  }

  mutating func receiveHeader(_ bytes: UnsafeRawPointer, _ length: Int) -> Int {
    headerBytes += length
    headerLines += 1
    guard headerBytes <= limits.headerBytes, headerLines <= limits.headerLines else { return stop(.headersTooLarge) }
    if keepsHeaders {
      // A status line begins a new head: what an interim answer (1xx) said is over.
      if length >= 5, memcmp(bytes, "HTTP/", 5) == 0 { headers.clear() }
      guard headers.append(bytes, length) else { return stop(.generator) }
    }
    return length
  }

  mutating func fitsConnection() -> Bool {
    guard clearHTTP2 != .off else { return true }
    let isNew = easy.long(CURLINFO_NUM_CONNECTS) > 0
    isMismatched = isNew != (clearHTTP2 == .opens)
    return !isMismatched
  }

  /// What to answer libcurl so that it ends the transfer; kept with its reason.
  private mutating func stop(_ reason: TransportFailure) -> Int {
    stopped = reason
    return -1
  }
}

// The callbacks themselves. Each gets the TransferState (or PollSet) it was registered with.

func receiveBody(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?)
  -> Int
{
  context!.assumingMemoryBound(to: TransferState.self).pointee.receiveBody(bytes!, size &* count)
}

func receiveHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  context!.assumingMemoryBound(to: TransferState.self).pointee.receiveHeader(bytes!, size &* count)
}

/// libcurl sends a request again, on a new connection, when a kept one ended without a byte of an answer. For a write
/// that could mean two bookings (RFC 9110, 9.2.2), and it would be a request nobody counted: only safe methods may.
func beforeRequest(
  _ context: UnsafeMutableRawPointer?, _: UnsafeMutablePointer<CChar>?, _: UnsafeMutablePointer<CChar>?, _: Int32,
  _: Int32
) -> Int32 {
  let state = context!.assumingMemoryBound(to: TransferState.self)
  guard state.pointee.fitsConnection() else { return CURL_PREREQFUNC_ABORT }
  state.pointee.sends += 1
  guard state.pointee.sends > 1 else { return CURL_PREREQFUNC_OK }
  guard state.pointee.mayResend else {
    state.pointee.stopped = .reset
    return CURL_PREREQFUNC_ABORT
  }
  state.pointee.resends += 1
  return CURL_PREREQFUNC_OK
}

// SPDX-License-Identifier: Apache-2.0
import CLibcurl
import Glibc

/// One request and its answer on one easy handle, used again for each request of a journey. Made and retired by a loop,
/// bound to one of its multi handles, confined to its thread.
package final class Exchange {
  /// Free for the owner: whose request this is.
  package var userIndex = 0

  /// Why there is no whole answer; nil when there is one, whatever its status. Valid, like all that follows, from
  /// `ended` until the next `prepare` or `start`.
  package internal(set) var failure: TransportFailure?
  /// The status of the answer; 0 when none arrived. May be set together with `failure` (half a body).
  package internal(set) var status = 0
  /// When `start` was called.
  package internal(set) var startedAt = MonotonicTime(nanoseconds: 0)
  package internal(set) var endedAt = MonotonicTime(nanoseconds: 0)
  /// Redirects followed.
  package internal(set) var redirects = 0

  enum Stage { case idle, underway, refused, retired }
  var stage = Stage.idle

  let easy: EasyHandle
  let multi: UnsafeMutablePointer<MultiState>
  let state: UnsafeMutablePointer<TransferState>
  let errorBuffer: UnsafeMutablePointer<CChar>
  /// Under `Reuse.journey`: the connections of this exchange alone.
  var connections: UnsafeMutableRawPointer?
  let ownsConnections: Bool
  let standardRedirects: Int
  /// Redirects the prepared request may follow.
  var maximumRedirects: Int
  let http: ConnectionSettings.HTTP
  /// Place in the loop's list.
  var index = 0

  // The request as prepared, and what of it the handle has been told.
  var url = ByteStore()
  var requestBody = ByteStore()
  var headerLines: HeaderList
  var method = "GET"
  var hasBody = false
  var timeoutNanoseconds: Int64 = 0
  var verb = Verb.get
  var toldCustomMethod: String?
  var toldBody: UnsafeMutablePointer<UInt8>?
  var toldBodyCount = -1
  var toldTimeoutMilliseconds = 0
  var toldHeaders: UnsafeMutablePointer<curl_slist>?
  var policy: HostPolicy
  /// Why the prepared request may not be sent.
  var refusal: TransportError?
  var urlRefusal: TransportError?
  var methodRefusal: TransportError?
  /// Our own words for `failure`, when libcurl has none.
  var explanation = ""
  var bufferBytes = TransferState.smallBufferBytes
  /// How often the request was held back because of its connection, since `start`.
  var mismatches = 0
  /// A redirect changed what the handle was told.
  var hasWandered = false

  /// How libcurl is to treat the request, apart from the method's name.
  enum Verb { case get, head, upload }

  init(
    settings: ConnectionSettings, multi: UnsafeMutablePointer<MultiState>, names: UnsafeMutableRawPointer,
    fixedAddresses: UnsafeMutablePointer<curl_slist>?
  ) throws(TransportError) {
    easy = try EasyHandle()
    self.multi = multi
    state = .allocate(capacity: 1)
    state.initialize(
      to: TransferState(
        limits: TransferState.Limits(
          keptBody: settings.bodyLimitBytes, discardedBody: settings.discardLimitBytes,
          headerBytes: settings.headerLimitBytes, headerLines: settings.headerLimitLines),
        pollSet: multi.pointee.pollSet, easy: easy))
    http = settings.http
    errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    headerLines = HeaderList(userAgent: settings.userAgent)
    policy = HostPolicy(allowedHosts: settings.allowedHosts)
    standardRedirects = settings.maximumRedirects
    maximumRedirects = standardRedirects
    ownsConnections = settings.reuse == .journey
    try easy.apply(settings)
    try easy.require("fixed addresses", easy.set(.resolve, fixedAddresses))
    register()
    if ownsConnections {
      try openConnections()
    } else {
      try easy.require("shared name lookups", easy.set(.share, names))
    }
  }

  deinit {
    precondition(stage == .idle || stage == .retired, "an exchange ended while its request was under way")
    if stage != .retired { releaseHandle() }
    headerLines.free()
    url.free()
    requestBody.free()
    state.pointee.body.free()
    state.pointee.headers.free()
    state.deallocate()
    errorBuffer.deallocate()
  }

  private func register() {
    gonogo_curl_set_data_callback(easy.raw, CallbackOption.body.id, receiveBody)
    gonogo_curl_set_data_callback(easy.raw, CallbackOption.header.id, receiveHeader)
    gonogo_curl_set_open_socket_callback(easy.raw, openSocket)
    gonogo_curl_set_close_socket_callback(easy.raw, closeSocket)
    gonogo_curl_set_before_request_callback(easy.raw, beforeRequest)
    for context in [ContextOption.body, .header, .openSocket, .beforeRequest] { easy.set(context, state) }
    // A connection outlives the exchange that opened it.
    easy.set(ContextOption.closeSocket, multi.pointee.pollSet)
    easy.set(.errorBuffer, errorBuffer)
    easy.set(.owner, Unmanaged.passUnretained(self).toOpaque())
    tellHeaders()
  }

  func begin(_ now: MonotonicTime) {
    precondition(!hasWandered, "after a followed redirect the request is to be prepared again")
    startedAt = now
    failure = nil
    status = 0
    redirects = 0
    mismatches = 0
    errorBuffer[0] = 0
    if !explanation.isEmpty { explanation = "" }
    state.pointee.begin()
  }

  /// Frees what belongs to libcurl. The exchange must be out of its multi handle.
  func releaseHandle() {
    closeConnections()
    easy.free()
  }

  private func openConnections() throws(TransportError) {
    connections = curl_share_init()
    guard let connections, gonogo_curl_share(connections, CURL_LOCK_DATA_CONNECT) == CURLSHE_OK else {
      throw TransportError(failure: .generator, text: "no memory for a connection cache")
    }
    try easy.require("own connections", easy.set(.share, connections))
  }

  private func closeConnections() {
    guard let connections else { return }
    easy.set(.share, nil)
    curl_share_cleanup(connections)
    self.connections = nil
  }

  /// Closes the connections of this exchange, so that the next request opens its own. Only `Reuse.journey` has any:
  /// without effect under the others. Not while a request is under way.
  package func dropConnection() {
    precondition(stage != .underway, "a connection in use cannot be dropped")
    guard ownsConnections, connections != nil else { return }
    closeConnections()
    // Without memory for a cache of its own the exchange uses its multi handle's.
    try? openConnections()
  }

  /// Empties the cookie jar of this exchange.
  package func forgetCookies() { easy.set(.cookieList, "ALL") }
}

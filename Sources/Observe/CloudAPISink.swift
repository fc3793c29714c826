// SPDX-License-Identifier: Apache-2.0
internal import CLinux
internal import CMicroHTTPD
import Glibc
import Synchronization
internal import Transport

/// Why a sink could not be started, for people.
package struct SinkError: Error, Sendable, CustomStringConvertible {
  package var message: String
  package var description: String { message }
}

/// The stand-in of WhatsApp's Cloud API: receives what the target sends to guests, answers as Meta does, sends nothing
/// on. Tokens are looked at and forgotten.
// `daemon` is set once in init, before the first request, and used afterwards by `stop` alone, under the lock.
package final class CloudAPISink: @unchecked Sendable {
  /// Meta's own limit is unknown; a message of this size is a mistake.
  static let bodyLimitBytes = 256 << 10
  /// A client that never ends its body is cut off here.
  private static let patienceBytes = 4 << 20

  package let address: String
  package let port: Int
  private let onMessage: @Sendable (OutboundMessage) -> Void
  private let taken = Atomic<Int>(0)
  private var daemon: OpaquePointer?
  private let isStopped = Mutex(false)

  /// Listens at once; port 0 takes a free one. `onMessage` is called before the answer goes out, on one of the sink's
  /// two threads, of which it must not hold one for long.
  package init(
    address: String = "127.0.0.1", port: Int = 0, onMessage: @escaping @Sendable (OutboundMessage) -> Void
  ) throws(SinkError) {
    let (listening, bound) = try listeningSocket(address: address, port: port)
    self.address = address
    self.port = bound
    self.onMessage = onMessage
    var settings = gonogo_mhd_settings(
      listening: listening, threads: 2, connections: 8_000, idle_seconds: 120, begin: beginRequest,
      handle: handleRequest, end: endRequest, context: Unmanaged.passUnretained(self).toOpaque())
    daemon = gonogo_mhd_start(&settings)
    guard daemon != nil else {
      let reason = String(cString: strerror(errno))
      close(listening)
      throw SinkError(message: "the sink did not start: \(reason)")
    }
  }

  deinit { stop() }

  /// What the target is to be given as the API's address.
  package var url: String { "http://\(address):\(port)" }

  /// Messages taken since the start.
  package var messageCount: Int { taken.load(ordering: .relaxed) }

  /// Ends it and closes all connections; `onMessage` is not called afterwards. May be called again; never from
  /// `onMessage`.
  package func stop() {
    isStopped.withLock { isStopped in
      guard !isStopped else { return }
      isStopped = true
      MHD_stop_daemon(daemon)
    }
  }

  /// Called for the head, for each piece of the body, and for the end of it. On the connection's thread.
  fileprivate func handle(
    _ pending: PendingRequest, _ connection: OpaquePointer, method: UnsafePointer<CChar>,
    piece: UnsafePointer<CChar>?, count: UnsafeMutablePointer<Int>
  ) -> MHD_Result {
    if !pending.hasHead {
      pending.hasHead = true
      pending.request.method = String(cString: method)
      pending.request.authorization = MHD_lookup_connection_value(connection, .HEADER_KIND, "Authorization")
        .map { String(cString: $0) }
      if let announced = MHD_lookup_connection_value(connection, .HEADER_KIND, "Content-Length"),
        Int(String(cString: announced)).map({ $0 > Self.bodyLimitBytes }) ?? true
      {
        return answer(.tooLarge(limit: Self.bodyLimitBytes), connection)
      }
      return .YES
    }
    if count.pointee > 0 {
      pending.bodyCount += count.pointee
      if pending.bodyCount > Self.patienceBytes { return .NO }
      if pending.bodyCount <= Self.bodyLimitBytes, let piece {
        pending.request.body += UnsafeRawBufferPointer(start: piece, count: count.pointee)
      }
      count.pointee = 0
      return .YES
    }
    if pending.bodyCount > Self.bodyLimitBytes { return answer(.tooLarge(limit: Self.bodyLimitBytes), connection) }
    let now = MonotonicTime.now().nanoseconds
    switch pending.request.outcome(arrivedAtNanoseconds: now, messages: messageCount) {
    case .answer(let given): return answer(given, connection)
    case .message(let message):
      taken.add(1, ordering: .relaxed)
      onMessage(message)
      return answer(.accepted(to: message.to, id: message.id), connection)
    }
  }

  private func answer(_ given: CloudAPIAnswer, _ connection: OpaquePointer) -> MHD_Result {
    var body = given.body
    guard let response = MHD_create_response_from_buffer(body.count, &body, .RESPMEM_MUST_COPY) else { return .NO }
    defer { MHD_destroy_response(response) }
    MHD_add_response_header(response, "Content-Type", CloudAPIAnswer.contentType)
    if given.closes || gonogo_mhd_client_is_gone(connection) != 0 {
      MHD_add_response_header(response, "Connection", "close")
    }
    return MHD_queue_response(connection, given.status, response)
  }
}

/// One request while it arrives; touched by its connection's thread only.
private final class PendingRequest {
  var request = CloudAPIRequest()
  /// Bytes of the body that came, those not kept included.
  var bodyCount = 0
  var hasHead = false
}

private let beginRequest:
  @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) -> UnsafeMutableRawPointer? = {
    _, target, _ in
    let pending = PendingRequest()
    pending.request.target = target.map { String(cString: $0) } ?? ""
    return Unmanaged.passRetained(pending).toOpaque()
  }

private let handleRequest: MHD_AccessHandlerCallback = { context, connection, _, method, _, piece, count, state in
  guard let context, let connection, let method, let count, let pointer = state?.pointee else { return .NO }
  let sink = Unmanaged<CloudAPISink>.fromOpaque(context).takeUnretainedValue()
  let pending = Unmanaged<PendingRequest>.fromOpaque(pointer).takeUnretainedValue()
  return sink.handle(pending, connection, method: method, piece: piece, count: count)
}

private let endRequest: MHD_RequestCompletedCallback = { _, _, state, _ in
  guard let pointer = state?.pointee else { return }
  state?.pointee = nil
  Unmanaged<PendingRequest>.fromOpaque(pointer).release()
}

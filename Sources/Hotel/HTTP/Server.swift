// SPDX-License-Identifier: Apache-2.0
internal import CLinux
internal import CMicroHTTPD
import Glibc
import Synchronization

/// The HTTP side: a pool of epoll threads that read requests, hand them to the service and write what it answers.
// The daemon's pointer is set once before the first request and used afterwards by the main thread alone.
final class Server: @unchecked Sendable {
  let service: Service
  let port: Int
  private var daemon: OpaquePointer?
  /// Requests begun and not yet done.
  private let inFlight = Atomic<Int>(0)
  private let draining = Atomic<Bool>(false)
  /// Nothing new is begun.
  private let closed = Atomic<Bool>(false)

  init(service: Service, address: String, port: Int, threads: Int) throws(StartError) {
    self.service = service
    let (listening, bound) = try listeningSocket(address: address, port: port)
    self.port = bound
    var settings = gonogo_mhd_settings(
      listening: listening, threads: UInt32(threads), connections: 16_000, idle_seconds: 60, begin: beginRequest,
      handle: handleRequest, end: endRequest,
      // For ever: threads may outlast a drain that had to be given up.
      context: Unmanaged.passRetained(self).toOpaque())
    daemon = gonogo_mhd_start(&settings)
    guard daemon != nil else { throw StartError("the HTTP server did not start: \(String(cString: strerror(errno)))") }
  }

  /// Takes no new connection, lets running requests end, then closes. A client that goes on on an open connection is
  /// served, or refused at the very end, and told to close it. Returns after `seconds` at the latest.
  func drain(seconds: Int) {
    draining.store(true, ordering: .relaxed)
    let listening = MHD_quiesce_daemon(daemon)
    // Closed at the end of the process: until then a thread may still hold the number.
    if listening >= 0 { shutdown(listening, Int32(SHUT_RDWR)) }
    let begun = monotonicNanoseconds()
    while true {
      let waited = monotonicNanoseconds() - begun
      if isIdle && (gonogo_mhd_connections(daemon) == 0 || waited > 200_000_000) {
        // The library aborts when it is stopped with a sleeping connection. Looked at once more, since a request that
        // begins just now has either seen this or is counted.
        closed.store(true, ordering: .sequentiallyConsistent)
        if isIdle {
          MHD_stop_daemon(daemon)
          return
        }
      }
      if waited > Int64(seconds) * 1_000_000_000 { return }
      usleep(2_000)
    }
  }

  private var isIdle: Bool { inFlight.load(ordering: .sequentiallyConsistent) == 0 }

  fileprivate func begin(_ rawTarget: String?) -> UnsafeMutableRawPointer {
    inFlight.add(1, ordering: .sequentiallyConsistent)
    return Unmanaged.passRetained(Exchange(rawTarget: rawTarget)).toOpaque()
  }

  fileprivate func end(_ exchange: Unmanaged<Exchange>) {
    exchange.release()
    inFlight.subtract(1, ordering: .releasing)
  }

  /// Called for the head, for each piece of the body, for the end of it, and again after a sleep.
  fileprivate func handle(
    _ exchange: Exchange, _ connection: OpaquePointer, method: UnsafePointer<CChar>,
    piece: UnsafePointer<CChar>?, count: UnsafeMutablePointer<Int>
  ) -> MHD_Result {
    if !exchange.hasHead {
      exchange.hasHead = true
      exchange.method = String(cString: method)
      exchange.client = address(gonogo_mhd_client(connection))
      readHeaders(of: connection, into: exchange)
      exchange.traceID = traceID(of: exchange.headers.first { $0.name.lowercased() == "traceparent" }?.value)
      let announced = exchange.headers.first { $0.name.lowercased() == "content-length" }?.value
      exchange.bodyLimitBytes = service.bodyLimitBytes(exchange)
      if let announced, Int(announced).map({ $0 > exchange.bodyLimitBytes }) ?? true {
        return queue(service.refused(exchange, tooLarge(exchange)), exchange, connection)
      }
      return .YES
    }
    if count.pointee > 0 {
      exchange.bodyCount += count.pointee
      // A body without an announced length is read to its end to be answered, but not for ever.
      if exchange.bodyCount > exchange.bodyLimitBytes + (1 << 20) { return .NO }
      if exchange.bodyCount <= exchange.bodyLimitBytes, let piece {
        exchange.body += UnsafeRawBufferPointer(start: piece, count: count.pointee)
      }
      count.pointee = 0
      return .YES
    }
    if !exchange.isDispatched {
      exchange.isDispatched = true
      if exchange.bodyCount > exchange.bodyLimitBytes {
        return queue(service.refused(exchange, tooLarge(exchange)), exchange, connection)
      }
      if closed.load(ordering: .sequentiallyConsistent) {
        exchange.send(.unavailable("the hotel is ending"))
      } else {
        service.dispatch(exchange)
      }
    }
    guard let answer = exchange.answerOrSuspend(connection) else { return .YES }
    return queue(service.finished(exchange, answer), exchange, connection)
  }

  private func tooLarge(_ exchange: Exchange) -> Answer {
    .problem(413, "a body may have \(exchange.bodyLimitBytes) bytes at most")
  }

  private func queue(_ answer: Answer, _ exchange: Exchange, _ connection: OpaquePointer) -> MHD_Result {
    var body = answer.body
    guard let response = MHD_create_response_from_buffer(body.count, &body, .RESPMEM_MUST_COPY) else {
      return .NO
    }
    defer { MHD_destroy_response(response) }
    if let type = answer.contentType { MHD_add_response_header(response, "Content-Type", type) }
    for header in answer.headers { MHD_add_response_header(response, header.name, header.value) }
    let isLast = draining.load(ordering: .relaxed) || gonogo_mhd_client_is_gone(connection) != 0
    if isLast && !answer.headers.contains(where: { $0.name == "Connection" }) {
      MHD_add_response_header(response, "Connection", "close")
    }
    return MHD_queue_response(connection, UInt32(answer.status), response)
  }
}

/// An IPv4 address in network order, as people write it.
private func address(_ number: UInt32) -> String {
  withUnsafeBytes(of: number) { $0.map(String.init).joined(separator: ".") }
}

private func readHeaders(of connection: OpaquePointer, into exchange: Exchange) {
  MHD_get_connection_values(
    connection, .HEADER_KIND,
    { context, _, name, value in
      guard let context, let name else { return .YES }
      let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
      exchange.headers.append((name: String(cString: name), value: value.map { String(cString: $0) } ?? ""))
      return .YES
    }, Unmanaged.passUnretained(exchange).toOpaque())
}

private let beginRequest:
  @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) -> UnsafeMutableRawPointer? = {
    context, target, _ in
    guard let context, let target else { return nil }
    let server = Unmanaged<Server>.fromOpaque(context).takeUnretainedValue()
    return server.begin(String(validatingCString: target))
  }

private let handleRequest: MHD_AccessHandlerCallback = { context, connection, _, method, _, piece, count, state in
  guard let context, let connection, let method, let count, let pointer = state?.pointee else { return .NO }
  let server = Unmanaged<Server>.fromOpaque(context).takeUnretainedValue()
  let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
  return server.handle(exchange, connection, method: method, piece: piece, count: count)
}

private let endRequest: MHD_RequestCompletedCallback = { context, _, state, _ in
  guard let context, let pointer = state?.pointee else { return }
  state?.pointee = nil
  let server = Unmanaged<Server>.fromOpaque(context).takeUnretainedValue()
  server.end(Unmanaged<Exchange>.fromOpaque(pointer))
}

// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// From the bytes of a request to the last byte of its reply.
extension ServerLoop {
  /// Takes the next request out of what was read, if it is whole, and begins its reply.
  func readRequest(_ connection: Connection) {
    switch connection.parser.next() {
    case .needsMore: break
    case .wantsContinue:
      connection.queue(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
      if connection.flush() == .clientLeft { drop(connection) }
    case .malformed:
      connection.queue(Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8))
      _ = connection.flush()
      drop(connection)
    case .request(let head, let body): begin(head, body, on: connection)
    }
  }

  private func begin(_ head: RequestParser.Head, _ body: [UInt8], on connection: Connection) {
    let arrived = connection.arrivedNanoseconds ?? now
    connection.arrivedNanoseconds = connection.parser.isEmpty ? nil : now
    let request = shared.withLock { shared in
      let request = Request(
        sequence: shared.observed.requestCount, connection: connection.index, method: head.method, target: head.target,
        version: head.version, headers: head.headers, body: body, arrivedNanoseconds: arrived)
      shared.observed.requestCount += 1
      shared.observed.requestsByPath[request.path, default: 0] += 1
      if shared.observed.requests.count < settings.captureLimit { shared.observed.requests.append(request) }
      return request
    }
    if let stall = settings.stall, stall.afterRequest == request.sequence {
      stalls.add(fromNanoseconds: arrived + stall.fromNanoseconds, lengthNanoseconds: stall.lengthNanoseconds)
    }
    connection.request = request
    connection.acts = handler(request).acts[...]
    // The first delay counts from the arrival, so that time spent in this loop is not added to it.
    if case .wait(let nanoseconds)? = connection.acts.first {
      connection.acts.removeFirst()
      connection.wait = (arrived, nanoseconds)
    }
    advance(connection)
  }

  /// Goes on with the reply as far as possible; comes back when the socket is writable or the next act is due.
  func advance(_ connection: Connection) {
    while let request = connection.request, connections[connection.index] != nil {
      let wait = connection.wait ?? (now, 0)
      let resumes = stalls.finish(
        startNanoseconds: wait.startNanoseconds, durationNanoseconds: wait.durationNanoseconds)
      if resumes > now { return wake(connection, atNanoseconds: resumes) }
      connection.wait = nil
      switch connection.flush() {
      case .all: break
      case .blocked: return watchWritable(connection, true)
      case .clientLeft: return drop(connection)
      }
      if let pattern = connection.forever {
        connection.queue(pattern)
        // One buffer at a time: other connections have their turn in between.
        return watchWritable(connection, true)
      }
      if connection.holds { return }
      watchWritable(connection, false)
      guard let act = connection.acts.popFirst() else {
        finishReply(connection, request)
        continue
      }
      perform(act, on: connection, request)
    }
  }

  private func perform(_ act: Reply.Act, on connection: Connection, _ request: Request) {
    switch act {
    case .answer(let status, let headers, let body):
      connection.queue(render(status: status, headers: headers, body: body, for: request))
    case .send(let bytes): connection.queue(bytes)
    case .sendForever(let bytes): connection.forever = bytes
    case .wait(let nanoseconds): connection.wait = (now, nanoseconds)
    case .hold: connection.holds = true
    case .close:
      record(request)
      drop(connection)
    case .reset: drop(connection, withReset: true)
    case .killServer: dieNow()
    }
    if case .killServer = act { connection.request = nil }
  }

  private func render(status: Int, headers: [(String, String)], body: [UInt8], for request: Request) -> [UInt8] {
    var text = "HTTP/1.1 \(status) \(status < 400 ? "Fine" : "Not so")\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    let framed = headers.contains {
      equalsIgnoringCase($0.0, "Content-Length") || equalsIgnoringCase($0.0, "Transfer-Encoding")
    }
    // 1xx, 204 and 304 have no body and no length.
    let bodiless = status < 200 || status == 204 || status == 304
    if !framed && !bodiless { text += "Content-Length: \(body.count)\r\n" }
    if case .afterEachAnswer = settings.closing { text += "Connection: close\r\n" }
    text += "\r\n"
    return Array(text.utf8) + (bodiless || request.method == "HEAD" ? [] : body)
  }

  private func finishReply(_ connection: Connection, _ request: Request) {
    record(request)
    connection.request = nil
    guard case .byClient = settings.closing, request.keepsConnection else { return drop(connection) }
    becomeIdle(connection)
    if !connection.parser.isEmpty { readRequest(connection) }
  }

  private func record(_ request: Request) {
    guard settings.keepsLog else { return }
    let entry = LogEntry(
      sequence: request.sequence, path: request.path, arrivedNanoseconds: request.arrivedNanoseconds,
      serviceNanoseconds: monotonicNanoseconds() - request.arrivedNanoseconds)
    shared.withLock { $0.observed.log.append(entry) }
  }

  /// Waits for the next request, not longer than the settings say.
  func becomeIdle(_ connection: Connection) {
    connection.stamp += 1
    guard let limit = settings.closesIdleAfterMilliseconds else { return }
    wake(connection, atNanoseconds: now + Int64(limit) * 1_000_000)
  }
}

// SPDX-License-Identifier: Apache-2.0
import CLibcurl

extension Exchange {
  /// Sets the request. What is the same as before costs a comparison; in the steady state nothing is allocated.
  ///
  /// `headers` are lines "Name: value". `body` nil means none; an empty one is sent as such. A timeout of 0 means none;
  /// libcurl counts it in milliseconds (rounded up). `maximumRedirects` nil: as the settings say. Not while a request is under way.
  package func prepare(
    method: String, url: [UInt8], headers: [[UInt8]], body: [UInt8]?, timeoutNanoseconds: Int64, keepBody: Bool,
    keepHeaders: Bool, maximumRedirects: Int? = nil
  ) {
    precondition(stage == .idle, "a request under way cannot be changed")
    url.withUnsafeBufferPointer { bytes in
      guard hasWandered || urlRefusal != nil || !self.url.equals(bytes) else { return }
      urlRefusal = take(bytes)
    }
    if self.method != method {
      self.method = method
      methodRefusal =
        method.isEmpty || !method.utf8.allSatisfy(Exchange.isTokenByte)
        ? TransportError(failure: .other, text: "\"\(method)\" is not a method") : nil
    }
    // Methods that mean "here is something" say so even when it is nothing (RFC 9110, 8.6).
    let announcesBody = body != nil || method == "POST" || method == "PUT" || method == "PATCH"
    hasBody = announcesBody
    if let body {
      _ = body.withUnsafeBufferPointer { requestBody.assign($0) }
    } else {
      requestBody.clear()
    }
    let isFit = headerLines.update(headers, hasBody: announcesBody)
    refusal = urlRefusal ?? methodRefusal ?? (isFit ? nil : Exchange.headerRefusal)
    tellVerb(method, hasBody: announcesBody)
    tellHeaders()
    self.timeoutNanoseconds = timeoutNanoseconds
    tellTimeout(timeoutNanoseconds)
    state.pointee.keepsBody = keepBody
    state.pointee.keepsHeaders = keepHeaders
    self.maximumRedirects = maximumRedirects ?? standardRedirects
    hasWandered = false
  }

  private static let headerRefusal = TransportError(
    failure: .other, text: "a header line is not \"Name: value\" on one line")

  /// Makes `bytes` the URL, if they are one that may be asked for.
  func take(_ bytes: UnsafeBufferPointer<UInt8>) -> TransportError? {
    if let refusal = policy.refusal(of: bytes) { return refusal }
    guard self.url.assign(bytes, terminated: true), tellURL() else {
      return TransportError(failure: .other, text: "a URL of \(bytes.count) bytes cannot be used")
    }
    adaptToScheme(isTLS: bytes.count > 4 && bytes[4] | 0x20 == 0x73)
    return nil
  }

  private func tellURL() -> Bool {
    url.base!.withMemoryRebound(to: CChar.self, capacity: url.count + 1) { easy.set(.url, $0) == CURLE_OK }
  }

  func tellHeaders() {
    guard headerLines.head != toldHeaders else { return }
    toldHeaders = headerLines.head
    easy.set(.headers, headerLines.head)
  }

  func tellTimeout(_ nanoseconds: Int64) {
    let milliseconds = nanoseconds <= 0 ? 0 : Int((nanoseconds + 999_999) / 1_000_000)
    guard milliseconds != toldTimeoutMilliseconds else { return }
    toldTimeoutMilliseconds = milliseconds
    easy.set(.timeout, milliseconds)
  }

  func tellVerb(_ method: String, hasBody: Bool) {
    let wanted: Verb = method == "HEAD" ? .head : hasBody ? .upload : .get
    if wanted != verb {
      // Through GET, which resets what the other two leave behind.
      if verb != .get { easy.set(.get, 1) }
      if wanted == .head { easy.set(.noBody, 1) }
      if wanted == .upload { easy.set(.post, 1) }
      verb = wanted
    }
    if wanted == .upload { tellBody() }
    let implied = wanted == .head ? "HEAD" : wanted == .upload ? "POST" : "GET"
    let custom = method == implied ? nil : method
    if custom != toldCustomMethod {
      toldCustomMethod = custom
      if let custom { easy.set(.customRequest, custom) } else { easy.set(.customRequest, nil) }
    }
    state.pointee.mayResend = Exchange.isSafe(method)
  }

  private func tellBody() {
    if toldBodyCount != requestBody.count {
      toldBodyCount = requestBody.count
      easy.set(.postFieldSize, Int64(requestBody.count))
    }
    // An empty body needs a pointer too: without one libcurl would ask a read callback, by default for stdin.
    let start = requestBody.base ?? UnsafeMutableRawPointer(errorBuffer).assumingMemoryBound(to: UInt8.self)
    if toldBody != start {
      toldBody = start
      easy.set(.postFields, start)
    }
  }

  /// Safe by RFC 9110, 9.2.1: sent twice it changes no more than sent once, which is nothing.
  static func isSafe(_ method: String) -> Bool {
    switch method {
    case "GET", "HEAD", "OPTIONS", "TRACE": true
    default: false
    }
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
    default: false
    }
  }
}

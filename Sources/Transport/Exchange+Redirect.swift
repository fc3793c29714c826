// SPDX-License-Identifier: Apache-2.0
import CLibcurl

extension Exchange {
  enum Redirect { case none, followed, refused(TransportError) }

  /// Headers that may follow a redirect to another origin. All others might carry a credential.
  private static let harmlessHeaders: Set<String> = [
    "accept", "accept-language", "accept-encoding", "content-type", "content-language", "user-agent", "traceparent",
    "tracestate", "cache-control",
  ]

  /// After an answer: turns the exchange into the request its redirect asks for, if redirects are followed. One hop at a
  /// time, so that each target passes the same check as the first URL.
  func followRedirect(at now: MonotonicTime) -> Redirect {
    guard maximumRedirects > 0, status == 301 || status == 302 || status == 303 || status == 307 || status == 308,
      let location = easy.string(CURLINFO_REDIRECT_URL)
    else { return .none }
    guard redirects < maximumRedirects else {
      return .refused(TransportError(failure: .redirectLimit, text: "more than \(maximumRedirects) redirects"))
    }
    hasWandered = true
    let origin = URLParts(url.bytes)
    let target = Array(String(cString: location).utf8)
    if let refusal = target.withUnsafeBufferPointer({ take($0) }) { return .refused(refusal) }
    // As browsers do, and RFC 9110, 15.4 allows.
    let becomesGet = status == 303 ? method != "HEAD" : status <= 302 && method == "POST"
    if becomesGet { tellVerb("GET", hasBody: false) }
    if origin == nil || origin != URLParts(url.bytes) {
      headerLines.keepOnly(Exchange.harmlessHeaders)
      tellHeaders()
    }
    if timeoutNanoseconds > 0 {
      let left = timeoutNanoseconds - now.nanoseconds(since: startedAt)
      guard left > 0 else {
        return .refused(TransportError(failure: .timeout, text: "the time ran out between two redirects"))
      }
      tellTimeout(left)
    }
    redirects += 1
    state.pointee.beginHop()
    return .followed
  }
}

// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What the HTTP threads call: finds the route, lets it answer, and adds, counts and logs what every answer has.
final class Service: Sendable {
  private let router: Router
  private let metrics: Metrics
  private let log: Log
  private let limiter: RateLimiter?
  private let misbehaviour: Misbehaviour

  init(routes: [Route], metrics: Metrics, log: Log, limiter: RateLimiter?, misbehaviour: Misbehaviour) {
    router = Router(routes)
    self.metrics = metrics
    self.log = log
    self.limiter = limiter
    self.misbehaviour = misbehaviour
  }

  /// Has the exchange answered, now or later. Never blocks for long.
  func dispatch(_ exchange: Exchange) {
    guard let raw = exchange.rawTarget, let target = Target(raw) else {
      return exchange.send(.problem(400, "the request target is malformed"))
    }
    switch router.match(method: exchange.method, target.segments) {
    case .none: exchange.send(.problem(404, "nothing is served here"))
    case .otherMethods(let methods):
      exchange.send(
        .problem(405, "not with this method").with("Allow", methods.joined(separator: ", ")))
    case .route(let index, let pathValues):
      exchange.route = index
      var request = Request(
        method: exchange.method, target: target, headers: exchange.headers, body: exchange.body,
        traceID: exchange.traceID, pathValues: pathValues)
      if let tenant = request.header("X-Tenant") {
        guard isTenant(tenant) else {
          return exchange.send(.problem(400, "X-Tenant must have 1 to 40 of a-z, 0-9 and -"))
        }
        request.tenant = tenant
      }
      let route = router.routes[index]
      if route.isLimited, let decision = limiter?.count(request.tenant + " " + exchange.client) {
        exchange.limitHeaders = decision.headers
        if !decision.isAllowed { return exchange.send(decision.refusal) }
      }
      misbehaviour.before(exchange) { [request] in route.handle(request, exchange) }
    }
  }

  /// The answer as it is sent, counted and logged. Once per exchange.
  func finished(_ exchange: Exchange, _ answer: Answer) -> Answer {
    let route = exchange.route.map { router.routes[$0] }
    // In debug builds, hence in all tests: the API document must name what is answered.
    assert(route?.documents(answer.status) ?? true, "\(route?.operation ?? "") does not document \(answer.status)")
    let nanoseconds = monotonicNanoseconds() - exchange.begunNanoseconds
    metrics.count(path: route?.path, method: exchange.method, status: answer.status, nanoseconds: nanoseconds)
    log.request(exchange, endpoint: route?.path, status: answer.status, nanoseconds: nanoseconds)
    var answer = answer
    let policy =
      answer.contentType?.hasPrefix("text/html") == true
      ? "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
      : "default-src 'none'; frame-ancestors 'none'"
    answer.headers += [
      (name: "X-Request-Id", value: exchange.traceID), (name: "X-Content-Type-Options", value: "nosniff"),
      (name: "X-Frame-Options", value: "DENY"), (name: "Referrer-Policy", value: "no-referrer"),
      (name: "Content-Security-Policy", value: policy), (name: "Cache-Control", value: "no-store"),
    ]
    answer.headers += exchange.limitHeaders
    return answer
  }

  /// As `finished`, for a request whose body is not kept: the connection ends with the answer.
  func refused(_ exchange: Exchange, _ answer: Answer) -> Answer {
    exchange.route = route(of: exchange)
    return finished(exchange, answer.with("Connection", "close"))
  }

  /// The most bytes of a body that are read for this request.
  func bodyLimitBytes(_ exchange: Exchange) -> Int {
    route(of: exchange).map { router.routes[$0].bodyLimitBytes } ?? 64 << 10
  }

  private func route(of exchange: Exchange) -> Int? {
    guard let target = exchange.rawTarget.flatMap({ Target($0) }),
      case .route(let index, _) = router.match(method: exchange.method, target.segments)
    else { return nil }
    return index
  }
}

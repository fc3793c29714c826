// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// One kind of room today, as the property management system has it.
struct RoomRate: Decodable, Sendable {
  var type: String
  var priceCents: Int
  var free: Int

  enum CodingKeys: String, CodingKey {
    case type, free
    case priceCents = "price_cents"
  }
}

/// Asks the property management system: with a timeout, one more try after a pause, and a circuit breaker. Whoever asks
/// gets an answer in bounded time, or is told to do without one.
final class PMSClient: Sendable {
  enum Result: String, CaseIterable {
    case ok, failed
    /// The circuit was open.
    case refused
    /// Too many calls waited already.
    case crowded
  }

  let breaker: CircuitBreaker
  private let caller: HTTPCaller
  private let url: String
  private let timeoutMilliseconds: Int
  private let requests = Counter(
    "pms_requests_total", "Calls to the property management system, by outcome.", label: "result",
    values: Result.allCases.map(\.rawValue))
  private let retries = Counter("pms_retries_total", "Calls made a second time.")
  private let fallbacks = Counter("pms_fallbacks_total", "Answers given without the property management system.")
  private static let connections = 16
  private static let limit = 64

  init(url: String, timeoutMilliseconds: Int, openMilliseconds: Int) throws(StartError) {
    caller = try HTTPCaller(name: "pms", connections: Self.connections, limit: Self.limit)
    breaker = CircuitBreaker(openMilliseconds: openMilliseconds)
    self.url = url + "/api/v1/rates"
    self.timeoutMilliseconds = timeoutMilliseconds
  }

  /// Today's rates; nil when the system has none to give in time. `done` is called once, maybe before this returns, on
  /// any thread, and must not block.
  func rates(traceID: String, done: @escaping @Sendable ([RoomRate]?) -> Void) {
    attempt(traceID, isRetry: false) { rates in
      if rates == nil { self.fallbacks.add() }
      done(rates)
    }
  }

  private func attempt(_ traceID: String, isRetry: Bool, done: @escaping @Sendable ([RoomRate]?) -> Void) {
    let now = monotonicNanoseconds()
    guard let permit = breaker.permit(nowNanoseconds: now) else {
      count(.refused)
      return done(nil)
    }
    // A random part, so that calls that failed together do not come again together.
    let pause = isRetry ? Int64.random(in: 50...150) * 1_000_000 : 0
    let latest = now + pause + Int64(timeoutMilliseconds) * 1_000_000
    let call = Call(
      url: url, headers: ["traceparent: 00-\(traceID)-\(randomHex(bytes: 8))-01"],
      timeoutMilliseconds: timeoutMilliseconds, dueNanoseconds: now + pause,
      mayStart: { $0 <= latest }
    ) { outcome in
      let rates = Self.rates(of: outcome)
      self.breaker.ended(permit, well: rates != nil, nowNanoseconds: monotonicNanoseconds())
      self.count(rates == nil ? .failed : .ok)
      if rates != nil || isRetry { return done(rates) }
      self.retries.add()
      self.attempt(traceID, isRetry: true, done: done)
    }
    if !caller.submit(call) {
      breaker.returned(permit, nowNanoseconds: now)
      count(.crowded)
      done(nil)
    }
  }

  private static func rates(of outcome: CallOutcome) -> [RoomRate]? {
    struct Answer: Decodable {
      var roomTypes: [RoomRate]

      enum CodingKeys: String, CodingKey { case roomTypes = "room_types" }
    }
    guard case .answered(200, let body) = outcome else { return nil }
    return try? JSONDecoder().decode(Answer.self, from: Data(body)).roomTypes
  }

  private func count(_ result: Result) { requests.add(to: result.rawValue) }

  /// For /health/detailed: what the circuit has learned; nobody is called for it.
  var dependency: Dependency {
    Dependency(name: "pms", kind: "http", isRequired: false) { done in
      let state = self.breaker.state
      done(
        Dependency.State(
          isUp: state == .closed, error: state == .closed ? nil : "the circuit is \(state.rawValue)",
          details: [(name: "circuit", value: .text(state.rawValue))]))
    }
  }

  /// Lines for /metrics.
  var metricsText: String {
    let state = breaker.state
    var text = requests.text + retries.text + fallbacks.text
    text += Metrics.head("circuit_breaker_state", "gauge", "1 for the state the circuit is in.")
    for each in CircuitBreaker.State.allCases {
      text += "circuit_breaker_state{name=\"pms\",state=\"\(each.rawValue)\"} \(each == state ? 1 : 0)\n"
    }
    text += Metrics.head("circuit_breaker_opened_total", "counter", "How often the circuit has opened.")
    return text + "circuit_breaker_opened_total{name=\"pms\"} \(breaker.timesOpened)\n"
  }
}

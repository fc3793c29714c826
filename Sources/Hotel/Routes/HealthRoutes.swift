// SPDX-License-Identifier: Apache-2.0

/// What the detailed health answer and the API document call this program's version.
let hotelVersion = "0.1.0"

/// Health in both families of names, and the metrics. None of it counts towards the rate limit.
func healthRoutes(
  _ dependencies: [Dependency], metrics: Metrics, diskUsedPercent: @escaping @Sendable () -> Double?
) -> [Route] {
  let begun = monotonicNanoseconds()
  let alive = Route.Documented(status: 200, about: "The process answers.", schema: schema("Health"))
  let live: @Sendable (Request, Exchange) -> Void = { _, exchange in
    exchange.send(.json(200, ["status": "alive"]))
  }
  let readiness: @Sendable (Request, Exchange) -> Void = { _, exchange in
    let required = dependencies.filter(\.isRequired)
    probeAll(required[...]) { states in
      let broken = zip(required, states).first { !$0.1.isUp }
      exchange.send(
        broken.map { .unavailable("\($0.0.name): \($0.1.error ?? "down")") } ?? .json(200, ["status": "ready"]))
    }
  }
  let lively = [("/health", "health"), ("/health/live", "healthLive"), ("/health/liveness", "healthLiveness")].map {
    Route(
      method: "GET", path: $0, operation: $1, about: "Liveness: whether the process answers.", answers: [alive],
      handle: live)
  }
  let ready = [("/health/ready", "healthReady"), ("/health/readiness", "healthReadiness")].map {
    Route(
      method: "GET", path: $0, operation: $1, about: "Readiness: does all work that is needed?",
      answers: [
        Route.Documented(status: 200, about: "Ready for traffic.", schema: schema("Health")),
        Route.problem(503, "Not ready: what it cannot do without does not work."),
      ], handle: readiness)
  }
  let others = [
    Route(
      method: "GET", path: "/health/detailed", operation: "healthDetailed", about: "Version and dependencies.",
      answers: [
        Route.Documented(status: 200, about: "Works, maybe degraded.", schema: schema("DetailedHealth")),
        Route.Documented(status: 503, about: "A needed dependency is down.", schema: schema("DetailedHealth")),
      ]
    ) { _, exchange in
      probeAll(dependencies[...]) { states in
        let uptime = Int((monotonicNanoseconds() - begun) / 1_000_000_000)
        exchange.send(detailed(Array(zip(dependencies, states)), uptimeSeconds: uptime))
      }
    },
    Route(
      method: "GET", path: "/metrics", operation: "metrics", about: "Counters for Prometheus.",
      answers: [
        Route.Documented(
          status: 200, about: "Prometheus text format.", contentType: "text/plain", schema: ["type": "string"])
      ]
    ) { _, exchange in
      exchange.send(
        Answer(
          status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8",
          body: Array(metrics.text(diskUsedPercent: diskUsedPercent()).utf8)))
    },
  ]
  return (lively + ready + others).map { route in
    var route = route
    route.isLimited = false
    return route
  }
}

private func detailed(_ states: [(Dependency, Dependency.State)], uptimeSeconds: Int) -> Answer {
  let isUnavailable = states.contains { $0.0.isRequired && !$0.1.isUp }
  let isDegraded = states.contains { !$0.1.isUp }
  let dependencies = states.map { dependency, state in
    let members: [(name: String, value: JSONText)] = [
      (name: "status", value: state.isUp ? "up" : "down"), (name: "kind", value: .text(dependency.kind)),
      (name: "required", value: .flag(dependency.isRequired)),
      (name: "error", value: state.error.map { .text($0) } ?? .null),
    ]
    return (name: dependency.name, value: JSONText.record(members + state.details))
  }
  let answer = Answer.json(
    isUnavailable ? 503 : 200,
    [
      "status": isUnavailable ? "unavailable" : isDegraded ? "degraded" : "ok", "version": .text(hotelVersion),
      "uptime_seconds": .number(uptimeSeconds), "dependencies": .record(dependencies),
    ])
  return isUnavailable ? answer.with("Retry-After", "1") : answer
}

// SPDX-License-Identifier: Apache-2.0

/// What the detailed health answer and the API document call this program's version.
let hotelVersion = "0.1.0"

/// Health in both families of names that are in use, and the metrics.
func healthRoutes(database: Database, metrics: Metrics) -> [Route] {
  let begun = monotonicNanoseconds()
  let alive = Route.Documented(status: 200, about: "The process answers.", schema: schema("Health"))
  let ready = [
    Route.Documented(status: 200, about: "Ready for traffic.", schema: schema("Health")),
    Route.problem(503, "Not ready: the database does not work."),
  ]
  let live: @Sendable (Request, Exchange) -> Void = { _, exchange in
    exchange.send(.json(200, ["status": "alive"]))
  }
  let readiness: @Sendable (Request, Exchange) -> Void = { _, exchange in
    database.probe { error in
      exchange.send(
        error.map { .unavailable("database: \($0.message)") } ?? .json(200, ["status": "ready"]))
    }
  }
  return [
    Route(
      method: "GET", path: "/health", operation: "health", about: "Whether the process answers.", answers: [alive],
      handle: live),
    Route(
      method: "GET", path: "/health/live", operation: "healthLive", about: "Liveness.", answers: [alive], handle: live),
    Route(
      method: "GET", path: "/health/liveness", operation: "healthLiveness", about: "Liveness.", answers: [alive],
      handle: live),
    Route(
      method: "GET", path: "/health/ready", operation: "healthReady", about: "Readiness: can the database be used?",
      answers: ready, handle: readiness),
    Route(
      method: "GET", path: "/health/readiness", operation: "healthReadiness",
      about: "Readiness: can the database be used?", answers: ready, handle: readiness),
    Route(
      method: "GET", path: "/health/detailed", operation: "healthDetailed", about: "Version and dependencies.",
      answers: [
        Route.Documented(status: 200, about: "All dependencies work.", schema: schema("DetailedHealth")),
        Route.Documented(status: 503, about: "A dependency is down.", schema: schema("DetailedHealth")),
      ]
    ) { _, exchange in
      database.probe { error in
        let answer = Answer.json(
          error == nil ? 200 : 503,
          [
            "status": error == nil ? "ok" : "unavailable", "version": .text(hotelVersion),
            "uptime_seconds": .number(Int((monotonicNanoseconds() - begun) / 1_000_000_000)),
            "dependencies": [
              "database": [
                "status": error == nil ? "up" : "down", "kind": .text(database.kind),
                "error": error.map { .text($0.message) } ?? .null,
              ]
            ],
          ])
        exchange.send(error == nil ? answer : answer.with("Retry-After", "1"))
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
          body: Array(metrics.text(diskUsedPercent: database.diskUsedPercent).utf8)))
    },
  ]
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Transport

@Suite struct HealthTests {
  @Test(arguments: [
    ("/health", "alive"), ("/health/live", "alive"), ("/health/liveness", "alive"), ("/health/ready", "ready"),
    ("/health/readiness", "ready"), ("/health/detailed", "ok"),
  ])
  func answersInBothFamiliesOfNames(path: String, status: String) throws {
    struct Health: Decodable { var status: String }
    let answer = try RunningHotel().ask("GET", path)
    #expect(answer.status == 200)
    #expect(try answer.decoded(Health.self).status == status)
  }

  @Test func detailedHealthNamesVersionAndDatabase() throws {
    struct Detailed: Decodable {
      struct Dependency: Decodable { var status: String }
      var version: String
      var dependencies: [String: Dependency]
    }
    let detailed = try RunningHotel().ask("GET", "/health/detailed").decoded(Detailed.self)
    #expect(!detailed.version.isEmpty)
    #expect(detailed.dependencies["database"]?.status == "up")
  }

  @Test func readinessFollowsTheDatabaseAndComesBack() throws {
    let hotel = try RunningHotel()
    let away = hotel.folder.appendingPathComponent("away.db")
    try FileManager.default.moveItem(at: hotel.database, to: away)
    for path in ["/health/ready", "/health/readiness", "/health/detailed", "/api/v1/reservations?key=a"] {
      let answer = try hotel.ask("GET", path)
      #expect(answer.status == 503, "\(path)")
      #expect(answer.header(named: "Retry-After") == "1", "\(path)")
    }
    #expect(try hotel.book().status == 503)
    #expect(try hotel.ask("GET", "/health/live").status == 200)
    try FileManager.default.moveItem(at: away, to: hotel.database)
    #expect(try hotel.ask("GET", "/health/ready").status == 200)
    #expect(try hotel.book().status == 201)
  }

  @Test func aFileLockedBySomebodyElseIsUnavailableForWrites() throws {
    let hotel = try RunningHotel()
    let locker = Process()
    locker.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    locker.arguments = [
      "python3", "-c",
      """
      import sqlite3, sys
      c = sqlite3.connect(sys.argv[1], isolation_level=None)
      c.execute('BEGIN IMMEDIATE')
      print('locked', flush=True)
      sys.stdin.read()
      """, hotel.database.path,
    ]
    let (input, output) = (Pipe(), Pipe())
    locker.standardInput = input
    locker.standardOutput = output
    try locker.run()
    #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).hasPrefix("locked"))
    #expect(try hotel.book().status == 503)
    #expect(try hotel.ask("GET", "/health/ready").status == 503)
    // Reading goes on: the write-ahead log keeps readers apart from writers.
    #expect(try hotel.ask("GET", "/api/v1/reservations?key=a").status == 200)
    try input.fileHandleForWriting.close()
    locker.waitUntilExit()
    #expect(try hotel.ask("GET", "/health/ready").status == 200)
    #expect(try hotel.book().status == 201)
  }

  @Test func metricsCountWhatWasAnswered() throws {
    let hotel = try RunningHotel()
    for _ in 0..<3 { try hotel.ask("GET", "/health/live") }
    try hotel.ask("GET", "/no/such/place")
    try hotel.book(room: "7")
    try hotel.book(room: "7")
    let answer = try hotel.ask("GET", "/metrics")
    let lines = answer.text.split(separator: "\n").map(String.init)
    #expect(answer.header(named: "Content-Type")?.hasPrefix("text/plain; version=0.0.4") == true)
    for line in [
      #"http_requests_total{method="GET",endpoint="/health/live",status="200"} 3"#,
      #"http_requests_total{method="GET",endpoint="unmatched",status="404"} 1"#,
      #"http_requests_total{method="POST",endpoint="/api/v1/reservations",status="201"} 1"#,
      #"http_request_duration_seconds_count{method="GET",endpoint="/health/live"} 3"#,
      #"http_request_duration_seconds_bucket{method="GET",endpoint="/health/live",le="+Inf"} 3"#,
      #"http_errors_total{method="POST",endpoint="/api/v1/reservations",error_type="client"} 1"#,
      #"reservations_total{status="booked"} 1"#, #"reservations_total{status="sold_out"} 1"#,
    ] {
      #expect(lines.contains(line), "\(line)")
    }
    for name in [
      "process_cpu_seconds_total", "process_resident_memory_bytes", "disk_used_percent", "process_start_time_seconds",
      "process_open_fds",
    ] {
      let value = lines.first { $0.hasPrefix(name + " ") }.flatMap { Double($0.dropFirst(name.count + 1)) }
      #expect(value ?? 0 > 0, "\(name)")
    }
  }

  @Test func memoryStaysFlat() throws {
    let hotel = try RunningHotel(["--log", "off"])
    func residentMegabytes() throws -> Double {
      let line = try hotel.ask("GET", "/metrics").text.split(separator: "\n").first {
        $0.hasPrefix("process_resident_memory_bytes ")
      }
      return try #require(line?.split(separator: " ").last.flatMap { Double($0) }) / 1e6
    }
    // Few writes, since each of them here waits for the disk alone.
    func pass(_ count: Int) throws {
      for index in 0..<count {
        let booked = try hotel.book(room: String(index % 1_000 + 1)).decoded(Booked.self)
        for _ in 0..<20 { try hotel.ask("GET", "/api/v1/availability?checkin=\(day(30))") }
        try hotel.ask("DELETE", "/api/v1/reservations/\(booked.id)")
      }
    }
    try pass(40)
    let before = try residentMegabytes()
    try pass(80)
    // A kilobyte lost per request would be 1.8 MB; caches of SQLite still fill up a little.
    #expect(try residentMegabytes() - before < 1.5)
  }
}

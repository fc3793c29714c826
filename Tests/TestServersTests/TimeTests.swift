import Testing

// SPDX-License-Identifier: Apache-2.0
@testable import TestServers

@Suite struct TimeTests {
  @Test func delaysByClassAndLogsWhatItDid() throws {
    let delays: [Int64] = [0, 10_000_000, 30_000_000]
    let server = try TestServer(settings: ServerSettings(keepsLog: true)) { delays[$0 % 3] }
    let client = try #require(RawClient(port: server.port))
    for _ in 0..<6 {
      client.get()
      _ = client.read(until: "ok")
    }
    #expect(server.waitUntil { $0.log.count == 6 })
    for entry in server.observed.log {
      // Only the lower bound: how late a busy machine is says nothing about the server.
      #expect(entry.serviceNanoseconds >= delays[entry.sequence % 3])
    }
  }

  @Test func aStallHoldsWhatIsAlreadyInside() throws {
    let stall = StallWindow(fromNanoseconds: 20_000_000, lengthNanoseconds: 200_000_000, afterRequest: 0)
    let settings = ServerSettings(stall: stall, keepsLog: true)
    let server = try TestServer(settings: settings) { _ in 50_000_000 }
    let client = try #require(RawClient(port: server.port))
    client.get()
    #expect(client.read(until: "ok").1 == .enough)
    #expect(server.waitUntil { $0.log.count == 1 })
    #expect(server.observed.log[0].serviceNanoseconds >= 250_000_000)
  }

  @Test func aStallOrderedByTheTestHoldsNewRequests() throws {
    let server = try TestServer(always: .answer(), settings: ServerSettings(keepsLog: true))
    let client = try #require(RawClient(port: server.port))
    client.get()
    #expect(client.read(until: "ok").1 == .enough)
    let stalled = monotonicNanoseconds()
    server.stall(nanoseconds: 150_000_000)
    client.get()
    #expect(client.read(until: "ok").1 == .enough)
    #expect(monotonicNanoseconds() - stalled >= 150_000_000)
  }

  @Test func workAndStallsAddUp() {
    var clock = StallClock()
    clock.add(fromNanoseconds: 300, lengthNanoseconds: 50)
    clock.add(fromNanoseconds: 100, lengthNanoseconds: 100)
    let cases: [(start: Int64, work: Int64, end: Int64)] = [
      (0, 99, 99), (0, 100, 200), (0, 150, 250), (150, 0, 200), (150, 10, 210), (0, 200, 350), (0, 201, 351),
      (100, 0, 200), (200, 0, 200), (310, 5, 355), (400, 5, 405),
    ]
    for (start, work, end) in cases {
      #expect(clock.finish(startNanoseconds: start, durationNanoseconds: work) == end, "\(start) + \(work)")
    }
  }

  @Test func dueEntriesComeOutInOrder() {
    var queue = DueQueue()
    var generator = SystemRandomNumberGenerator()
    let times = (0..<500).map { _ in Int64.random(in: 0..<1_000, using: &generator) }
    for (index, time) in times.enumerated() {
      queue.insert(DueQueue.Entry(dueNanoseconds: time, connection: index, stamp: 0))
    }
    var seen: [Int64] = []
    while let entry = queue.popDue(499) { seen.append(entry.dueNanoseconds) }
    #expect(seen == times.filter { $0 <= 499 }.sorted())
    #expect((queue.first?.dueNanoseconds ?? 500) >= 500)
  }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import Testing
import Transport

@Suite struct LifecycleTests {
  @Test func endsWhenItsInputCloses() throws {
    let hotel = try RunningHotel()
    try hotel.closeInput()
    #expect(hotel.ends())
    #expect(hotel.process.terminationStatus == 0)
    #expect(throws: TransportError.self) { try hotel.ask("GET", "/health") }
  }

  @Test func drainsOnSIGTERM() throws {
    let hotel = try RunningHotel(["--delay-ms", "700"])
    let slow = Slow()
    Thread { [url = hotel.url] in slow.finish(try? ask(url, "GET", "/docs")) }.start()
    // Once it is in the middle of it: the log of the hotel tells nothing before the end, so this waits a part of it.
    usleep(250_000)
    hotel.send(SIGTERM)
    #expect(hotel.ends())
    #expect(hotel.process.terminationStatus == 0)
    let answer = slow.answer(within: 10)
    #expect(answer?.status == 200)
    #expect(answer?.header(named: "Connection") == "close")
    #expect(hotel.log.contains(#""event":"ended""#))
  }

  @Test(arguments: [
    (2, ["--no-such-flag"]), (2, ["pms", "--database", "x"]), (2, ["--cloud-api", "somewhere"]),
    (2, ["--port", "70000"]), (2, ["--rooms"]), (2, ["--error-share", "2"]),
    (2, ["--log", "loud"]), (3, ["--database", "/no/such/folder/hotel.db", "--port", "0"]),
    (3, ["--listen", "hotel.example", "--database", ":memory:"]),
  ])
  func saysWhyItDoesNotStart(code: Int, flags: [String]) throws {
    let (status, complaint) = try end(of: flags)
    #expect(status == code)
    #expect(complaint.hasPrefix("hotel: "))
  }

  @Test func aPortInUseIsSaid() throws {
    let hotel = try RunningHotel()
    let second = hotel.folder.appendingPathComponent("second.db").path
    let (status, complaint) = try end(of: ["--port", String(hotel.port), "--database", second])
    #expect(status == 3)
    #expect(complaint.contains("127.0.0.1:\(hotel.port)"))
  }

  @Test(arguments: ["off", "errors", "requests"])
  func logsCarryTheTraceID(level: String) throws {
    let trace = "0af7651916cd43dd8448eb211c80319c"
    let hotel = try RunningHotel(["--log", level])
    let answer = try hotel.ask("GET", "/health/live", headers: ["traceparent: 00-\(trace)-b7ad6b7169203331-01"])
    #expect(answer.header(named: "X-Request-Id") == trace)
    struct Line: Decodable {
      var event: String
      var traceID: String?

      enum CodingKeys: String, CodingKey {
        case event
        case traceID = "trace_id"
      }
    }
    hotel.send(SIGTERM)
    #expect(hotel.ends())
    let lines = try hotel.log.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    let requests = lines.filter { $0.event == "request" }
    #expect(requests.map(\.traceID) == (level == "requests" ? [trace] : []))
    #expect(lines.isEmpty == (level != "requests"))
  }

  @Test func misbehavesWhenTold() throws {
    let failing = try RunningHotel(["--error-share", "1", "--log", "errors"])
    #expect(try failing.book().status == 500)
    #expect(try failing.ask("GET", "/health/ready").status == 200)
    #expect(failing.log.contains(#""status":500"#))
    let slow = try RunningHotel(["--delay-ms", "120"])
    #expect(try slow.ask("GET", "/docs").elapsedNanoseconds >= 120_000_000)
    let stalled = try RunningHotel(["--stall-ms", "1000", "--stall-every-s", "1"])
    let begun = Date()
    #expect(try stalled.ask("GET", "/docs").status == 200)
    // Held to the end of the second it came in, whenever that was.
    #expect(Date().timeIntervalSince(begun) < 20)
  }

  /// Exit code and standard error of a start that fails.
  private func end(of flags: [String]) throws -> (Int, String) {
    let process = Process()
    process.executableURL = try RunningHotel.program
    process.arguments = flags
    let complaint = Pipe()
    process.standardError = complaint
    process.standardOutput = Pipe()
    try process.run()
    let text = String(decoding: complaint.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (Int(process.terminationStatus), text)
  }
}

/// An answer that another thread waits for.
private final class Slow: Sendable {
  private let received = Mutex<PlainResponse?>(nil)
  private let done = DispatchSemaphore(value: 0)

  func finish(_ answer: PlainResponse?) {
    received.withLock { $0 = answer }
    done.signal()
  }

  func answer(within seconds: Double) -> PlainResponse? {
    done.wait(timeout: .now() + seconds) == .success ? received.withLock { $0 } : nil
  }
}

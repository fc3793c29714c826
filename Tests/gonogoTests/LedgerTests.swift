// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Synchronization
import TestServers
import Testing

/// What becomes of a run's writes: the real program against the real hotel, and against servers that are not sound.
@Suite struct LedgerTests {
  /// Ends with `finally:`, which a test may leave out.
  private static let booking = """
    scenario: booking
    steps:
      - let: {key: "{{ uuid() }}", days: "{{ random(7, 700) }}"}
      - name: search
        get: "/api/v1/availability?checkin={{ date(days) }}&nights=1"
        capture: {room: {json: "$.rooms[*].id", pick: random}}
      - name: book
        post: /api/v1/reservations
        headers: {Idempotency-Key: "{{ key }}"}
        json: {room: "{{ room }}", guest: Ada, nights: 1}
        expect: {status: {201: booked, 409: sold out}}
        capture: {booking: "$.id"}
        writes:
          key: "{{ key }}"
          read:
            get: "/api/v1/reservations?key={{ key }}"
            count: "$.reservations"
            capture: {booking: "$.reservations[0].id"}
          closed-by: cancel
    finally:
      - {name: cancel, delete: "/api/v1/reservations/{{ booking }}"}
    """
  /// The same, and nobody cancels.
  private static let leaving = booking.replacingOccurrences(of: "name: cancel,", with: "name: cancel, when: 'false',")

  private func hotel(_ scratch: Scratch, port: Int = 0, _ flags: [String] = []) async throws -> (Child, Int) {
    let name = "hotel-\(UUID().uuidString).out"
    let said = try scratch.write(name, "")
    let hotel = try Child(
      URL(fileURLWithPath: Child.tool).deletingLastPathComponent().path + "/hotel",
      ["--port", "\(port)", "--database", "hotel.db", "--log", "off"] + flags, in: scratch, out: .path(said))
    try await hotel.waits { (try? scratch.read(name).contains("\n")) == true }
    return (hotel, try #require(try object(scratch.read(name))["port"] as? Int))
  }

  private func load(_ url: String, _ more: [String] = [], seconds: Int = 3, rate: Int = 20) -> [String] {
    [
      "load", "booking.yaml", "--target", url, "--rate", "\(rate)/s", "--for", "\(seconds)s", "--no-probe",
      "--threshold", "errors < 100%", "--quiet",
    ] + more
  }

  private func ledger(_ scratch: Scratch) throws -> [String: Any] {
    let record = try object(text(of: scratch.runFolder() + "/run.json"))
    return try #require(record["ledger"] as? [String: Any])
  }

  private func count(_ ledger: [String: Any], _ name: String) -> Int { ledger[name] as? Int ?? -1 }

  @Test func aHotelKilledUnderLoadLosesNothing() async throws {
    let scratch = try Scratch()
    try scratch.write("booking.yaml", Self.leaving)
    var (hotel, port) = try await hotel(scratch)
    let url = "http://127.0.0.1:\(port)"
    let run = try Child(Child.tool, load(url, seconds: 6, rate: 40), in: scratch)
    let file = { (try? text(of: scratch.runFolder() + "/ledger.jsonl")) ?? "" }
    try await run.waits { file().components(separatedBy: "\"acked\"").count > 40 }
    hotel.send(SIGKILL)
    _ = try await hotel.ended()
    let before = file().components(separatedBy: "\"state\":\"acked\"").count
    // Stays away beyond the end of the load: the read-back waits for it.
    try await Task.sleep(for: .seconds(7))
    (hotel, _) = try await self.hotel(scratch, port: port)
    let ended = try await run.ended(within: 90)
    let ledger = try ledger(scratch)
    #expect(before > 40)
    #expect(count(ledger, "acknowledged") >= before - 1)
    #expect(count(ledger, "lost") == 0 && count(ledger, "duplicated") == 0 && count(ledger, "unknown") == 0, "\(ended)")
    #expect(count(ledger, "kept") == count(ledger, "acknowledged"))
    try await expectComplete(scratch.runFolder(), in: scratch)

    let folder = try scratch.runFolder()
    let clean = ["clean", folder, "--rate", "500/s", "--quiet"]
    #expect(try await gonogo(clean, in: scratch).code == 3)
    #expect(try await gonogo(clean + ["--target", "http://127.0.0.1:1", "--yes"], in: scratch).code == 3)
    let cleaned = try await gonogo(clean + ["--yes"], in: scratch)
    #expect(cleaned.code == 0 && cleaned.out.contains(" 0 left in"), "\(cleaned)")
    #expect(try await gonogo(clean + ["--yes"], in: scratch).out.hasPrefix("nothing is left of"))
    try await expectComplete(folder, in: scratch)
    let rows = try await self.run("sqlite3", scratch)
    if let rows { #expect(rows == "0") }
    hotel.send(SIGTERM)
    _ = try await hotel.ended()
  }

  /// Bookings that were not cancelled, as another program reads them; nil without one.
  private func run(_ program: String, _ scratch: Scratch) async throws -> String? {
    guard let program = Child.find(program) else { return nil }
    let query = "SELECT count(*) FROM reservations WHERE cancelled IS NULL"
    return try await Child(program, ["hotel.db", query], in: scratch).ended().out.trimmingCharacters(in: .newlines)
  }

  /// The journey tried to cancel what the hotel had lost: the answer 404 must not hide it.
  @Test func aHotelThatLosesWritesIsNamed() async throws {
    let scratch = try Scratch()
    try scratch.write("booking.yaml", Self.booking)
    let (hotel, port) = try await hotel(scratch, ["--lose-one-of", "7"])
    let ended = try await gonogo(load("http://127.0.0.1:\(port)"), in: scratch)
    #expect(ended.code == 99, "\(ended)")
    let ledger = try ledger(scratch)
    let lost = count(ledger, "acknowledged") / 7
    #expect(lost > 0 && count(ledger, "lost") == lost)
    #expect(count(ledger, "gone") == count(ledger, "acknowledged") - lost)
    let named = try #require(ledger["named"] as? [[String: Any]]).filter { $0["finding"] as? String == "lost" }
    #expect(named.count == lost)
    let flat = ended.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(flat.contains("\(lost) of \(count(ledger, "acknowledged")) acknowledged writes are LOST"))
    #expect(flat.contains(try #require(named.first?["key"] as? String)))
    #expect(try await gonogo(["report", scratch.runFolder()], in: scratch).code == 99)
    hotel.send(SIGTERM)
    _ = try await hotel.ended()
  }

  @Test func cancelledBookingsAreNotLost() async throws {
    let scratch = try Scratch()
    try scratch.write("booking.yaml", Self.booking)
    let (hotel, port) = try await hotel(scratch)
    let ended = try await gonogo(load("http://127.0.0.1:\(port)"), in: scratch)
    #expect(heldCodes.contains(ended.code), "\(ended)")
    let ledger = try ledger(scratch)
    #expect(count(ledger, "lost") == 0 && count(ledger, "stillThere") == 0 && count(ledger, "unknown") == 0)
    #expect(count(ledger, "acknowledged") > 20 && count(ledger, "gone") == count(ledger, "acknowledged"))
    #expect(!ended.out.contains("left behind"))
    hotel.send(SIGTERM)
    _ = try await hotel.ended()
  }

  /// The run's process is killed: its ledger and inputs are enough.
  @Test func whatAKilledRunLeftIsCleaned() async throws {
    let scratch = try Scratch()
    try scratch.write("booking.yaml", Self.leaving)
    let (hotel, port) = try await hotel(scratch)
    let run = try Child(Child.tool, load("http://127.0.0.1:\(port)", seconds: 60), in: scratch)
    let file = { (try? text(of: scratch.runFolder() + "/ledger.jsonl")) ?? "" }
    try await run.waits { file().components(separatedBy: "\"acked\"").count > 20 }
    let folder = try scratch.runFolder()
    let meanwhile = try await gonogo(["clean", folder, "--yes"], in: scratch)
    #expect(meanwhile.code == 3 && meanwhile.err.contains("still going on"), "\(meanwhile)")
    run.send(SIGKILL)
    _ = try await run.ended()
    try FileManager.default.removeItem(atPath: scratch.path + "/booking.yaml")
    let cleaned = try await gonogo(["clean", folder, "--yes", "--rate", "500/s"], in: scratch)
    #expect(cleaned.code == 0 && cleaned.out.contains(" 0 left in"), "\(cleaned)")
    #expect(try await gonogo(["clean", folder, "--yes"], in: scratch).out.hasPrefix("nothing is left of"))
    if let rows = try await self.run("sqlite3", scratch) { #expect(rows == "0") }
    hotel.send(SIGTERM)
    _ = try await hotel.ended()
  }

  // MARK: servers that are not sound

  /// Books everything; reading back gets `read`.
  private func server(_ read: @escaping @Sendable (Request) -> Reply) throws -> TestServer {
    try TestServer { request in
      if request.path.hasPrefix("/api/v1/availability") { return .json(#"{"rooms":[{"id":1}]}"#) }
      if request.method == "POST" { return .json(#"{"id":"r-1"}"#, status: 201) }
      return request.method == "DELETE" ? .answer() : read(request)
    }
  }

  @Test(arguments: [
    ("huge", Reply([.sendForever(Array("HTTP/1.1 200 OK\r\n\r\n[1111111111111111111111111111111111".utf8))])),
    ("no JSON", .answer(body: "<html>")), ("status 500", .answer(500)), ("no list", .json("{}")),
    ("forbidden", .answer(403)), ("silent", .neverAnswers),
  ])
  func whatCannotBeReadIsUnknown(name: String, reply: Reply) async throws {
    let scratch = try Scratch()
    try scratch.write("booking.yaml", Self.leaving)
    let server = try server { _ in reply }
    let ended = try await gonogo(load(server.url, ["--read-back", "4s"], seconds: 1, rate: 5), in: scratch)
    #expect(ended.code == 4, "\(ended)")
    let ledger = try ledger(scratch)
    #expect(count(ledger, "unknown") == 5 && count(ledger, "lost") == 0)
    #expect(ended.out.contains("could not be read back"))
  }

  @Test func aTargetThatIsGoneLeavesAllUnknown() async throws {
    let scratch = try Scratch()
    try scratch.write("booking.yaml", Self.leaving)
    let server = try server { _ in Reply([.killServer]) }
    let ended = try await gonogo(load(server.url, ["--read-back", "3s"], seconds: 1, rate: 5), in: scratch)
    #expect(ended.code == 4, "\(ended)")
    #expect(try count(ledger(scratch), "unknown") == 5)
  }

  @Test(arguments: [
    (#"{"reservations":[{"id":"r-1"},{"id":"r-2"}]}"#, "duplicated", 99), (#"{"reservations":[]}"#, "lost", 99),
    (#"{"reservations":null}"#, "lost", 99), (#"{"reservations":[{"id":"r-1"}]}"#, "kept", 0),
  ])
  func whatIsReadDecides(body: String, finding: String, code: Int32) async throws {
    let scratch = try Scratch()
    try scratch.write("booking.yaml", Self.leaving)
    let server = try server { _ in .json(body) }
    let ended = try await gonogo(load(server.url, seconds: 1, rate: 5), in: scratch)
    #expect(code == 0 ? heldCodes.contains(ended.code) : ended.code == code, "\(ended)")
    #expect(try count(ledger(scratch), finding) == 5)
  }

  @Test func aCancelThatCancelsNothingIsNamed() async throws {
    let scratch = try Scratch()
    try scratch.write("booking.yaml", Self.booking)
    let server = try server { _ in .json(#"{"reservations":[{"id":"r-1"}]}"#) }
    let ended = try await gonogo(load(server.url, seconds: 1, rate: 5), in: scratch)
    #expect(ended.code == 99, "\(ended)")
    #expect(try count(ledger(scratch), "stillThere") == 5)
    #expect(ended.out.contains("had no effect"))
  }

  /// Some writes are read, then a person stops it: what is known stays.
  @Test func anInterruptKeepsWhatIsKnown() async throws {
    let scratch = try Scratch()
    try scratch.write("booking.yaml", Self.leaving)
    let counted = Counted()
    let server = try server { _ in
      counted.next() <= 3 ? .json(#"{"reservations":[{"id":"r-1"}]}"#) : .neverAnswers
    }
    let run = try Child(Child.tool, load(server.url, seconds: 1, rate: 5), in: scratch)
    try await run.waits { counted.value >= 5 }
    run.send(SIGINT)
    let ended = try await run.ended()
    #expect(ended.code == 130, "\(ended)")
    let ledger = try ledger(scratch)
    #expect(count(ledger, "kept") == 3 && count(ledger, "unknown") == 2)
    try await expectComplete(scratch.runFolder(), in: scratch)
  }

  /// A key that is a secret is in no file, and still read back.
  @Test func aSecretKeyIsReadBackAndNotWritten() async throws {
    let scratch = try Scratch()
    try scratch.write(
      "booking.yaml",
      Self.leaving.replacingOccurrences(
        of: "let: {key: \"{{ uuid() }}\"", with: "let: {key: \"{{ secret('LEDGER_TEST') }}-{{ uuid() }}\""))
    let asked = Asked()
    let server = try server { request in
      asked.add(request.target)
      return .json(#"{"reservations":[{"id":"r-1"}]}"#)
    }
    let ended = try await gonogo(
      load(server.url, seconds: 1, rate: 5), in: scratch, environment: ["LEDGER_TEST": "very-secret-value"])
    #expect(heldCodes.contains(ended.code), "\(ended)")
    #expect(try count(ledger(scratch), "kept") == 5 && count(ledger(scratch), "writes") == 5)
    #expect(asked.all.count == 5 && asked.all.allSatisfy { $0.contains("very-secret-value") })
    for file in try files(below: scratch.runFolder()) {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.runFolder() + "/" + file))
      #expect(!String(decoding: bytes, as: UTF8.self).contains("very-secret-value"), "\(file)")
    }
  }
}

private final class Counted: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}

private final class Asked: Sendable {
  private let targets = Mutex<[String]>([])
  var all: [String] { targets.withLock { $0 } }
  func add(_ target: String) { targets.withLock { $0.append(target) } }
}

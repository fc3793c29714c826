// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Transport

/// The real program on a free port with a folder of its own. Ends with the test: its standard input is our pipe.
final class RunningHotel {
  let folder: URL
  let process = Process()
  private(set) var port = 0
  private let input = Pipe()
  private let output = Pipe()

  var url: String { "http://127.0.0.1:\(port)" }
  var database: URL { folder.appendingPathComponent("hotel.db") }
  var log: String { (try? String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)) ?? "" }

  static var program: URL {
    get throws {
      let runner = URL(fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      let beside = [runner, URL(fileURLWithPath: CommandLine.arguments[0])].map {
        $0.deletingLastPathComponent().appendingPathComponent("hotel")
      }
      return try #require(
        beside.first { FileManager.default.isExecutableFile(atPath: $0.path) }, "no hotel beside \(runner.path)")
    }
  }

  /// Starts in `folder`, or in a new one, and waits until it serves.
  convenience init(_ flags: [String] = [], folder: URL? = nil, environment: [String: String] = [:]) throws {
    let folder = folder ?? FileManager.default.temporaryDirectory.appendingPathComponent("hotel-\(UUID().uuidString)")
    try self.init(
      words: ["--database", folder.appendingPathComponent("hotel.db").path] + flags, folder: folder,
      environment: environment)
  }

  /// The stand-in of the property management system.
  convenience init(pms flags: [String]) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pms-\(UUID().uuidString)")
    try self.init(words: ["pms"] + flags, folder: folder, environment: [:])
  }

  private init(words: [String], folder: URL, environment: [String: String]) throws {
    self.folder = folder
    try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
    let log = self.folder.appendingPathComponent("log")
    try Data().write(to: log)
    process.executableURL = try Self.program
    process.arguments = words + ["--port", "0", "--exit-with-parent"]
    // Secrets of whoever runs the tests are none of the hotel's.
    process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("WHATSAPP_") }
      .merging(environment) { $1 }
    process.standardInput = input
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    let line = output.fileHandleForReading.availableData
    struct Serving: Decodable { var port: Int }
    port = try JSONDecoder().decode(Serving.self, from: line).port
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: folder)
  }

  func send(_ number: Int32) { kill(process.processIdentifier, number) }

  func closeInput() throws { try input.fileHandleForWriting.close() }

  /// Whether it ends within some seconds.
  func ends(within seconds: Double = 15) -> Bool {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while process.isRunning && Date() < deadline { usleep(5_000) }
    return !process.isRunning
  }

  /// One request by gonogo's own client. The body is sent as JSON unless the headers say otherwise.
  @discardableResult
  func ask(
    _ method: String = "GET", _ path: String, headers: [String] = [], body: String? = nil
  ) throws -> PlainResponse {
    try HotelTests.ask(url, method, path, headers: headers, body: body)
  }

  /// Books with that key; the room defaults to one that nobody else takes.
  @discardableResult
  func book(
    key: String = UUID().uuidString, room: String = "7", guest: String = "Ana", checkin: String? = day(30),
    nights: Int = 1, tenant: String? = nil
  ) throws -> PlainResponse {
    let order = Booking(room: room, guest: guest, nights: nights, checkin: checkin)
    let body = String(decoding: try JSONEncoder().encode(order), as: UTF8.self)
    return try ask(
      "POST", "/api/v1/reservations", headers: ["Idempotency-Key: \(key)"] + (tenant.map { ["X-Tenant: \($0)"] } ?? []),
      body: body)
  }
}

/// As `RunningHotel.ask`, from any thread.
func ask(
  _ url: String, _ method: String = "GET", _ path: String, headers: [String] = [], body: String? = nil
) throws -> PlainResponse {
  var plain = PlainRequest(url + path)
  plain.method = method
  plain.headers = headers
  plain.body = body.map { Array($0.utf8) }
  if body != nil, !headers.contains(where: { $0.hasPrefix("Content-Type") }) {
    plain.headers.append("Content-Type: application/json")
  }
  plain.timeout = .seconds(30)
  return try request(plain, settings: ConnectionSettings())
}

struct Booking: Codable, Equatable {
  var room: String
  var guest: String
  var nights: Int
  var checkin: String?
}

struct Booked: Decodable, Equatable {
  var id: String
  var room: String
  var guest: String
  var checkin: String
  var checkout: String
  var nights: Int
}

struct BookedList: Decodable { var reservations: [Booked] }

struct DetailedHealth: Decodable {
  struct Dependency: Decodable {
    var status: String
    var kind: String
    var error: String?
  }
  var status: String
  var version: String
  var dependencies: [String: Dependency]
}

struct Available: Decodable {
  struct Room: Decodable {
    var id: String
    var room: String
  }
  var available: Int
  var rooms: [Room]
}

extension PlainResponse {
  var text: String { String(decoding: body, as: UTF8.self) }

  func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(body))
  }
}

/// The date so many days from today, as YYYY-MM-DD in UTC.
func day(_ offset: Int) -> String {
  let date = Date(timeIntervalSinceNow: Double(offset) * 86_400)
  return String(ISO8601DateFormatter().string(from: date).prefix(10))
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import Testing
import Transport

/// Fifty guests want the one room of the hotel at the same time.
func expectOneOfFifty(_ hotel: RunningHotel) throws {
  let statuses = atOnce(50) { [url = hotel.url] index in
    try ask(
      url, "POST", "/api/v1/reservations", headers: ["Idempotency-Key: key-\(index)"],
      body: #"{"room": "1-\#(day(30))", "guest": "Guest \#(index)", "nights": 2}"#
    ).status
  }
  #expect(statuses.filter { $0 == 201 }.count == 1)
  #expect(statuses.filter { $0 == 409 }.count == 49)
  #expect(try hotel.ask("GET", "/api/v1/availability?checkin=\(day(30))").decoded(Available.self).available == 0)
}

/// Kills a hotel that is booking, starts it again, and looks for what it had acknowledged.
func expectDurable(_ flags: [String]) throws {
  let acknowledged = Mutex<[String]>([])
  let folder: URL
  do {
    let hotel = try RunningHotel(["--log", "off"] + flags)
    folder = hotel.folder.appendingPathExtension("kept")
    _ = atOnce(8) { [url = hotel.url, process = hotel.process.processIdentifier] worker in
      for index in 0..<40 {
        let key = "\(worker)-\(index)"
        let answer = try? ask(
          url, "POST", "/api/v1/reservations", headers: ["Idempotency-Key: \(key)"],
          body: #"{"room": "\#(worker * 40 + index + 1)-\#(day(30))", "guest": "Ana", "nights": 1}"#)
        guard answer?.status == 201 else { break }
        if acknowledged.withLock({ keys in
          keys.append(key); return keys.count
        }) == 100 {
          kill(process, SIGKILL)
        }
      }
      return 0
    }
    #expect(hotel.ends())
    try FileManager.default.moveItem(at: hotel.folder, to: folder)
  }
  let keys = acknowledged.withLock { $0 }
  #expect(keys.count >= 100)
  let again = try RunningHotel(flags, folder: folder)
  for key in keys {
    let found = try again.ask("GET", "/api/v1/reservations?key=\(key)").decoded(BookedList.self)
    #expect(found.reservations.count == 1, "\(key)")
  }
}

/// Whether the condition comes true within some seconds.
func eventually(within seconds: Double = 20, _ condition: () throws -> Bool) -> Bool {
  let deadline = Date(timeIntervalSinceNow: seconds)
  while Date() < deadline {
    if (try? condition()) == true { return true }
    usleep(20_000)
  }
  return false
}

/// Runs the work on so many threads at once; what threw is left out.
func atOnce<Value: Sendable>(_ count: Int, _ work: @escaping @Sendable (Int) throws -> Value) -> [Value] {
  let results = Results<Value>()
  let group = DispatchGroup()
  for index in 0..<count {
    group.enter()
    // A thread of its own: the shared pool has no more of them than there are cores.
    Thread {
      if let value = try? work(index) { results.add(value) }
      group.leave()
    }.start()
  }
  #expect(group.wait(timeout: .now() + 60) == .success)
  return results.values
}

private final class Results<Value: Sendable>: Sendable {
  private let collected = Mutex<[Value]>([])

  var values: [Value] { collected.withLock { $0 } }

  func add(_ value: Value) { collected.withLock { $0.append(value) } }
}

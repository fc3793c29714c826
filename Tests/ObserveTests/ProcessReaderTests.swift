// SPDX-License-Identifier: Apache-2.0
import Foundation
import Results
import Testing

@testable import Observe

@Suite struct ProcessReaderTests {
  private func child() throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sleep")
    process.arguments = ["600"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  // By the signal that no thread can have blocked for its children.
  private func end(_ process: Process) { kill(process.processIdentifier, SIGKILL) }

  @Test func aProcessIsReadByItsNumberAndBegin() throws {
    let process = try child()
    defer { end(process) }
    let reader = ProcessReader(name: "hotel", processID: process.processIdentifier, memoryLimitBytes: 512e6)
    let readings = try reader.read()
    let figures = Dictionary(readings.map { ($0.metric, $0.value) }) { first, _ in first }
    #expect(Set(readings.map(\.instance)).count == 1)
    #expect(readings.first?.instance.hasPrefix("hotel:\(process.processIdentifier)@") == true)
    // Its memory is at least a page, and less than a small program could ever take.
    #expect(try (4096...200e6).contains(#require(figures[TargetMetric.memory])))
    #expect(figures[TargetMetric.memoryLimit] == 512e6)
    #expect(try #require(figures[TargetMetric.openDescriptors]) >= 3)
    #expect(try #require(figures[TargetMetric.cpu]) >= 0)
  }

  @Test func theSameNumberWithAnotherBeginIsAnotherInstance() throws {
    let one = try child()
    defer { end(one) }
    usleep(30_000)
    let other = try child()
    defer { end(other) }
    let starts = try [one, other].map { process in
      let reader = ProcessReader(name: "x", processID: process.processIdentifier, memoryLimitBytes: nil)
      return try #require(reader.read().first?.instance.split(separator: "@").last)
    }
    #expect(starts[0] != starts[1])
  }

  @Test func memoryAndTimeAreThoseOfTheProcess() throws {
    let reader = ProcessReader(name: "self", processID: getpid(), memoryLimitBytes: nil)
    func figure(_ metric: String) throws -> Double {
      try #require(reader.read().first { $0.metric == metric }?.value)
    }
    let before = try figure(TargetMetric.memory)
    var kept = [UInt8](repeating: 1, count: 64 << 20)
    for index in stride(from: 0, to: kept.count, by: 4096) { kept[index] = 2 }
    let after = try figure(TargetMetric.memory)
    #expect(after - before > 32e6)
    #expect(kept.count(where: { $0 == 2 }) > 0)
    let busy = try figure(TargetMetric.cpu)
    #expect(busy > 0)
  }

  @Test func oneThatIsGoneIsToldAndNothingElse() throws {
    let process = try child()
    end(process)
    let reader = ProcessReader(name: "hotel", processID: process.processIdentifier, memoryLimitBytes: nil)
    let deadline = Date(timeIntervalSinceNow: 30)
    while (try? reader.read()) != nil, Date() < deadline { usleep(5_000) }
    #expect(throws: TargetUnreadable("process \(process.processIdentifier) is gone")) { try reader.read() }
  }

  @Test func aNameMayHoldAnything() throws {
    let fields = (4...40).map(String.init).joined(separator: " ")
    let times = try #require(ProcessTimes("7 (a) b (R 1) ) S \(fields)\n"))
    // Fields 14, 15 and 22 of the manual.
    #expect(times.cpuTicks == 14 + 15 && times.startTicks == 22)
    #expect(ProcessTimes("7 (a") == nil)
    #expect(ProcessTimes("7 (a) S 1 2 3") == nil)
    #expect(ProcessTimes("") == nil)
  }
}

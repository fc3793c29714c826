// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import TestServers
import Testing

/// Runs that do not come to the end of their plan.
@Suite struct InterruptTests {
  private func start(_ server: TestServer, _ scratch: Scratch, _ more: [String] = []) throws -> Child {
    try Child(Child.tool, ["load", "--url", server.url, "--rate", "50/s", "--for", "60s"] + more, in: scratch)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func isWrittenDown(signal: Int32) async throws {
    let server = try TestServer(always: .answer())
    let scratch = try Scratch()
    let child = try start(server, scratch, ["--json"])
    try await child.waits { server.observed.requestCount > 60 }
    child.send(signal)
    let ended = try await child.ended(within: 30)
    #expect(ended.code == 130, "\(ended)")
    #expect(ended.err.contains("stopping: no more arrivals"))
    let folder = try scratch.runFolder()
    try await expectComplete(folder, in: scratch)
    let record = try object(ended.out)
    #expect(record["interrupted"] as? Bool == true)
    // Nobody gets a PASS by stopping in time.
    #expect(record["verdict"] as? String == "inconclusive")
    try expectLedgersAddUp(record)
    #expect(try await gonogo(["report", folder], in: scratch).code == 130)
  }

  @Test func aSecondTimeEndsAtOnce() async throws {
    let server = try TestServer { $0.sequence == 0 ? .answer() : Reply([.hold]) }
    let scratch = try Scratch()
    let child = try start(server, scratch, ["--drain", "5m"])
    try await child.waits { server.observed.requestCount > 60 }
    child.send(SIGINT)
    try await Task.sleep(for: .seconds(1))
    child.send(SIGINT)
    let ended = try await child.ended(within: 30)
    #expect(ended.code == 130, "\(ended)")
    #expect(ended.err.contains("ending now"))
    try await expectComplete(scratch.runFolder(), in: scratch)
    let record = try object(text(of: scratch.runFolder() + "/run.json"))
    try expectLedgersAddUp(record)
    #expect((record["arrivals"] as? [String: Int])?["cut"] ?? 0 > 0)
  }

  /// A shell that starts it in the background lets it ignore SIGINT; `nohup` lets it ignore SIGHUP.
  @Test func inTheBackground() async throws {
    let server = try TestServer(always: .answer())
    let scratch = try Scratch()
    let command = "trap '' HUP INT; exec \(Child.tool) load --url \(server.url) --rate 50/s --for 60s"
    let child = try Child("bash", ["-c", command], in: scratch)
    try await child.waits { server.observed.requestCount > 60 }
    child.send(SIGHUP)
    let count = server.observed.requestCount
    #expect(server.waitUntil { $0.requestCount > count + 60 })
    child.send(SIGINT)
    #expect(try await child.ended(within: 30).code == 130)
  }

  @Test func beforeTheRunBegins() async throws {
    let server = try TestServer(always: Reply([.hold]))
    let scratch = try Scratch()
    let child = try start(server, scratch)
    try await child.waits { server.observed.requestCount == 1 }
    child.send(SIGINT)
    // The probe alone would wait longer.
    #expect(try await child.ended(within: 8).code == 130)
    #expect(files(below: scratch.path + "/results").isEmpty)
  }

  @Test func killed() async throws {
    let server = try TestServer(always: .answer())
    let scratch = try Scratch()
    let child = try start(server, scratch)
    try await child.waits { server.observed.requestCount > 200 }
    child.send(SIGKILL)
    #expect(try await child.ended().code == -SIGKILL)
    let folder = try scratch.runFolder()

    let report = try await gonogo(["report", folder], in: scratch)
    #expect(report.code == 4, "\(report)")
    #expect(report.out.contains("the run did not come to its end"))
    let json = try object(await gonogo(["report", folder, "--json"], in: scratch).out)
    let sent = try #require((json["totals"] as? [String: Any])?["sent"] as? Int)
    #expect(sent > 100)
    try expectLedgersAddUp(json)

    // In the middle of a line, as the last write of a dying machine can be.
    let series = folder + "/series.csv"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: series))
    try bytes.dropLast(7).write(to: URL(fileURLWithPath: series))
    try FileManager.default.removeItem(atPath: folder + "/service.hlog")
    let torn = try await gonogo(["report", folder], in: scratch)
    #expect(torn.code == 4)
    #expect(torn.out.contains("series.csv ends in the middle of a line"), "\(torn.out)")
    #expect(torn.out.contains("service.hlog is missing"))

    try FileManager.default.removeItem(atPath: folder + "/run.json")
    let headless = try await gonogo(["report", folder], in: scratch)
    #expect(headless.code == 4)
    #expect(headless.err.contains("run.json is missing"), "\(headless.err)")
  }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing

/// Files that cannot be written are told, and what fits stays.
@Suite struct FullDiskTests {
  private static let canMount: Bool = {
    guard geteuid() == 0, let scratch = try? Scratch() else { return false }
    let mount = Process()
    mount.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    mount.arguments = ["bash", "-c", "mount -t tmpfs none '\(scratch.path)' && umount '\(scratch.path)'"]
    mount.standardError = FileHandle.nullDevice
    guard (try? mount.run()) != nil else { return false }
    mount.waitUntilExit()
    return mount.terminationStatus == 0
  }()

  private func expectTold(_ ended: Ended, _ folder: String, _ scratch: Scratch, reason: String) async throws {
    #expect(ended.code == 70, "\(ended)")
    #expect(ended.out.contains("trouble      The run's files are not complete: cannot "), "\(ended.out)")
    #expect(ended.out.contains(reason), "\(ended.out)")
    #expect(ended.out.contains("INCONCLUSIVE   quick"))
    let record = try object(text(of: folder + "/run.json"))
    #expect(record["verdict"] as? String == "inconclusive")
    #expect(try text(of: folder + "/summary.md").contains("are not complete"))
    let report = try await gonogo(["report", folder], in: scratch)
    #expect(report.code == 4, "\(report)")
  }

  @Test func aLimitOnTheSizeOfFiles() async throws {
    let server = try TestServer(always: .answer())
    let scratch = try Scratch()
    let ended = try await run(
      "prlimit",
      ["--fsize=20000", Child.tool, "load", "--url", server.url, "--rate", "100/s", "--for", "60s"], in: scratch)
    try await expectTold(ended, scratch.runFolder(), scratch, reason: "File too large")
    #expect(server.observed.requestCount < 3000, "the run went on")
  }

  @Test(.enabled(if: canMount, "needs the right to mount a tmpfs"))
  func aDiskThatFillsUp() async throws {
    let server = try TestServer(always: .answer())
    let scratch = try Scratch()
    let disk = scratch.path + "/disk"
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    #expect(try await run("mount", ["-t", "tmpfs", "-o", "size=4m", "none", disk], in: scratch).code == 0)
    let outcome = await Result { try await fill(disk, server, scratch) }
    #expect(try await run("umount", ["-l", disk], in: scratch).code == 0)
    try outcome.get()
  }

  private func fill(_ disk: String, _ server: TestServer, _ scratch: Scratch) async throws {
    let child = try Child(
      Child.tool, ["load", "--url", server.url, "--rate", "100/s", "--for", "60s", "--out", disk], in: scratch)
    try await child.waits { server.observed.requestCount > 200 }
    _ = try await run("dd", ["if=/dev/zero", "of=\(disk)/filler", "bs=4096"], in: scratch)
    let ended = try await child.ended(within: 40)
    let folder = try scratch.runFolder(in: "disk")
    try await expectTold(ended, folder, scratch, reason: "No space left on device")
    let sent = (try object(text(of: folder + "/run.json"))["totals"] as? [String: Any])?["sent"] as? Int
    #expect((200..<3000).contains(sent ?? 0))
  }
}

extension Result where Failure == any Error {
  fileprivate init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}

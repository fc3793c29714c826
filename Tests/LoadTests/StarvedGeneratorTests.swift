// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Judgement
import Results
import TestServers
import Testing

@testable import Load

/// A control group with a fifth of a processor, where this process may make one.
private struct CPUQuota: ~Copyable {
  let path: String

  private static let root = "/sys/fs/cgroup/cpu"

  /// nil: not root, or no control groups of the first version here.
  init?(share: Double) {
    path = "\(Self.root)/gonogo-test-\(getpid())"
    guard mkdir(path, 0o755) == 0 || errno == EEXIST,
      Self.write("100000", "\(path)/cpu.cfs_period_us"),
      Self.write("\(Int(share * 100_000))", "\(path)/cpu.cfs_quota_us")
    else { return nil }
  }

  deinit { rmdir(path) }

  static var isThere: Bool { geteuid() == 0 && access("\(root)/cpu.cfs_quota_us", W_OK) == 0 || isMountedRoot }

  /// The root group itself has no quota file on some kernels; then a group inside it tells.
  private static var isMountedRoot: Bool {
    guard let probe = CPUQuota(share: 1) else { return false }
    _ = consume probe
    return true
  }

  private static func write(_ text: String, _ file: String) -> Bool {
    let descriptor = open(file, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return text.withCString { Glibc.write(descriptor, $0, strlen($0)) } > 0
  }
}

extension RealRuns {
  @Suite(.disabled(if: isSanitized, "times mean nothing under the thread sanitizer")) struct StarvedGenerator {
    /// The program beside the tests.
    private static let binary = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "gonogo").path

    private struct Finished {
      var code: Int32
      var record: RunRecord
    }

    private func load(_ server: TestServer, in quota: borrowing CPUQuota) throws -> Finished {
      let results = NSTemporaryDirectory() + "gonogo-starved-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: results) }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = [
        "-c", "echo $$ > \(quota.path)/cgroup.procs && exec \"$@\"", "sh", Self.binary, "load", "--url",
        server.url + "/", "--rate", "4000/s", "--for", "13s", "--threshold", "p(95) < 20s", "--drain", "5s", "--json",
        "--quiet", "--max-in-flight", "500", "--out", results,
      ]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let deadline = Date().addingTimeInterval(90)
      DispatchQueue.global().asyncAfter(deadline: .now() + 90) { if process.isRunning { process.terminate() } }
      let bytes = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(Date() < deadline)
      return Finished(code: process.terminationStatus, record: try RunRecord.decoded(from: bytes))
    }

    /// It cannot send in time: what it then measures is no figure of the target, good or bad.
    @Test(.enabled(if: CPUQuota.isThere, "needs root and control groups of version 1")) func isInconclusive() throws {
      guard let quota = CPUQuota(share: 0.2) else {
        Issue.record("a control group could be made before, and now not")
        return
      }
      try #require(FileManager.default.isExecutableFile(atPath: Self.binary), "\(Self.binary)")
      let server = try TestServer(always: .answer(), settings: ServerSettings(captureLimit: 0))
      let finished = try load(server, in: quota)
      #expect(finished.code == 4)
      #expect(finished.record.verdict == .inconclusive)
      let generator = try #require(finished.record.generator)
      #expect(!generator.healthy)
      #expect(generator.reasons.contains { $0.contains("own lag") }, "\(generator.reasons)")
      #expect(finished.record.thresholds.allSatisfy { $0.reason.contains("generator was not healthy") })
    }
  }
}

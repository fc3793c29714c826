// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import TestServers
import Testing

/// What happens when nobody names a target: the hotel beside the tool is started, and nothing of it stays.
@Suite struct EmbeddedRunTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    try FileManager.default.createDirectory(atPath: scratch.path + "/tmp", withIntermediateDirectories: false)
    try scratch.write("read.yaml", "scenario: read\nsteps: [{name: a, get: /health/live}]\n")
    // Another gonogo.yaml above the scratch folder must not count.
    try scratch.write(
      "gonogo.yaml",
      """
      environments:
        other: {url: "http://127.0.0.1:9", kind: staging}
        house: {url: embedded, kind: staging, peak: {rate: 40/s, source: tests, by: tests}}
      """)
  }

  private func start(_ words: String..., environment: [String: String] = [:], lasting: String = "60s") throws -> Child {
    try Child(
      Child.tool, ["load", "read.yaml", "--rate", "40/s", "--for", lasting] + words, in: scratch,
      environment: variables(environment))
  }

  private func variables(_ more: [String: String]) -> [String: String?] {
    var variables: [String: String?] = [
      "TMPDIR": scratch.path + "/tmp", "GONOGO_HOTEL": nil, "GONOGO_HOTEL_FLAGS": nil, "WHATSAPP_APP_SECRET": nil,
    ]
    for (name, value) in more { variables[name] = value }
    return variables
  }

  /// Processes whose database is in this test's temporary folder.
  private var hotels: [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { pid in
      guard let line = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/cmdline")), !line.isEmpty else {
        return false
      }
      let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return words.contains("--exit-with-parent")
        && words.contains { $0.hasPrefix(scratch.path + "/tmp/gonogo-hotel-") }
    }
  }

  private var temporaryFolders: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: scratch.path + "/tmp")) ?? []
  }

  private func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(hotels.isEmpty, sourceLocation: sourceLocation)
    #expect(temporaryFolders.isEmpty, sourceLocation: sourceLocation)
  }

  /// The run's requests are under way: its folder is there.
  private func runs(_ child: Child) async throws {
    try await child.waits { files(below: scratch.path + "/results").contains { $0.hasSuffix("series.csv") } }
    try await Task.sleep(for: .milliseconds(300))
  }

  @Test func demoFromTheFirstLineToTheLast() async throws {
    let ended = try await start(lasting: "2s").ended()
    #expect(heldCodes.contains(ended.code), "\(ended)")
    let said = ended.err.split(separator: "\n")
    let shown = ended.out.split(separator: "\n")
    #expect(said.first?.hasPrefix("DEMO: ") == true)
    #expect(said.count { $0.hasPrefix("DEMO: ") } == 2, "the start screen says it too: \(ended.err)")
    #expect(shown.first?.hasPrefix("DEMO: ") == true && shown.last?.hasPrefix("DEMO: ") == true, "\(ended.out)")
    #expect(ended.err.contains("environment  house (staging)"), "the declared one counts: \(ended.err)")
    let folder = try scratch.runFolder()
    #expect(folder.hasSuffix("-demo-read"))
    try await expectComplete(folder, in: scratch)
    let record = try object(text(of: folder + "/run.json"))
    #expect(record["demo"] as? Bool == true)
    #expect(record["environment"] as? String == "house")
    #expect((record["totals"] as? [String: Any])?["failed"] as? Int == 0)
    expectNothingLeft()
  }

  @Test func withoutAnyFile() async throws {
    try FileManager.default.removeItem(atPath: scratch.path + "/gonogo.yaml")
    let ended = try await start("--json", lasting: "1s").ended()
    #expect(heldCodes.contains(ended.code), "\(ended)")
    let record = try object(ended.out)
    #expect(record["demo"] as? Bool == true)
    #expect(record["environment"] as? String == "embedded")
    #expect(ended.err.split(separator: "\n").last?.hasPrefix("DEMO: ") == true, "\(ended.err)")
    expectNothingLeft()
  }

  @Test func dryRunStartsNothing() async throws {
    let ended = try await start("--dry-run", environment: ["GONOGO_HOTEL": "/nowhere/hotel"]).ended()
    #expect(ended.out.contains("read on the embedded hotel"), "\(ended)")
    expectNothingLeft()
  }

  @Test func anEnvironmentThatNamesIt() async throws {
    let named = try await start("--env", "house", lasting: "1s").ended()
    #expect(heldCodes.contains(named.code), "\(named)")
    #expect(named.out.hasSuffix("not a real system\n"))
    // A target beside it in the file is no demo, and the entry without an address is in nobody's way.
    let server = try TestServer(always: .answer())
    let other = try await start("--target", server.url, lasting: "1s").ended()
    #expect(heldCodes.contains(other.code), "\(other)")
    #expect(!(other.out + other.err).contains("DEMO"))
    expectNothingLeft()
  }

  @Test func killedWithTheTool() async throws {
    let child = try start()
    try await runs(child)
    let hotel = try #require(hotels.first)
    #expect(hotels.count == 1)
    // Ctrl-C at the terminal reaches the tool's whole process group.
    #expect(getpgid(hotel) == hotel)
    child.send(SIGKILL)
    let begun = ContinuousClock.now
    #expect(try await child.ended().code == -SIGKILL)
    while !hotels.isEmpty, ContinuousClock.now - begun < .seconds(10) { try await Task.sleep(for: .milliseconds(5)) }
    print("the hotel ended \(ContinuousClock.now - begun) after the tool was killed")
    // The hotel took its folder with it.
    expectNothingLeft()
  }

  @Test func killedWithItsHotel() async throws {
    let child = try start()
    try await runs(child)
    let hotel = try #require(hotels.first)
    // Nobody is left to clean up.
    kill(hotel, SIGSTOP)
    child.send(SIGKILL)
    kill(hotel, SIGKILL)
    #expect(try await child.ended().code == -SIGKILL)
    let begun = ContinuousClock.now
    while !hotels.isEmpty, ContinuousClock.now - begun < .seconds(10) { try await Task.sleep(for: .milliseconds(5)) }
    #expect(temporaryFolders.count == 1)
    let next = try await start(lasting: "1s").ended()
    #expect(heldCodes.contains(next.code), "\(next)")
    expectNothingLeft()
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func interrupted(signal: Int32) async throws {
    let child = try start()
    try await runs(child)
    child.send(signal)
    let ended = try await child.ended(within: 30)
    #expect(ended.code == 130, "\(ended)")
    #expect(ended.out.hasSuffix("not a real system\n"))
    // The hotel served to the end.
    let record = try object(text(of: scratch.runFolder() + "/run.json"))
    #expect((record["totals"] as? [String: Any])?["failed"] as? Int == 0)
    expectNothingLeft()
  }

  @Test func interruptedWhileItStarts() async throws {
    let silent = scratch.path + "/silent"
    // By another process: a file that this one wrote could be held open by a child of another test.
    let made = try await run(
      "bash", ["-c", "printf '#!/bin/sh\nsleep 60\n' >'\(silent)' && chmod +x '\(silent)'"], in: scratch)
    #expect(made.code == 0)
    let child = try start(environment: ["GONOGO_HOTEL": silent])
    try await child.waits { !hotels.isEmpty }
    child.send(SIGINT)
    let ended = try await child.ended(within: 15)
    #expect(ended.code == 130, "\(ended)")
    expectNothingLeft()
  }

  @Test func notThere() async throws {
    let ended = try await start(environment: ["GONOGO_HOTEL": scratch.path + "/hotel"]).ended()
    #expect(ended.code == 3)
    #expect(ended.err.contains("GONOGO_HOTEL names \(scratch.path)/hotel, which is no program"), "\(ended.err)")
    #expect(ended.err.contains("`make release` builds hotel beside gonogo"))
    // The tool alone, as somebody may have copied it.
    let alone = scratch.path + "/gonogo"
    #expect(try await run("cp", [Child.tool, alone], in: scratch).code == 0)
    let copied = try await Child(
      alone, ["load", "read.yaml", "--rate", "5/s", "--for", "1s"], in: scratch, environment: variables([:])
    ).ended()
    #expect(copied.code == 3)
    #expect(copied.err.contains("\(scratch.path)/hotel is missing"), "\(copied.err)")
    expectNothingLeft()
  }

  @Test func doesNotStart() async throws {
    let failing = try await start(environment: ["GONOGO_HOTEL": "/bin/false"]).ended()
    #expect(failing.code == 3)
    #expect(failing.err.contains("the embedded hotel did not start: it ended by itself with code 1"), "\(failing.err)")
    let wrong = try await start(environment: ["GONOGO_HOTEL_FLAGS": "--rooms 5 --colour blue"]).ended()
    #expect(wrong.code == 3)
    #expect(wrong.err.contains("unknown flag --colour"), "its own words are shown: \(wrong.err)")
    let text = try await start(environment: ["GONOGO_HOTEL": scratch.write("text", "no program")]).ended()
    #expect(text.code == 3)
    expectNothingLeft()
  }

  @Test func endsDuringTheRun() async throws {
    let child = try start()
    try await runs(child)
    kill(try #require(hotels.first), SIGKILL)
    let ended = try await child.ended(within: 20)
    #expect(ended.code == 70, "\(ended)")
    #expect(ended.err.contains("the embedded hotel was ended by signal 9; the run ends here"), "\(ended.err)")
    #expect(ended.out.contains("the embedded hotel was ended by signal 9"), "\(ended.out)")
    try await expectComplete(scratch.runFolder(), in: scratch)
    expectNothingLeft()
  }

  @Test func misbehavesWhenTold() async throws {
    try scratch.write("read.yaml", "scenario: read\nsteps: [{name: a, get: /docs}]\n")
    let ended = try await start(
      "--threshold", "errors < 1%", environment: ["GONOGO_HOTEL_FLAGS": "--error-share 1"], lasting: "1s"
    ).ended()
    #expect(ended.err.contains("the hotel runs with flags of its own: --error-share 1"), "\(ended.err)")
    let folder = try scratch.runFolder()
    try await expectComplete(folder, in: scratch)
    #expect(try text(of: folder + "/hotel.log").contains(#""status":500"#))
    expectNothingLeft()
  }

  @Test func twoAtOnce() async throws {
    let children = try [start("--json", lasting: "2s"), start("--json", "--out", "second", lasting: "2s")]
    var targets: Set<String> = []
    for child in children {
      let ended = try await child.ended()
      #expect(heldCodes.contains(ended.code), "\(ended)")
      let record = try object(ended.out)
      #expect((record["totals"] as? [String: Any])?["failed"] as? Int == 0)
      if let target = record["target"] as? String { targets.insert(target) }
    }
    #expect(targets.count == 2)
    expectNothingLeft()
  }

  /// Everybody knows the embedded hotel's secrets; those of another system must be there.
  @Test func secretsOfADemo() async throws {
    try scratch.write(
      "read.yaml",
      """
      scenario: read
      steps:
        - name: hook
          post: /webhooks/whatsapp
          headers: {X-Hub-Signature-256: "sha256={{ hmac_sha256(secret('WHATSAPP_APP_SECRET'), body) }}"}
          json: {object: whatsapp_business_account, entry: []}
          expect: {status: [200, 422]}
      """)
    let demo = try await start("--threshold", "errors < 1%", lasting: "1s").ended()
    #expect(heldCodes.contains(demo.code), "\(demo)")
    let server = try TestServer(always: .answer())
    let other = try await start("--target", server.url, lasting: "1s").ended()
    #expect(other.code == 2)
    #expect(other.err.contains("WHATSAPP_APP_SECRET"), "\(other.err)")
    #expect(server.observed.requestCount == 0)
  }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Synchronization

/// What a process said, and how it ended.
struct Ended: Sendable {
  /// The exit code; minus the signal's number for one that a signal ended.
  var code: Int32
  var out: String
  var err: String
}

/// Where the words of a child go.
enum Stream {
  /// A file that is read when the child ended.
  case kept
  case path(String)
  case closed
  case descriptor(Int32)
}

struct SpawnError: Error {
  let program: String
  let code: Int32
}

/// A folder of its own for each test, removed with its owner.
final class Scratch: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/gonogo-tests-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SpawnError(program: "mkdtemp", code: errno) }
    path = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// For what several tests look at, so that nobody is the last owner.
  func isRemovedAtExit() {
    Self.shared.withLock { paths in
      if paths.isEmpty {
        atexit { for path in Scratch.shared.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) } }
      }
      paths.append(path)
    }
  }

  private static let shared = Mutex<[String]>([])

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }

  func read(_ name: String) throws -> String {
    try String(decoding: Data(contentsOf: URL(fileURLWithPath: path + "/" + name)), as: UTF8.self)
  }

  /// The one run folder below `results`, or below another folder.
  func runFolder(in results: String = "results") throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: path + "/" + results).filter { $0.hasPrefix("2") }
    guard names.count == 1 else { throw SpawnError(program: "\(names.count) run folders", code: 0) }
    return path + "/" + results + "/" + names[0]
  }
}

/// A process that a test started. It is killed when nobody holds it any more.
final class Child: Sendable {
  let pid: pid_t
  private let scratch: Scratch
  private let number: Int
  private let status = Mutex<Int32?>(nil)

  private static let numbers = Atomic<Int>(0)

  /// The tool as it was built: it lies beside the test bundle.
  static let tool: String = {
    let runner = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: runner).deletingLastPathComponent().path + "/gonogo"
  }()

  /// Where a program is: on the path, or in one of the other folders.
  static func find(_ program: String, besides folders: [String] = []) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return (path.split(separator: ":").map(String.init) + folders).map { $0 + "/" + program }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Starts a program in the scratch folder. `environment` is added to what the test itself has, nil removes.
  init(
    _ program: String, _ words: [String], in scratch: Scratch, environment: [String: String?] = [:],
    out: Stream = .kept, err: Stream = .kept
  ) throws {
    self.scratch = scratch
    number = Self.numbers.add(1, ordering: .relaxed).newValue
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (descriptor, stream) in [(Int32(1), out), (2, err)] {
      let kept = "\(scratch.path)/.stream-\(number)-\(descriptor)"
      switch stream {
      case .kept: posix_spawn_file_actions_addopen(&actions, descriptor, kept, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      case .path(let path): posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY, 0)
      case .closed: posix_spawn_file_actions_addclose(&actions, descriptor)
      case .descriptor(let open): posix_spawn_file_actions_adddup2(&actions, open, descriptor)
      }
    }
    // As from a shell: nothing blocked, nothing ignored, whatever the test runner did to itself.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&all, signal) }
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var variables = ProcessInfo.processInfo.environment
    // A make that runs the tests is not the one they start.
    for name in ["NO_COLOR", "TERM", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"] { variables[name] = nil }
    for (name, value) in environment { variables[name] = value }
    var arguments: [UnsafeMutablePointer<CChar>?] =
      (["env", "-C", scratch.path, program] + words).map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + settings { free(text) } }
    var started = pid_t()
    let code = posix_spawnp(&started, "env", &actions, &attributes, &arguments, &settings)
    guard code == 0 else { throw SpawnError(program: program, code: code) }
    pid = started
  }

  deinit {
    if status.withLock({ $0 }) == nil {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
  }

  func send(_ signal: Int32) { kill(pid, signal) }

  /// Waits for the end without holding a thread; a child that takes longer is killed, which shows as -9.
  func ended(within seconds: Double = 60) async throws -> Ended {
    let deadline = Date().addingTimeInterval(seconds)
    while !hasEnded {
      if Date() > deadline { kill(pid, SIGKILL) }
      try await Task.sleep(for: .milliseconds(10))
    }
    let code = status.withLock { $0 } ?? -1
    return Ended(code: code, out: words(1), err: words(2))
  }

  /// Waits until something holds, at most 20 s or until the child ends.
  func waits(until condition: () -> Bool) async throws {
    let deadline = Date().addingTimeInterval(20)
    while !condition(), !hasEnded, Date() < deadline { try await Task.sleep(for: .milliseconds(10)) }
  }

  private var hasEnded: Bool {
    status.withLock { status in
      if status != nil { return true }
      var raw: Int32 = 0
      guard waitpid(pid, &raw, WNOHANG) == pid else { return false }
      status = raw & 0x7f == 0 ? raw >> 8 & 0xff : -(raw & 0x7f)
      return true
    }
  }

  private func words(_ descriptor: Int32) -> String {
    (try? scratch.read(".stream-\(number)-\(descriptor)")) ?? ""
  }
}

/// Runs the tool to its end.
func gonogo(
  _ words: [String], in scratch: Scratch, environment: [String: String?] = [:], out: Stream = .kept,
  err: Stream = .kept
) async throws -> Ended {
  try await Child(Child.tool, words, in: scratch, environment: environment, out: out, err: err).ended()
}

/// Makes `fake` of the scratch folder a program. Another process writes it: a child that a test starts meanwhile would
/// inherit our descriptor, and while that is open nobody can run the file.
func installFake(_ text: String, in scratch: Scratch) async throws {
  try scratch.write("fake.text", text)
  let ended = try await run("install", ["-m", "755", "fake.text", "fake"], in: scratch)
  guard ended.code == 0 else { throw SpawnError(program: "install", code: ended.code) }
}

/// Runs any program to its end.
func run(_ program: String, _ words: [String], in scratch: Scratch) async throws -> Ended {
  try await Child(program, words, in: scratch).ended()
}

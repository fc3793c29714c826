// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import FoundationEssentials
import Glibc
import Synchronization
import Transport

/// The reference hotel as a child process, with a database of its own that goes with it. It ends when it is stopped, and
/// by itself when gonogo is gone: its standard input is a pipe that only gonogo holds open.
final class EmbeddedHotel: Sendable {
  let processID: pid_t
  private let program: String
  private let folder: HotelFolder
  /// Our ends of the pipes to its standard input and from its standard output.
  private let lifeline: Int32
  private let output: Int32
  private let ending = Mutex<Ending?>(nil)

  private enum Ending {
    /// How it ended although nobody told it to.
    case alone(String)
    case stopped
  }

  /// The first line of a command that uses it.
  static let announcement =
    "DEMO: the embedded hotel is started for this; its results are never evidence for a real system"

  /// The last line of one whose result is for machines.
  static let reminder = "DEMO: never evidence for a real system"

  /// Flags for trials of misbehaviour, split at blanks.
  static let flagsVariable = "GONOGO_HOTEL_FLAGS"
  /// Another program than the one beside gonogo.
  static let programVariable = "GONOGO_HOTEL"

  /// What the hotel takes for its secrets when the process environment names none.
  static let demoSecrets = ["WHATSAPP_APP_SECRET": "demo-app-secret", "WHATSAPP_VERIFY_TOKEN": "demo-verify-token"]

  private static let startSeconds = 20.0
  /// Longer than a sound hotel takes to bring running requests to their end.
  private static let stopSeconds = 5.0
  private static let logName = "hotel.log"
  private static let shownLogBytes = 2_000
  /// What is kept of a hotel that complains without end.
  private static let keptLogBytes = 1 << 20

  /// Starts it on a free port. `sink`: the URL its messages to guests go to. It does not serve before `waitUntilReady`.
  init(sink: String?, flags: [String]) throws(CommandFailure) {
    program = try Self.locate()
    folder = try HotelFolder()
    var words = [
      program, "--port", "0", "--database", "\(folder.path)/hotel.db", "--exit-with-parent", "--temporary", folder.path,
      "--log", "errors",
    ]
    if let sink { words += ["--cloud-api", sink] }
    do throws(CommandFailure) {
      (processID, lifeline, output) = try Self.spawn(
        program, words + flags, log: "\(folder.path)/\(Self.logName)")
    } catch {
      folder.remove()
      throw error
    }
  }

  /// Returns where it serves, such as http://127.0.0.1:41234, once it is ready. Once.
  func waitUntilReady() throws(CommandFailure) -> String {
    let deadline = MonotonicTime.now().advanced(byNanoseconds: Int64(Self.startSeconds * 1e9))
    let serving = Self.firstLine(of: output, until: deadline)
    let problem: String
    if let url = serving.flatMap(Self.url) {
      guard let trouble = Self.waitUntilReady(url, child: processID, until: deadline) else { return url }
      problem = trouble
    } else {
      problem = Self.end(of: processID, seconds: 1).map { "it \($0)" } ?? "it did not say where it serves"
    }
    let log = Self.log(in: folder, atMost: Self.shownLogBytes)
    var failure = Self.failure("the embedded hotel did not start: \(problem)", program, log: log)
    if log.isEmpty {
      failure.hint = "it said nothing; its files are made in \(folder.path): is there room? TMPDIR chooses"
    }
    throw failure
  }

  /// How it ended by itself; nil while it runs, and after it was stopped. Any thread.
  var endedAlone: String? {
    ending.withLock { ending in
      if ending == nil, let how = Self.end(of: processID, seconds: 0) { ending = .alone(how) }
      if case .alone(let how)? = ending { return how }
      return nil
    }
  }

  /// The end of what it complained of; empty when it did not.
  var log: [UInt8] { Self.log(in: folder, atMost: Self.keptLogBytes) }

  /// Ends it, politely first, and removes its files. May be called again, from any thread.
  func stop() {
    ending.withLock { ending in
      if case .stopped? = ending { return }
      // To its whole group, should the program be a script. It is reaped last: until then its number is its own.
      kill(-processID, SIGTERM)
      if Self.end(of: processID, seconds: Self.stopSeconds) == nil { kill(-processID, SIGKILL) }
      waitpid(processID, nil, 0)
      ending = .stopped
      close(lifeline)
      close(output)
      folder.remove()
    }
  }

  deinit { stop() }

  // MARK: start

  private static func locate() throws(CommandFailure) -> String {
    if let named = getenv(programVariable).map({ String(cString: $0) }), !named.isEmpty {
      guard access(named, X_OK) == 0 else {
        throw .refused("\(programVariable) names \(printable(named)), which is no program", hint: remedy)
      }
      return named
    }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes {
      readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
    }
    let own = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    let beside =
      own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/hotel"
    guard access(beside, X_OK) == 0 else {
      throw .refused(
        "no target was named, and there is no embedded hotel: \(printable(beside)) is missing", hint: remedy)
    }
    return beside
  }

  private static let remedy =
    "`make release` builds hotel beside gonogo, \(programVariable) names another one; or name a target with --target URL"
    + " or --env NAME"

  static var extraFlags: [String] {
    (getenv(flagsVariable).map { String(cString: $0) } ?? "").split(separator: " ").map(String.init)
  }

  private static func failure(_ message: String, _ program: String, log: [UInt8]) -> CommandFailure {
    let words = String(decoding: log, as: UTF8.self).split(separator: "\n").map { "  " + printable(String($0)) }
    return .refused("\(message) (\(printable(program)))", hint: words.isEmpty ? nil : words.joined(separator: "\n"))
  }

  private static func spawn(
    _ program: String, _ words: [String], log: String
  ) throws(CommandFailure) -> (processID: pid_t, lifeline: Int32, output: Int32) {
    var input: [Int32] = [-1, -1]
    var output: [Int32] = [-1, -1]
    let errors = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
    var code = errors < 0 ? errno : 0
    if code == 0 { code = gonogo_pipe(&input) }
    if code == 0 { code = gonogo_pipe(&output) }
    var child = pid_t()
    if code == 0 {
      let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
      code = gonogo_spawn(&child, program, arguments, input[0], output[1], errors)
      for text in arguments { free(text) }
    }
    for descriptor in [errors, input[0], output[1]] where descriptor >= 0 { close(descriptor) }
    guard code == 0 else {
      for descriptor in [input[1], output[0]] where descriptor >= 0 { close(descriptor) }
      throw failure("the embedded hotel did not start: \(String(cString: strerror(code)))", program, log: [])
    }
    return (child, input[1], output[0])
  }

  private static func firstLine(of descriptor: Int32, until deadline: MonotonicTime) -> [UInt8]? {
    var line: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 512)
    while line.count < 4096 {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let left = deadline.nanoseconds(since: .now()) / 1_000_000
      guard left > 0 else { return nil }
      guard poll(&waiting, 1, Int32(left)) > 0 else { continue }
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return nil }
      line += buffer[..<count]
      if let end = line.firstIndex(of: UInt8(ascii: "\n")) { return Array(line[..<end]) }
    }
    return nil
  }

  private static func url(in line: [UInt8]) -> String? {
    struct Serving: Decodable { var url: String }
    guard let told = try? JSONDecoder().decode(Serving.self, from: Data(line)).url else { return nil }
    return (try? TargetURL(told)).map(\.origin)
  }

  /// Returns what is wrong.
  private static func waitUntilReady(_ url: String, child: pid_t, until deadline: MonotonicTime) -> String? {
    var probe = PlainRequest(url + "/health/ready")
    probe.timeout = .seconds(2)
    var last = "it answered nothing"
    while MonotonicTime.now() < deadline {
      if let how = end(of: child, seconds: 0) { return "it \(how)" }
      do throws(TransportError) {
        let status = try request(probe, settings: ConnectionSettings()).status
        if status == 200 { return nil }
        last = "/health/ready answers \(status)"
      } catch {
        last = error.text
      }
      usleep(20_000)
    }
    return "it is not ready: \(last)"
  }

  // MARK: end

  /// How the child ended, waiting up to that long; nil while it runs.
  private static func end(of child: pid_t, seconds: Double) -> String? {
    let deadline = MonotonicTime.now().advanced(byNanoseconds: Int64(seconds * 1e9))
    while true {
      var status: Int32 = 0
      switch gonogo_child_end(child, &status) {
      case 0: break
      case 1: return "ended by itself with code \(status)"
      case 2: return "was ended by signal \(status)"
      default: return "was ended"
      }
      if MonotonicTime.now() >= deadline { return nil }
      usleep(2_000)
    }
  }

  private static func log(in folder: HotelFolder, atMost limit: Int) -> [UInt8] {
    let descriptor = open("\(folder.path)/\(logName)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    let length = Int(lseek(descriptor, 0, SEEK_END))
    lseek(descriptor, max(0, length - limit), SEEK_SET)
    var bytes = [UInt8](repeating: 0, count: min(length, limit))
    let count = read(descriptor, &bytes, bytes.count)
    return Array(bytes.prefix(max(0, count)))
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Glibc

/// Where words go: results to stdout, everything else to stderr.
struct Console: Sendable {
  var isQuiet = false
  /// Colour and redrawing are decided per stream: a redirected stdout does not take them from stderr.
  private let colourRefused: Bool

  init(arguments: Arguments) {
    isQuiet = arguments.has("quiet")
    colourRefused = arguments.has("no-color") || getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
  }

  static let standardOutput: Int32 = 1
  static let standardError: Int32 = 2

  var progressIsTerminal: Bool { isatty(Self.standardError) == 1 && !terminalIsDumb }
  var outputHasColour: Bool { isatty(Self.standardOutput) == 1 && !colourRefused && !terminalIsDumb }
  var progressHasColour: Bool { progressIsTerminal && !colourRefused }

  /// Columns to fill, within what can be read.
  var outputColumns: Int { columns(Self.standardOutput) }
  var progressColumns: Int { columns(Self.standardError) }

  private var terminalIsDumb: Bool { getenv("TERM").map { String(cString: $0) == "dumb" } ?? false }

  private func columns(_ descriptor: Int32) -> Int {
    let columns = Int(gonogo_terminal_columns(descriptor))
    return columns == 0 ? 80 : min(200, max(40, columns))
  }

  /// A result. A closed pipe is not an error: whoever reads has enough. A full disk is one: the result would be lost
  /// without a word.
  func output(_ text: String) throws(CommandFailure) {
    let code = Self.write(text + "\n", to: Self.standardOutput)
    guard code != 0, code != EPIPE else { return }
    throw CommandFailure(
      code: .internalError, message: "standard output cannot be written: \(String(cString: strerror(code)))", hint: nil)
  }

  /// Progress and remarks; silent with --quiet.
  func remark(_ text: String) {
    if !isQuiet { Self.write(text + "\n", to: Self.standardError) }
  }

  /// What must be seen even with --quiet.
  static func complain(_ text: String) { write(text + "\n", to: standardError) }

  /// Returns 0, or the errno that kept some of it from being written.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
        if count > 0 {
          written += count
        } else if errno == EAGAIN {
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          if poll(&waiting, 1, 1000) == 0 { return EAGAIN }
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }

  /// A standard stream that was closed is opened on nothing: the first file of a run would take its place otherwise, and
  /// get the words.
  static func occupyClosedStreams() {
    for descriptor in [0, standardOutput, standardError] where fcntl(descriptor, F_GETFD) < 0 {
      if open("/dev/null", O_RDWR) != descriptor { return }
    }
  }
}

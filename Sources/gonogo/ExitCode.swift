// SPDX-License-Identifier: Apache-2.0

/// What the process says to whoever started it. Several may apply; the gravest wins.
enum ExitCode: Int32, Sendable, CaseIterable {
  case pass = 0
  case usage = 2
  case refused = 3
  case inconclusive = 4
  case faultLeftBehind = 5
  case caution = 10
  case readyForSignOff = 11
  case internalError = 70
  case fail = 99
  case interrupted = 130

  var meaning: String {
    switch self {
    case .pass: "every rule held, or GO"
    case .usage: "a flag or a file is wrong; nothing was sent"
    case .refused: "refused, or the target could not be reached or was not healthy before the start"
    case .inconclusive: "the run cannot tell, or passed only on a retry; the reason says what is missing"
    case .faultLeftBehind: "a fault was left behind"
    case .caution: "GO WITH CAUTION"
    case .readyForSignOff: "READY FOR SIGN-OFF"
    case .internalError: "internal error, or the disk is full"
    case .fail: "a rule was broken, a step failed, a write was lost, or NO-GO"
    case .interrupted: "interrupted; partial results were written"
    }
  }

  /// Gravest first. An internal error means that what else is said cannot be relied on.
  private static let gravity: [ExitCode] = [
    .faultLeftBehind, .internalError, .interrupted, .fail, .inconclusive, .caution, .readyForSignOff, .pass,
  ]

  static func gravest(_ codes: [ExitCode]) -> ExitCode {
    gravity.first(where: codes.contains) ?? codes.first ?? .pass
  }
}

/// An error that ends the command: what to say, and the code to end with. Only `Main` ends the process.
struct CommandFailure: Error {
  var code: ExitCode
  var message: String
  /// What to do about it.
  var hint: String?

  static func usage(_ message: String, hint: String? = nil) -> CommandFailure {
    CommandFailure(code: .usage, message: message, hint: hint)
  }

  static func refused(_ message: String, hint: String? = nil) -> CommandFailure {
    CommandFailure(code: .refused, message: message, hint: hint)
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import CMicroHTTPD
import Glibc
import Synchronization

/// One request and the answer to come, which any thread may give.
// What arrives is touched by the one polling thread of its connection; what is shared stands in `progress`, under a lock.
final class Exchange: @unchecked Sendable {
  private enum Progress {
    case open
    /// The connection sleeps until the answer comes. A number, since pointers may not cross threads.
    case suspended(connection: UInt)
    case answered(Answer)
  }

  let rawTarget: String?
  let begunNanoseconds = monotonicNanoseconds()
  var method = ""
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []
  var bodyLimitBytes = 0
  /// Bytes of the body that came, those not kept included.
  var bodyCount = 0
  var hasHead = false
  var isDispatched = false
  var traceID = ""
  /// Address of the other side.
  var client = ""
  /// Says what the rate limit leaves.
  var limitHeaders: [(name: String, value: String)] = []
  /// Index of the route in the router; nil when none matched.
  var route: Int?
  private let progress = Mutex(Progress.open)

  init(rawTarget: String?) { self.rawTarget = rawTarget }

  /// Gives the answer; a second one is our mistake. On any thread.
  func send(_ answer: Answer) {
    progress.withLock { progress in
      let before = progress
      progress = .answered(answer)
      switch before {
      case .open: break
      case .suspended(let connection):
        // The polling thread now calls the access handler once more, which finds the answer.
        if let connection = OpaquePointer(bitPattern: connection) { MHD_resume_connection(connection) }
      case .answered: preconditionFailure("an exchange is answered once")
      }
    }
  }

  /// The answer; without one yet, puts the connection to sleep. On the polling thread.
  func answerOrSuspend(_ connection: OpaquePointer) -> Answer? {
    let number = UInt(bitPattern: connection)
    return progress.withLock { progress in
      switch progress {
      case .answered(let answer): return answer
      case .suspended: return nil
      case .open:
        if let connection = OpaquePointer(bitPattern: number) { MHD_suspend_connection(connection) }
        progress = .suspended(connection: number)
        return nil
      }
    }
  }
}

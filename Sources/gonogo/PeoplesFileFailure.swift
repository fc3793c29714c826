// SPDX-License-Identifier: Apache-2.0
import Document
import Glibc
import Readiness

extension CommandFailure {
  /// What kept the people's file from being read or written.
  init(_ error: AppendError, path: String) {
    switch error {
    case .broken(let diagnostics):
      self = .usage(
        "\(printable(path)) has mistakes: it was left as it is", hint: diagnostics.rendered().trimmed)
    case .unfit(let reason, let text):
      self = .usage("\(printable(path)): \(reason)", hint: "write it by hand:\n\(text.trimmed)")
    case .file(let operation, let code):
      let isStorage = [ENOSPC, EDQUOT, EFBIG, EIO].contains(code)
      self = CommandFailure(
        code: isStorage ? .internalError : .usage,
        message: "cannot \(operation) \(printable(path)): \(String(cString: strerror(code)))", hint: nil)
    case .locked:
      self = .refused("\(printable(path)) is being written by somebody else: nothing was added")
    }
  }
}

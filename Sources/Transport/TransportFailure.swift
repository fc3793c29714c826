// SPDX-License-Identifier: Apache-2.0

/// Why an exchange brought no whole answer. The kinds are counted, so the set is closed.
package enum TransportFailure: UInt8, CaseIterable, Sendable {
  case nameLookup
  case connectRefused
  /// The time ran out, by either limit, before the connection (TLS included) stood.
  case connectTimeout
  case connectFailed
  case tls
  /// A certificate, theirs or ours, was not accepted.
  case certificate
  /// The total time ran out after the request could be sent.
  case timeout
  case reset
  /// The connection was closed in good order before the first byte of an answer.
  case emptyReply
  case partialBody
  case protocolError
  case bodyTooLarge
  case headersTooLarge
  case redirectLimit
  /// The URL, or a redirect, leads to a host or scheme that is not allowed. Nothing was sent there.
  case hostNotAllowed
  /// This machine ran out of descriptors, ports, buffers or memory: the target is not to blame.
  case generator
  case other

  /// The word used in files and reports.
  package var name: String {
    switch self {
    case .nameLookup: "name-lookup"
    case .connectRefused: "connect-refused"
    case .connectTimeout: "connect-timeout"
    case .connectFailed: "connect-failed"
    case .tls: "tls"
    case .certificate: "certificate"
    case .timeout: "timeout"
    case .reset: "reset"
    case .emptyReply: "empty-reply"
    case .partialBody: "partial-body"
    case .protocolError: "protocol-error"
    case .bodyTooLarge: "body-too-large"
    case .headersTooLarge: "headers-too-large"
    case .redirectLimit: "redirect-limit"
    case .hostNotAllowed: "host-not-allowed"
    case .generator: "generator"
    case .other: "other"
    }
  }
}

/// What stops the transport itself or a plain request, with the text to show.
package struct TransportError: Error, Sendable, CustomStringConvertible {
  package var failure: TransportFailure
  package var text: String

  package init(failure: TransportFailure, text: String) {
    self.failure = failure
    self.text = text
  }

  package var description: String { "\(failure.name): \(text)" }
}

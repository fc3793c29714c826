// SPDX-License-Identifier: Apache-2.0
import Results
import Scenarios
import Synchronization
import Transport

/// Values of writes that no file may hold, by key as it stands in the ledger: with them this process can still read such
/// writes back. Thread-safe.
final class WriteSecrets: Sendable {
  private let values = Mutex<[String: UnwrittenValues]>([:])

  subscript(key: String) -> UnwrittenValues { values.withLock { $0[key] } ?? UnwrittenValues() }

  func keep(_ unwritten: UnwrittenValues, of key: String) {
    guard !unwritten.isEmpty else { return }
    values.withLock { $0[key] = unwritten }
  }
}

// What a worker writes into the ledger.
extension Worker {
  /// The key is on disk before the first byte of the write leaves.
  func enter(_ writes: WritesRule, _ request: Int, of visitor: Visitor, _ journey: Journey) throws(RenderError) {
    let key = Self.written(try writes.key(journey), journey)
    let kept = journey.keptValues(of: request)
    program.writeSecrets.keep(kept.unwritten, of: key)
    visitor.write = (key, kept.json)
    enter(key, .sending, request, of: journey, kept.json)
    ledger?.flush()
  }

  /// A key that is a secret, or holds one, gets a name that is the same for all its lines and tells nothing: it is
  /// salted by a number of this process.
  private static func written(_ key: String, _ journey: Journey) -> String {
    let shown = journey.redacted(key)
    guard shown != key else { return key }
    var hasher = Hasher()
    hasher.combine(key)
    return "\(shown) \(String(UInt(bitPattern: hasher.finalize()), radix: 16))"
  }

  private func enter(
    _ key: String, _ state: LedgerState, _ request: Int, of journey: Journey, _ values: [UInt8] = []
  ) {
    ledger?.append(
      LedgerEntry(
        key: key, state: state, scenario: journey.program.name, step: journey.program.requests[request].name,
        at: .now(), values: values))
  }

  /// Any answer that is no clear yes or no leaves open whether the write happened.
  func settleWrites(_ visitor: Visitor, _ step: RequestStep, _ outcome: RequestOutcome) {
    guard let journey = visitor.journey, let request = visitor.request, !visitor.isSetup else { return }
    if let (key, values) = visitor.write {
      visitor.write = nil
      switch outcome {
      case .ok:
        // What it captured is known now.
        let kept = journey.keptValues(of: request)
        program.writeSecrets.keep(kept.unwritten, of: key)
        enter(key, .acked, request, of: journey, kept.json == values ? [] : kept.json)
        guard let closer = step.writes?.closedBy else { break }
        visitor.openWrites.append(
          Visitor.OpenWrite(
            request: request, key: key, closedBy: closer, closerValues: journey.closerValues(of: request)))
      case .refused: enter(key, .refused, request, of: journey)
      default: enter(key, .indeterminate, request, of: journey)
      }
    }
    guard !visitor.openWrites.isEmpty, let state = Self.stateAfterClosing(visitor.exchange, outcome) else { return }
    visitor.openWrites.removeAll { write in
      guard write.closedBy == step.name, journey.closerValues(of: write.request) == write.closerValues else {
        return false
      }
      enter(write.key, state, write.request, of: journey)
      return state == .closed
    }
  }

  /// Nil when the closing step certainly did nothing: it was refused, or never reached the target. An answer 404 is a
  /// refusal too: who acknowledged a write and then does not know it has lost it.
  private static func stateAfterClosing(_ exchange: Exchange, _ outcome: RequestOutcome) -> LedgerState? {
    switch outcome {
    case .ok: return .closed
    case .inFlight: return .closing
    case .failed:
      if let failure = exchange.failure { return failure.isBeforeSending ? nil : .closing }
      return (300...499).contains(exchange.status) && exchange.status != 408 ? nil : .closing
    default: return nil
    }
  }
}

extension TransportFailure {
  /// No byte of the request reached the target.
  fileprivate var isBeforeSending: Bool {
    switch self {
    case .nameLookup, .connectRefused, .connectTimeout, .connectFailed, .tls, .certificate, .hostNotAllowed, .generator:
      true
    case .timeout, .reset, .emptyReply, .partialBody, .protocolError, .bodyTooLarge, .headersTooLarge, .redirectLimit,
      .other:
      false
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Takes secrets out of any text before it is shown or written. Knows values (added as they become known) and names
/// (`Authorization`, `token`, ...). Thread-safe.
///
/// A value is found plain, percent-encoded (either case of the digits, `+` for space), in base64 (standard and URL-safe
/// alphabet, wherever it begins inside the encoded text), JSON-escaped and in hexadecimal. A value of fewer than four
/// bytes is replaced only where it stands alone as a word, plain: everywhere else it could be part of any text. An empty
/// value is no secret.
package final class Redactor: Sendable {
  /// What stands where a secret was.
  package static let mark = "[redacted]"

  private struct State {
    var known: Set<String> = []
    var patterns = SecretPatterns()
  }

  private let state = Mutex(State())

  package init() {}

  /// Learns a secret. O(its length); knowing it already costs a look-up.
  package func add(_ secret: String) {
    guard !secret.isEmpty else { return }
    state.withLock { state in
      if state.known.insert(secret).inserted { state.patterns.add(Array(secret.utf8)) }
    }
  }

  /// The text without secrets. O(text x distinct first bytes of secrets); takes the lock for a copy only.
  package func redact(_ text: String) -> String {
    redact(text, also: EmptyCollection<String>())
  }

  /// The same with further secrets, which are not remembered: captures of one journey.
  package func redact(_ text: String, also others: some Sequence<String>) -> String {
    var patterns = state.withLock { $0.patterns }
    for other in others where !other.isEmpty { patterns.add(Array(other.utf8)) }
    var bytes = Array(text.utf8)
    patterns.remove(from: &bytes, mark: Array(Self.mark.utf8))
    SensitiveNames.removeValues(from: &bytes, mark: Array(Self.mark.utf8))
    return String(decoding: bytes, as: UTF8.self)
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import CCrypto

/// The signature Meta puts on its posts: HMAC-SHA256 of the bytes as they were sent, by the app's secret.
struct Signature: Sendable {
  let secret: [UInt8]

  init(secret: String) { self.secret = Array(secret.utf8) }

  /// Whether `header` (`sha256=` and 64 hexadecimal digits) is the signature of `body`. How long this takes does not
  /// depend on how much of it is right.
  func isRight(_ header: String?, body: [UInt8]) -> Bool {
    let prefix = "sha256="
    guard let header, header.hasPrefix(prefix) else { return false }
    let digits = Array(header.utf8.dropFirst(prefix.utf8.count))
    guard digits.count == 64 else { return false }
    var claimed: [UInt8] = []
    for index in stride(from: 0, to: 64, by: 2) {
      guard let high = hexDigit(digits[index]), let low = hexDigit(digits[index + 1]) else { return false }
      claimed.append(high << 4 | low)
    }
    var actual = [UInt8](repeating: 0, count: 32)
    guard gonogo_hmac_sha256(secret, secret.count, body, body.count, &actual) == 1 else { return false }
    return CRYPTO_memcmp(claimed, actual, 32) == 0
  }
}

/// Whether two secrets are the same, in a time that tells at most their lengths.
func isSameSecret(_ one: String, _ other: String) -> Bool {
  let one = Array(one.utf8)
  let other = Array(other.utf8)
  return one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
}

// SPDX-License-Identifier: Apache-2.0
import CCrypto

/// SHA-256 of the bytes, 32 bytes.
func sha256(_ bytes: [UInt8]) -> [UInt8] {
  var digest = [UInt8](repeating: 0, count: 32)
  let worked = bytes.withUnsafeBytes { gonogo_sha256($0.baseAddress, $0.count, &digest) }
  precondition(worked == 1, "libcrypto has no SHA-256")
  return digest
}

/// HMAC-SHA256 (RFC 2104) of the bytes, 32 bytes.
func hmacSHA256(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
  var code = [UInt8](repeating: 0, count: 32)
  let worked = key.withUnsafeBytes { key in
    bytes.withUnsafeBytes { gonogo_hmac_sha256(key.baseAddress, key.count, $0.baseAddress, $0.count, &code) }
  }
  precondition(worked == 1, "libcrypto has no HMAC-SHA256")
  return code
}

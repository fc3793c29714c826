// SPDX-License-Identifier: Apache-2.0
// OpenSSL's libcrypto for Swift. EVP_sha256() and the one-shot calls come in directly; these wrappers fix the digest to
// SHA-256 and flatten the results, so that no EVP object has to be owned on the Swift side.
#ifndef GONOGO_CCRYPTO_H
#define GONOGO_CCRYPTO_H
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stddef.h>

/// HMAC-SHA256 of `length` bytes into the 32 bytes at `out`; 1 when it worked.
static inline int gonogo_hmac_sha256(
    const void *key, size_t key_length, const void *bytes, size_t length, unsigned char *out) {
  unsigned int written = 0;
  if (key_length > 0x7fffffff) return 0;
  // A null key means "the key of the last call" to OpenSSL: an empty key must still have an address.
  const void *key_address = key_length == 0 ? "" : key;
  const unsigned char *input = length == 0 ? (const unsigned char *)"" : (const unsigned char *)bytes;
  return HMAC(EVP_sha256(), key_address, (int)key_length, input, length, out, &written) != NULL && written == 32;
}

/// SHA-256 of `length` bytes into the 32 bytes at `out`; 1 when it worked.
static inline int gonogo_sha256(const void *bytes, size_t length, unsigned char *out) {
  unsigned int written = 0;
  return EVP_Digest(length == 0 ? "" : bytes, length, out, &written, EVP_sha256(), NULL) == 1 && written == 32;
}
#endif

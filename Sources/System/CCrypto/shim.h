// SPDX-License-Identifier: Apache-2.0
#ifndef GONOGO_CCRYPTO_H
#define GONOGO_CCRYPTO_H
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#endif

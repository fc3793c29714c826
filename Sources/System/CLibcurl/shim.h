// SPDX-License-Identifier: Apache-2.0
// libcurl for Swift. Its setopt and getinfo calls are variadic, which Swift cannot call: one typed wrapper per kind of
// argument stands here instead.
#ifndef GONOGO_CLIBCURL_H
#define GONOGO_CLIBCURL_H
#include <curl/curl.h>
#endif

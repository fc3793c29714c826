// SPDX-License-Identifier: Apache-2.0
// libcurl for Swift. Its setopt and getinfo calls are variadic, which Swift cannot call: one typed wrapper per kind of
// argument stands here instead. clang skips curl's own check of argument kinds (it asks for GCC 4.3, clang claims 4.2),
// so a test compares the kind of every option in use with the wrapper it goes through.
#ifndef GONOGO_CLIBCURL_H
#define GONOGO_CLIBCURL_H
#include <curl/curl.h>

#if LIBCURL_VERSION_NUM < 0x075500
#error "libcurl 7.85 or later is needed (CURLOPT_PROTOCOLS_STR)"
#endif

static inline CURLcode gonogo_curl_set_long(CURL *easy, CURLoption option, long value) {
  return (curl_easy_setopt)(easy, option, value);
}
static inline CURLcode gonogo_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
  return (curl_easy_setopt)(easy, option, value);
}
/// libcurl copies the text; NULL restores the default.
static inline CURLcode gonogo_curl_set_string(CURL *easy, CURLoption option, const char *value) {
  return (curl_easy_setopt)(easy, option, value);
}
/// libcurl keeps the pointer: the list must live as long as the setting.
static inline CURLcode gonogo_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return (curl_easy_setopt)(easy, option, value);
}
/// libcurl keeps the pointer: the object must live as long as the setting.
static inline CURLcode gonogo_curl_set_object(CURL *easy, CURLoption option, const void *value) {
  return (curl_easy_setopt)(easy, option, value);
}
/// The context a callback gets back.
static inline CURLcode gonogo_curl_set_context(CURL *easy, CURLoption option, void *value) {
  return (curl_easy_setopt)(easy, option, value);
}

// Callbacks: one wrapper per signature, for CURLOT_FUNCTION options.
static inline CURLcode gonogo_curl_set_data_callback(CURL *easy, CURLoption option, curl_write_callback value) {
  return (curl_easy_setopt)(easy, option, value);
}
static inline CURLcode gonogo_curl_set_open_socket_callback(CURL *easy, curl_opensocket_callback value) {
  return (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, value);
}
static inline CURLcode gonogo_curl_set_close_socket_callback(CURL *easy, curl_closesocket_callback value) {
  return (curl_easy_setopt)(easy, CURLOPT_CLOSESOCKETFUNCTION, value);
}
static inline CURLcode gonogo_curl_set_before_request_callback(CURL *easy, curl_prereq_callback value) {
  return (curl_easy_setopt)(easy, CURLOPT_PREREQFUNCTION, value);
}

static inline CURLcode gonogo_curl_get_long(CURL *easy, CURLINFO info, long *value) {
  return (curl_easy_getinfo)(easy, info, value);
}
static inline CURLcode gonogo_curl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
  return (curl_easy_getinfo)(easy, info, value);
}
static inline CURLcode gonogo_curl_get_string(CURL *easy, CURLINFO info, const char **value) {
  return (curl_easy_getinfo)(easy, info, value);
}
static inline CURLcode gonogo_curl_get_pointer(CURL *easy, CURLINFO info, void **value) {
  return (curl_easy_getinfo)(easy, info, value);
}

static inline CURLMcode gonogo_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return (curl_multi_setopt)(multi, option, value);
}
static inline CURLMcode gonogo_curl_multi_set_context(CURLM *multi, CURLMoption option, void *value) {
  return (curl_multi_setopt)(multi, option, value);
}
static inline CURLMcode gonogo_curl_multi_set_socket_callback(CURLM *multi, curl_socket_callback value) {
  return (curl_multi_setopt)(multi, CURLMOPT_SOCKETFUNCTION, value);
}
static inline CURLMcode gonogo_curl_multi_set_timer_callback(CURLM *multi, curl_multi_timer_callback value) {
  return (curl_multi_setopt)(multi, CURLMOPT_TIMERFUNCTION, value);
}

static inline CURLSHcode gonogo_curl_share(CURLSH *share, curl_lock_data what) {
  return (curl_share_setopt)(share, CURLSHOPT_SHARE, (int)what);
}

/// CURLMsg without its union: 1 and the next finished transfer, or 0 when there is none.
static inline int gonogo_curl_multi_next_finished(CURLM *multi, CURL **easy, CURLcode *result) {
  int left;
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left)) != NULL) {
    if (message->msg != CURLMSG_DONE) continue;
    *easy = message->easy_handle;
    *result = message->data.result;
    return 1;
  }
  return 0;
}
#endif

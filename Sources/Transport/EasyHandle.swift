// SPDX-License-Identifier: Apache-2.0
import CLibcurl

/// An easy handle of libcurl: typed options in, facts out. A plain value around the pointer; its owner frees it.
struct EasyHandle {
  let raw: UnsafeMutableRawPointer

  /// libcurl's process-wide set-up, done once; `static let` makes it safe from any thread.
  private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  init() throws(TransportError) {
    guard EasyHandle.isReady else { throw TransportError(failure: .other, text: "libcurl cannot be set up") }
    guard let raw = curl_easy_init() else { throw TransportError(failure: .generator, text: "no memory for a handle") }
    self.raw = raw
  }

  func free() { curl_easy_cleanup(raw) }

  @discardableResult
  func set(_ option: LongOption, _ value: Int) -> CURLcode { gonogo_curl_set_long(raw, option.id, value) }

  @discardableResult
  func set(_ option: OffsetOption, _ value: Int64) -> CURLcode {
    gonogo_curl_set_offset(raw, option.id, curl_off_t(value))
  }

  @discardableResult
  func set(_ option: StringOption, _ value: UnsafePointer<CChar>?) -> CURLcode {
    gonogo_curl_set_string(raw, option.id, value)
  }

  @discardableResult
  func set(_ option: ListOption, _ value: UnsafeMutablePointer<curl_slist>?) -> CURLcode {
    gonogo_curl_set_list(raw, option.id, value)
  }

  @discardableResult
  func set(_ option: ObjectOption, _ value: UnsafeRawPointer?) -> CURLcode {
    gonogo_curl_set_object(raw, option.id, value)
  }

  @discardableResult
  func set(_ option: ContextOption, _ value: UnsafeMutableRawPointer?) -> CURLcode {
    gonogo_curl_set_context(raw, option.id, value)
  }

  func long(_ info: CURLINFO) -> Int {
    var value = 0
    gonogo_curl_get_long(raw, info, &value)
    return value
  }

  func offset(_ info: CURLINFO) -> Int64 {
    var value: curl_off_t = 0
    gonogo_curl_get_offset(raw, info, &value)
    return Int64(value)
  }

  /// libcurl's own text: copy it before the handle is used again.
  func string(_ info: CURLINFO) -> UnsafePointer<CChar>? {
    var value: UnsafePointer<CChar>?
    gonogo_curl_get_string(raw, info, &value)
    return value
  }
}

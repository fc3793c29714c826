// SPDX-License-Identifier: Apache-2.0

/// C strings that lie together; nil stays nil.
struct CStrings {
  private var bytes: [CChar] = []
  private var offsets: [Int?] = []

  init(_ texts: [String?]) {
    for text in texts {
      offsets.append(text.map { _ in bytes.count })
      if let text { bytes += text.utf8CString }
    }
  }

  /// The array ends with a null pointer.
  func withPointers<Value>(_ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>?) -> Value) -> Value {
    bytes.withUnsafeBufferPointer { bytes in
      var pointers = offsets.map { offset in offset.flatMap { offset in bytes.baseAddress.map { $0 + offset } } }
      pointers.append(nil)
      return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress) }
    }
  }
}

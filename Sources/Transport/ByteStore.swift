// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A growing run of bytes at a fixed owner. A plain value around the allocation, so that C callbacks can fill it through
/// a pointer; whoever holds it calls `free()` once.
struct ByteStore {
  private(set) var base: UnsafeMutablePointer<UInt8>?
  private(set) var count = 0
  private(set) var capacity = 0

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

  /// Forgets the bytes, keeps the allocation unless it is larger than `keep`.
  mutating func clear(keeping keep: Int = .max) {
    count = 0
    if capacity > keep { free() }
  }

  /// Amortised constant time per byte; false when there is no memory.
  mutating func append(_ source: UnsafeRawPointer, _ length: Int) -> Bool {
    guard reserve(count + length) else { return false }
    if length > 0 { memcpy(base! + count, source, length) }
    count += length
    return true
  }

  /// Replaces the bytes. `terminated` puts a zero after them, which is not counted.
  mutating func assign(_ source: UnsafeBufferPointer<UInt8>, terminated: Bool = false) -> Bool {
    guard reserve(source.count + (terminated ? 1 : 0)) else { return false }
    if let start = source.baseAddress, source.count > 0 { memcpy(base!, start, source.count) }
    if terminated { base![source.count] = 0 }
    count = source.count
    return true
  }

  func equals(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
    count == other.count && (count == 0 || memcmp(base!, other.baseAddress!, count) == 0)
  }

  mutating func free() {
    Glibc.free(base)
    base = nil
    count = 0
    capacity = 0
  }

  private mutating func reserve(_ needed: Int) -> Bool {
    guard needed > capacity else { return true }
    let target = max(needed, min(capacity * 2, 1 << 30), 64)
    guard let moved = realloc(base, target) else { return false }
    base = moved.assumingMemoryBound(to: UInt8.self)
    capacity = target
    return true
  }
}

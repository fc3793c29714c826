// SPDX-License-Identifier: Apache-2.0
import CLibcurl
import Glibc

/// The request's header lines as libcurl wants them, in buffers that are used again: a line that changes (a trace id) is
/// overwritten in place, one that does not costs a comparison. libcurl reads the list when a request begins.
struct HeaderList {
  private struct Slot {
    var capacity = 0
    var length = 0
    var isContentType = false
    /// What is stored is not what was given (an empty value), or not fit: do not compare, look at it again.
    var isRewritten = false
  }

  private var nodes: UnsafeMutablePointer<curl_slist>
  private var slots: UnsafeMutablePointer<Slot>
  private var capacity: Int
  private var count = 0
  private var hasBody = false
  private var hidesContentType = false

  /// libcurl adds these by itself unless told not to: no waiting for "100 Continue", no invented content type.
  private static let withoutExpect: StaticString = "Expect:"
  private static let withoutContentType: StaticString = "Content-Type:"
  private static let fixedCount = 2

  init() {
    capacity = 8
    nodes = .allocate(capacity: capacity)
    slots = .allocate(capacity: capacity)
    nodes.initialize(repeating: curl_slist(data: nil, next: nil), count: capacity)
    slots.initialize(repeating: Slot(), count: capacity)
    relink()
  }

  func free() {
    for index in HeaderList.fixedCount..<capacity { Glibc.free(nodes[index].data) }
    nodes.deallocate()
    slots.deallocate()
  }

  /// The first node; the same pointer until a request has more lines than any before.
  var head: UnsafeMutablePointer<curl_slist> { hidesContentType ? nodes : nodes + 1 }

  /// Takes the lines over. False when a line is not fit to be sent (it holds a line break or a zero byte).
  mutating func update(_ lines: [[UInt8]], hasBody: Bool) -> Bool {
    if lines.count + HeaderList.fixedCount > capacity { grow(to: lines.count + HeaderList.fixedCount) }
    var isFit = true
    var sawContentType = false
    for (index, line) in lines.enumerated() {
      let place = index + HeaderList.fixedCount
      line.withUnsafeBufferPointer { bytes in
        if !isStored(bytes, at: place) { isFit = store(bytes, at: place) && isFit }
      }
      if slots[place].isContentType { sawContentType = true }
    }
    if count != lines.count {
      count = lines.count
      relink()
    }
    hidesContentType = hasBody && !sawContentType
    return isFit
  }

  /// Whether the line at `index` (of those given) names one of `names` (lower case).
  func names(_ index: Int, among names: Set<String>) -> Bool {
    let slot = slots[index + HeaderList.fixedCount]
    guard let data = nodes[index + HeaderList.fixedCount].data else { return false }
    let bytes = UnsafeRawBufferPointer(start: data, count: slot.length)
    return names.contains(String(decoding: bytes.prefix { $0 != 0x3A && $0 != 0x3B }, as: UTF8.self).lowercased())
  }

  /// Leaves out every line but those that name one of `names`, until the next `update`.
  mutating func keepOnly(_ names: Set<String>) {
    var last = 1
    for index in 0..<count where self.names(index, among: names) {
      nodes[last].next = nodes + index + HeaderList.fixedCount
      last = index + HeaderList.fixedCount
    }
    nodes[last].next = nil
    count = -1
  }

  private func isStored(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
    let slot = slots[place]
    guard slot.length == bytes.count, !slot.isRewritten, let data = nodes[place].data, slot.length > 0 else {
      return false
    }
    return memcmp(data, bytes.baseAddress!, slot.length) == 0
  }

  private mutating func store(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
    if bytes.count + 1 > slots[place].capacity {
      let size = max(64, (bytes.count + 1) * 2)
      guard let moved = realloc(nodes[place].data, size) else { return false }
      nodes[place].data = moved.assumingMemoryBound(to: CChar.self)
      slots[place].capacity = size
    }
    let data = UnsafeMutableRawPointer(nodes[place].data!).assumingMemoryBound(to: UInt8.self)
    for index in 0..<bytes.count { data[index] = bytes[index] }
    data[bytes.count] = 0
    slots[place].length = bytes.count
    let colon = bytes.firstIndex(of: 0x3A)
    // libcurl takes "Name:" as "leave that header out"; an empty value is written "Name;".
    let isEmpty = colon.map { bytes[($0 + 1)...].allSatisfy { $0 == 0x20 || $0 == 0x09 } } ?? false
    let isFit = colon != nil && colon != 0 && !bytes.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0 }
    slots[place].isRewritten = isEmpty || !isFit
    if isEmpty, let colon {
      data[colon] = 0x3B
      data[colon + 1] = 0
    }
    slots[place].isContentType = colon == 12 && strncasecmp(nodes[place].data, "content-type", 12) == 0
    return isFit
  }

  private mutating func grow(to needed: Int) {
    let size = max(needed, capacity * 2)
    let moreNodes = UnsafeMutablePointer<curl_slist>.allocate(capacity: size)
    let moreSlots = UnsafeMutablePointer<Slot>.allocate(capacity: size)
    moreNodes.update(from: nodes, count: capacity)
    moreSlots.update(from: slots, count: capacity)
    (moreNodes + capacity).initialize(repeating: curl_slist(data: nil, next: nil), count: size - capacity)
    (moreSlots + capacity).initialize(repeating: Slot(), count: size - capacity)
    nodes.deallocate()
    slots.deallocate()
    (nodes, slots, capacity) = (moreNodes, moreSlots, size)
    relink()
  }

  /// Node 0 hides the content type, node 1 the expectation; the given lines follow. `head` begins at 0 or 1.
  private mutating func relink() {
    nodes[0].data = HeaderList.text(HeaderList.withoutContentType)
    nodes[1].data = HeaderList.text(HeaderList.withoutExpect)
    let last = HeaderList.fixedCount + max(count, 0) - 1
    for index in 0...last { nodes[index].next = index == last ? nil : nodes + index + 1 }
  }

  /// libcurl's list is declared mutable, but it never writes to a request header.
  private static func text(_ literal: StaticString) -> UnsafeMutablePointer<CChar> {
    UnsafeMutableRawPointer(mutating: literal.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}

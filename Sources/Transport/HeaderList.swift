// SPDX-License-Identifier: Apache-2.0
import CLibcurl
import Glibc

/// The request's header lines as libcurl wants them, in buffers that are used again: a line that changes (a trace id) is
/// overwritten in place, one that does not costs a comparison. libcurl reads the list when a request begins.
struct HeaderList {
  private struct Slot {
    var capacity = 0
    var length = 0
    var name = Name.any
    /// What is stored is not what was given (an empty value), or not fit: do not compare, look at it again.
    var isRewritten = false
  }

  /// Names that decide which of our own lines are sent.
  private enum Name { case any, contentType, userAgent }

  private var nodes: UnsafeMutablePointer<curl_slist>
  private var slots: UnsafeMutablePointer<Slot>
  private var capacity: Int
  private var count = 0
  private var chained = Chain()
  /// The first node.
  private(set) var head: UnsafeMutablePointer<curl_slist>?

  /// What the order of the nodes depends on.
  private struct Chain: Equatable {
    var count = -1
    var hasBody = false
    var namesContentType = false
    var namesUserAgent = false
  }

  // Our own lines. The first two make libcurl leave out what it adds to a body by itself: a wait for "100 Continue", an
  // invented content type. The user agent is cheaper here than as an option, which libcurl formats twice.
  private static let withoutExpect: StaticString = "Expect:"
  private static let withoutContentType: StaticString = "Content-Type:"
  private static let ownCount = 3

  /// `userAgent` empty: none is sent.
  init(userAgent: String) {
    capacity = 8
    nodes = .allocate(capacity: capacity)
    slots = .allocate(capacity: capacity)
    nodes.initialize(repeating: curl_slist(data: nil, next: nil), count: capacity)
    slots.initialize(repeating: Slot(), count: capacity)
    nodes[0].data = HeaderList.text(HeaderList.withoutContentType)
    nodes[1].data = HeaderList.text(HeaderList.withoutExpect)
    nodes[2].data = strdup(userAgent.isEmpty ? "User-Agent:" : "User-Agent: \(userAgent)")
    chain(Chain(count: 0))
  }

  func free() {
    for index in 2..<capacity { Glibc.free(nodes[index].data) }
    nodes.deallocate()
    slots.deallocate()
  }

  /// Takes the lines over. False when a line is not fit to be sent (it holds a line break or a zero byte).
  mutating func update(_ lines: [[UInt8]], hasBody: Bool) -> Bool {
    if lines.count + HeaderList.ownCount > capacity { grow(to: lines.count + HeaderList.ownCount) }
    var isFit = true
    var wanted = Chain(count: lines.count, hasBody: hasBody)
    for (index, line) in lines.enumerated() {
      let place = index + HeaderList.ownCount
      line.withUnsafeBufferPointer { bytes in
        if !isStored(bytes, at: place) { isFit = store(bytes, at: place) && isFit }
      }
      switch slots[place].name {
      case .any: break
      case .contentType: wanted.namesContentType = true
      case .userAgent: wanted.namesUserAgent = true
      }
    }
    count = lines.count
    if wanted != chained { chain(wanted) }
    return isFit
  }

  /// Whether the line at `index` (of those given) names one of `names` (lower case).
  func names(_ index: Int, among names: Set<String>) -> Bool {
    let slot = slots[index + HeaderList.ownCount]
    guard let data = nodes[index + HeaderList.ownCount].data else { return false }
    let bytes = UnsafeRawBufferPointer(start: data, count: slot.length)
    return names.contains(String(decoding: bytes.prefix { $0 != 0x3A && $0 != 0x3B }, as: UTF8.self).lowercased())
  }

  /// Leaves out every given line but those that name one of `names`, until the next `update`. May move `head`.
  mutating func keepOnly(_ names: Set<String>) {
    for index in 0..<count where !self.names(index, among: names) { unlink(index + HeaderList.ownCount) }
    chained = Chain()
  }

  private mutating func unlink(_ place: Int) {
    if head == nodes + place { head = nodes[place].next }
    for index in 0..<place where nodes[index].next == nodes + place { nodes[index].next = nodes[place].next }
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
    slots[place].name = HeaderList.name(nodes[place].data!, length: colon ?? 0)
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
    chained = Chain()
  }

  /// Links our own lines as far as they apply, then the given ones.
  private mutating func chain(_ wanted: Chain) {
    chained = wanted
    head = nil
    for index in stride(from: wanted.count + HeaderList.ownCount - 1, through: 0, by: -1) {
      nodes[index].next = nil
      switch index {
      case 0 where !wanted.hasBody || wanted.namesContentType: continue
      case 1 where !wanted.hasBody: continue
      case 2 where wanted.namesUserAgent: continue
      default:
        nodes[index].next = head
        head = nodes + index
      }
    }
  }

  private static func name(_ line: UnsafePointer<CChar>, length: Int) -> Name {
    if length == 12, strncasecmp(line, "content-type", 12) == 0 { return .contentType }
    if length == 10, strncasecmp(line, "user-agent", 10) == 0 { return .userAgent }
    return .any
  }

  /// libcurl's list is declared mutable, but it never writes to a request header.
  private static func text(_ literal: StaticString) -> UnsafeMutablePointer<CChar> {
    UnsafeMutableRawPointer(mutating: literal.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}

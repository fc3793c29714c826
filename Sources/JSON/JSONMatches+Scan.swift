// SPDX-License-Identifier: Apache-2.0

extension JSONMatches {
  /// Validates the whole text and finds the values of all paths in one pass; what an earlier scan found is forgotten.
  /// After an error nothing is found. Complexity: O(bytes x paths), and O(bytes) where no path leads.
  package mutating func scan(_ bytes: Span<UInt8>, _ paths: JSONPaths) throws(JSONError) {
    records.removeAll(keepingCapacity: true)
    active.removeAll(keepingCapacity: true)
    frames.removeAll(keepingCapacity: true)
    work = 0
    do throws(JSONError) {
      try walk(bytes, paths.paths)
    } catch {
      records.removeAll(keepingCapacity: true)
      throw error
    }
  }

  /// The same over a buffer, such as the body of an exchange.
  package mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ paths: JSONPaths) throws(JSONError) {
    try scan(bytes.span, paths)
  }

  private mutating func walk(_ bytes: Span<UInt8>, _ paths: [JSONPath]) throws(JSONError) {
    var index = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
    skipSpace(bytes, &index)
    guard index < bytes.count else { throw JSONError(problem: .empty, offset: index) }
    for path in paths.indices { active.append(path) }
    var candidates = 0
    values: while true {
      try value(bytes, &index, paths, candidates)
      // A container just opened goes on with its first child; otherwise a value has ended, and maybe its parents.
      var isFirst = frames.last?.children == 0
      while true {
        guard !frames.isEmpty else {
          skipSpace(bytes, &index)
          guard index == bytes.count else { throw JSONError(problem: .garbageAfterValue, offset: index) }
          work += index
          return
        }
        let top = frames.count - 1
        let isObject = frames[top].isObject
        skipSpace(bytes, &index)
        guard index < bytes.count else { throw JSONError(problem: .unterminated, offset: index) }
        let byte = bytes[index]
        if byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          index += 1
          closeContainer(end: index)
          isFirst = false
          continue
        }
        if !isFirst {
          guard byte == UInt8(ascii: ",") else {
            throw JSONError(problem: isObject ? .expectedCommaOrBrace : .expectedCommaOrBracket, offset: index)
          }
          index += 1
          skipSpace(bytes, &index)
        }
        candidates = active.count
        if isObject {
          try member(bytes, &index, paths, top)
        } else {
          element(paths, top)
        }
        continue values
      }
    }
  }

  /// Chooses the paths that go through the next element of the array on top.
  private mutating func element(_ paths: [JSONPath], _ top: Int) {
    let number = frames[top].children
    let depth = top
    frames[top].children = number + 1
    for slot in frames[top].paths {
      let path = active[slot]
      switch paths[path].steps[depth] {
      case .wildcard: active.append(path)
      case .index(number): active.append(path)
      default: break
      }
    }
    work += frames[top].paths.count
  }

  /// Reads a member's name and chooses the paths that go through it.
  private mutating func member(
    _ bytes: Span<UInt8>, _ index: inout Int, _ paths: [JSONPath], _ top: Int
  ) throws(JSONError) {
    guard index < bytes.count else { throw JSONError(problem: .unterminated, offset: index) }
    guard bytes[index] == UInt8(ascii: "\"") else { throw JSONError(problem: .expectedKey, offset: index) }
    let start = index
    let hasEscapes = try skipString(bytes, &index)
    let name = JSONFragment(kind: .string, start: start, end: index, hasEscapes: hasEscapes)
    skipSpace(bytes, &index)
    guard index < bytes.count else { throw JSONError(problem: .unterminated, offset: index) }
    guard bytes[index] == UInt8(ascii: ":") else { throw JSONError(problem: .expectedColon, offset: index) }
    index += 1
    skipSpace(bytes, &index)
    frames[top].children += 1
    let depth = top
    for slot in frames[top].paths {
      let path = active[slot]
      // A path whose member was found already: the first of equal names counts.
      if path < 0 { continue }
      switch paths[path].steps[depth] {
      case .wildcard: active.append(path)
      case .member(let wanted):
        work += min(wanted.count, name.end - name.start)
        if name.equals(wanted, in: bytes) { take(slot, path) }
      case .length:
        if name.equals(Self.lengthName, in: bytes) { take(slot, path) }
      case .index: break
      }
    }
    work += frames[top].paths.count
  }

  private static let lengthName = Array("length".utf8)

  private mutating func take(_ slot: Int, _ path: Int) {
    active.append(path)
    active[slot] = -1
  }

  /// Reads a scalar, or opens a container, for the paths in `active[candidates...]`.
  private mutating func value(
    _ bytes: Span<UInt8>, _ index: inout Int, _ paths: [JSONPath], _ candidates: Int
  ) throws(JSONError) {
    guard index < bytes.count else { throw JSONError(problem: .unterminated, offset: index) }
    let start = index
    let depth = frames.count
    let first = bytes[index]
    let isObject = first == UInt8(ascii: "{")
    let isArray = first == UInt8(ascii: "[")
    let isString = first == UInt8(ascii: "\"")
    let firstRecord = records.count
    var kept = candidates
    for slot in candidates..<active.count {
      let path = active[slot]
      let steps = paths[path].steps
      if steps.count == depth {
        records.append(Record(path: path, fragment: JSONFragment(kind: .null, start: start, end: start)))
      } else if steps[depth] == .length, isArray || isString {
        records.append(
          Record(path: path, fragment: JSONFragment(kind: .number, start: start, end: start, isLength: true)))
      } else if isObject || isArray {
        active[kept] = path
        kept += 1
      }
    }
    active.removeSubrange(kept...)
    if isObject || isArray {
      guard depth < depthLimit else { throw JSONError(problem: .tooDeep, offset: index) }
      index += 1
      frames.append(
        Frame(isObject: isObject, children: 0, paths: candidates..<kept, records: firstRecord..<records.count))
      return
    }
    var fragment = JSONFragment(kind: .null, start: start, end: start)
    switch first {
    case UInt8(ascii: "\""):
      fragment.kind = .string
      fragment.hasEscapes = try skipString(bytes, &index)
    case UInt8(ascii: "t"):
      fragment.kind = .bool
      try skipWord("true", bytes, &index)
    case UInt8(ascii: "f"):
      fragment.kind = .bool
      try skipWord("false", bytes, &index)
    case UInt8(ascii: "n"): try skipWord("null", bytes, &index)
    case UInt8(ascii: "-"), 0x30...0x39:
      fragment.kind = .number
      try skipNumber(bytes, &index)
    default: throw JSONError(problem: .expectedValue, offset: index)
    }
    fragment.end = index
    for record in firstRecord..<records.count {
      if records[record].fragment.isLength {
        records[record].fragment.children = fragment.scalarCount(in: bytes)
        records[record].fragment.end = index
      } else {
        records[record].fragment = fragment
      }
    }
  }

  private mutating func closeContainer(end: Int) {
    let frame = frames.removeLast()
    active.removeSubrange(frame.paths.lowerBound...)
    for record in frame.records {
      if !records[record].fragment.isLength { records[record].fragment.kind = frame.isObject ? .object : .array }
      records[record].fragment.children = frame.children
      records[record].fragment.end = end
    }
  }
}

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
      try walk(bytes, paths)
    } catch {
      records.removeAll(keepingCapacity: true)
      throw error
    }
  }

  /// The same over a buffer, such as the body of an exchange.
  package mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ paths: JSONPaths) throws(JSONError) {
    try scan(bytes.span, paths)
  }

  private mutating func walk(_ bytes: Span<UInt8>, _ paths: JSONPaths) throws(JSONError) {
    var index = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
    skipSpace(bytes, &index)
    guard index < bytes.count else { throw JSONError(problem: .empty, offset: index) }
    for start in paths.starts { active.append(start) }
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
  private mutating func element(_ paths: JSONPaths, _ top: Int) {
    let number = frames[top].children
    frames[top].children = number + 1
    let steps = frames[top].steps
    for slot in steps {
      let step = active[slot]
      switch paths.steps[step].kind {
      case .wildcard: active.append(step + 1)
      case .index:
        if paths.steps[step].first == number { active.append(step + 1) }
      case .member, .length, .end: break
      }
    }
    work += steps.count
  }

  /// Reads a member's name and chooses the paths that go through it.
  private mutating func member(
    _ bytes: Span<UInt8>, _ index: inout Int, _ paths: JSONPaths, _ top: Int
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
    let steps = frames[top].steps
    if steps.isEmpty { return }
    let names = paths.names.span
    for slot in steps {
      let step = active[slot]
      // A path whose member was found already: the first of equal names counts.
      if step < 0 { continue }
      let due = paths.steps[step]
      switch due.kind {
      case .wildcard: active.append(step + 1)
      case .member, .length:
        work += min(due.count, name.end - name.start)
        guard name.equals(names.extracting(due.first..<due.first + due.count), in: bytes) else { break }
        active.append(step + 1)
        active[slot] = -1
      case .index, .end: break
      }
    }
    work += steps.count
  }

  /// Reads a scalar, or opens a container, for the paths in `active[candidates...]`.
  private mutating func value(
    _ bytes: Span<UInt8>, _ index: inout Int, _ paths: JSONPaths, _ candidates: Int
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
      let step = active[slot]
      let due = paths.steps[step]
      if due.kind == .end {
        records.append(Record(path: due.path, fragment: JSONFragment(kind: .null, start: start, end: start)))
      } else if due.kind == .length, isArray || isString {
        records.append(
          Record(path: due.path, fragment: JSONFragment(kind: .number, start: start, end: start, isLength: true)))
      } else if isObject || isArray {
        active[kept] = step
        kept += 1
      }
    }
    active.removeSubrange(kept...)
    if isObject || isArray {
      guard depth < depthLimit else { throw JSONError(problem: .tooDeep, offset: index) }
      index += 1
      frames.append(
        Frame(isObject: isObject, children: 0, steps: candidates..<kept, records: firstRecord..<records.count))
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
        work += index - start
        records[record].fragment.end = index
      } else {
        records[record].fragment = fragment
      }
    }
  }

  private mutating func closeContainer(end: Int) {
    let frame = frames.removeLast()
    active.removeSubrange(frame.steps.lowerBound...)
    for record in frame.records {
      if !records[record].fragment.isLength { records[record].fragment.kind = frame.isObject ? .object : .array }
      records[record].fragment.children = frame.children
      records[record].fragment.end = end
    }
  }
}

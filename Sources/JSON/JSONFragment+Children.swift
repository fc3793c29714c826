// SPDX-License-Identifier: Apache-2.0

// Walking through what a scan has found, for documents whose keys are not known beforehand. The scan validated the text
// and limited its depth, so this only has to find ends; it does not recurse.

extension JSONFragment {
  /// Hands out the members of an object in the order of the text, equal names included, until `visit` answers false;
  /// nothing for other kinds. Complexity: O(bytes of the object).
  package func forEachMember(
    in bytes: Span<UInt8>, _ visit: (_ name: JSONFragment, _ value: JSONFragment) -> Bool
  ) {
    guard kind == .object else { return }
    var index = start + 1
    while startOfChild(bytes, &index) {
      let name = valueBehind(bytes, &index)
      skipSpace(bytes, &index)
      // The colon.
      index += 1
      skipSpace(bytes, &index)
      guard index < end - 1 else { return }
      guard visit(name, valueBehind(bytes, &index)) else { return }
    }
  }

  /// Hands out the elements of an array in their order until `visit` answers false; nothing for other kinds.
  /// Complexity: O(bytes of the array).
  package func forEachElement(in bytes: Span<UInt8>, _ visit: (JSONFragment) -> Bool) {
    guard kind == .array else { return }
    var index = start + 1
    while startOfChild(bytes, &index) {
      guard visit(valueBehind(bytes, &index)) else { return }
    }
  }

  private func startOfChild(_ bytes: Span<UInt8>, _ index: inout Int) -> Bool {
    skipSpace(bytes, &index)
    if index < end - 1, bytes[index] == UInt8(ascii: ",") {
      index += 1
      skipSpace(bytes, &index)
    }
    return index < end - 1
  }

  /// The value that begins at `index`, which is left behind it.
  private func valueBehind(_ bytes: Span<UInt8>, _ index: inout Int) -> JSONFragment {
    var child = JSONFragment(kind: .null, start: index, end: index)
    switch bytes[index] {
    case UInt8(ascii: "\""):
      child.kind = .string
      child.hasEscapes = passString(bytes, &index)
    case UInt8(ascii: "{"):
      child.kind = .object
      child.children = passContainer(bytes, &index)
    case UInt8(ascii: "["):
      child.kind = .array
      child.children = passContainer(bytes, &index)
    case let first:
      if first == UInt8(ascii: "t") || first == UInt8(ascii: "f") { child.kind = .bool }
      if first == UInt8(ascii: "-") || first &- 0x30 < 10 { child.kind = .number }
      while index < end - 1, !isEnd(bytes[index]) { index += 1 }
    }
    // In other bytes than those of the scan: go on all the same, so that every walk ends.
    if index == child.start { index += 1 }
    child.end = index
    return child
  }

  private func isEnd(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x09, 0x0A, 0x0D: true
    default: false
    }
  }

  /// Passes a string; whether it holds escapes.
  private func passString(_ bytes: Span<UInt8>, _ index: inout Int) -> Bool {
    do throws(JSONError) { return try skipString(bytes, &index) } catch {
      index = end - 1
      return false
    }
  }

  /// Passes an object or array; the number of its children.
  private func passContainer(_ bytes: Span<UInt8>, _ index: inout Int) -> Int {
    index += 1
    var depth = 1
    var commas = 0
    var isEmpty = true
    while index < end - 1 {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        isEmpty = false
        _ = passString(bytes, &index)
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        isEmpty = false
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 {
          index += 1
          return isEmpty ? 0 : commas + 1
        }
      case UInt8(ascii: ","): if depth == 1 { commas += 1 }
      case 0x20, 0x09, 0x0A, 0x0D: break
      default: isEmpty = false
      }
      index += 1
    }
    return isEmpty ? 0 : commas + 1
  }
}

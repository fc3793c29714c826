// SPDX-License-Identifier: Apache-2.0

/// `DELETE /admin/*` of `coverage: ignore:`, compared with operations as their source writes them. `*` stands for any
/// characters, slashes included, and alone for any method; what is in braces may have any name.
struct IgnorePattern: Sendable {
  private let method: String
  private let path: [UInt8]

  /// As the shape has checked it: two words.
  init(_ text: String) {
    let words = text.split(separator: " ", maxSplits: 1)
    method = words.first.map(String.init) ?? ""
    path = Array(OperationList.nameless(words.count > 1 ? String(words[1]) : "").utf8)
  }

  func fits(_ operation: TargetOperation) -> Bool {
    guard method == "*" || method == operation.method else { return false }
    return ([""] + operation.basePaths).contains { base in
      fits(Array(OperationList.nameless(base + operation.path).utf8))
    }
  }

  /// Stars one after the other, each as short as it can be: linear but for a last look back. Complexity: O(pattern x
  /// text) at worst.
  private func fits(_ text: [UInt8]) -> Bool {
    var inPattern = 0
    var inText = 0
    var star: (pattern: Int, text: Int)?
    while inText < text.count {
      if inPattern < path.count, path[inPattern] == UInt8(ascii: "*") {
        star = (inPattern, inText)
        inPattern += 1
      } else if inPattern < path.count, path[inPattern] == text[inText] {
        inPattern += 1
        inText += 1
      } else if let last = star {
        star = (last.pattern, last.text + 1)
        inPattern = last.pattern + 1
        inText = last.text + 1
      } else {
        return false
      }
    }
    return path[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

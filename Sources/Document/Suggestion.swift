// SPDX-License-Identifier: Apache-2.0

/// The candidate a mistyped word most likely meant; nil when none is near. Case and `_` for `-` cost nothing; a swap of
/// neighbours is one mistake. Complexity: O(candidates x 64 x 64).
package func nearest(to word: String, among candidates: [String]) -> String? {
  let typed = folded(word)
  guard !typed.isEmpty, typed.count <= 64 else { return nil }
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let target = folded(candidate)
    guard target.count <= 64 else { continue }
    let allowed = max(1, min(3, max(typed.count, target.count) / 3))
    let distance = editDistance(typed, target)
    if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.candidate
}

/// "did you mean `x`?", or the list of what there is when nothing is near and the list is short.
package func suggestion(for word: String, among candidates: [String], called: String? = nil) -> String? {
  if let near = nearest(to: word, among: candidates) { return "did you mean `\(near)`?" }
  guard let called, !candidates.isEmpty, candidates.count <= 20 else { return nil }
  return "\(called): \(candidates.joined(separator: ", "))"
}

private func folded(_ word: String) -> [UInt8] {
  word.utf8.map { byte in
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    case UInt8(ascii: "_"), UInt8(ascii: " "): UInt8(ascii: "-")
    default: byte
    }
  }
}

/// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var twoBack: [Int] = []
  var previous = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      let same = left[row] == right[column]
      var cost = min(previous[column] + (same ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        cost = min(cost, twoBack[column - 1] + 1)
      }
      current.append(cost)
    }
    twoBack = previous
    previous = current
  }
  return previous[right.count]
}

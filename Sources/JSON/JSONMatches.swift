// SPDX-License-Identifier: Apache-2.0

/// What one pass found. Keep one and scan again and again: once grown to the size of the work, a scan allocates nothing.
package struct JSONMatches: Sendable {
  /// A value found, for the path with this index.
  struct Record: Sendable {
    var path: Int
    var fragment: JSONFragment
  }

  /// A container that is open.
  struct Frame: Sendable {
    var isObject: Bool
    /// Children begun.
    var children: Int
    /// The steps that are due inside, in `active`.
    var steps: Range<Int>
    /// The records of the container itself, to be completed at its end.
    var records: Range<Int>
  }

  /// Containers inside containers at most.
  package let depthLimit: Int
  var records: [Record] = []
  /// For each open container, outermost first, the steps (indices into `JSONPaths.steps`) that are due inside it; -1 for
  /// one whose member was found.
  var active: [Int] = []
  var frames: [Frame] = []

  /// Bytes looked at and names compared by the last scan: what the tests hold against the size of the text.
  package internal(set) var work = 0

  /// Empty; grows with the first scans.
  package init(depthLimit: Int = 512) {
    self.depthLimit = depthLimit
  }

  /// All values found, over all paths.
  package var count: Int { records.count }

  /// The number of values found by a path. Complexity: O(values found).
  package func count(of path: Int) -> Int { records.count { $0.path == path } }

  /// The first value found by a path. Complexity: O(values found).
  package func first(of path: Int) -> JSONFragment? { records.first { $0.path == path }?.fragment }

  /// The n-th value found by a path, from 0, in the order of the text. Complexity: O(values found).
  package func fragment(of path: Int, at position: Int) -> JSONFragment? {
    var left = position
    for record in records where record.path == path {
      if left == 0 { return record.fragment }
      left -= 1
    }
    return nil
  }

  /// All values found by a path, in the order of the text. Allocates.
  package func all(of path: Int) -> [JSONFragment] { records.filter { $0.path == path }.map(\.fragment) }
}

// SPDX-License-Identifier: Apache-2.0

/// Paths compiled to be looked for together, in one pass. A path is known by its index here.
package struct JSONPaths: Sendable {
  /// One step, flat: the scan reads it for every member of every object it goes through.
  struct Step: Sendable {
    enum Kind: UInt8, Sendable { case member, index, wildcard, length, end }
    var kind: Kind
    /// The path it belongs to.
    var path: Int
    /// Offset of the name in `names`, or the index of an element.
    var first = 0
    /// Bytes of the name.
    var count = 0
  }

  /// The paths, in order.
  package let paths: [JSONPath]
  /// The steps of all paths, each path closed by an `end`.
  let steps: [Step]
  /// Where each path begins in `steps`.
  let starts: [Int]
  /// The bytes of all names.
  let names: [UInt8]

  /// Traps with more than 1,000 paths.
  package init(_ paths: [JSONPath]) {
    precondition(paths.count <= 1000, "too many paths for one pass")
    var steps: [Step] = []
    var starts: [Int] = []
    var names: [UInt8] = []
    for (index, path) in paths.enumerated() {
      starts.append(steps.count)
      for step in path.steps {
        switch step {
        case .member(let name):
          steps.append(Step(kind: .member, path: index, first: names.count, count: name.count))
          names += name
        case .index(let element): steps.append(Step(kind: .index, path: index, first: element))
        case .wildcard: steps.append(Step(kind: .wildcard, path: index))
        case .length:
          let name = Array("length".utf8)
          steps.append(Step(kind: .length, path: index, first: names.count, count: name.count))
          names += name
        }
      }
      steps.append(Step(kind: .end, path: index))
    }
    self.paths = paths
    self.steps = steps
    self.starts = starts
    self.names = names
  }

  /// The number of paths.
  package var count: Int { paths.count }
}

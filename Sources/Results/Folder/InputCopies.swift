// SPDX-License-Identifier: Apache-2.0

/// Copies of the files a run was made from, below `inputs/` of its folder.
enum InputCopies {
  /// `path`: as people know it; it becomes a path below `inputs/` that cannot leave it.
  static func add(path: String, bytes: [UInt8], to directory: String) throws(FileError) {
    let parts = path.split(separator: "/").map(String.init).filter { $0 != "." && $0 != ".." }
    let file = parts.isEmpty ? "input" : parts.joined(separator: "/")
    var candidate = directory + "/inputs/" + file
    var number = 1
    if parts.count > 1 {
      try FileCalls.makeDirectories(directory + "/inputs/" + parts.dropLast().joined(separator: "/"))
    }
    while FileCalls.exists(candidate) {
      number += 1
      candidate = "\(directory)/inputs/\(file)-\(number)"
    }
    try FileCalls.replace(candidate, with: bytes)
  }
}

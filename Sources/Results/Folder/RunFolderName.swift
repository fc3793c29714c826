// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Where a run's files go.
enum RunFolderName {
  /// `20261120T131502Z-expected-peak`, `...Z-demo-expected-peak` against a stand-in.
  static func name(started: Timestamp, plan: String, demo: Bool) -> String {
    var slug = ""
    for scalar in plan.unicodeScalars {
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      if isPlain || scalar == "." || scalar == "_" {
        slug.unicodeScalars.append(scalar)
      } else if slug.last != "-" {
        slug += "-"
      }
    }
    while slug.hasPrefix("-") || slug.hasPrefix(".") { slug.removeFirst() }
    slug = String(slug.prefix(64))
    while slug.hasSuffix("-") { slug.removeLast() }
    return "\(started.folderStamp)-\(demo ? "demo-" : "")\(slug.isEmpty ? "run" : slug)"
  }

  /// Makes the folder, with `-2`, `-3`, ... behind its name when that is taken. Returns its name.
  static func make(_ name: String, in directory: String) throws(FileError) -> String {
    try FileCalls.makeDirectories(directory)
    var candidate = name
    var number = 1
    while mkdir(directory + "/" + candidate, 0o755) != 0 {
      let code = errno
      guard code == EEXIST, number < 10_000 else {
        throw FileError(operation: "make directory", path: directory + "/" + candidate, code: code)
      }
      number += 1
      candidate = "\(name)-\(number)"
    }
    return candidate
  }

  /// Points `latest` in `directory` to the folder, in one step: whoever reads it sees the old run or the new one.
  static func pointLatest(to name: String, in directory: String) throws(FileError) {
    let draft = "\(directory)/.latest-\(name).draft"
    unlink(draft)
    guard symlink(name, draft) == 0 else {
      throw FileError(operation: "make link", path: draft, code: errno)
    }
    guard rename(draft, directory + "/latest") == 0 else {
      let code = errno
      unlink(draft)
      throw FileError(operation: "replace", path: directory + "/latest", code: code)
    }
  }
}

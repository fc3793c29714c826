// SPDX-License-Identifier: Apache-2.0
package import Document

/// A file that took part in a load, as it was read: what a run folder keeps under `inputs/`.
package struct InputFile: Sendable {
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// What loading a file gave: the value when nothing was wrong, everything to tell the author, and all files read.
package struct Loaded<Value> {
  /// Nil when the diagnostics hold an error.
  package var value: Value?
  package var diagnostics: Diagnostics
  package var files: [InputFile]

  package init(value: Value?, diagnostics: Diagnostics, files: [InputFile]) {
    self.value = value
    self.diagnostics = diagnostics
    self.files = files
  }
}

/// The files of one load, each read once. Confined to the call that made it.
final class FileSet {
  private(set) var files: [InputFile] = []
  private var tables: [String: FeederTable] = [:]
  private var sources: [String: Source] = [:]

  static let mostFiles = 200
  static let largestBody = 64 << 20

  /// Reads a document; the mistake is reported where the file was named.
  func source(_ path: String, namedAt node: Node?, _ diagnostics: inout Diagnostics) -> Source? {
    if let known = sources[path] { return known }
    do throws(Mistake) {
      let source = try Source(contentsOf: path)
      sources[path] = source
      try keep(source)
      return source
    } catch {
      report(error, path, node, &diagnostics)
      return nil
    }
  }

  /// Reads bytes to be sent.
  func bytes(_ path: String, namedAt node: Node, _ diagnostics: inout Diagnostics) -> [UInt8]? {
    do throws(Mistake) {
      let source = try Source(contentsOf: path, limit: Self.largestBody)
      try keep(source)
      return source.bytes
    } catch {
      report(error, path, node, &diagnostics)
      return nil
    }
  }

  /// Reads a CSV file; its mistakes are reported in it, line by line.
  func table(_ path: String, namedAt node: Node, _ diagnostics: inout Diagnostics) -> FeederTable? {
    if let known = tables[path] { return known }
    do throws(Mistake) {
      let source = try Source(contentsOf: path, limit: FeederTable.limitBytes)
      try keep(source)
      var mistakes: [FeederMistake] = []
      let table = FeederTable.parse(source.bytes, mistakes: &mistakes)
      for mistake in mistakes {
        diagnostics.error(at: Position(source: source, offset: source.offset(ofLine: mistake.line)), mistake.message)
      }
      tables[path] = table
      return table
    } catch {
      report(error, path, node, &diagnostics)
      return nil
    }
  }

  private func keep(_ source: Source) throws(Mistake) {
    if files.contains(where: { $0.path == source.path }) { return }
    guard files.count < Self.mostFiles else { throw Mistake("more than \(Self.mostFiles) files belong to this one") }
    files.append(InputFile(path: source.path, bytes: source.bytes))
  }

  private func report(_ mistake: Mistake, _ path: String, _ node: Node?, _ diagnostics: inout Diagnostics) {
    if let node {
      diagnostics.error(at: node, mistake.message, hint: mistake.hint)
    } else {
      diagnostics.error(at: Position(source: Source(path: path, bytes: []), offset: 0), mistake.message)
    }
  }
}

extension Source {
  /// Byte offset of a line's begin (1-based). O(bytes): for messages.
  fileprivate func offset(ofLine line: Int) -> Int {
    var left = line - 1
    guard left > 0 else { return 0 }
    for (index, byte) in bytes.enumerated() where byte == 0x0a {
      left -= 1
      if left == 0 { return index + 1 }
    }
    return bytes.count
  }
}

/// The folder part of a path, "." when there is none.
func directory(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// A path as named in a file of that folder; `.` and `..` are resolved by their spelling, so that one file has one name.
func resolved(_ path: String, in directory: String) -> String {
  let whole = path.hasPrefix("/") ? path : directory + "/" + path
  var parts: [Substring] = []
  for part in whole.split(separator: "/") {
    if part == "." { continue }
    if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
  }
  let joined = parts.joined(separator: "/")
  return whole.hasPrefix("/") ? "/" + joined.drop { $0 == "/" } : joined.isEmpty ? "." : joined
}

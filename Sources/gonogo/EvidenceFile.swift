// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc
import Readiness
import Results

/// Files that people name as evidence: written as the people's file would find them, with their digest.
struct EvidenceFile {
  private let folder: String

  /// `path` of the people's file.
  init(_ path: String) {
    folder = Self.absolute(path).split(separator: "/").dropLast().map { "/" + $0 }.joined()
  }

  func reference(_ text: String) throws -> EvidenceReference {
    if text.contains("://") { return EvidenceReference(location: text) }
    var status = stat()
    guard stat(text, &status) == 0 else {
      throw CommandFailure.usage(
        "--evidence: there is no file \(printable(text))", hint: "a link begins with https://")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { return EvidenceReference(location: relative(text)) }
    do {
      return EvidenceReference(location: relative(text), sha256: try Digest.sha256(file: text))
    } catch {
      throw CommandFailure.usage("--evidence: \(printable("\(error)"))")
    }
  }

  /// As seen from the people's file, when it lies below its folder.
  func relative(_ path: String) -> String {
    let whole = Self.absolute(path)
    return whole.hasPrefix(folder + "/") ? String(whole.dropFirst(folder.count + 1)) : whole
  }

  /// The folder of the people's file, as seen from another folder.
  func folder(asSeenFrom other: String) -> String {
    let (here, there) = (folder.split(separator: "/"), Self.absolute(other).split(separator: "/"))
    let shared = zip(here, there).prefix { $0 == $1 }.count
    let steps = Array(repeating: "..", count: there.count - shared) + here.dropFirst(shared).map(String.init)
    return steps.isEmpty ? "." : steps.joined(separator: "/")
  }

  /// Dots resolved, links left alone.
  private static func absolute(_ path: String) -> String {
    let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return parts.map { "/" + $0 }.joined()
  }
}

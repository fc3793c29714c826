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

  /// What is no longer as it was when somebody noted its digest, in words; files without a digest, and links, are left
  /// alone. Reads every file named.
  func remarks(on entries: PeoplesEntries, checklist: String) -> [String] {
    var words: [String: Attestation] = [:]
    var reports: [String: ImportedReport] = [:]
    for entry in entries.all {
      switch entry {
      case .attestation(let said) where said.checklist == checklist: words[said.item] = said
      case .report(let report): reports[report.path] = report
      default: continue
      }
    }
    var found: [String] = []
    // One list may be the evidence of every row of a checklist.
    var given: [(file: EvidenceReference, who: String, items: [String])] = []
    for word in words.values.sorted(by: { $0.item < $1.item }) where word.status != .pending {
      for file in word.evidence where file.sha256 != nil {
        if let place = given.firstIndex(where: { $0.file == file && $0.who == word.who }) {
          given[place].items.append(word.item)
        } else {
          given.append((file, word.who, [word.item]))
        }
      }
    }
    for (file, who, items) in given {
      guard let digest = file.sha256, let state = state(of: file.location, digest: digest) else { continue }
      let more = items.count > 5 ? " and \(items.count - 5) more" : ""
      let rows = items.prefix(5).joined(separator: ", ") + more
      found.append("\(file.location), which \(who) gave as evidence of \(rows), \(state)")
    }
    // The figures of a report are on file; that it is gone is no matter.
    for report in reports.values.sorted(by: { $0.path < $1.path }) {
      guard let state = state(of: report.path, digest: report.sha256), state != Self.gone else { continue }
      found.append("\(report.path), a report for \(report.items.joined(separator: ", ")), \(state)")
    }
    return found
  }

  private static let gone = "is not there"

  private func state(of location: String, digest: String) -> String? {
    let path = location.hasPrefix("/") ? location : folder + "/" + location
    var status = stat()
    guard stat(path, &status) == 0 else { return Self.gone }
    guard status.st_mode & S_IFMT == S_IFREG, let now = try? Digest.sha256(file: path) else {
      return "cannot be read"
    }
    return now == digest ? nil : "has changed since its digest was noted"
  }
}

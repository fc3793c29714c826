// SPDX-License-Identifier: Apache-2.0
import Readiness

/// Evidence as people and runs name it, made a link where it is one. A decision's folder lies beside the run folders, and
/// paths of people are read from where their file is: two folders above it, unless the record says otherwise.
enum EvidenceLink {
  enum Target: Equatable {
    /// Leads to the network: `http` or `https`, plain characters only.
    case address(String)
    /// Relative to the page.
    case file(String)
  }

  /// Nil for what must not be a link: any other scheme, a host without one, a path from the root, what cannot be seen.
  static func target(of text: String, runs: Set<String>, folder: String? = nil) -> Target? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
      return nil
    }
    let lower = text.lowercased()
    for scheme in ["https://", "http://"] where lower.hasPrefix(scheme) {
      let rest = text.dropFirst(scheme.count)
      guard text.utf8.allSatisfy({ $0 < 0x7F }), let first = rest.first, !"/@:?#".contains(first) else { return nil }
      return .address(scheme + rest)
    }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    if let run = parts.firstIndex(where: { runs.contains(String($0)) }) {
      let inside = parts[run...].filter { !$0.isEmpty }
      return .file("../" + (inside.count == 1 ? inside + ["report.html"] : inside).joined(separator: "/"))
    }
    // A colon in the first part would be read as the end of a scheme.
    guard let first = parts.first, !first.isEmpty, !first.contains(":") else { return nil }
    return .file("\(folder ?? "../..")/\(text)")
  }

  static func html(_ text: String, runs: Set<String>, folder: String?) -> HTMLText {
    switch target(of: text, runs: runs, folder: folder) {
    case .address(let url)?: #"<a href="\#(url)" rel="noopener noreferrer">\#(text)</a>"#
    case .file(let path)?: HTMLText.link(toFile: path, "\(text)")
    case nil: "\(text)"
    }
  }

  /// The report of a run folder beside this one. Names come from a listing; one that could lead elsewhere is no link.
  static func run(_ name: String) -> HTMLText {
    let isPlain = !name.isEmpty && name != "." && name != ".." && !name.contains("/") && !name.contains("\\")
    return isPlain ? HTMLText.link(toFile: "../\(name)/report.html", "\(name)") : "\(name)"
  }

  /// Folders that a decision names.
  static func runs(of record: DecisionRecord) -> Set<String> {
    Set(record.items.flatMap { $0.attempts.map(\.run) } + record.refused.map(\.run) + record.controls.map(\.run))
  }
}

// SPDX-License-Identifier: Apache-2.0
import CCrypto
import Glibc

/// SHA-256 in hexadecimal, and the manifest that `sha256sum -c` accepts.
package enum Digest {
  /// Of bytes in memory, 64 lower-case hexadecimal digits.
  package static func sha256(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    var length: UInt32 = 0
    let done = bytes.withUnsafeBytes {
      EVP_Digest($0.baseAddress, $0.count, &digest, &length, EVP_sha256(), nil)
    }
    precondition(done == 1 && length == 32, "libcrypto has no SHA-256")
    return hexadecimal(digest)
  }

  /// Of a file, read in pieces.
  package static func sha256(file path: String) throws(FileError) -> String {
    let descriptor = try FileCalls.open(path, O_RDONLY, operation: "open")
    defer { close(descriptor) }
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "libcrypto has no SHA-256")
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count == 0 { break }
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        throw FileError(operation: "read", path: path, code: code)
      }
      EVP_DigestUpdate(context, chunk, count)
    }
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    EVP_DigestFinal_ex(context, &digest, nil)
    return hexadecimal(digest)
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// What `verifyManifest` found.
package enum ManifestProblem: Sendable, Equatable, CustomStringConvertible {
  case noManifest
  /// Line number, from 1.
  case unreadableLine(Int)
  case missing(String)
  /// Content differs from what was signed off by the manifest.
  case changed(String)
  /// In the folder, but not in the manifest.
  case notListed(String)
  case unreadable(String, reason: String)
  /// A link, a pipe, a device: where it leads is no part of the folder.
  case notAFile(String)
  /// A name that leads out of the folder, or no file has; with its line.
  case hostileName(String, line: Int)
  case listedTwice(String)

  /// The file it is about; nil for the manifest itself.
  package var file: String? {
    switch self {
    case .noManifest, .unreadableLine, .hostileName: nil
    case .missing(let file), .changed(let file), .notListed(let file), .unreadable(let file, _), .notAFile(let file),
      .listedTwice(let file):
      file
    }
  }

  package var description: String {
    switch self {
    case .noManifest: "\(Manifest.fileName) is missing"
    case .unreadableLine(let line): "\(Manifest.fileName): line \(line) cannot be read"
    case .missing(let file): "\(file) is missing"
    case .changed(let file): "\(file) was changed after the run"
    case .notListed(let file): "\(file) was added after the run"
    case .unreadable(let file, let reason): "\(file) cannot be read: \(reason)"
    case .notAFile(let file): "\(file) is no plain file: a run leaves no links, pipes or devices"
    case .hostileName(let name, let line):
      "\(Manifest.fileName): line \(line) names \(name), which is not in the folder"
    case .listedTwice(let file): "\(Manifest.fileName) names \(file) twice"
    }
  }
}

/// `manifest.sha256`: every file of a folder but itself, sorted by path.
package enum Manifest {
  package static let fileName = "manifest.sha256"
  /// May come after it.
  package static let signatureName = "manifest.sha256.sig"

  /// Lists all files below `directory` as they are now. Files that come later (a signature) are told by `verify`.
  package static func write(directory: String) throws(FileError) {
    var text = ""
    for file in try FileCalls.files(below: directory) where file != fileName && !file.hasSuffix(".draft") {
      let (name, isEscaped) = escaped(file)
      text += "\(isEscaped ? "\\" : "")\(try Digest.sha256(file: directory + "/" + file))  \(name)\n"
    }
    try FileCalls.replace(directory + "/" + fileName, with: text.utf8)
  }

  /// All problems, sorted by path; empty when every file is what it was. `ignoring`: paths that may have come later.
  package static func verify(directory: String, ignoring: Set<String> = []) -> [ManifestProblem] {
    let others = FileCalls.others(below: directory)
    // Reading a pipe would wait for ever.
    guard !others.contains(fileName) else { return [.notAFile(fileName)] }
    guard let bytes = try? FileCalls.read(path: directory + "/" + fileName) else { return [.noManifest] }
    var problems = others.map { ManifestProblem.notAFile($0) }
    var expected: [String: String] = [:]
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
    for (index, line) in lines.enumerated() {
      if let (name, digest) = parse(line) {
        if !isInside(name) {
          problems.append(.hostileName(name, line: index + 1))
        } else if expected.updateValue(digest, forKey: name) != nil {
          problems.append(.listedTwice(name))
        }
      } else {
        problems.append(.unreadableLine(index + 1))
      }
    }
    let present = (try? FileCalls.files(below: directory)) ?? []
    let known = Set(present)
    for name in (Set(expected.keys).union(known)).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      if name == fileName || ignoring.contains(name) || others.contains(name) { continue }
      guard let digest = expected[name] else {
        problems.append(.notListed(name))
        continue
      }
      guard known.contains(name) else {
        problems.append(.missing(name))
        continue
      }
      do {
        if try Digest.sha256(file: directory + "/" + name) != digest { problems.append(.changed(name)) }
      } catch {
        problems.append(.unreadable(name, reason: error.description))
      }
    }
    return problems
  }

  /// A path that names a file below the folder, written as `write` would.
  private static func isInside(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return !name.utf8.contains(0) && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
  }

  // A backslash or newline in a name: sha256sum writes both escaped and puts a backslash before the digest.
  private static func escaped(_ name: String) -> (name: String, isEscaped: Bool) {
    guard name.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == 10 || $0 == 13 }) else { return (name, false) }
    var text = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return (text, true)
  }

  private static func parse(_ line: ArraySlice<UInt8>) -> (name: String, digest: String)? {
    var rest = line
    let isEscaped = rest.first == UInt8(ascii: "\\")
    if isEscaped { rest = rest.dropFirst() }
    guard rest.count > 66, rest.dropFirst(64).first == 32 else { return nil }
    let digest = String(decoding: rest.prefix(64), as: UTF8.self).lowercased()
    guard digest.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else { return nil }
    let name = String(decoding: rest.dropFirst(66), as: UTF8.self)
    return (isEscaped ? unescaped(name) : name, digest)
  }

  private static func unescaped(_ name: String) -> String {
    var text = ""
    var afterBackslash = false
    for scalar in name.unicodeScalars {
      if afterBackslash {
        text.unicodeScalars.append(scalar == "n" ? "\n" : scalar == "r" ? "\r" : scalar)
        afterBackslash = false
      } else if scalar == "\\" {
        afterBackslash = true
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The temporary folder of one embedded hotel. Its lock, which the kernel drops with the process, tells a folder in use
/// from one that a killed run left behind; the next start removes those.
final class HotelFolder: Sendable {
  let path: String
  /// An open, locked descriptor of the folder.
  private let lock: Int32

  static let prefix = "gonogo-hotel-"
  /// Before it is locked, so that nobody takes it for one left behind.
  private static let unlockedPrefix = "gonogo-new-hotel-"

  /// Makes one below TMPDIR, after removing what killed runs of this user left there.
  init() throws(CommandFailure) {
    let parent = Self.parent
    Self.removeLeftBehind(in: parent)
    var template = Array("\(parent)/\(Self.unlockedPrefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Self.failure("made in \(parent)") }
    let unlocked = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let locked = "\(parent)/\(Self.prefix)\(getpid())-\(unlocked.suffix(6))"
    lock = Self.lockedFolder(unlocked) ?? -1
    guard lock >= 0, rename(unlocked, locked) == 0 else {
      let failure = Self.failure("locked")
      rmdir(unlocked)
      if lock >= 0 { close(lock) }
      throw failure
    }
    path = locked
  }

  /// Removes it with all files in it. Once.
  func remove() {
    Self.removeFiles(of: lock)
    rmdir(path)
    close(lock)
  }

  private static var parent: String {
    guard let named = getenv("TMPDIR").map({ String(cString: $0) }), named.hasPrefix("/") else { return "/tmp" }
    return named.count > 1 && named.hasSuffix("/") ? String(named.dropLast()) : named
  }

  private static func failure(_ what: String) -> CommandFailure {
    .refused(
      "the hotel's temporary folder cannot be \(what): \(String(cString: strerror(errno)))",
      hint: "TMPDIR chooses where")
  }

  /// The folder opened and locked, when it is this user's and nobody else holds it.
  private static func lockedFolder(_ path: String) -> Int32? {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(), flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  private static func removeLeftBehind(in parent: String) {
    for name in names(in: open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) where name.hasPrefix(prefix) {
      let path = "\(parent)/\(name)"
      guard let descriptor = lockedFolder(path) else { continue }
      removeFiles(of: descriptor)
      rmdir(path)
      close(descriptor)
    }
  }

  /// A hotel makes plain files only; what else may be there stays, and the folder with it.
  private static func removeFiles(of descriptor: Int32) {
    for name in names(in: dup(descriptor)) { unlinkat(descriptor, name, 0) }
  }

  /// Names in an open folder, which is closed.
  private static func names(in descriptor: Int32) -> [String] {
    guard descriptor >= 0 else { return [] }
    guard let stream = fdopendir(descriptor) else {
      close(descriptor)
      return []
    }
    defer { closedir(stream) }
    // A duplicate shares its place in the folder with whoever listed it before.
    rewinddir(stream)
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}

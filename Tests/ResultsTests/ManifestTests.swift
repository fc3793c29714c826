// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Results

@Suite struct ManifestTests {
  let directory = TemporaryDirectory()

  private func put(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: directory.path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  @Test func knownDigests() throws {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    #expect(Digest.sha256([]) == empty)
    #expect(
      Digest.sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    try put("a", String(repeating: "a", count: 1_000_000))
    #expect(
      try Digest.sha256(file: directory.path + "/a")
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func everyKindOfChangeIsFound() throws {
    for name in ["a", "b/c", "b/d e", "z\\y\nx"] { try put(name, name) }
    try Manifest.write(directory: directory.path)
    #expect(Manifest.verify(directory: directory.path) == [])
    try put("a", "other")
    try FileManager.default.removeItem(atPath: directory.path + "/b/c")
    try put("new", "")
    #expect(
      Manifest.verify(directory: directory.path) == [.changed("a"), .missing("b/c"), .notListed("new")])
    #expect(Manifest.verify(directory: directory.path, ignoring: ["new"]).count == 2)
  }

  @Test func sha256sumReadsOddNamesToo() throws {
    for name in ["b\\c", "d\ne", " f", "*g"] { try put(name, name) }
    try Manifest.write(directory: directory.path)
    let check = Process()
    check.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    check.arguments = ["--check", "--strict", "--quiet", Manifest.fileName]
    check.currentDirectoryURL = URL(fileURLWithPath: directory.path)
    try check.run()
    check.waitUntilExit()
    #expect(check.terminationStatus == 0)
    #expect(Manifest.verify(directory: directory.path) == [])
  }

  @Test func aManifestThatIsNoneIsSaid() throws {
    #expect(Manifest.verify(directory: directory.path) == [.noManifest])
    try put(Manifest.fileName, "nonsense\n" + String(repeating: "g", count: 64) + "  a\n")
    #expect(Manifest.verify(directory: directory.path) == [.unreadableLine(1), .unreadableLine(2)])
  }
}

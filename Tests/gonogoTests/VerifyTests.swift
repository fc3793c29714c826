// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing

/// A real folder, changed in every way that would make it look better or worse than its run was.
@Suite(.serialized) struct VerifyTests {
  private let scratch: Scratch
  private let folder: String
  private let server: TestServer

  init() async throws {
    scratch = try Scratch()
    server = try TestServer(always: .answer())
    _ = try await gonogo(
      ["load", "--url", server.url, "--rate", "20/s", "--for", "2s", "--quiet", "--threshold", "errors < 90% over 1s"],
      in: scratch)
    folder = try scratch.runFolder()
  }

  private func verify(_ words: String...) async throws -> Ended {
    try await gonogo(["verify", folder] + words, in: scratch)
  }

  private func change(_ file: String, _ change: (inout [UInt8]) -> Void) throws {
    let url = URL(filePath: folder + "/" + file)
    var bytes = try Array(Data(contentsOf: url))
    change(&bytes)
    try Data(bytes).write(to: url)
  }

  private func replace(_ old: String, _ new: String, in file: String) throws {
    try change(file) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.contains(old))
      bytes = Array(text.replacing(old, with: new).utf8)
    }
  }

  /// As somebody would who has read how it is checked.
  private func sealAgain() async throws {
    let ended = try await run(
      "sh",
      [
        "-c",
        "cd '\(folder)' && find . -type f ! -name 'manifest.*' -printf '%P\\n' | LC_ALL=C sort | "
          + "xargs -d '\\n' sha256sum > ../m && mv ../m manifest.sha256",
      ], in: scratch)
    #expect(ended.code == 0, "\(ended)")
  }

  @Test func aFlippedByteInAnyFileIsFound() async throws {
    #expect(try await verify().code == 0)
    let names = files(below: folder)
    #expect(names.contains("attestation.json") && names.contains("series.csv") && names.count > 12, "\(names)")
    for name in names {
      let path = URL(filePath: folder + "/" + name)
      let whole = try Data(contentsOf: path)
      // An empty file has no byte to flip: one is added.
      try change(name) { bytes in if bytes.isEmpty { bytes = [10] } else { bytes[bytes.count / 2] ^= 1 } }
      let ended = try await verify()
      #expect(ended.code == 99, "\(name): \(ended)")
      #expect(ended.out.hasPrefix("NOT VERIFIED"))
      if name != "manifest.sha256" { #expect(ended.out.contains("\(name) was changed"), "\(name): \(ended.out)") }
      try whole.write(to: path)
    }
    #expect(try await verify().code == 0)
  }

  /// With the digests made to fit: what was counted and what is said about it no longer agree.
  @Test(arguments: [
    (#""verdict" : "inconclusive""#, #""verdict" : "pass""#, "run.json", "run.json does not follow"),
    (#""status" : "pending""#, #""status" : "pass""#, "run.json", "run.json does not follow"),
    ("WARNED", "PASSED", "attestation.json", "attestation.json is not what the rest of the folder says"),
    ("quick", "other", "summary.md", "summary.md is not what the rest of the folder says"),
  ])
  func anEditedVerdictIsFound(old: String, new: String, file: String, says: String) async throws {
    if file == "attestation.json", try !text(of: folder + "/" + file).contains(old) { return }
    if old.contains("verdict"), try !text(of: folder + "/" + file).contains(old) {
      try replace(#""verdict" : "pass""#, #""verdict" : "fail""#, in: file)
    } else {
      try replace(old, new, in: file)
    }
    try await sealAgain()
    let ended = try await verify()
    #expect(ended.code == 99)
    #expect(ended.out.contains(says), "\(ended.out)")
  }

  @Test func aRemovedSecondIsFound() async throws {
    for file in ["series.csv", "response.hlog"] {
      let url = URL(filePath: folder + "/" + file)
      let whole = try Data(contentsOf: url)
      try change(file) { bytes in
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        bytes = Array((lines.prefix(lines.count - 2) + [""]).joined(separator: "\n").utf8)
      }
      try await sealAgain()
      let ended = try await verify()
      #expect(ended.code == 99, "\(file)")
      #expect(ended.out.contains("run.json does not follow from the other files"), "\(file): \(ended.out)")
      try whole.write(to: url)
      try await sealAgain()
    }
    #expect(try await verify().code == 0)
  }

  @Test func whatWasAddedOrIsNoFileIsFound() async throws {
    try scratch.write("elsewhere", "text")
    let summary = folder + "/summary.md"
    try FileManager.default.createSymbolicLink(atPath: folder + "/more", withDestinationPath: scratch.path)
    #expect(try await verify().out.contains("more is no plain file"))
    try FileManager.default.removeItem(atPath: folder + "/more")
    try Data("x".utf8).write(to: URL(filePath: folder + "/inputs/extra.yaml"))
    #expect(try await verify().out.contains("inputs/extra.yaml was added after the run"))
    try FileManager.default.removeItem(atPath: folder + "/inputs/extra.yaml")
    // The same bytes, somewhere else.
    try FileManager.default.moveItem(atPath: summary, toPath: scratch.path + "/summary.md")
    try FileManager.default.createSymbolicLink(atPath: summary, withDestinationPath: scratch.path + "/summary.md")
    #expect(try await verify().out.contains("summary.md is no plain file"))
    try FileManager.default.removeItem(atPath: summary)
    // A pipe that nobody writes to would be read for ever.
    #expect(mkfifo(summary, 0o600) == 0)
    let ended = try await verify()
    #expect(ended.code == 99)
    #expect(ended.out.contains("summary.md is no plain file"))
  }

  @Test(arguments: ["../elsewhere", "/etc/hostname", "./summary.md", "inputs/../summary.md", "summary.md"])
  func aManifestCannotNameWhatIsElsewhere(name: String) async throws {
    try change("manifest.sha256") { $0 += Array("\(String(repeating: "0", count: 64))  \(name)\n".utf8) }
    let ended = try await verify()
    #expect(ended.code == 99)
    let says = name == "summary.md" ? "names summary.md twice" : "names \(name), which is not in the folder"
    #expect(ended.out.contains(says), "\(ended.out)")
  }

  @Test func whatIsNoFolderOfOursIsSaid() async throws {
    let ended = try await gonogo(["verify", "nowhere"], in: scratch)
    #expect(ended.code == 2)
    let plain = try await gonogo(["verify", scratch.path], in: scratch)
    #expect(plain.code == 99)
    #expect(plain.out.contains("nothing says what this is"))
  }

  @Test(.enabled(if: Child.find("ssh-keygen") != nil, "no ssh-keygen")) func signatures() async throws {
    for key in ["own", "other"] {
      let made = try await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key], in: scratch)
      #expect(made.code == 0)
    }
    let line = { (key: String) in "ops@example.org namespaces=\"gonogo\" " + (try scratch.read(key + ".pub")) }
    try scratch.write("signers", try line("own"))
    try scratch.write("strangers", try line("other"))
    try scratch.write("purpose", try line("own").replacing("gonogo", with: "git"))
    #expect(try await verify("--signers", "signers").code == 0)
    let unsigned = try await verify("--signers", "signers", "--require-signature")
    #expect(unsigned.code == 99 && unsigned.out.contains("it is not signed"))
    #expect(try await verify("--require-signature").code == 2)
    #expect(try await gonogo(["sign", folder, "--key", "nowhere"], in: scratch).code == 2)

    let signed = try await gonogo(["sign", folder, "--key", "own"], in: scratch)
    #expect(signed.code == 0, "\(signed)")
    #expect(try await gonogo(["sign", folder, "--key", "own"], in: scratch).code == 3)
    let right = try await verify("--signers", "signers", "--require-signature")
    #expect(right.code == 0, "\(right)")
    #expect(right.out.contains("signed by ops@example.org with ED25519 key SHA256:"))
    for list in ["strangers", "purpose"] {
      let stranger = try await verify("--signers", list)
      #expect(stranger.code == 99)
      #expect(stranger.out.contains("which is not an allowed signer"), "\(stranger)")
    }
    // The signature of another manifest.
    try replace("quick", "other", in: "summary.md")
    try await sealAgain()
    let wrong = try await verify("--signers", "signers")
    #expect(wrong.code == 99)
    #expect(wrong.out.contains("manifest.sha256.sig is no valid signature of the manifest"), "\(wrong.out)")
    #expect(try await gonogo(["sign", folder, "--key", "own"], in: scratch).code == 99)
  }
}

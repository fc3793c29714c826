// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Docker

@Suite struct EngineAddressTests {
  private func resolve(
    _ variables: [String: String], declared: String? = nil
  ) throws -> EngineAddress {
    let nowhere = ["HOME": "/nonexistent"]
    return try EngineAddress.resolve(declared: declared) { (nowhere.merging(variables) { $1 })[$0] }
  }

  @Test func withoutAWordItIsTheUsualSocket() throws {
    let address = try resolve([:])
    #expect(address.text == "unix:///var/run/docker.sock" && address.origin == "default" && address.tls == nil)
    #expect(try resolve(["DOCKER_HOST": ""]) == address)
  }

  @Test func aFileGoesBeforeTheVariableAndThatBeforeAContext() throws {
    let variables = ["DOCKER_HOST": "unix:///run/a", "DOCKER_CONTEXT": "nobody"]
    #expect(try resolve(variables, declared: "tcp://10.0.0.1:2376").text == "tcp://10.0.0.1:2376")
    #expect(try resolve(variables).text == "unix:///run/a")
    #expect(try resolve(variables).origin == "DOCKER_HOST")
  }

  @Test(arguments: [
    ("unix://", "unix:///var/run/docker.sock"), ("unix:///x/y", "unix:///x/y"), ("tcp://h", "tcp://h:2375"),
    ("tcp://h:1/", "tcp://h:1"), ("https://h:2376", "tcp://h:2376"),
  ])
  func aPlaceIsReadAsTheDockerCommandReadsIt(text: String, place: String) throws {
    #expect(try resolve(["DOCKER_HOST": text]).text == place)
  }

  @Test(arguments: ["ssh://ops@h", "npipe:////./pipe/docker", "h:2375", "", "tcp://", "tcp://a:b@h:1", "tcp://h/x"])
  func whatIsNoPlaceIsSaidSo(text: String) {
    #expect(throws: EngineError.self) { try resolve([:], declared: text) }
  }

  @Test func verifiedTLSTakesItsFilesFromTheFolderThatIsNamed() throws {
    var variables = ["DOCKER_HOST": "tcp://h:2376", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/certs"]
    let files = EngineAddress.TLS(ca: "/certs/ca.pem", certificate: "/certs/cert.pem", key: "/certs/key.pem")
    #expect(try resolve(variables).tls == files)
    variables["DOCKER_CERT_PATH"] = nil
    #expect(try resolve(variables).tls?.ca == "/nonexistent/.docker/ca.pem")
    variables["DOCKER_TLS_VERIFY"] = ""
    #expect(try resolve(variables).tls == nil)
  }

  @Test func contextsAreFoundByTheirName() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "docker-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ text: String, _ path: String) throws {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try write(#"{"currentContext": "near", "auths": {}}"#, "config.json")
    try write(#"{"Name": "near", "Endpoints": {"docker": {"Host": "unix:///run/near"}}}"#, "contexts/meta/1a/meta.json")
    try write("not JSON", "contexts/meta/2b/meta.json")
    try write(
      #"{"Name": "far", "Endpoints": {"docker": {"Host": "tcp://far:2376", "SkipTLSVerify": false}}}"#,
      "contexts/meta/3c/meta.json")
    try write("PEM", "contexts/tls/3c/docker/ca.pem")
    let configured = ["DOCKER_CONFIG": folder.path]
    let near = try resolve(configured)
    #expect(near.text == "unix:///run/near" && near.origin == "context near" && near.tls == nil)
    let far = try resolve(configured.merging(["DOCKER_CONTEXT": "far"]) { $1 })
    #expect(far.text == "tcp://far:2376" && far.tls?.isVerified == true && far.tls?.certificate == nil)
    #expect(far.tls?.ca?.hasSuffix("contexts/tls/3c/docker/ca.pem") == true)
    #expect(try resolve(configured.merging(["DOCKER_CONTEXT": "default"]) { $1 }).origin == "default")
    #expect(throws: EngineError("the docker context gone is not known in \(folder.path)")) {
      try resolve(configured.merging(["DOCKER_CONTEXT": "gone"]) { $1 })
    }
  }
}

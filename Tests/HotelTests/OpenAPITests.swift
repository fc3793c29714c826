// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestPython
import Testing
import Transport

/// The API document as others see it: a validator of OpenAPI, and a program that tries what the document allows.
@Suite struct OpenAPITests {
  static let hasValidator = TestPython.path(importing: "openapi_spec_validator") != nil
  static let hasSchemathesis = TestPython.path(importing: "schemathesis") != nil

  @Test(.enabled(if: hasValidator, "openapi-spec-validator is not installed; scripts/setup --tests does it"))
  func theDocumentIsValid() throws {
    let python = try #require(TestPython.path(importing: "openapi_spec_validator"))
    for server in [try RunningHotel(), try RunningHotel(pms: [])] {
      let file = server.folder.appendingPathComponent("openapi.json")
      try Data(try server.ask("GET", "/openapi.json").body).write(to: file)
      #expect(try TestPython.run([python, "-m", "openapi_spec_validator", file.path]).contains("OK"))
    }
    // It would see a mistake.
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("openapi-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(#"{"openapi":"3.1.0","info":{"title":"x"},"paths":{}}"#.utf8).write(to: file)
    #expect(throws: TestPython.Failure.self) {
      try TestPython.run([python, "-m", "openapi_spec_validator", file.path])
    }
  }

  @Test(.enabled(if: hasSchemathesis, "schemathesis is not installed; scripts/setup --tests does it"))
  func nothingThatTheDocumentAllowsBreaksTheHotel() throws {
    let python = try #require(TestPython.path(importing: "schemathesis"))
    // With forged signatures taken, what stands behind them is tried too.
    let hotel = try RunningHotel(["--accept-forged", "--log", "errors"])
    let printed = try TestPython.run([
      "env", "--chdir=\(hotel.folder.path)", python, "-m", "schemathesis.cli", "run", hotel.url + "/openapi.json",
      "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
      "--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--seed", "1",
      "--generation-database", "none", "--no-color",
    ])
    // A failure would have ended it with an error; this is that it tried anything.
    let tried = try #require(printed.firstMatch(of: /([0-9]+) generated, ([0-9]+) passed/))
    #expect(tried.1 == tried.2)
    #expect(Int(tried.1) ?? 0 > 100)
    #expect(hotel.log.isEmpty, "\(hotel.log)")
    #expect(try hotel.ask("GET", "/health/ready").status == 200)
  }
}

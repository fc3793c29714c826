// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Transport

@testable import Hotel

@Suite struct DocumentTests {
  @Test func everyDocumentedOperationIsServed() throws {
    struct Document: Decodable {
      struct Operation: Decodable {
        var operationId: String
        var responses: [String: Response]
      }
      struct Response: Decodable { var description: String }
      var openapi: String
      var paths: [String: [String: Operation]]
    }
    let hotel = try RunningHotel()
    let answer = try hotel.ask("GET", "/openapi.json")
    let document = try answer.decoded(Document.self)
    #expect(document.openapi.hasPrefix("3.1"))
    let operations = document.paths.flatMap { path, methods in methods.map { (path, $0.key, $0.value) } }
    #expect(operations.count == 17)
    #expect(Set(operations.map(\.2.operationId)).count == operations.count)
    for (path, method, operation) in operations {
      let place = path.replacingOccurrences(of: "{id}", with: "none")
      let status = try hotel.ask(method.uppercased(), place).status
      #expect(operation.responses[String(status)] != nil, "\(method) \(path) answered \(status)")
      let wrong = try hotel.ask("PATCH", place)
      #expect(wrong.status == 405)
      #expect(wrong.header(named: "Allow")?.contains(method.uppercased()) == true)
    }
  }

  @Test func everyReferenceOfTheDocumentLeadsSomewhere() throws {
    let text = try RunningHotel().ask("GET", "/openapi.json").text
    let names = text.components(separatedBy: "#/components/schemas/").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(names.count > 10)
    for name in names { #expect(schemas.contains { $0.name == name }, "\(name)") }
  }

  @Test(arguments: ["/health", "/docs", "/no/such/place", "/%00", "/api/v1/reservations"])
  func everyAnswerHasSecurityHeaders(path: String) throws {
    let answer = try RunningHotel().ask("GET", path)
    #expect(answer.header(named: "X-Content-Type-Options") == "nosniff")
    #expect(answer.header(named: "X-Frame-Options") == "DENY")
    #expect(answer.header(named: "Content-Security-Policy")?.contains("default-src 'none'") == true)
    #expect(answer.header(named: "X-Request-Id")?.count == 32)
  }

  @Test func thePageNamesEveryOperationAndLoadsNothing() throws {
    let page = try RunningHotel().ask("GET", "/docs")
    #expect(page.header(named: "Content-Type") == "text/html; charset=utf-8")
    #expect(page.text.contains("/api/v1/reservations/{id}"))
    #expect(!page.text.contains("http://") && !page.text.contains("https://") && !page.text.contains("src="))
  }

  @Test(arguments: [
    ("/", [""]), ("/a/b", ["a", "b"]), ("/a%20b/%c3%b1", ["a b", "ñ"]), ("/a%2Fb", ["a/b"]),
    ("/a%00", nil), ("/%", nil), ("/%2", nil), ("/%zz", nil), ("/%ff", nil), ("a", nil), ("", nil), ("*", nil),
  ])
  func targetsAreDecodedOrRefused(raw: String, segments: [String]?) {
    #expect(Target(raw)?.segments == segments)
  }

  @Test func queriesAreDecoded() {
    let query = Target("/a?x=1+2&y=%2B&z&&w=a=b")?.query ?? []
    #expect(query.map(\.name) == ["x", "y", "z", "w"])
    #expect(query.map(\.value) == ["1 2", "+", "", "a=b"])
  }

  @Test(arguments: [
    ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true),
    ("00-00000000000000000000000000000000-b7ad6b7169203331-01", false),
    ("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false),
    ("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false), ("00-0af7", false), ("", false),
  ])
  func traceIDsAreTakenOverWhenTheyAreSound(header: String, isTaken: Bool) {
    #expect((traceID(of: header) == "0af7651916cd43dd8448eb211c80319c") == isTaken)
    #expect(traceID(of: header).count == 32)
  }

  @Test func daysGoThereAndBack() {
    #expect(Day("1970-01-01")?.number == 0)
    #expect(Day("2000-02-29")?.number == 11_016)
    #expect(Day("2026-11-20")?.number == 20_777)
    for number in stride(from: 0, to: 60_000, by: 7) { #expect(Day(Day(number: number).text)?.number == number) }
    for text in ["2026-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "2026-11-31", "x", "2026/11/20"] {
      #expect(Day(text) == nil, "\(text)")
    }
  }
}

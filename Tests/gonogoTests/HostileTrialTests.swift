// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestPython
import TestServers
import Testing

/// A server, files and people whose every word is a script: what is made of them is opened in a browser, and no script runs.
@Suite(.enabled(if: Chromium.isHere, "\(Chromium.whyNot)")) struct HostileTrialTests {
  /// For names, which are parts of paths: no slash in it.
  private static let name = "x\"><img src=x onerror=document.title='ran'>"
  private static let texts = [
    "<script>document.title='ran'</script>", "'\"><svg onload=document.title='ran'>",
    "</title></style></script><script>document.title='ran'</script><!--", "javascript:document.title='ran'//",
  ]
  private static var all: String { texts.joined(separator: " ") }

  private static func answer(to request: Request) -> Reply {
    let body = "<html><body onload=\"document.title='ran'\">\(all)"
    let headers =
      "Content-Type: text/html\r\nX-Build: \(all)\r\nX-Bad: \(name)\r\n<svg/onload=document.title='ran'>: \(all)\r\n"
      + "Set-Cookie: a=\(name)\r\nLocation: \(texts[3])\r\n"
    let status = request.path.hasPrefix("/build") || request.path.hasPrefix("/good") ? "200" : "500"
    return .raw(
      "HTTP/1.1 \(status) \(all)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  /// JSON is YAML, and quotes whatever there is.
  private func write(_ scratch: Scratch, _ file: String, _ content: Any) throws {
    let text = try JSONSerialization.data(withJSONObject: content, options: [.sortedKeys])
    try scratch.write(file, String(decoding: text, as: UTF8.self))
  }

  private func prepare(_ scratch: Scratch, url: String) throws -> String {
    let (name, texts, all) = (Self.name, Self.texts, Self.all)
    try write(
      scratch, "s.yaml",
      [
        "scenario": "s \(name)", "about": all,
        "steps": [
          ["name": "a \(name)", "get": "/a?x=\(texts[0])", "headers": ["X-Mine": all]],
          ["name": "b \(name)", "get": "/good", "expect": ["status": 200, "body": ["contains": name + all]]],
          ["name": "c \(name)", "get": "/good", "expect": ["headers": ["X-Bad": ["equals": all]]]],
          ["name": "d \(name)", "get": "/good", "expect": ["json": ["$.a": ["equals": all]]]],
        ],
      ])
    try write(
      scratch, "plan.yaml",
      [
        "plan": "p \(name)", "mix": [["scenario": "s.yaml", "share": "100%"]], "overload-stop": "off",
        "phases": [["name": "ph \(name)", "rate": "20/s", "for": "2s", "steady": true]], "thresholds": ["errors < 1%"],
      ])
    let environment = "e \(name)"
    try write(
      scratch, "gonogo.yaml",
      [
        "environments": [
          environment: [
            "url": url, "kind": "staging", "allow": ["smoke", "load"], "outbound": "sink",
            "build": ["get": "/build", "header": "X-Build"],
            "peak": ["rate": "20 arrivals/s", "source": all, "by": all],
          ]
        ]
      ])
    let rows = texts.enumerated().map { number, text in
      ["id": "I\(number)", "priority": "P \(name)", "title": text, "hint": all]
    }
    try write(
      scratch, "list.yaml",
      [
        "checklist": "own", "title": all, "source": all, "priorities": ["P \(name)": ["blocker": true]],
        "roles": [all], "decision-maker": all, "scores": ["total": [:] as [String: String]],
        "decision": [["if": "total >= 100%", "then": "GO", "because": all]],
        "otherwise": ["then": "NO-GO", "because": all], "readings": [["about": all, "chosen": all]],
        "items": ["c \(all)": ["g \(all)": rows]],
      ])
    let at = "2026-11-20T10:00:00Z"
    let said: [[String: Any]] = texts.enumerated().map { number, text in
      [
        "item": "I\(number)", "status": "pass", "who": all, "at": at, "note": text, "checklist": "own",
        "evidence": [text, "https://wiki.example/\(text)", "data:text/html,\(texts[0])"],
      ]
    }
    try write(
      scratch, "readiness.yaml",
      said + [
        [
          "risk": name, "title": all, "item": "I0", "level": "medium", "impact": all, "probability": all,
          "mitigation": all, "accepted-by": all, "at": at,
        ], ["sign-off": all, "who": all, "at": at, "note": all], ["condition": all, "who": all, "at": at],
        ["decision-maker": all],
      ])
    return environment
  }

  @Test func noScriptOfTheirsRuns() async throws {
    let server = try TestServer { Self.answer(to: $0) }
    let scratch = try Scratch()
    let environment = try prepare(scratch, url: server.url)
    let aimed = ["--env", environment, "--no-color"]
    let smoke = try await gonogo(["smoke", "s.yaml", "--out", "results"] + aimed, in: scratch)
    #expect(smoke.code == 99, "\(smoke)")
    let load = try await gonogo(["load", "plan.yaml", "--no-probe", "--out", "results"] + aimed, in: scratch)
    #expect(load.code == 99, "\(load)")
    let decide = try await gonogo(
      ["decide", "--env", environment, "--checklist", "list.yaml", "--no-color"], in: scratch)
    #expect([0, 10, 11, 99].contains(decide.code), "\(decide)")
    for ended in [smoke, load, decide] {
      #expect(!(ended.out + ended.err).contains("\u{1B}"))
    }

    let results = scratch.path + "/results"
    var pages: [String] = []
    for folder in try FileManager.default.contentsOfDirectory(atPath: results).sorted() where folder != "latest" {
      for page in ["report.html", "decision.html"] {
        let path = "\(results)/\(folder)/\(page)"
        if FileManager.default.fileExists(atPath: path) { pages.append(path) }
      }
    }
    #expect(pages.count == 3, "\(pages)")
    let jobs = pages.map { path in
      // A path may hold what a URL means by something else.
      var job = Chromium.Job(open: URL(fileURLWithPath: path).absoluteString)
      job.do = [
        .evaluate("for (const one of document.querySelectorAll('details')) one.open = true"),
        .evaluate("[...document.querySelectorAll('a')].every((a) => /^(https?:|file:)$/.test(a.protocol))"),
        .evaluate("document.querySelectorAll('img, iframe, [onload], [onerror]').length"),
        .evaluate("document.body.innerText.includes('<script>')"),
      ]
      return job
    }
    for (path, page) in zip(pages, try Chromium.visit(jobs)) {
      #expect(page.isQuiet, "\(path): \(page)")
      #expect(page.values[1] == .truth(true), "\(path): a link leads elsewhere")
      #expect(page.values[2] == .number(0), "\(path): their markup is markup")
      #expect(page.values[3] == .truth(true), "\(path): their words are not there")
      #expect(page.title != "ran")
    }
  }
}

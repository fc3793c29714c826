// SPDX-License-Identifier: Apache-2.0

/// The API described by itself: a page for people and the OpenAPI document of all that is served.
func withDocumentation(_ routes: [Route]) -> [Route] {
  let page = docsPage(routes)
  let docs = Route(
    method: "GET", path: "/docs", operation: "docs", about: "The operations, for people.",
    answers: [.init(status: 200, about: "A page.", contentType: "text/html", schema: ["type": "string"])],
    isLimited: false
  ) { _, exchange in
    exchange.send(Answer(status: 200, contentType: "text/html; charset=utf-8", body: Array(page.utf8)))
  }
  var document = Route(
    method: "GET", path: "/openapi.json", operation: "openapi", about: "This document.",
    answers: [.init(status: 200, about: "OpenAPI 3.1.")], isLimited: false, handle: { _, _ in })
  let bytes = openAPI(routes + [docs, document]).bytes
  document.handle = { _, exchange in
    exchange.send(Answer(status: 200, contentType: "application/json", body: bytes))
  }
  return routes + [docs, document]
}

/// OpenAPI 3.1 of the routes.
private func openAPI(_ routes: [Route]) -> JSONText {
  var paths: [(name: String, value: [(name: String, value: JSONText)])] = []
  for route in routes {
    let operation = (name: route.method.lowercased(), value: describe(route))
    if let known = paths.firstIndex(where: { $0.name == route.path }) {
      paths[known].value.append(operation)
    } else {
      paths.append((name: route.path, value: [operation]))
    }
  }
  return [
    "openapi": "3.1.0",
    "info": [
      "title": "Reference hotel", "version": .text(hotelVersion),
      "description": "A small stand-in of a hotel's booking service, to try load, drills and smoke tests on.",
      "license": ["name": "Apache 2.0", "identifier": "Apache-2.0"],
    ],
    "servers": [["url": "/"]],
    "paths": .record(paths.map { (name: $0.name, value: .record($0.value)) }),
    "components": ["schemas": .record(schemas)],
  ]
}

private func describe(_ route: Route) -> JSONText {
  var members: [(name: String, value: JSONText)] = [
    (name: "operationId", value: .text(route.operation)), (name: "summary", value: .text(route.about)),
  ]
  let inPath = route.path.split(separator: "/").filter { $0.first == "{" }.map {
    Route.Parameter(
      place: .path, name: String($0.dropFirst().dropLast()), about: "Of the one meant.",
      schema: ["type": "string", "minLength": 1])
  }
  let parameters = inPath + route.parameters
  if !parameters.isEmpty {
    members.append(
      (
        name: "parameters",
        value: .list(
          parameters.map {
            [
              "name": .text($0.name), "in": .text($0.place.rawValue), "description": .text($0.about),
              "required": .flag($0.isRequired), "schema": $0.schema,
            ]
          })
      ))
  }
  if let body = route.body {
    members.append(
      (name: "requestBody", value: ["required": true, "content": ["application/json": ["schema": body]]]))
  }
  let own = Set(route.answers.map(\.status))
  let answers = route.answers + Route.always.filter { !own.contains($0.status) }
  let responses = answers.sorted { $0.status < $1.status }.map { answer in
    var response: [(name: String, value: JSONText)] = [(name: "description", value: .text(answer.about))]
    if let type = answer.contentType {
      response.append((name: "content", value: .record([(name: type, value: ["schema": answer.schema] as JSONText)])))
    }
    return (name: String(answer.status), value: JSONText.record(response))
  }
  return .record(members + [(name: "responses", value: .record(responses))])
}

private func docsPage(_ routes: [Route]) -> String {
  func escaped(_ text: String) -> String {
    text.map { $0 == "<" ? "&lt;" : $0 == ">" ? "&gt;" : $0 == "&" ? "&amp;" : String($0) }.joined()
  }
  let rows = routes.map {
    "<tr><td>\($0.method)</td><td><code>\(escaped($0.path))</code></td><td>\(escaped($0.about))</td></tr>"
  }
  return """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>Reference hotel</title>
    <style>body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}
    td,th{padding:.3em 1em .3em 0;text-align:left;vertical-align:top}</style></head>
    <body><h1>Reference hotel \(hotelVersion)</h1>
    <p>Everything that is served, for machines: <a href="/openapi.json">/openapi.json</a></p>
    <table><thead><tr><th>Method</th><th>Path</th><th>What for</th></tr></thead><tbody>
    \(rows.joined(separator: "\n"))
    </tbody></table></body></html>

    """
}

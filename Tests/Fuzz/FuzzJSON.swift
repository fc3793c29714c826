// SPDX-License-Identifier: Apache-2.0
import JSON

private let fixedPaths = ["$", "$.a", "$.a.b[0].c", "$.rooms[*].id", "$['odd name']", "$[*][*]", "$.list.length"]

/// The first line is taken for a path, the rest is scanned with it and with fixed ones.
func fuzzJSON(_ bytes: UnsafeBufferPointer<UInt8>) {
  let lineEnd = bytes.firstIndex(of: 0x0A) ?? 0
  let pathText = String(decoding: bytes[..<lineEnd], as: UTF8.self)
  var texts = fixedPaths
  do throws(JSONPathError) {
    texts.append(try JSONPath(pathText).text)
  } catch {
    precondition(error.offset >= 0 && error.offset <= pathText.utf8.count, "an error outside the path")
  }
  let paths = JSONPaths(texts.compactMap { try? JSONPath($0) })
  precondition(paths.count == texts.count, "a path that was read once is not read again")
  let body = UnsafeBufferPointer(rebasing: bytes[min(lineEnd + 1, bytes.count)...])
  var matches = JSONMatches()
  do throws(JSONError) {
    try matches.scan(body, paths)
  } catch {
    precondition(error.offset >= 0 && error.offset <= body.count, "an error outside the bytes")
    return
  }
  let span = body.span
  if let root = matches.first(of: 0) { compareChildren(of: root, body) }
  for path in 0..<paths.count {
    for fragment in matches.all(of: path) {
      precondition(fragment.range.lowerBound >= 0 && fragment.range.upperBound <= body.count, "a fragment outside")
      look(at: fragment, span)
    }
  }
}

private func look(at fragment: JSONFragment, _ span: Span<UInt8>) {
  _ = (fragment.number(in: span), fragment.integer(in: span), fragment.bool(in: span), fragment.isEmpty)
  let text = fragment.string(in: span)
  guard fragment.kind == .string else { return }
  // What was read, written again, reads the same.
  var written: [UInt8] = []
  appendJSONString(text, to: &written)
  var again = JSONMatches()
  guard let root = try? JSONPath("$") else { preconditionFailure("the root is a path") }
  do throws(JSONError) { try again.scan(written.span, JSONPaths([root])) } catch {
    preconditionFailure("our own string is not JSON: \(error)")
  }
  precondition(again.first(of: 0)?.string(in: written.span) == text, "a string changed on its way")
}

/// A walk finds what the scan finds.
private func compareChildren(of root: JSONFragment, _ body: UnsafeBufferPointer<UInt8>) {
  guard let path = try? JSONPath("$.*") else { preconditionFailure("a wildcard is a path") }
  var matches = JSONMatches()
  guard (try? matches.scan(body, JSONPaths([path]))) != nil else { preconditionFailure("it was JSON before") }
  var children: [JSONFragment] = []
  root.forEachMember(in: body.span) { name, value in
    look(at: name, body.span)
    children.append(value)
    return true
  }
  root.forEachElement(in: body.span) {
    children.append($0)
    return true
  }
  precondition(children == matches.all(of: 0), "a walk and a scan find other values")
}

// SPDX-License-Identifier: Apache-2.0
import Document
import JSON

/// Why no operations could be read out of a document, in a sentence.
package struct OpenAPIError: Error, Sendable, Equatable {
  package var message: String
}

/// The operations of an OpenAPI document 3.x, JSON or YAML: `paths`, with the base paths of `servers`. Whatever else
/// stands in it is passed over. `location`: the path it was fetched from, which relative servers begin at.
package func readOpenAPI(_ bytes: [UInt8], location: String = "/") throws(OpenAPIError) -> [TargetOperation] {
  guard bytes.count <= OpenAPIReader<Node>.mostBytes else {
    throw OpenAPIError(message: "it has \(bytes.count) bytes; at most \(OpenAPIReader<Node>.mostBytes) are read")
  }
  let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
  guard first != UInt8(ascii: "{") else {
    let root: OpenAPIFragment
    do throws(JSONError) {
      root = try OpenAPIFragment(bytes)
    } catch {
      throw OpenAPIError(message: "it is not JSON: \(error)")
    }
    return try OpenAPIReader.read(root, location: location)
  }
  var diagnostics = Diagnostics()
  guard let node = parse(Source(path: "", bytes: bytes), &diagnostics), node.entries != nil else {
    let reason = diagnostics.all.first.map { " (line \($0.position.line): \($0.message))" } ?? ""
    throw OpenAPIError(message: "it is neither JSON nor YAML with keys\(reason)")
  }
  return try OpenAPIReader.read(node, location: location)
}

/// Walks through a document once. Each object is looked at as often as it lies deep, and what several paths refer to is
/// read once, so that the work is linear in the document.
private struct OpenAPIReader<Value: OpenAPIValue> {
  static var mostBytes: Int { 16 << 20 }
  private static var mostOperations: Int { 20_000 }
  private static var mostServers: Int { 8 }
  private static var methods: [String] {
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"]
  }

  /// Methods of a path, each with its own base paths where it has them.
  private typealias Item = [(method: String, bases: [String]?)]

  private let location: String
  private let bases: [String]
  /// What paths may refer to, by `#/...`.
  private var referable: [String: Value] = [:]
  private var itemsRead: [String: Item] = [:]
  private var operations: [TargetOperation] = []

  static func read(_ root: Value, location: String) throws(OpenAPIError) -> [TargetOperation] {
    guard let version = root.member("openapi")?.text else {
      throw OpenAPIError(
        message: root.member("swagger") == nil
          ? "it has no `openapi` with a version" : "it is Swagger 2, only OpenAPI 3 is read")
    }
    guard version.hasPrefix("3.") else { throw OpenAPIError(message: "it is OpenAPI \(version.prefix(20)), not 3") }
    guard let paths = root.member("paths"), paths.isObject else {
      throw OpenAPIError(message: "it has no `paths`")
    }
    var reader = OpenAPIReader(root, location: location)
    try reader.read(paths)
    guard !reader.operations.isEmpty else { throw OpenAPIError(message: "it has no operation under `paths`") }
    return reader.operations
  }

  private init(_ root: Value, location: String) {
    self.location = location
    bases = Self.bases(root, location) ?? []
    root.member("components")?.member("pathItems")?.forEachMember { name, item in
      referable["#/components/pathItems/" + name] = referable["#/components/pathItems/" + name] ?? item
      return referable.count < Self.mostOperations
    }
  }

  private mutating func read(_ paths: Value) throws(OpenAPIError) {
    var seen: Set<String> = []
    var problem: OpenAPIError?
    paths.forEachMember { path, value in
      guard !path.hasPrefix("x-"), seen.insert(path).inserted else { return true }
      do throws(OpenAPIError) {
        guard path.hasPrefix("/") else {
          throw OpenAPIError(message: "the path '\(path.prefix(80))' does not begin with /")
        }
        for (method, own) in try item(value, of: path) {
          operations.append(TargetOperation(method: method.uppercased(), path: path, basePaths: own ?? bases))
        }
        if operations.count > Self.mostOperations {
          throw OpenAPIError(message: "it has more than \(Self.mostOperations) operations")
        }
      } catch {
        problem = error
      }
      return problem == nil
    }
    if let problem { throw problem }
  }

  /// What a path can be asked; a reference is followed once.
  private mutating func item(_ value: Value, of path: String) throws(OpenAPIError) -> Item {
    let own = Self.methods(value, location)
    guard let reference = own.reference else { return own.item }
    let target = Self.unescaped(reference)
    if let known = itemsRead[target] { return known + own.item }
    guard let referred = referable[target] else {
      throw OpenAPIError(
        message: "the path '\(path.prefix(80))' refers to '\(reference.prefix(80))', which is not in"
          + " #/components/pathItems")
    }
    let there = Self.methods(referred, location)
    guard there.reference == nil else {
      throw OpenAPIError(message: "'\(reference.prefix(80))' refers to something else again")
    }
    itemsRead[target] = there.item
    return there.item + own.item
  }

  private static func methods(_ value: Value, _ location: String) -> (item: Item, reference: String?) {
    var item: Item = []
    var reference: String?
    var shared: [String]?
    value.forEachMember { key, member in
      if key == "$ref" { reference = reference ?? member.text }
      if key == "servers" { shared = shared ?? bases(of: member, location) }
      if methods.contains(key), member.isObject, !item.contains(where: { $0.method == key }) {
        item.append((key, bases(member, location)))
      }
      return true
    }
    return (item.map { ($0.method, $0.bases ?? shared) }, reference)
  }

  // MARK: servers

  /// Base paths of an object's `servers`; nil without any.
  private static func bases(_ object: Value, _ location: String) -> [String]? {
    object.member("servers").flatMap { bases(of: $0, location) }
  }

  private static func bases(of servers: Value, _ location: String) -> [String]? {
    var bases: [String] = []
    servers.forEachElement { server in
      guard var url = server.member("url")?.text, url.utf8.count <= 2000 else { return true }
      var variables = 0
      server.member("variables")?.forEachMember { name, variable in
        variables += 1
        if let value = variable.member("default")?.text, value.utf8.count <= 200 {
          url = url.replacing("{\(name)}", with: value, maxReplacements: 1)
        }
        return variables < 20 && url.utf8.count <= 4000
      }
      let base = basePath(of: url, location)
      if !bases.contains(base) { bases.append(base) }
      return bases.count < mostServers
    }
    return bases.isEmpty ? nil : bases
  }

  /// `/v1` of `https://hotel.example/v1/`, `/v1`, or `v1` beside the document.
  private static func basePath(of url: String, _ location: String) -> String {
    var path = url.prefix { $0 != "?" && $0 != "#" }
    if let scheme = path.firstRange(of: "://") {
      path = path[scheme.upperBound...].drop { $0 != "/" }
    } else if path.hasPrefix("//") {
      path = path.dropFirst(2).drop { $0 != "/" }
    } else if path.hasPrefix("{") {
      // A variable without a default, standing for scheme and host.
      path = path.drop { $0 != "/" }
    } else if !path.hasPrefix("/") {
      path = location.prefix(upTo: location.lastIndex(of: "/") ?? location.startIndex) + "/" + path
    }
    var parts: [Substring] = []
    for part in path.split(separator: "/") {
      if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
    }
    return parts.isEmpty ? "" : "/" + parts.joined(separator: "/")
  }

  /// A JSON pointer without its escapes.
  private static func unescaped(_ pointer: String) -> String {
    pointer.replacing("~1", with: "/").replacing("~0", with: "~")
  }
}

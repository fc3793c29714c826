// SPDX-License-Identifier: Apache-2.0

/// A first scenario, made out of something else, to be written as a file that people go on with. Texts are templates as
/// in the file: literals went through `ScenarioSketch.literal`.
package struct ScenarioSketch: Sendable, Equatable {
  package var name: String
  package var about: String
  /// Lines above everything, without `#`.
  package var remarks: [String] = []
  package var steps: [Request] = []
  /// Lines below the steps, without `#`: what was found and not made a step.
  package var rest: [String] = []
  /// Environment variables the scenario reads with `env()` or `secret()`.
  package var variables: [String] = []

  package init(name: String, about: String) {
    self.name = name
    self.about = about
  }

  package struct Request: Sendable, Equatable {
    package var name: String
    /// Lower case.
    package var method: String
    /// A path or URL.
    package var path: String
    package var remarks: [String] = []
    package var variables: [Pair] = []
    package var headers: [Pair] = []
    package var body: Body?
    package var status = "2xx"
    package var within: String?
    package var timeout: String?
    package var redirects: Int?
    /// Written, but as a comment: it could do damage, or a value is missing.
    package var isLeftOut = false

    package init(name: String, method: String, path: String) {
      self.name = name
      self.method = method
      self.path = path
    }
  }

  package struct Pair: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package enum Body: Sendable, Equatable {
    case json(SketchValue)
    case form([Pair])
    case text(String)
    /// A file's path, relative to the scenario.
    case file(String)
    case parts([Part])
  }

  package struct Part: Sendable, Equatable {
    package var name: String
    package var value: String?
    package var file: String?
    package var type: String?
    package var filename: String?
  }

  /// What cannot be made a scenario of, and why.
  package struct Mistake: Error, Equatable {
    package var message: String
    package var hint: String?

    init(_ message: String, hint: String? = nil) {
      self.message = message
      self.hint = hint
    }
  }

  // MARK: words

  /// A text in which nothing is a template.
  static func literal(_ text: String) -> String { text.replacing("{{", with: "{{ '{{' }}") }

  /// A variable of the process environment in a template.
  static func variable(_ name: String) -> String { "{{ env('\(name)') }}" }

  /// A secret in a template. Its value is written nowhere.
  static func secret(_ name: String) -> String { "{{ secret('\(name)') }}" }

  /// The name of a variable for a header, field or parameter: `X-Api-Key` is X_API_KEY.
  static func variableName(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      let isWord = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      if isWord { result += String(scalar).uppercased() } else if result.last != "_", !result.isEmpty { result += "_" }
    }
    while result.last == "_" { result.removeLast() }
    guard let first = result.first, !first.isNumber else { return "SECRET_" + result }
    return result
  }

  /// A step's name: the method and the last words of the path that say something.
  static func stepName(_ method: String, _ path: String) -> String {
    let words = path.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").filter { segment in
      let isVersion = segment.count <= 3 && segment.first == "v" && segment.dropFirst().allSatisfy(\.isNumber)
      return segment != "api" && !isVersion && !segment.contains("{") && segment.contains(where: \.isLetter)
    }
    let slug = words.suffix(2).joined(separator: "-").lowercased()
      .map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "-" }.joined()
      .split(separator: "-").joined(separator: "-")
    return "\(method)-\(slug.isEmpty ? "root" : String(slug.prefix(40)))"
  }

  /// Makes the names of the steps differ.
  mutating func nameApart() {
    var used: [String: Int] = [:]
    for index in steps.indices {
      let count = (used[steps[index].name] ?? 0) + 1
      used[steps[index].name] = count
      if count > 1 { steps[index].name += "-\(count)" }
    }
  }
}

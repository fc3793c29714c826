// SPDX-License-Identifier: Apache-2.0

/// Puts `secret('NAME')` where a value must not stand in a file, and remembers the names.
struct SecretNames {
  private(set) var names: [String] = []

  mutating func add(_ name: String) -> String {
    if !names.contains(name) { names.append(name) }
    return name
  }

  /// A value with what is secret in it replaced. A shell variable keeps its name.
  private mutating func hidden(_ value: String, _ name: String) -> String {
    if let start = value.firstRange(of: "{{ env('"), let end = value.firstRange(of: "') }}"),
      start.lowerBound == value.startIndex, end.upperBound == value.endIndex
    {
      return ScenarioSketch.secret(add(String(value[start.upperBound..<end.lowerBound])))
    }
    return ScenarioSketch.secret(add(name))
  }

  /// `user:password` for `base64()`.
  mutating func credentials(_ user: String) -> String {
    let halves = user.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let password = hidden(halves.count == 2 ? halves[1] : "", "API_PASSWORD")
    return "\(halves[0]):\(password)"
  }

  mutating func header(_ header: ScenarioSketch.Pair) -> String {
    guard SensitiveNames.isSensitive(header.name) else { return header.value }
    if header.name.lowercased() == "authorization" {
      let words = header.value.split(separator: " ", maxSplits: 1).map(String.init)
      if words.count == 2, words[0].allSatisfy({ $0.isLetter || $0 == "-" }) {
        return "\(words[0]) \(hidden(words[1], "API_TOKEN"))"
      }
      return hidden(header.value, "API_TOKEN")
    }
    return hidden(header.value, ScenarioSketch.variableName(header.name))
  }

  mutating func field(_ name: String, _ value: String) -> String {
    SensitiveNames.isSensitive(name) ? hidden(value, ScenarioSketch.variableName(name)) : value
  }

  mutating func json(_ value: SketchValue) -> SketchValue {
    var secrets = self
    let changed = value.mapTexts { name, text in secrets.field(name, text) }
    self = secrets
    return changed
  }

  /// Parameters of the query.
  mutating func query(_ path: String) -> String {
    guard let mark = path.firstIndex(of: "?") else { return path }
    let parameters = path[path.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false).map {
      parameter -> String in
      let halves = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      return halves.count == 2 ? "\(halves[0])=\(field(halves[0], halves[1]))" : String(parameter)
    }
    return path[...mark] + parameters.joined(separator: "&")
  }
}

// SPDX-License-Identifier: Apache-2.0
import Document

extension Scope {
  /// The meaning of a dotted name.
  mutating func resolve(_ path: [String]) throws(TemplateMistake) -> Expression {
    let name = path.joined(separator: ".")
    if path.count == 1, let meaning = names[name] {
      switch meaning {
      case .slot(let slot): return .slot(slot)
      case .constant(let value): return .literal(value)
      case .list:
        throw TemplateMistake("'\(name)' is a list", hint: "choose one of its values with pick(\(name))")
      }
    }
    if brokenFeeders.contains(path[0]) { return .literal(Value(text: "")) }
    if let feeder = feeders[path[0]] { return try column(path, of: feeder) }
    if name == "run.id" { return .runID }
    if name == "journey.number" { return .journeyNumber }
    if path[0] == "settings", path.count > 1 { return try setting(path.dropFirst().joined(separator: ".")) }
    if name == "body" {
      guard allowsBody else {
        throw TemplateMistake(
          "'body' means nothing here", hint: "it is the body that is sent, in the headers of a request that has one")
      }
      return .body
    }
    if Self.functions.contains(name) {
      throw TemplateMistake("'\(name)' is a function", suggestion: "\(name)()")
    }
    if let place = later[name] {
      throw TemplateMistake("'\(name)' has no value yet: it gets one in \(place)", hint: "move this after it")
    }
    if path.count > 1, names[path[0]] != nil {
      throw TemplateMistake(
        "'\(path[0])' is a single value and has no '\(path[1])'", hint: "capture the part you need by its JSON path")
    }
    throw TemplateMistake("unknown variable '\(name)'", suggestion: nearest(to: name, among: candidates))
  }

  private mutating func column(_ path: [String], of feeder: Feeder) throws(TemplateMistake) -> Expression {
    let column = path.dropFirst().joined(separator: ".")
    if let index = feeder.columns.firstIndex(of: column), path.count > 1 {
      feedersUsed.insert(feeder.index)
      return .column(feeder: feeder.index, column: index)
    }
    let columns = feeder.columns.joined(separator: ", ")
    if path.count == 1 {
      throw TemplateMistake("'\(path[0])' is a table: name one of its columns", hint: "it has \(columns)")
    }
    throw TemplateMistake(
      "'\(path[0])' has no column '\(column)'", hint: "it has \(columns)",
      suggestion: nearest(to: column, among: feeder.columns).map { "\(path[0]).\($0)" })
  }

  /// `settings.health` is the text, or the list joined by commas; `settings.health[0]` one of the list, empty text when
  /// it is shorter, so that `when` can ask.
  private mutating func setting(_ name: String) throws(TemplateMistake) -> Expression {
    if let settings, !settings.contains(name), SettingPlace(name).map({ settings.contains($0.list) }) != true {
      throw TemplateMistake(
        "the environment has no setting '\(name)'",
        hint: "declare it under 'settings:' of the environment in gonogo.yaml; a target not declared there has none",
        suggestion: nearest(to: name, among: settings).map { "settings.\($0)" })
    }
    return .setting(settingIndex(name))
  }
}

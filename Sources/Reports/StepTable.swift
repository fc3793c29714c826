// SPDX-License-Identifier: Apache-2.0
import Results

/// The figures of the steps in as many columns as the width has room for.
struct StepTable {
  private enum Column: CaseIterable {
    case requests, errors, p50, p95, p99, maximum, serviceP95

    var title: String {
      switch self {
      case .requests: "requests"
      case .errors: "errors"
      case .p50: "p50"
      case .p95: "p95"
      case .p99: "p99"
      case .maximum: "max"
      case .serviceP95: "svc p95"
      }
    }
  }

  /// What goes first when room is short.
  private static let dispensable: [Column] = [.serviceP95, .p50, .maximum, .requests, .p99]
  private static let leastName = 16
  private static let mostName = 60

  private let columns: Int
  private var names = ["steady"]
  private var rows: [[Column: String]]

  init(columns: Int) {
    self.columns = columns
    rows = [Dictionary(uniqueKeysWithValues: Column.allCases.map { ($0, $0.title) })]
  }

  mutating func add(name: String, requests: Int, errors: Int, response: TimeFigures, service: TimeFigures) {
    names.append(TerminalText.escaped(name))
    func time(_ value: Double?) -> String { Wordings.time(value, requests: requests).filter { $0 != " " } }
    rows.append([
      .requests: NumberText.count(requests), .errors: NumberText.count(errors), .p50: time(response.p50),
      .p95: time(response.p95), .p99: time(response.p99), .maximum: time(response.max),
      .serviceP95: time(service.p95),
    ])
  }

  /// The header, then one line per row.
  func lines() -> [String] {
    var shown = Column.allCases
    var widths: [Column: Int] = [:]
    for column in shown { widths[column] = (rows.map { $0[column]?.count ?? 0 }.max() ?? 0) + 2 }
    func used() -> Int { shown.reduce(0) { $0 + (widths[$1] ?? 0) } }
    for column in Self.dispensable where columns - used() < Self.leastName { shown.removeAll { $0 == column } }
    let longest = names.map(TerminalText.width).max() ?? 0
    let nameWidth = min(longest, max(columns - used(), 3), Self.mostName)
    return zip(names, rows).map { name, row in
      let cells = shown.map { TerminalText.padded(row[$0] ?? "", to: widths[$0] ?? 0, right: true) }
      return TerminalText.padded(Self.fitted(name, to: nameWidth), to: nameWidth) + cells.joined()
    }
  }

  /// Of `scenario/step` the step is what tells lines apart, so the scenario is cut first.
  private static func fitted(_ name: String, to columns: Int) -> String {
    guard TerminalText.width(name) > columns, let slash = name.lastIndex(of: "/") else {
      return TerminalText.truncated(name, to: columns)
    }
    let room = columns - TerminalText.width(String(name[slash...]))
    if room < 5 { return TerminalText.truncated(name, to: columns) }
    return TerminalText.truncated(String(name[..<slash]), to: room) + name[slash...]
  }
}

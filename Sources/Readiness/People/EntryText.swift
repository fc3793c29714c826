// SPDX-License-Identifier: Apache-2.0
import Results

extension PeoplesEntry {
  /// The entry as an item of a YAML list, each line with a line end; `indent`: spaces in front.
  package func text(indent: Int = 0) -> String {
    var lines: [String] = []
    for field in fields {
      switch field.value {
      case .word(let word): lines.append("\(field.key): \(YAMLText.scalar(word))")
      case .flag(let flag): lines.append("\(field.key): \(flag)")
      case .words(let words):
        lines.append("\(field.key):")
        lines += words.map { "  - \(YAMLText.scalar($0))" }
      case .figures(let figures):
        lines.append(
          "\(field.key): {" + figures.map { "\(YAMLText.scalar($0.name)): \($0.value)" }.joined(separator: ", ") + "}")
      }
    }
    let space = String(repeating: " ", count: indent)
    return lines.enumerated().map { "\(space)\($0 == 0 ? "- " : "  ")\($1)\n" }.joined()
  }

  private enum Field {
    case word(String)
    case flag(Bool)
    case words([String])
    case figures([ReportFigure])
  }

  private typealias Fields = [(key: String, value: Field)]

  private var fields: Fields {
    switch self {
    case .attestation(let said): Self.fields(said)
    case .approval(let approval):
      [("approval", .word(approval.item)), ("who", .word(approval.who)), ("at", .word(approval.at.text))]
        + Self.listField(approval.checklist)
    case .risk(let entry): Self.fields(entry)
    case .signOff(let entry):
      [
        ("sign-off", .word(entry.signOff.role)), ("who", .word(entry.signOff.who)),
        ("at", .word(entry.signOff.at.text)),
      ] + Self.some([("note", entry.signOff.note), ("environment", entry.environment), ("build", entry.build)])
    case .condition(let entry):
      [("condition", .word(entry.text)), ("who", .word(entry.who)), ("at", .word(entry.at.text))]
    case .decisionMaker(let entry):
      [("decision-maker", .word(entry.who))] + Self.some([("at", entry.at?.text)])
    case .supersession(let entry):
      [
        ("supersede", .word(entry.run)), ("reason", .word(entry.reason)), ("who", .word(entry.who)),
        ("at", .word(entry.at.text)),
      ]
    case .report(let report): Self.fields(report)
    }
  }

  private static func fields(_ said: Attestation) -> Fields {
    let status = PeoplesShapes.standings.first { $0.value == said.status }?.key ?? said.status.rawValue
    var fields: Fields = [
      ("item", .word(said.item)), ("status", .word(status)), ("who", .word(said.who)), ("at", .word(said.at.text)),
    ]
    fields += some([("environment", said.environment), ("build", said.build), ("note", said.note)])
    if !said.evidence.isEmpty { fields.append(("evidence", .words(said.evidence.map(\.text)))) }
    fields += some([("approved-by", said.approvedBy), ("override", said.override)])
    return fields + listField(said.checklist)
  }

  private static func fields(_ entry: RiskEntry) -> Fields {
    let risk = entry.risk
    var fields: Fields = [("risk", .word(risk.id)), ("title", .word(risk.title))]
    fields += some([
      ("item", risk.item), ("level", risk.level.rawValue.lowercased()),
      ("impact", risk.impact.isEmpty ? nil : risk.impact),
      ("probability", risk.probability.isEmpty ? nil : risk.probability), ("mitigation", risk.mitigation),
    ])
    if risk.isMitigated { fields.append(("mitigated", .flag(true))) }
    return fields + some([("accepted-by", risk.acceptedBy), ("at", entry.at.text)])
  }

  private static func fields(_ report: ImportedReport) -> Fields {
    var fields: Fields = [
      ("import", .word(report.path)), ("kind", .word(report.kind.rawValue)), ("sha256", .word(report.sha256)),
      ("at", .word(report.at.text)),
    ]
    fields += some([("made", report.made?.text), ("who", report.who)])
    if !report.items.isEmpty { fields.append(("for", .words(report.items))) }
    fields.append(("summary", .figures(report.summary)))
    return fields + some([("environment", report.environment), ("build", report.build)])
  }

  private static func some(_ pairs: [(String, String?)]) -> Fields {
    pairs.compactMap { key, word in word.map { (key, .word($0)) } }
  }

  private static func listField(_ checklist: String) -> Fields {
    checklist == Attestation.defaultChecklist ? [] : [("checklist", .word(checklist))]
  }
}

/// Scalars that mean the same to every YAML reader.
enum YAMLText {
  /// Without quotes where nothing can be misread, else double-quoted.
  static func scalar(_ text: String) -> String {
    isPlain(text) ? text : quoted(text)
  }

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first), text.utf8.last != 0x20, text.utf8.count <= 120 else {
      return isMoment(text)
    }
    let isHarmless = text.utf8.allSatisfy { byte in
      isLetter(byte) || (0x30...0x39).contains(byte) || " -_./()+".utf8.contains(byte)
    }
    return isHarmless && !misread.contains(text.lowercased())
  }

  /// `2026-11-20T13:15:02.000Z` is as safe as it is common.
  private static func isMoment(_ text: String) -> Bool {
    text.utf8.count == 24 && Timestamp(text) != nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  /// What some readers take for a value and not for text.
  private static let misread: Set<String> = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"]

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where isShown(scalar): result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let width = scalar.value < 0x100 ? 2 : scalar.value < 0x10000 ? 4 : 8
        let mark = width == 2 ? "x" : width == 4 ? "u" : "U"
        result += "\\\(mark)" + String(repeating: "0", count: width - digits.count) + digits
      }
    }
    return result + "\""
  }

  /// Whoever reviews the file sees what is in it: nothing that is invisible or turns the order of writing.
  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
import Document
import Judgement

/// Words of a clause that are not scores.
enum ClauseWords {
  static let openRisks = "open risks"
  static let acceptedRisks = "accepted risks"
  static let missingSignatures = "missing signatures"
  static let recordedConditions = "recorded conditions"
  static let all = [openRisks, acceptedRisks, missingSignatures, recordedConditions]
}

/// `critical < 100% and open risks >= HIGH`: conditions joined by `and`. Offsets of mistakes count from the text's start.
func parseConditions(_ text: String, scores: [String]) throws(Mistake) -> [Condition] {
  var conditions: [Condition] = []
  var start = text.startIndex
  while true {
    let end = text[start...].firstRange(of: " and ")?.lowerBound ?? text.endIndex
    let piece = text[start..<end]
    let blanks = piece.prefix { $0 == " " }.utf8.count
    let offset = text.utf8.distance(from: text.startIndex, to: start) + blanks
    let trimmed = String(piece.dropFirst(blanks).reversed().drop { $0 == " " }.reversed())
    do {
      conditions.append(try condition(trimmed, scores: scores))
    } catch {
      var moved = error
      moved.offset = offset + (error.offset ?? 0)
      if error.offset == nil { moved.length = max(1, trimmed.utf8.count) }
      throw moved
    }
    guard end < text.endIndex else { return conditions }
    start = text.index(end, offsetBy: " and ".count)
  }
}

private func condition(_ text: String, scores: [String]) throws(Mistake) -> Condition {
  switch text {
  case ClauseWords.acceptedRisks: return .acceptedRisks
  case ClauseWords.missingSignatures: return .missingSignatures
  case ClauseWords.recordedConditions: return .recordedConditions
  case "": throw Mistake("a condition is missing, such as total < 90%")
  default: break
  }
  guard let mark = text.firstIndex(where: { "<>=!".contains($0) }) else {
    throw Mistake(
      "expected a condition such as total < 90%, found `\(text)`",
      hint: suggestion(for: text, among: ClauseWords.all, called: "or one of"))
  }
  let name = String(text[..<mark].reversed().drop { $0 == " " }.reversed())
  let sign = String(text[mark...].prefix { "<>=!".contains($0) })
  let limitStart = text.index(mark, offsetBy: sign.count)
  let limit = String(text[limitStart...].drop { $0 == " " })
  let limitOffset = text.utf8.count - limit.utf8.count
  guard let comparison = Comparison(rawValue: sign) else {
    throw Mistake(
      "`\(sign)` compares nothing", hint: "there are \(Comparison.allCases.map(\.rawValue).joined(separator: " "))",
      offset: text.utf8.distance(from: text.startIndex, to: mark), length: sign.utf8.count)
  }
  if name == ClauseWords.openRisks {
    guard comparison == .greaterOrEqual, let level = RiskLevel(rawValue: limit) else {
      throw Mistake(
        "open risks are compared with the least level that counts: open risks >= HIGH",
        hint: nearest(to: limit, among: RiskLevel.allCases.map(\.rawValue)).map { "did you mean `>= \($0)`?" },
        offset: limitOffset, length: limit.utf8.count)
    }
    return .openRisks(atLeast: level)
  }
  guard scores.contains(name) else {
    throw Mistake(
      "there is no score `\(name)`", hint: suggestion(for: name, among: scores, called: "the scores are"), offset: 0,
      length: max(1, name.utf8.count))
  }
  do {
    return .score(name, comparison, try parsePercent(limit))
  } catch {
    var moved = error
    moved.offset = limitOffset
    moved.length = max(1, limit.utf8.count)
    throw moved
  }
}

/// "92.5%" as 925 of 1000, exactly; at most 100 % and six decimal places.
func parsePercent(_ text: String) throws(Mistake) -> Fraction {
  guard text.hasSuffix("%") else {
    throw Mistake("expected a share such as 95%, found `\(text)`", hint: text.isEmpty ? nil : "write `\(text)%`")
  }
  let figure = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
  let digits = figure.joined()
  let places = figure.count == 2 ? figure[1].count : 0
  guard (1...2).contains(figure.count), !figure.contains(""), places <= 6, digits.count <= 9,
    digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let numerator = Int(digits)
  else { throw Mistake("expected a share such as 95% or 92.5%, found `\(text)`") }
  let denominator = (0..<places).reduce(100) { power, _ in power * 10 }
  guard numerator <= denominator else { throw Mistake("a share is at most 100%, found `\(text)`") }
  return Fraction(numerator, of: denominator)
}

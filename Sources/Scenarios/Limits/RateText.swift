// SPDX-License-Identifier: Apache-2.0

/// The lines of an answer's head by their names in lower case; several of one name are one list.
struct HeaderFields {
  private var values: [String: String] = [:]

  private static let mostLines = 500
  private static let longestValue = 2000

  init(_ head: [UInt8]) {
    for line in head.split(separator: UInt8(ascii: "\n"), maxSplits: Self.mostLines).prefix(Self.mostLines) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), line.count < Self.longestValue else { continue }
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard colon < line.endIndex else { continue }
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      let value = String(decoding: line[(colon + 1)...], as: UTF8.self).trimmingBlanks
      let known = values[name]
      if let known, known.utf8.count + value.utf8.count > Self.longestValue { continue }
      values[name] = known.map { "\($0), \(value)" } ?? value
    }
  }

  subscript(name: String) -> String { values[name] ?? "" }

  func isEmpty(_ name: String) -> Bool { self[name].isEmpty }
}

/// The words of rate limit headers.
enum RateText {
  /// A member of a list: `"default";q=100;w=60`, `100;w=60`, `limit=100`.
  struct Item {
    var value: String
    /// It stood in quotes.
    var isText: Bool
    private var parameters: [(key: String, value: String)]

    init(value: String, isText: Bool, parameters: [(key: String, value: String)]) {
      self.value = value
      self.isText = isText
      self.parameters = parameters
    }

    /// A parameter that is a number.
    subscript(key: String) -> Double? { parameters.first { $0.key == key }.flatMap { RateText.number($0.value) } }

    /// A quota may count bytes or what a request costs.
    var countsRequests: Bool { parameters.first { $0.key == "qu" }.map { $0.value == "requests" } ?? true }

    /// `limit=100` as key and number.
    var pair: (key: String, number: Double)? {
      guard !isText, let sign = value.firstIndex(of: "="),
        let number = RateText.number(String(value[value.index(after: sign)...]))
      else { return nil }
      return (String(value[..<sign]).trimmingBlanks.lowercased(), number)
    }
  }

  /// The members of a list, cut at commas outside of quotes.
  static func items(_ text: String) -> [Item] {
    pieces(text, at: ",").compactMap { piece in
      let parts = pieces(piece, at: ";")
      guard let first = parts.first, !first.isEmpty else { return nil }
      let (value, isText) = unquoted(first)
      let parameters = parts.dropFirst().compactMap { part -> (key: String, value: String)? in
        guard let sign = part.firstIndex(of: "=") else { return nil }
        let value = unquoted(String(part[part.index(after: sign)...]).trimmingBlanks).text
        return (String(part[..<sign]).trimmingBlanks.lowercased(), value)
      }
      return Item(value: value, isText: isText, parameters: parameters)
    }
  }

  private static func pieces(_ text: String, at separator: Character) -> [String] {
    var pieces: [String] = []
    var piece = ""
    var isQuoted = false
    var isEscaped = false
    for character in text {
      if character == separator, !isQuoted {
        pieces.append(piece.trimmingBlanks)
        piece = ""
        continue
      }
      if character == "\"", !isEscaped { isQuoted.toggle() }
      isEscaped = isQuoted && character == "\\" && !isEscaped
      piece.append(character)
    }
    pieces.append(piece.trimmingBlanks)
    return pieces
  }

  private static func unquoted(_ text: String) -> (text: String, isQuoted: Bool) {
    guard text.count >= 2, text.first == "\"", text.last == "\"" else { return (text, false) }
    return (String(text.dropFirst().dropLast()).replacing("\\\"", with: "\"").replacing("\\\\", with: "\\"), true)
  }

  /// A count that can be: not negative, finite, of plain digits.
  static func number(_ text: String) -> Double? {
    let text = text.trimmingBlanks
    let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    guard isPlain, text.utf8.count <= 18, text.first != ".", text.last != ".", let value = Double(text) else {
      return nil
    }
    return value
  }

  /// Seconds from now: a delay, an epoch in seconds or milliseconds, or a date.
  static func seconds(_ text: String, now: Double) -> Double? {
    // Of several, the first.
    guard let value = number(text) ?? number(items(text).first?.value ?? "") else {
      return HTTPDate.seconds(text).map { max(0, $0 - now) }
    }
    if value >= 1e12 { return max(0, value / 1000 - now) }
    return value >= 1e9 ? max(0, value - now) : value
  }
}

/// Moments as headers write them.
enum HTTPDate {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT` or `1994-11-06T08:49:37Z`; nil for anything else.
  static func seconds(_ text: String) -> Double? {
    let words = text.split { " ,TZ-:".contains($0) }.map(String.init)
    // `GMT` loses its last letter.
    if words.count == 8, words[7] == "GM", let month = months.firstIndex(of: words[2]) {
      return seconds(words[3], month + 1, words[1], words[4], words[5], words[6])
    }
    guard words.count == 6, text.hasSuffix("Z"), let month = Int(words[1]) else { return nil }
    return seconds(words[0], month, words[2], words[3], words[4], String(words[5].prefix { $0 != "." }))
  }

  private static func seconds(
    _ year: String, _ month: Int, _ day: String, _ hour: String, _ minute: String, _ second: String
  ) -> Double? {
    let texts = [year, day, hour, minute, second]
    guard texts.allSatisfy({ $0.utf8.count <= 4 }), (1...12).contains(month) else { return nil }
    let numbers = texts.compactMap { Int($0) }
    guard numbers.count == 5, (1970...9999).contains(numbers[0]), (1...31).contains(numbers[1]),
      (0...23).contains(numbers[2]), (0...59).contains(numbers[3]), (0...60).contains(numbers[4])
    else { return nil }
    // Days since 1970 of a date, the year beginning in March.
    let year = month > 2 ? numbers[0] : numbers[0] - 1
    let days =
      365 * year + year / 4 - year / 100 + year / 400 + (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + numbers[1]
      - 1 - 719_468
    return Double(days * 86_400 + numbers[2] * 3600 + numbers[3] * 60 + numbers[4])
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import Document

extension CurlCommand {
  static let short: [Character: String] = [
    "X": "request", "H": "header", "d": "data", "u": "user", "b": "cookie", "F": "form", "k": "insecure",
    "L": "location", "G": "get", "A": "user-agent", "e": "referer", "I": "head", "s": "silent", "S": "show-error",
    "v": "verbose", "i": "include", "f": "fail", "o": "output", "O": "remote-name", "m": "max-time", "w": "write-out",
    "#": "progress-bar", "g": "globoff", "N": "no-buffer", "c": "cookie-jar", "D": "dump-header", "1": "tlsv1",
    "4": "ipv4", "6": "ipv6", "0": "http1.0",
  ]

  static let long: [String: Meaning] = [
    "request": .value { command, value in command.method = value },
    "url": .value { command, value in command.urls.append(value) },
    "header": .value { command, value throws(Mistake) in try command.addHeader(value) },
    "data": .value { command, value in command.addData(value, isBinary: false) },
    "data-ascii": .value { command, value in command.addData(value, isBinary: false) },
    "data-binary": .value { command, value in command.addData(value, isBinary: true) },
    "data-raw": .value { command, value in command.data.append(.text(value)) },
    "data-urlencode": .value { command, value throws(Mistake) in try command.addEncoded(value) },
    "json": .value { command, value throws(Mistake) in
      guard !value.hasPrefix("@") else { throw Mistake("--json @file: write the step with `file:` by hand") }
      command.data.append(.json(value))
    },
    "form": .value { command, value throws(Mistake) in try command.addPart(value) },
    "form-string": .value { command, value throws(Mistake) in
      let (name, text) = try halves(value, at: "=", flag: "--form-string")
      command.parts.append(.init(name: name, value: text))
    },
    "user": .value { command, value in command.user = value },
    "oauth2-bearer": .value { command, value in command.headers.append(.init("Authorization", "Bearer \(value)")) },
    "cookie": .value { command, value throws(Mistake) in
      guard value.contains("=") else {
        throw Mistake("-b \(value): cookies of a file are not read", hint: "-b 'name=value'")
      }
      command.cookies = command.cookies.map { "\($0); \(value)" } ?? value
    },
    "get": .flag { $0.putsDataIntoQuery = true },
    "head": .flag { $0.isHead = true },
    "insecure": .flag { $0.isInsecure = true },
    "location": .flag { $0.redirects = $0.redirects ?? 10 },
    "max-redirs": .value { command, value throws(Mistake) in
      guard let count = Int(value), (0...20).contains(count) else { throw Mistake("--max-redirs takes 0 to 20 here") }
      command.redirects = count
    },
    "compressed": .flag { $0.isCompressed = true },
    "max-time": .value { command, value throws(Mistake) in
      guard let seconds = Double(value), seconds > 0 else { throw Mistake("--max-time takes seconds") }
      command.timeout = "\(max(1, Int((seconds * 1000).rounded())))ms"
    },
    "cacert": .value { command, value in command.authority = value },
    "user-agent": .value { command, _ in command.notes.append("-A: gonogo says who it is in User-Agent") },
    "referer": .value { command, value in command.headers.append(.init("Referer", value)) },
    "connect-timeout": .value { command, _ in command.notes.append("--connect-timeout: connecting counts in `timeout`")
    },
    "retry": .value { command, _ in command.notes.append("--retry: write `retry:` into the step if it is meant") },
    "http1.1": .flag { $0.notes.append("--http1.1: write `http: 1.1` into the plan") },
    "http2": .flag { $0.notes.append("--http2: write `http: 2` into the plan") },
    "fail": .nothing, "fail-with-body": .nothing, "silent": .nothing, "show-error": .nothing, "verbose": .nothing,
    "include": .nothing, "progress-bar": .nothing, "no-progress-meter": .nothing, "globoff": .nothing,
    "no-buffer": .nothing, "remote-name": .nothing, "ipv4": .nothing, "ipv6": .nothing, "tlsv1": .nothing,
    "tlsv1.2": .nothing, "tlsv1.3": .nothing, "output": .nothingWithValue, "write-out": .nothingWithValue,
    "cookie-jar": .nothingWithValue, "dump-header": .nothingWithValue, "retry-delay": .nothingWithValue,
    "retry-max-time": .nothingWithValue, "stderr": .nothingWithValue, "trace": .nothingWithValue,
    "trace-ascii": .nothingWithValue,
  ]

  static func halves(_ text: String, at mark: Character, flag: String) throws(Mistake) -> (String, String) {
    guard let place = text.firstIndex(of: mark) else { throw Mistake("curl's \(flag) '\(text)' has no '\(mark)'") }
    return (String(text[..<place]), String(text[text.index(after: place)...]))
  }

  /// `Name: value`; `Name;` sends it empty, `Name:` keeps curl from sending it.
  private mutating func addHeader(_ line: String) throws(Mistake) {
    if line.hasPrefix("@") { throw Mistake("-H \(line): headers of a file are not read") }
    if line.hasSuffix(";"), !line.contains(":") {
      headers.append(.init(String(line.dropLast()), ""))
      return
    }
    let (name, value) = try Self.halves(line, at: ":", flag: "-H")
    var diagnostics = Diagnostics()
    guard ScenarioShapes.headerName.decode(Node(text: name, called: "-H"), &diagnostics) != nil else {
      throw Mistake("curl's -H '\(line)': '\(name)' cannot be the name of a header")
    }
    let trimmed = value.trimmingBlanks
    if !trimmed.isEmpty { headers.append(.init(name, trimmed)) }
  }

  private mutating func addData(_ value: String, isBinary: Bool) {
    data.append(value.hasPrefix("@") ? .file(String(value.dropFirst()), isBinary: isBinary) : .text(value))
  }

  /// `content`, `=content`, `name=content`; files are not read.
  private mutating func addEncoded(_ value: String) throws(Mistake) {
    let place = value.firstIndex { $0 == "=" || $0 == "@" }
    if let place, value[place] == "@" { throw Mistake("--data-urlencode '\(value)': files are not read here") }
    let name = place.map { String(value[..<$0]) } ?? ""
    var bytes: [UInt8] = []
    // A variable of the shell would have to be encoded when it is known.
    let content = place.map { String(value[value.index(after: $0)...]) } ?? value
    if content.contains("{{") { throw Mistake("--data-urlencode with a shell variable: write the step by hand") }
    appendFormEncoded(content.utf8, to: &bytes)
    let encoded = String(decoding: bytes, as: UTF8.self)
    data.append(.text(name.isEmpty ? encoded : "\(name)=\(encoded)"))
  }

  /// `name=text`, `name=@file;type=...;filename=...`.
  private mutating func addPart(_ value: String) throws(Mistake) {
    let (name, rest) = try Self.halves(value, at: "=", flag: "-F")
    if rest.hasPrefix("<") { throw Mistake("-F '\(value)': the text of a part is not read from a file") }
    var pieces = rest.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
    var part = ScenarioSketch.Part(name: name)
    while pieces.count > 1, let last = pieces.last {
      if last.hasPrefix("type=") {
        part.type = String(last.dropFirst(5))
      } else if last.hasPrefix("filename=") {
        part.filename = String(last.dropFirst(9)).filter { $0 != "\"" }
      } else {
        break
      }
      pieces.removeLast()
    }
    let content = pieces.joined(separator: ";")
    if content.hasPrefix("@") { part.file = String(content.dropFirst()) } else { part.value = content }
    parts.append(part)
  }
}

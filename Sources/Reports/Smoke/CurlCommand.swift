// SPDX-License-Identifier: Apache-2.0

/// The command line that sends a request again, for a POSIX-like shell with bash's `$'...'`. A pure function. What is
/// secret is written as a variable of the shell: `"$WHATSAPP_APP_SECRET"` for a secret that has a name,
/// `"$AUTHORIZATION"` for a header that holds one, `"$SECRET"` for anything else. Whatever the request holds, the command
/// is one command, and safe to be shown.
package struct CurlCommand: Sendable {
  package var method: String
  package var url: [UInt8]
  /// `Name: value`, or `Name;` for an empty value.
  package var headers: [[UInt8]]
  package var body: [UInt8]?
  /// Options of the connection, as libcurl's tool takes them: `--cacert`, `ca.pem`.
  package var options: [String] = []
  /// Cookies of earlier answers were sent too; they are secrets.
  package var hasCookies = false
  /// Values that must not be shown, with the variables they stand in.
  package var secrets: [(name: String, value: String)] = []

  package init(method: String, url: [UInt8], headers: [[UInt8]], body: [UInt8]?) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }

  /// The file that holds a body too long for a command; nil when there is none, which the command says.
  package var bodyFile: String?
  /// Where the body had secrets, that file has the redactor's mark.
  package var bodyLacksSecrets = false

  /// A longer body is not written out: the kernel takes no longer word.
  private static let longestBody = 100_000

  package static func isTooLong(_ body: [UInt8]) -> Bool { body.count > longestBody }

  /// `redact` leaves `mark` where a secret was.
  package func text(redact: @escaping (String) -> String, mark: String) -> String {
    var writer = ShellWriter(secrets: secrets, redact: redact, mark: mark)
    var words = ["curl", "-sS", "-i"]
    let announcesBody = body != nil || ["POST", "PUT", "PATCH"].contains(method)
    if method == "HEAD" {
      words[2] = "--head"
    } else if method != (announcesBody ? "POST" : "GET") {
      words += ["-X", ShellWriter.quoted(literal: Array(method.utf8)[...])]
    }
    words += options.map { ShellWriter.quoted(literal: Array($0.utf8)[...]) }
    if url.contains(where: { "[]{}".utf8.contains($0) }) { words.append("--globoff") }
    if String(decoding: url, as: UTF8.self).contains("/.") { words.append("--path-as-is") }
    words.append(writer.word(url))
    for line in headers { words += ["-H", writer.header(line)] }
    let names = headers.map { Self.name(of: $0) }
    if announcesBody, !names.contains("content-type") { words += ["-H", "Content-Type:"] }
    if announcesBody, (body?.count ?? 0) > 1024, !names.contains("expect") { words += ["-H", "Expect:"] }
    if hasCookies { words += ["-b", "\"$COOKIES\""] }
    var feed = ""
    var remark = ""
    if announcesBody {
      let body = body ?? []
      if Self.isTooLong(body) {
        words += ["--data-binary", ShellWriter.quoted(literal: Array("@\(bodyFile ?? "BODY")".utf8)[...])]
        if bodyFile == nil { remark = "  # BODY: the \(body.count) bytes were not kept" }
        if bodyFile != nil, bodyLacksSecrets { remark = "  # put its secrets back first, where it says \(mark)" }
      } else if body.contains(0) {
        // No word of a command line holds a zero byte.
        feed = "printf \(ShellWriter.format(body)) | "
        words += ["--data-binary", "@-"]
      } else {
        // A body that begins with @ would be the name of a file.
        words += [body.first == UInt8(ascii: "@") ? "--data-raw" : "--data-binary", writer.word(body)]
      }
    }
    return feed + words.joined(separator: " ") + remark
  }

  private static func name(of line: [UInt8]) -> String {
    String(decoding: line.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ";") }, as: UTF8.self).lowercased()
  }
}

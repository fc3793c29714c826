// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Results

/// A whole page in one file: its style inside it, a script only from here, and a policy under which a browser loads and
/// runs nothing else. The same input gives the same bytes.
package struct HTMLPage: Sendable {
  /// For the window, in plain text.
  package var title: String
  /// Class of `body`, so that a page can have rules of its own.
  package var kind: StaticString
  /// Rules beside `PageStyle.common`.
  package var styles: [StaticString]
  /// Programs of the page, each of which runs by its digest alone.
  package var scripts: [StaticString]
  package var body: HTMLText

  package init(
    title: String, kind: StaticString = "page", styles: [StaticString], scripts: [StaticString] = [], body: HTMLText
  ) {
    self.title = title
    self.kind = kind
    self.styles = styles
    self.scripts = scripts
    self.body = body
  }

  package init(
    title: String, kind: StaticString = "page", style: StaticString = "", scripts: [StaticString] = [], body: HTMLText
  ) {
    self.init(title: title, kind: kind, styles: [style], scripts: scripts, body: body)
  }

  /// Ended by a newline.
  package var text: String {
    let css = "\n" + PageStyle.common.description + styles.map(\.description).joined() + "\n"
    let programs = scripts.map { "\n" + $0.description + "\n" }
    let allowed = programs.isEmpty ? "" : "; script-src " + programs.map(Self.source).joined(separator: " ")
    let policy = "default-src 'none'; style-src \(Self.source(css))\(allowed); base-uri 'none'; form-action 'none'"
    let head: HTMLText = #"""
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\#(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <title>\#(title)</title>

      """#
    let start: HTMLText = #"""
      </head>
      <body class="\#(HTMLText(stringLiteral: kind))">
      \#(body)

      """#
    return head.text + "<style>\(css)</style>\n" + start.text + programs.map { "<script>\($0)</script>\n" }.joined()
      + "</body>\n</html>\n"
  }

  /// What a policy calls the text of an element by.
  private static func source(_ text: String) -> String {
    let hexadecimal = Array(Digest.sha256(Array(text.utf8)).utf8)
    let bytes = stride(from: 0, to: hexadecimal.count, by: 2).map { index in
      UInt8(String(decoding: hexadecimal[index..<index + 2], as: UTF8.self), radix: 16) ?? 0
    }
    return "'sha256-\(Data(bytes).base64EncodedString())'"
  }
}

// SPDX-License-Identifier: Apache-2.0
package import Judgement
package import Results

/// Pieces that pages share.
package enum HTMLParts {
  /// What a mark means: its colour, its shape and its word belong together, so that none of them is needed alone.
  package enum Mark: Sendable {
    case pass, fail, warning, neutral

    package init(_ verdict: Verdict) {
      self =
        switch verdict {
        case .pass: .pass
        case .fail: .fail
        case .inconclusive: .warning
        }
    }

    package init(_ status: ItemStatus) {
      self =
        switch status {
        case .pass: .pass
        case .fail: .fail
        case .partial: .warning
        case .pending: .neutral
        }
    }

    fileprivate var name: HTMLText {
      switch self {
      case .pass: "pass"
      case .fail: "fail"
      case .warning: "warn"
      case .neutral: "none"
      }
    }

    /// Disc with a tick, octagon with a cross, triangle with an exclamation mark, ring.
    fileprivate var shape: HTMLText {
      switch self {
      case .pass: #"<circle class="f" cx="8" cy="8" r="7.5"/><path class="s" d="M4.3 8.4l2.5 2.5 5-5.3"/>"#
      case .fail:
        #"<path class="f" d="M4.9.5h6.2l4.4 4.4v6.2l-4.4 4.4H4.9L.5 11.1V4.9z"/><path class="s" d="M5 5l6 6M11 5l-6 6"/>"#
      case .warning: #"<path class="f" d="M8 .8L15.7 15H.3z"/><path class="s" d="M8 5.6v4.6M8 12v1.3"/>"#
      case .neutral: #"<circle class="r" cx="8" cy="8" r="6.5"/><path class="q" d="M4.8 8h6.4"/>"#
      }
    }

    /// The shape alone, for beside a word.
    package var symbol: HTMLText {
      #"<svg class="mark \#(name)" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">\#(shape)</svg>"#
    }
  }

  /// A word with its shape, in its colour: `badge(.pass, "PASS")`.
  package static func badge(_ mark: Mark, _ word: String) -> HTMLText {
    #"<span class="badge \#(mark.name)">\#(mark.symbol)\#(word)</span>"#
  }

  package static func badge(_ verdict: Verdict) -> HTMLText {
    badge(Mark(verdict), verdict.rawValue.uppercased())
  }

  package static func badge(_ status: ItemStatus) -> HTMLText {
    badge(Mark(status), status.rawValue.uppercased())
  }

  /// The first thing on a page: one word as large as the answer is important, and what it is about.
  package static func banner(_ mark: Mark, _ word: String, title: String, _ below: HTMLText = .none) -> HTMLText {
    #"""
    <header class="banner \#(mark.name)">
    <p class="answer">\#(mark.symbol)\#(word)</p>
    <h1>\#(title)</h1>
    \#(below)</header>

    """#
  }

  /// For the first and last line of what a stand-in was measured for; nothing when `isDemo` is false.
  package static func demoLine(_ isDemo: Bool) -> HTMLText {
    isDemo ? #"<p class="demo"><strong>DEMO</strong> \#(String(Wordings.demo.dropFirst(6)))</p>\#n"# : .none
  }

  /// A part of the page with a heading that links can name. Nothing when `content` is empty.
  package static func section(_ id: StaticString, _ heading: String, _ content: HTMLText) -> HTMLText {
    if content.isEmpty { return .none }
    let id = HTMLText(stringLiteral: id)
    return #"""
      <section id="\#(id)" aria-labelledby="\#(id)-h">
      <h2 id="\#(id)-h">\#(heading)</h2>
      \#(content)</section>

      """#
  }

  /// Labels and what they mean, in two columns. Rows without content are left out.
  package static func facts(_ rows: [(label: String, content: HTMLText)]) -> HTMLText {
    let rows = rows.filter { !$0.content.isEmpty }
    if rows.isEmpty { return .none }
    return #"<dl class="facts">\#(rows.map { "<div><dt>\($0.label)</dt><dd>\($0.content)</dd></div>" })</dl>\#n"#
  }

  package static func list(_ items: [HTMLText]) -> HTMLText {
    items.isEmpty ? .none : "<ul>\(items.map { "<li>\($0)</li>" })</ul>\n"
  }

  /// Hidden until it is asked for, on paper too.
  package static func details(_ summary: HTMLText, _ content: HTMLText, isOpen: Bool = false) -> HTMLText {
    let attribute: HTMLText = isOpen ? " open" : ""
    return "<details\(attribute)><summary>\(summary)</summary>\n\(content)</details>\n"
  }
}

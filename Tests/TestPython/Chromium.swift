// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Pages in headless Chromium, through `Tests/ReportsTests/chromium.py`.
package enum Chromium {
  /// One page, what is done on it, and what is kept of it.
  package struct Job: Encodable {
    package enum Step: Encodable {
      case evaluate(String)
      case press(String)
      case type(String)
      case click(String)

      package func encode(to encoder: any Encoder) throws {
        let (name, text) =
          switch self {
          case .evaluate(let text): ("evaluate", text)
          case .press(let text): ("press", text)
          case .type(let text): ("type", text)
          case .click(let text): ("click", text)
          }
        var container = encoder.singleValueContainer()
        try container.encode([name: text])
      }
    }

    package var open: String
    package var width = 1280
    package var height = 900
    package var scheme = "light"
    package var media: String?
    package var scripts = true
    package var `do`: [Step] = []
    package var screenshot: String?
    package var full = false
    package var pdf: String?

    package init(open: String) {
      self.open = open
    }
  }

  /// What happened on it.
  package struct Page: Decodable {
    package enum Value: Decodable, Equatable {
      case text(String)
      case number(Double)
      case truth(Bool)
      case nothing

      package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
          self = .nothing
        } else if let truth = try? container.decode(Bool.self) {
          self = .truth(truth)
        } else if let number = try? container.decode(Double.self) {
          self = .number(number)
        } else {
          self = .text(try container.decode(String.self))
        }
      }
    }

    package var title: String
    /// Of each `evaluate`, in order.
    package var values: [Value]
    /// Level and text.
    package var console: [[String]]
    package var dialogs: [String]
    /// Every URL that was asked for but the page itself.
    package var requests: [String]
    package var width: Double
    package var height: Double
    /// Pixels that the content is wider than the window.
    package var overflow: Double

    /// Nothing came up that a sound page has not: no message, no dialog, no request.
    package var isQuiet: Bool { console.isEmpty && dialogs.isEmpty && requests.isEmpty }
  }

  /// The browser is here, and Python to drive it. On CI it must be; elsewhere tests that need it are left out.
  package static let isHere: Bool = {
    let program = ProcessInfo.processInfo.environment["GONOGO_CHROMIUM"] ?? "chromium"
    return (try? TestPython.run([program, "--version"])) != nil
  }()

  package static let whyNot: String = "Chromium is not installed (scripts/setup --tests installs it)"

  /// The pages one after another in one browser, within two minutes.
  package static func visit(_ jobs: [Job]) throws -> [Page] {
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "ReportsTests/chromium.py").path(percentEncoded: false)
    let encoder = JSONEncoder()
    let orders = try jobs.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
    let output = try TestPython.run(["python3", script] + orders)
    return try JSONDecoder().decode([Page].self, from: Data(output.utf8))
  }
}

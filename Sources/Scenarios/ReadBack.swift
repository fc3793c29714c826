// SPDX-License-Identifier: Apache-2.0
import JSON

/// How a write is read back: a request like any other, and what its answer says about the write.
package final class ReadBackStep: Sendable {
  package let request: RequestStep
  /// Which of the request's paths finds what is counted; nil: an answer 2xx is one.
  private let countPath: Int?

  init(_ parts: CompiledRequest, countPath: Int?) {
    request = RequestStep(parts)
    self.countPath = countPath
  }

  /// What an answer says.
  package enum Answer: Sendable, Equatable {
    /// The write is there so many times.
    case found(Int)
    /// The target is not well, or busy: the same question may get an answer later.
    case notNow(String)
    /// Nothing can be learned from it. It may hold data of the target: redact it.
    case unreadable(String)
  }

  /// Counts what was found and keeps the captures in the journey. 404 and 410 mean that there is none.
  package func judge(_ response: some ResponseView, journey: Journey) -> Answer {
    switch response.status {
    case 200...299: break
    case 404, 410: return .found(0)
    case 408, 425, 429, 500...599: return .notNow("status \(response.status)")
    default: return .unreadable("status \(response.status)")
    }
    let parts = request.parts
    if parts.paths.count > 0 {
      do throws(JSONError) { try journey.matches.scan(response.body, parts.paths) } catch {
        return .unreadable("the answer is not JSON: \(error)")
      }
    }
    let count: Int
    if let countPath {
      guard let known = self.count(at: countPath, response.body, journey) else {
        return .unreadable("\(parts.paths.paths[countPath].text) is neither a list nor a number of the answer")
      }
      count = known
    } else {
      count = 1
    }
    if count > 0 {
      for capture in parts.captures where !parts.keep(capture, of: response, journey) {
        return .unreadable("nothing to capture for '\(capture.name)'")
      }
    }
    return .found(count)
  }

  /// The length of a list, a whole number, or how many values a path with `[*]` finds; null is an empty list. Nil when
  /// the answer does not tell.
  private func count(at path: Int, _ body: UnsafeBufferPointer<UInt8>, _ journey: Journey) -> Int? {
    if request.parts.paths.paths[path].isMany { return journey.matches.count(of: path) }
    guard let fragment = journey.matches.first(of: path) else { return nil }
    switch fragment.kind {
    case .array: return fragment.count(in: body.span)
    case .null: return 0
    case .number: return fragment.integer(in: body.span).flatMap { $0 >= 0 ? Int($0) : nil }
    case .bool, .string, .object: return nil
    }
  }
}

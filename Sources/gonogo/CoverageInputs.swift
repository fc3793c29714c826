// SPDX-License-Identifier: Apache-2.0
import Document
import Results
import Scenarios
import Transport

/// What smoke holds its requests against: the operations the target says it has, read before the run.
struct CoverageInputs: Sendable {
  /// Nil when nothing says which operations there are.
  var tally: CoverageTally?
  /// Why there is none.
  var missing: String?
  /// What was read, for the run's `inputs/`.
  var files: [InputFile] = []

  /// Where the document is when the environment names neither a document nor routes.
  private static let usualPath = "/openapi.json"
  private static let undeclaredHotel =
    "the hotel's operations count where gonogo.yaml declares it (url: embedded) with `coverage:`"
  private static let mostBytes = 16 << 20
  private static let timeout = Duration.seconds(10)

  /// Throws when a file that the environment names cannot be used; a document that cannot be fetched only leaves the
  /// coverage unknown.
  static func read(target: LoadTarget, connection: ConnectionSettings) throws -> CoverageInputs {
    if target.isEmbedded, target.environment?.coverage == Environment.Coverage() {
      // Scenarios of another system call no more of the hotel than they happen to.
      return CoverageInputs(missing: undeclaredHotel)
    }
    let coverage = target.environment?.coverage ?? Environment.Coverage()
    let base = target.base
    let targetPath = path(of: base)
    var inputs = CoverageInputs()
    var operations: [TargetOperation] = []
    var sources: [String] = []
    switch coverage.openAPI {
    case .file(let file)?:
      let bytes: [UInt8]
      do throws(Mistake) {
        bytes = try Source(contentsOf: file, limit: mostBytes).bytes
      } catch {
        throw CommandFailure.usage("coverage: openapi: \(error.message)", hint: error.hint)
      }
      inputs.files.append(InputFile(path: file, bytes: bytes))
      do throws(OpenAPIError) {
        operations = try readOpenAPI(bytes)
      } catch {
        throw CommandFailure.usage("coverage: openapi: \(printable(file)): \(error.message)")
      }
      sources.append(file)
    case .path(let path)?:
      try inputs.fetch(base.withoutTrailingSlash + path, connection, into: &operations, &sources)
    case .url(let url)?:
      try inputs.fetch(url, connection, into: &operations, &sources)
    case nil:
      if coverage.routes.isEmpty {
        try inputs.fetch(base.withoutTrailingSlash + usualPath, connection, into: &operations, &sources)
      }
    }
    if inputs.missing != nil { return inputs }
    if !coverage.routes.isEmpty {
      operations += coverage.routes
      sources.append("routes of \(target.environment?.name ?? "the environment")")
    }
    inputs.tally = CoverageTally(
      OperationList(source: sources.joined(separator: " and "), operations: operations, targetPath: targetPath),
      ignoring: coverage.ignored, target: base)
    return inputs
  }

  private mutating func fetch(
    _ url: String, _ connection: ConnectionSettings, into operations: inout [TargetOperation],
    _ sources: inout [String]
  ) throws {
    var settings = connection
    settings.bodyLimitBytes = Self.mostBytes
    settings.maximumRedirects = 0
    var question = PlainRequest(url)
    question.headers = ["Accept: application/json, application/yaml;q=0.9, */*;q=0.1"]
    question.timeout = Self.timeout
    let shown = Redactor().redact(url)
    do throws(TransportError) {
      let answer = try request(question, settings: settings)
      guard answer.status == 200 else {
        missing = "the target has no OpenAPI document at \(shown): it answers \(answer.status)"
        return
      }
      do throws(OpenAPIError) {
        operations += try readOpenAPI(answer.body, location: Self.path(of: url))
      } catch {
        missing = "the OpenAPI document at \(shown) cannot be used: \(error.message)"
        return
      }
      sources.append(shown)
      files.append(InputFile(path: "openapi.json", bytes: answer.body))
    } catch {
      missing = "the OpenAPI document at \(shown) cannot be fetched: \(error.text)"
    }
  }

  /// `/base` of `https://hotel.example/base`.
  private static func path(of url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return "" }
    return String(url[scheme.upperBound...].drop { $0 != "/" }.prefix { $0 != "?" && $0 != "#" })
  }
}

extension CoverageRecord {
  /// Requests without an operation are shown as they were sent: without what is secret in them.
  init(_ coverage: EndpointCoverage, redact: (String) -> String) {
    self.init(
      source: coverage.source,
      operations: coverage.operations.map {
        CoveredOperation(operation: $0.operation.description, called: $0.called, ignored: $0.ignored)
      }, gaps: coverage.gaps.map(\.description), undocumented: coverage.undocumented.map(redact),
      unusedIgnores: coverage.unusedIgnores)
  }
}

extension SmokeRecord {
  /// Fills in which operations the attempts called. They are read as they stand in the record, so that whoever has the
  /// folder can count again; what is redacted in a path stands where something varies.
  mutating func hold(against inputs: CoverageInputs, redact: (String) -> String) {
    guard var tally = inputs.tally else {
      coverageMissing = inputs.missing.map(redact)
      return
    }
    for attempt in steps.flatMap(\.attempts) {
      if let status = attempt.status { tally.answered(method: attempt.method, url: attempt.url, status: status) }
    }
    coverage = CoverageRecord(tally.coverage, redact: redact)
  }
}

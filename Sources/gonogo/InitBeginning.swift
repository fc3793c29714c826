// SPDX-License-Identifier: Apache-2.0
import Document
import FoundationEssentials
import Scenarios
import Transport

/// What `init` begins with: an address, and a scenario out of a document, a command, or nothing.
struct InitBeginning {
  private var name: String
  private var scenario: ScenarioSketch?
  private var target: TargetURL
  private var isInsecure = false
  private var authority: String?
  /// Nil: nothing is known about the system.
  private var healthPaths: [String]? = ["/health/live", "/health/ready"]

  init(_ arguments: Arguments) throws {
    name = arguments.value("name") ?? "first"
    guard
      name.utf8.allSatisfy({
        (0x61...0x7a).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x2d || $0 == 0x5f
      }),
      name.first?.isLetter == true
    else { throw CommandFailure.usage("--name takes letters, digits, - and _, not \(printable(name))") }
    var origin = "http://127.0.0.1:8000"
    switch (arguments.value("openapi"), arguments.value("curl")) {
    case (_?, _?): throw CommandFailure.usage("--openapi and --curl make one scenario each; give one, then the other")
    case (nil, let command?):
      do throws(ScenarioSketch.Mistake) {
        let sketch = try CurlSketch(command, name: name, folder: "../")
        scenario = sketch.scenario
        origin = sketch.origin
        isInsecure = sketch.isInsecure
        authority = sketch.authority
        healthPaths = nil
      } catch { throw CommandFailure.usage("--curl: \(printable(error.message))", hint: error.hint) }
    case (nil, nil):
      if let flag = ["name", "writes", "ca"].first(where: arguments.has) {
        throw CommandFailure.usage("--\(flag) goes with --openapi or --curl")
      }
    case (let place?, nil):
      let document = try Self.document(place, arguments)
      do throws(ScenarioSketch.Mistake) {
        let sketch = try OpenAPISketch(
          document.bytes, location: document.location, name: name, withWrites: arguments.has("writes"))
        scenario = sketch.scenario
        origin = document.origin ?? sketch.origin ?? origin
        healthPaths = sketch.healthPaths.isEmpty ? nil : sketch.healthPaths
      } catch {
        throw CommandFailure.usage("--openapi \(printable(place)): \(printable(error.message))", hint: error.hint)
      }
    }
    target = try TargetURL(arguments.value("target") ?? origin)
  }

  /// The document, the path it came from, and who served it.
  private static func document(_ place: String, _ arguments: Arguments) throws -> (
    bytes: [UInt8], location: String, origin: String?
  ) {
    guard place.hasPrefix("http://") || place.hasPrefix("https://") else {
      do {
        return (try Array(Data(contentsOf: URL(filePath: place))), "/", nil)
      } catch { throw CommandFailure.usage("--openapi: \(printable(place)) cannot be read") }
    }
    let url = try TargetURL(place)
    var settings = ConnectionSettings()
    settings.caFile = arguments.value("ca")
    settings.userAgent = "gonogo/\(Main.version)"
    settings.allowedHosts = [url.host]
    settings.bodyLimitBytes = 16 << 20
    let answer: PlainResponse
    do throws(TransportError) { answer = try request(PlainRequest(place), settings: settings) } catch {
      throw CommandFailure.refused("--openapi: \(printable(place)) cannot be fetched: \(error.text)")
    }
    guard answer.status == 200 else {
      throw CommandFailure.refused(
        "--openapi: \(printable(place)) answered \(answer.status)", hint: "fetch it yourself, and name the file")
    }
    return (answer.body, String(url.path.prefix { $0 != "?" }), url.origin)
  }

  private var environment: String { target.isLoopback ? "local" : "staging" }
  private var scenarioFile: String { scenario == nil ? "health.yaml" : "\(name).yaml" }

  var files: [(path: String, text: String)] {
    [
      (
        "gonogo.yaml",
        InitTexts.environments(
          InitEnvironment(
            name: environment, url: target.origin, isLocal: target.isLoopback, isInsecure: isInsecure,
            authority: authority, healthPaths: healthPaths?.filter { !$0.contains(",") }))
      ),
      ("gonogo.mk", InitTexts.makeTargets),
      ("scenarios/\(scenarioFile)", scenario?.yaml ?? InitTexts.health),
      ("scenarios/plans/smoke.yaml", InitTexts.smoke(scenarioFile)),
      ("scenarios/plans/expected-peak.yaml", InitTexts.expectedPeak(scenarioFile)),
      ("scenarios/plans/soak.yaml", InitTexts.soak(scenarioFile)),
    ]
  }

  /// What to do now, in the order it makes sense.
  func nextSteps(_ files: InitFiles) -> [String] {
    func isNew(_ path: String) -> Bool { files.files.contains { $0.path == path && $0.wasWritten } }
    var lines = ["", "Next:"]
    if files.folder != "." { lines.append("  cd \(printable(files.folder))") }
    let variables = scenario?.variables ?? []
    if !variables.isEmpty {
      lines.append("  export \(variables.map { "\($0)=..." }.joined(separator: " "))")
    }
    let declared = isNew("gonogo.yaml") ? environment : declaredEnvironment(files)
    if isNew("gonogo.yaml") {
      lines.append("  edit gonogo.yaml: address, expected peak, what is allowed")
    } else if declared == nil {
      lines.append("  declare \(target.origin) in gonogo.yaml, or name an environment that is there")
    }
    if !isNew("scenarios/plans/smoke.yaml"), isNew("scenarios/\(scenarioFile)") {
      lines.append("  put `- {scenario: ../\(scenarioFile), share: 10%}` into the mix of your plans")
    }
    let name = declared ?? "NAME"
    lines += [
      "  gonogo lint gonogo.yaml scenarios/*.yaml scenarios/plans/*.yaml",
      "  gonogo smoke scenarios/\(scenarioFile) --env \(name)",
    ]
    if isNew("gonogo.mk") {
      lines += [
        "  echo 'include gonogo.mk' >>Makefile     # make smoke-test, load-test, soak-test ENV=\(name)",
        "  echo 'results/' >>.gitignore",
      ]
    }
    if let above = EnvironmentsFile.locate(from: "\(files.folder)/.."), isNew("gonogo.yaml") {
      lines += ["", "Note: there is another gonogo.yaml above, \(printable(above)): from here on the new one counts."]
    }
    return lines
  }

  /// The entry of a gonogo.yaml that was there before whose address is the target's.
  private func declaredEnvironment(_ files: InitFiles) -> String? {
    loadEnvironments(files.place("gonogo.yaml")).value?.environments.first { entry in
      (try? TargetURL(entry.url).origin) == target.origin
    }?.name
  }
}

// SPDX-License-Identifier: Apache-2.0
import Glibc
import Scenarios

/// What a scenario adds to a request: next instruction, rendering, judging an answer. An empty plan (one GET, status
/// only) and the contract's booking (search, book with two templates in JSON and a generated id, read back).
let scenarioBenchmarks = [
  Benchmark(name: "one GET", unit: "ns/request") { nanosecondsPerRequest(oneGet, bodies: [""]) },
  Benchmark(name: "search, book, read back", unit: "ns/request") {
    nanosecondsPerRequest(
      booking,
      bodies: [#"{"rooms":[{"id":7},{"id":8},{"id":9}]}"#, #"{"id":"b-1","guest":"Ada"}"#, #"{"guest":"Ada"}"#])
  },
]

private let oneGet = "scenario: one\nsteps:\n  - {name: get, get: /}\n"
private let booking = """
  scenario: booking
  vars: {nights: 2, guest: Ada}
  steps:
    - name: search
      get: "/api/v1/availability?checkin={{ date(+30d) }}&nights={{ nights }}"
      expect: {status: 200, json: {"$.rooms": not empty}}
      capture: {room: {json: "$.rooms[*].id", pick: random}}
    - name: book
      let: {key: "{{ uuid() }}"}
      post: /api/v1/reservations
      headers: {Idempotency-Key: "{{ key }}"}
      json: {room: "{{ room }}", guest: "{{ guest }}", nights: "{{ nights }}"}
      expect: {status: {201: booked, 409: sold out}, within: 1s}
      capture: {booking: "$.id"}
    - name: read-back
      get: "/api/v1/reservations/{{ booking }}"
      expect: {status: 200, json: {"$.guest": "{{ guest }}"}}
  """

private final class Answer: ResponseView {
  let status: Int
  let body: UnsafeBufferPointer<UInt8>

  init(_ status: Int, _ text: String) {
    self.status = status
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
    _ = bytes.initialize(from: text.utf8)
    body = UnsafeBufferPointer(bytes)
  }

  deinit { body.deallocate() }

  func header(named name: String) -> String? { nil }
}

private func nanosecondsPerRequest(_ text: String, bodies: [String]) -> Double {
  let path = "/tmp/gonogo-benchmark-\(getpid()).yaml"
  guard let file = fopen(path, "w") else { preconditionFailure("\(path) cannot be written") }
  fputs(text, file)
  fclose(file)
  defer { unlink(path) }
  guard let program = loadScenario(path).value else { preconditionFailure("the scenario is broken") }
  let context = RunContext(runID: "00c0ffee0042", seed: 1, baseURL: "http://127.0.0.1:8080", redactor: Redactor())
  let statuses = [200, 201, 200]
  let answers = zip(statuses, bodies).map { Answer($0, $1) }
  var request = RenderedRequest()
  var count = 0
  do {
    let journey = Journey(try ScenarioRun.prepare([program], context: context)[0])
    let time = try ContinuousClock().measure {
      for number in 0..<(200_000 / UInt64(bodies.count)) {
        try journey.begin(number: number)
        journey.enter(.steps)
        while case .request(let index) = try journey.next() {
          let step = program.requests[index]
          try step.render(into: &request, journey: journey)
          let judged = step.judge(answers[index], elapsedMicroseconds: 1, journey: journey)
          precondition(judged.outcome == .ok)
          count += 1
        }
      }
    }
    return time / .nanoseconds(1) / Double(count)
  } catch {
    preconditionFailure("\(error)")
  }
}

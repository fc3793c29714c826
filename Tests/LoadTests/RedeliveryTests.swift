// SPDX-License-Identifier: Apache-2.0
import Foundation
import Results
import Synchronization
import TestServers
import Testing

@testable import Load
@testable import Scenarios

extension RealRuns {
  @Suite struct Redeliveries {
    private static let yaml = """
      scenario: chat
      steps:
        - name: message
          post: /webhook?n={{ random(1, 1000000) }}
          headers: {X-Number: "{{ journey.number }}", X-Hub-Signature: "{{ hmac_sha256('key', body) }}"}
          json: {id: "{{ uuid() }}", text: "{{ random(1, 1000000) }}"}
          redeliver: REDELIVER
        - {name: after, get: /after}
      """

    private func run(
      _ redeliver: String, rate: Double = 20, seconds: Double = 1, workers: Int = 1, stopAfter: Double? = nil,
      handler: @escaping @Sendable (Request) -> Reply
    ) throws -> (Observed, Fixture.Finished) {
      let fixture = try Fixture(TestServer(settings: ServerSettings(captureLimit: 20_000), handler: handler))
      let program = try fixture.program(
        [try Fixture.scenario(yaml: Self.yaml.replacing("REDELIVER", with: redeliver))],
        phases: [Fixture.open(rate: rate, seconds: seconds)], workers: workers)
      var isTold = false
      let finished = try fixture.run(program) { run in
        guard let stopAfter, !isTold, Double(run.elapsedNanoseconds) > stopAfter * 1e9 else { return }
        isTold = true
        run.stop()
      }
      expectLedgersAddUp(finished)
      return (fixture.server.observed, finished)
    }

    /// Deliveries by id: method, target, own headers and body of each.
    private func deliveries(_ observed: Observed) -> [String: [Request]] {
      Dictionary(grouping: observed.requests.filter { $0.path == "/webhook" }) { $0.header("X-Number") ?? "" }
    }

    @Test func aShareOfTheMessagesComesTwiceWithTheSameBytes() throws {
      let (observed, finished) = try run("{share: 10%, after: 300ms}", rate: 500, seconds: 2, workers: 2) { _ in
        .answer()
      }
      let byNumber = deliveries(observed)
      let posts = byNumber.values.reduce(0) { $0 + $1.count }
      let twice = byNumber.values.filter { $0.count == 2 }
      #expect(byNumber.count == 1000 && twice.count == posts - 1000)
      #expect((60...140).contains(twice.count))
      #expect(finished.outcome.totals.sent == posts + 1000 && finished.outcome.totals.ok == posts + 1000)
      #expect(finished.outcome.arrivals.completed == 1000)
      var ids: Set<String> = []
      for deliveries in byNumber.values {
        ids.insert(deliveries[0].bodyText)
        guard let again = deliveries.dropFirst().first else { continue }
        #expect(again.body == deliveries[0].body && again.target == deliveries[0].target)
        #expect(again.header("X-Hub-Signature") == deliveries[0].header("X-Hub-Signature"))
        #expect(again.header("Content-Type") == deliveries[0].header("Content-Type"))
        #expect(again.header("traceparent") != deliveries[0].header("traceparent"))
        #expect(again.arrivedNanoseconds - deliveries[0].arrivedNanoseconds >= 300_000_000)
      }
      #expect(ids.count == 1000)
    }

    @Test func badAnswersHaveItDeliveredAgainUntilOneIsGood() throws {
      // Of each message the third delivery is accepted.
      let counts = Shared<[String: Int]>([:])
      let (observed, finished) = try run("{when: not 2xx, after: [100ms, 100ms, 100ms]}", rate: 10) { request in
        guard request.path == "/webhook" else { return .answer() }
        let count = counts.value.withLock { counts in
          counts[request.header("X-Number") ?? "", default: 0] += 1
          return counts[request.header("X-Number") ?? ""] ?? 0
        }
        return count == 1 ? .answer(500) : count == 2 ? .closesWithoutAnswer : .answer()
      }
      #expect(deliveries(observed).values.allSatisfy { $0.count == 3 && Set($0.map(\.bodyText)).count == 1 })
      #expect(finished.outcome.totals.failed == 20 && finished.outcome.totals.failedByKind["status"] == 10)
      #expect(finished.outcome.totals.ok == 20)
      // A delivery that ended well is no failure of the journey.
      #expect(finished.outcome.arrivals.completed == 10 && observed.requestsByPath["/after"] == 10)
      // Waits are no response times.
      #expect(try #require(finished.record.steady?.answered.p50) < 200)
      #expect(try #require(finished.record.journeys.first?.duration.p50) >= 200)
    }

    @Test func whenAllDeliveriesAreUsedUpTheJourneyHasFailed() throws {
      let (observed, finished) = try run("{when: [503, failure], after: [50ms, 50ms]}", rate: 10) { request in
        request.path == "/webhook" ? .answer(503) : .answer()
      }
      #expect(observed.requestsByPath == [:].merging(["/webhook": 30]) { $1 })
      #expect(finished.outcome.totals.failed == 30 && finished.outcome.arrivals.failed == 10)
    }

    @Test func otherBadAnswersAreNotDeliveredAgain() throws {
      let (observed, finished) = try run("{when: 5xx, after: 50ms}", rate: 10) { request in
        request.path == "/webhook" ? .answer(401) : .answer()
      }
      #expect(observed.requestsByPath == ["/webhook": 10])
      #expect(finished.outcome.arrivals.failed == 10)
    }

    /// Accepted once is delivered: what is answered to the second delivery counts as an error and ends nothing.
    @Test func aBadAnswerToARepeatIsAnErrorOfItsOwn() throws {
      let seen = Shared<Set<String>>([])
      let (observed, finished) = try run("{share: 100%, after: 50ms}", rate: 10) { request in
        guard request.path == "/webhook" else { return .answer() }
        let isNew = seen.value.withLock { $0.insert(request.bodyText).inserted }
        return isNew ? .answer() : .answer(500)
      }
      #expect(observed.requestsByPath == ["/webhook": 20, "/after": 10])
      #expect(finished.outcome.totals.failed == 10 && finished.outcome.arrivals.completed == 10)
    }

    /// A redelivery that is to come is not due when the run is stopped: it was never planned.
    @Test func aStopForgetsRedeliveriesToCome() throws {
      let (observed, finished) = try run(
        "{share: 100%, after: 30s}", rate: 20, seconds: 20, stopAfter: 0.7
      ) { _ in .answer() }
      #expect(deliveries(observed).values.allSatisfy { $0.count == 1 })
      #expect(finished.outcome.arrivals.cut == finished.outcome.arrivals.started)
      #expect(finished.outcome.totals.unsent == 0)
    }
  }
}

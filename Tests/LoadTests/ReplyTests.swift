// SPDX-License-Identifier: Apache-2.0
import Foundation
import Judgement
import Results
import Synchronization
import TestServers
import Testing
import Transport

@testable import Load
@testable import Scenarios

/// A target that replies to messages by itself, straight to the desk, on a thread of its own.
private final class Replier: @unchecked Sendable {  // see `lock`
  struct Planned {
    var context: String?
    var guest: String
    var atNanoseconds: Int64
  }

  let desk = ReplyDesk()
  // A lock of Foundation's, which the thread sanitizer can see.
  private let lock = NSLock()
  // Read and written under `lock` only.
  nonisolated(unsafe) private var planned: [Planned] = []
  private let isOver = Atomic<Bool>(false)
  private let ended = DispatchSemaphore(value: 0)

  init() {
    Thread.detachNewThread { [self] in
      while !isOver.load(ordering: .acquiring) {
        let now = monotonicNanoseconds()
        let due = lock.withLock {
          let due = planned.filter { $0.atNanoseconds <= now }
          planned.removeAll { $0.atNanoseconds <= now }
          return due
        }
        for reply in due {
          // The moment it is due, not the one this thread woke at: what is measured is then known to the microsecond.
          desk.arrived(contextMessageID: reply.context, to: reply.guest, atNanoseconds: reply.atNanoseconds)
        }
        usleep(500)
      }
      ended.signal()
    }
  }

  func stop() {
    isOver.store(true, ordering: .releasing)
    ended.wait()
  }

  func reply(to request: Request, context: Bool = true, afterMilliseconds delay: Int64) {
    guard let message = Message(request) else { return }
    lock.withLock {
      planned.append(
        Planned(
          context: context ? message.id : nil, guest: message.from,
          atNanoseconds: request.arrivedNanoseconds + delay * 1_000_000))
    }
  }
}

/// What a webhook body names.
private struct Message {
  var id: String
  var from: String

  init?(_ request: Request) {
    guard let body = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any],
      let entry = (body["entry"] as? [[String: Any]])?.first,
      let change = (entry["changes"] as? [[String: Any]])?.first, let value = change["value"] as? [String: Any],
      let message = (value["messages"] as? [[String: Any]])?.first, let id = message["id"] as? String,
      let from = message["from"] as? String
    else { return nil }
    self.id = id
    self.from = from
  }
}

extension RealRuns {
  @Suite struct Replies {
    private func yaml(_ keys: String, then rest: String = "") -> String {
      """
      scenario: chat
      steps:
        - name: message
          post: /webhook
          let: {id: "wamid.{{ uuid() }}", guest: "5490{{ journey.number }}"}
          json:
            entry:
              - changes:
                  - value:
                      messages: [{id: "{{ id }}", from: "{{ guest }}", type: text}]
      \(keys.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
      \(rest)
      """
    }

    private func run(
      _ yaml: String, rate: Double = 50, seconds: Double = 1, drainSeconds: Double = 5, workers: Int = 1,
      thresholds: [String] = [], captureLimit: Int = 10_000, during: (LoadRun) -> Void = { _ in },
      handler: @escaping @Sendable (Replier, Request) -> Reply
    ) throws -> (Fixture, Fixture.Finished) {
      let replier = Replier()
      defer { replier.stop() }
      let server = try TestServer(settings: ServerSettings(captureLimit: captureLimit)) { handler(replier, $0) }
      let fixture = try Fixture(server)
      var program = try fixture.program(
        [try Fixture.scenario(yaml: yaml)], phases: [Fixture.open(rate: rate, seconds: seconds)], workers: workers,
        drainSeconds: drainSeconds)
      program.replyDesk = replier.desk
      let finished = try fixture.run(program, thresholds: thresholds, during: during)
      expectLedgersAddUp(finished)
      return (fixture, finished)
    }

    @Test func aReplyIsAwaitedAndItsTimeIsFromTheDueTimeOfTheMessage() throws {
      let (fixture, finished) = try run(
        yaml("reply: {within: 5s}", then: "  - {name: after, get: /after}"), workers: 2,
        thresholds: ["replies lost == 0", "replies duplicated == 0", "reply p(95) < 5s"]
      ) { replier, request in
        if request.path == "/webhook" { replier.reply(to: request, afterMilliseconds: 300) }
        return .answer()
      }
      let replies = try #require(finished.record.replies)
      #expect(replies.awaited == 50 && replies.count == 50 && replies.late == 0 && replies.duplicated == 0)
      #expect(replies.lost == 0 && replies.open == 0 && finished.outcome.unknownReplies == 0)
      #expect(try #require(replies.p50) >= 300)
      #expect(finished.record.thresholds.prefix(2).map(\.verdict) == [.pass, .pass])
      // The next step is due when the reply came.
      #expect(fixture.server.observed.requestsByPath["/after"] == 50)
      #expect(try #require(finished.record.journeys.first?.duration.p50) >= 300)
      #expect(finished.outcome.arrivals.completed == 50)
      #expect(finished.outcome.totals.sent == 100)
    }

    /// However many wait, one slot is enough, and the thread sleeps.
    @Test func whoWaitsHoldsNoSlot() throws {
      let replier = Replier()
      defer { replier.stop() }
      let fixture = try Fixture(
        TestServer { request in
          replier.reply(to: request, afterMilliseconds: 2500)
          return .answer()
        })
      var program = try fixture.program(
        [try Fixture.scenario(yaml: yaml("reply: {within: 10s}"))], phases: [Fixture.open(rate: 1500, seconds: 2)],
        maxInFlight: 40)
      program.replyDesk = replier.desk
      let finished = try fixture.run(program)
      expectLedgersAddUp(finished)
      #expect(finished.outcome.replies.came == 3000 && finished.outcome.replies.late == 0)
      #expect(finished.outcome.arrivals.completed == 3000 && finished.outcome.totals.ok == 3000)
      #expect(try #require(finished.record.replies?.p50) >= 2500)
    }

    @Test func lateLostAndUnknownReplies() throws {
      let (_, finished) = try run(
        yaml("reply: {within: 400ms}", then: "  - {name: after, get: /after}"), rate: 30, drainSeconds: 2,
        thresholds: ["replies lost == 0", "replies late < 90%", "replies lost <= 10", "reply max < 1h"]
      ) { replier, request in
        guard request.path == "/webhook", let number = Message(request).flatMap({ Int($0.from.dropFirst(4)) }) else {
          return .answer()
        }
        switch number % 3 {
        case 0: replier.reply(to: request, afterMilliseconds: 50)
        case 1: replier.reply(to: request, afterMilliseconds: 900)
        default: replier.desk.arrived(contextMessageID: "wamid.other", to: "1", atNanoseconds: 0)
        }
        return .answer()
      }
      let replies = try #require(finished.record.replies)
      #expect(replies.awaited == 30 && replies.count == 20 && replies.late == 10 && replies.lost == 10)
      #expect(replies.p50 != nil && replies.p95 == nil)
      #expect(finished.outcome.unknownReplies == 10)
      // What is wrong with a reply is no error of a request, and the journey goes on.
      #expect(finished.outcome.arrivals.completed == 30 && finished.outcome.totals.failed == 0)
      #expect(finished.record.thresholds.map(\.verdict) == [.fail, .inconclusive, .pass, .fail])
      #expect(finished.record.thresholds[0].value == 10 && finished.record.thresholds[0].n == 30)
    }

    @Test func secondRepliesAreCounted() throws {
      let (_, finished) = try run(
        yaml("reply: {within: 5s}"), thresholds: ["replies duplicated == 0"]
      ) { replier, request in
        replier.reply(to: request, afterMilliseconds: 50)
        // Long after the journey has ended.
        if request.sequence < 10 { replier.reply(to: request, afterMilliseconds: 600) }
        return .answer()
      }
      let replies = try #require(finished.record.replies)
      #expect(replies.count == 50 && replies.duplicated == 10 && replies.awaited == 50)
      #expect(finished.record.verdict == .fail)
    }

    /// The reply overtakes the answer to its message, also twice.
    @Test func aReplyMayComeBeforeTheAnswer() throws {
      let (_, finished) = try run(yaml("reply: {within: 5s}"), rate: 20) { replier, request in
        let message = Message(request)
        for _ in 0..<2 {
          replier.desk.arrived(
            contextMessageID: message?.id, to: message?.from ?? "", atNanoseconds: request.arrivedNanoseconds)
        }
        return .answer().delayed(milliseconds: 300)
      }
      let replies = try #require(finished.record.replies)
      #expect(replies.count == 20 && replies.duplicated == 20 && replies.late == 0)
      #expect(try #require(replies.p50) < 300)
      #expect(try #require(finished.record.journeys.first?.duration.p50) >= 300)
    }

    /// The target took the message, replied, and failed to say so: sent again, it is not replied to again.
    @Test func aReplyToTheSendBeforeARetryIsTheMessages() throws {
      let seen = Mutex<Set<String>>([])
      let (_, finished) = try run(
        yaml("retry: {count: 1, backoff: 100ms}\nreply: {within: 5s}"), rate: 20, drainSeconds: 1
      ) { replier, request in
        guard let message = Message(request), seen.withLock({ $0.insert(message.id).inserted }) else {
          return .answer()
        }
        replier.desk.arrived(
          contextMessageID: message.id, to: message.from, atNanoseconds: request.arrivedNanoseconds)
        return .answer(503)
      }
      let replies = try #require(finished.record.replies)
      #expect(replies.awaited == 20 && replies.count == 20 && replies.lost == 0, "\(replies)")
      #expect(finished.outcome.unknownReplies == 0 && finished.outcome.totals.sent == 40)
    }

    /// A delivery that was answered badly may have come through: the second reply is waited for, to the last message.
    @Test func aSecondReplyAfterARedeliveryIsWaitedFor() throws {
      let seen = Mutex<Set<String>>([])
      let (_, finished) = try run(
        yaml("redeliver: {when: not 2xx, after: 100ms}\nreply: {within: 5s}"), rate: 5
      ) { replier, request in
        guard let message = Message(request), !seen.withLock({ $0.insert(message.id).inserted }) else {
          replier.reply(to: request, afterMilliseconds: 0)
          return .answer(503)
        }
        replier.reply(to: request, afterMilliseconds: 300)
        return .answer()
      }
      let replies = try #require(finished.record.replies)
      #expect(replies.awaited == 5 && replies.count == 5 && replies.duplicated == 5, "\(replies)")
    }

    /// A message that was refused, or failed, is owed no reply; one that comes all the same answers nothing.
    @Test func onlyAcceptedMessagesAreOwedAReply() throws {
      let (_, finished) = try run(
        yaml("expect: {status: {200: ok, 409: no}}\nreply: {within: 2s}"), rate: 30
      ) { replier, request in
        replier.reply(to: request, afterMilliseconds: 100)
        return request.sequence % 3 == 0 ? .answer() : .answer(request.sequence % 3 == 1 ? 409 : 500)
      }
      let replies = try #require(finished.record.replies)
      #expect(replies.awaited == 10 && replies.count == 10 && replies.lost == 0)
      #expect(finished.outcome.unknownReplies <= 20)
      #expect(finished.outcome.totals.failed == 10 && finished.outcome.totals.refused == 10)
    }

    /// Without a context a reply goes to the guest's message, unless the guest waits for two.
    @Test func theGuestTellsWhenThereIsNoContext() throws {
      let (_, single) = try run(yaml("reply: {within: 2s}"), rate: 20, drainSeconds: 1) { replier, request in
        replier.reply(to: request, context: false, afterMilliseconds: 100)
        return .answer()
      }
      #expect(single.record.replies?.count == 20 && single.outcome.unknownReplies == 0)
      let shared = yaml("reply: {within: 2s, guest: \"5490\", message: \"{{ id }}\"}")
      let (_, several) = try run(shared, rate: 20, seconds: 0.5, drainSeconds: 1) { replier, request in
        replier.desk.arrived(contextMessageID: nil, to: "+5490", atNanoseconds: monotonicNanoseconds())
        return .answer().delayed(milliseconds: 700)
      }
      // The first message of the guest was alone when its reply came; the others were not.
      #expect(several.record.replies?.count == 1 && several.record.replies?.lost == 9)
      #expect(several.outcome.unknownReplies == 9)
    }

    @Test func aMessageIDThatComesAgainIsAMistakeOfTheScenario() throws {
      let (_, finished) = try run(
        yaml("reply: {within: 2s, message: \"{{ run.id }}\"}"), rate: 5
      ) { replier, request in .answer() }
      #expect(finished.outcome.totals.failedByKind == ["render": 4])
      #expect(finished.outcome.samples.failures["render"]?.first?.excerpt?.contains("sent before") ?? false)
    }

    @Test(arguments: [false, true])
    func aStopDrainsAndACutLeavesThemOpen(isCut: Bool) throws {
      var isTold = false
      let (_, finished) = try run(
        yaml("reply: {within: 20s}", then: "finally:\n  - {name: bye, get: /bye}"), rate: 20, seconds: 20,
        drainSeconds: 1,
        during: { run in
          guard !isTold, run.elapsedNanoseconds > 700_000_000 else { return }
          isTold = true
          if isCut { run.cut() } else { run.stop() }
        }
      ) { replier, request in .answer() }
      let replies = try #require(finished.record.replies)
      #expect(replies.awaited > 5)
      #expect(isCut ? replies.open == replies.awaited : replies.lost == replies.awaited)
      #expect(finished.outcome.arrivals.cut == finished.outcome.arrivals.started)
      #expect(finished.outcome.lengthNanoseconds < 10_000_000_000)
    }
  }
}

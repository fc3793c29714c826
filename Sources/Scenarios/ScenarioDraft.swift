// SPDX-License-Identifier: Apache-2.0
import Document

/// A scenario file, or one that is only included, as it was written.
struct ScenarioDraft: Sendable {
  var name: Located<String>?
  var about = ""
  var tags: [String] = []
  var isReadOnly: Bool?
  var marks: [MarkDraft] = []
  var data: [Entry<String, Deferred<FeederDraft>>] = []
  var variables: [Entry<String, Node>] = []
  var defaults = DefaultsDraft()
  var setup: SetupDraft?
  var steps: [StepDraft] = []
  var finally: [StepDraft] = []

  struct FeederDraft: Sendable {
    var file = Located(value: "", node: Node(text: "", called: ""))
    var pick = Feeder.Pick.random
  }

  struct DefaultsDraft: Sendable {
    var headers: [Entry<String, Node>] = []
    var timeout: Duration?
    var within: Duration?
    var status: Node?
    var retry: RetryDraft?
    var follow: Int?
    var isProbe = false
  }

  struct SetupDraft: Sendable {
    var steps: [StepDraft] = []
    var every: Duration?
    var on: Node?
  }
}

struct StepDraft: Sendable {
  var node: Node?
  var name: Located<String>?
  var about: String?
  var pause: Located<ClosedRange<Duration>>?
  var include: Located<String>?
  var group: [StepDraft]?
  var request: Entry<String, Node>?
  var variables: [Entry<String, Node>] = []
  var headers: [Entry<String, Node>] = []
  var body: Entry<String, Node>?
  var expect: ExpectDraft?
  var captures: [Entry<String, Deferred<CaptureDraft>>] = []
  var writes: WritesDraft?
  var retry: RetryDraft?
  var condition: Node?
  var share: Double?
  var repetition: RepeatDraft?
  var isProbe: Bool?
  var timeout: Duration?
  var follow: Int?
  var tags: [String] = []
  var isReadOnly: Bool?
  var redeliver: RedeliverDraft?
  var reply: ReplyDraft?
  /// What `include` named, once it was loaded.
  var included: IncludedFile?

  /// Boxed, since a file may include files.
  final class IncludedFile: Sendable {
    let draft: ScenarioDraft
    let directory: String

    init(draft: ScenarioDraft, directory: String) {
      self.draft = draft
      self.directory = directory
    }
  }
}

struct ExpectDraft: Sendable {
  var status: Node?
  var within: Duration?
  var headers: [Entry<String, Node>] = []
  var body: Node?
  var json: [Entry<String, Node>] = []
}

struct CaptureDraft: Sendable {
  var json: Located<String>?
  var header: String?
  var status = false
  var pick: Capture.Pick?
  var isSecret = false
  var fallback: Node?
}

struct WritesDraft: Sendable {
  var key: Node?
  var read: ReadDraft?
  var closedBy: Located<String>?

  struct ReadDraft: Sendable {
    var get: Node?
    var count: Located<String>?
    var headers: [Entry<String, Node>] = []
    var captures: [Entry<String, Deferred<CaptureDraft>>] = []
  }
}

struct RetryDraft: Sendable {
  var count = 1
  var on: Node?
  var backoff: ClosedRange<Duration> = .milliseconds(500)...Duration.milliseconds(500)
  var factor = 2.0
}

struct RedeliverDraft: Sendable {
  var node: Node?
  var share: Double?
  var when: Node?
  var waits: [Duration] = [.seconds(1), .seconds(5), .seconds(30)]
}

struct ReplyDraft: Sendable {
  var node: Node?
  var within: Located<Duration>?
  var message: Node?
  var guest: Node?
}

struct RepeatDraft: Sendable {
  var times: Node?
  var until: Node?
}

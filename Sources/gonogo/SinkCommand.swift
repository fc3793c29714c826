// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Observe
import Results
import Synchronization

let sinkCommand = Command(
  name: "sink", summary: "stands in for WhatsApp's Cloud API and shows what a system sends",
  operands: "",
  flags: [
    Flag("port", "N", "port to listen on; 0 takes a free one (default 9090)"),
    Flag("listen", "ADDRESS", "IPv4 address to listen on (default 127.0.0.1: this machine only)"),
    Flag("json", nil, "begin with a JSON line that tells the URL, end with one of the counts"),
    Flag("quiet", nil, "messages only"),
  ],
  examples: [
    ("gonogo sink --port 9090", "point a system's Cloud API URL to http://127.0.0.1:9090 and watch what it sends"),
    ("gonogo sink --port 0 --json >messages.jsonl", "the first line tells the port"),
  ],
  notes: """
    One JSON line on standard output for each message. It answers as Meta does, errors included, and sends nothing on.
    Tokens are neither checked nor shown. Ctrl-C or SIGTERM ends it with the counts: messages, guests, and messages that
    answer one that was answered before.
    """
) { arguments in
  let port = try arguments.value("port").map(portNumber) ?? 9090
  return try runSink(address: arguments.value("listen") ?? "127.0.0.1", port: port, arguments)
}

private func portNumber(_ text: String) throws -> Int {
  guard let port = UInt16(text) else { throw CommandFailure.usage("--port takes a number up to 65535") }
  return Int(port)
}

/// What the sink's two threads share.
private final class SinkReport: Sendable {
  struct State {
    var tally = MessageTally()
    /// Standard output is gone: counting goes on.
    var isDeaf = false
  }
  let state = Mutex(State())
  private let console: Console

  init(console: Console) { self.console = console }

  /// One line, written before the message is answered.
  func add(_ message: OutboundMessage) {
    let line = encoded(SinkLine(message))
    state.withLock { state in
      state.tally.add(message)
      if !state.isDeaf, (try? console.output(line)) == nil { state.isDeaf = true }
    }
  }
}

private struct SinkLine: Encodable {
  let arrived = Timestamp.now()
  var id: String
  var from: String
  var to: String
  var type: String
  var text: String?
  var context: String?

  init(_ message: OutboundMessage) {
    id = message.id
    from = message.phoneNumberID
    to = message.to
    type = message.type
    text = message.text
    context = message.contextMessageID
  }
}

private struct SinkCounts: Encodable {
  var messages: Int
  var guests: Int
  var duplicates: Int
  var withoutContext: Int
}

private func encoded(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
}

private func runSink(address: String, port: Int, _ arguments: Arguments) throws -> ExitCode {
  let console = Console(arguments: arguments)
  // Before the sink's threads: threads inherit what is blocked.
  let signals = Signals()
  let report = SinkReport(console: console)
  let sink: CloudAPISink
  do throws(SinkError) {
    sink = try CloudAPISink(address: address, port: port) { report.add($0) }
  } catch {
    throw CommandFailure.refused(error.message, hint: "--port and --listen choose another place")
  }
  defer { sink.stop() }
  console.remark("sink: \(sink.url)/v21.0/PHONE_NUMBER_ID/messages; Ctrl-C ends it")
  if arguments.has("json") { try console.output(encoded(["url": sink.url])) }
  while signals.wait(milliseconds: 1_000) == nil {}
  sink.stop()
  let tally = report.state.withLock { $0.tally }
  if arguments.has("json") {
    try console.output(
      encoded(
        SinkCounts(
          messages: tally.messages, guests: tally.recipients, duplicates: tally.duplicates,
          withoutContext: tally.withoutContext)))
  }
  console.remark(
    "\(tally.messages) message\(tally.messages == 1 ? "" : "s") to \(tally.recipients)"
      + " guest\(tally.recipients == 1 ? "" : "s"), \(tally.duplicates) answered something a second time,"
      + " \(tally.withoutContext) named nothing they answer")
  return .pass
}

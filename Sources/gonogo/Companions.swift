// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Load
import Observe
import Scenarios
import Synchronization

/// What stands beside a command that talks to a target: the sink for messages to guests, and in a DEMO the hotel.
final class Companions: Sendable {
  private let running: Running
  private let desk = ReplyDesk()
  private let watch: InterruptWatch?

  /// What can be brought down, by this thread or by an interrupt.
  private final class Running: Sendable {
    let hotel = Mutex<EmbeddedHotel?>(nil)
    let sink = Mutex<CloudAPISink?>(nil)

    func stop() {
      hotel.withLock { $0?.stop() }
      sink.withLock { $0?.stop() }
    }
  }

  /// Starts what the target needs, and gives an embedded target its address. Until `callerHeedsSignals` an interrupt
  /// brings all of it down and ends the process.
  static func start(for target: inout LoadTarget) throws -> Companions {
    let companions = Companions(areNeeded: target.hasSink)
    do {
      try companions.begin(&target)
    } catch {
      companions.stop()
      throw error
    }
    return companions
  }

  private init(areNeeded: Bool) {
    let running = Running()
    self.running = running
    watch = areNeeded ? InterruptWatch { running.stop() } : nil
  }

  private func begin(_ target: inout LoadTarget) throws(CommandFailure) {
    guard watch != nil else { return }
    let place = target.environment?.sink ?? Environment.Sink(address: "127.0.0.1", port: 0)
    let sink: CloudAPISink
    do throws(SinkError) {
      sink = try CloudAPISink(address: place.address, port: place.port) { [desk] message in
        desk.arrived(
          contextMessageID: message.contextMessageID, to: message.to, atNanoseconds: message.arrivedAtNanoseconds)
      }
    } catch {
      throw .refused(error.message, hint: "nothing was sent")
    }
    running.sink.withLock { $0 = sink }
    guard target.isEmbedded else { return }
    let hotel = try running.hotel.withLock { kept throws(CommandFailure) in
      let hotel = try EmbeddedHotel(sink: sink.url, flags: target.hotelFlags)
      kept = hotel
      return hotel
    }
    target.serve(at: try TargetURL(try hotel.waitUntilReady()))
  }

  /// The hotel's process; nil without one.
  var hotelProcessID: Int32? { running.hotel.withLock { $0?.processID } }

  /// Where the sink's messages arrive; nil without a sink.
  var replyDesk: ReplyDesk? { watch == nil ? nil : desk }

  /// From here on the caller reads interrupts, and calls `stop`.
  func callerHeedsSignals() { watch?.end() }

  /// What became of the hotel, when it ended before it was stopped.
  var trouble: String? {
    running.hotel.withLock { $0?.endedAlone }.map { "the embedded hotel \($0)" }
  }

  /// Keeps what the hotel complained of, if it did, in a run folder whose manifest is still to be written.
  func keepLog(in directory: String) {
    guard let log = running.hotel.withLock({ $0?.log }), !log.isEmpty else { return }
    // A run is not lost with a copy of a log; the figures tell of the disk as well.
    try? Data(log).write(to: URL(filePath: "\(directory)/hotel.log"))
  }

  /// Ends all of it. May be called again.
  func stop() {
    watch?.end()
    running.stop()
  }
}

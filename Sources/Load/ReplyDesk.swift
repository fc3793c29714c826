// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Transport

/// Where replies arrive: knows which worker awaits a reply to which message, and brings it there. Workers register a
/// message before they post it, so that no reply comes too early to be known; whoever receives the target's messages
/// calls `arrived`. One run at a time uses it.
///
/// A reply belongs to the message that its context names; one without a context belongs to the only message of that guest
/// whose reply is still awaited, if there is exactly one. Ids and numbers are kept as hashes of 64 bits: two messages of a
/// million share one with a probability of 1 in 10^7. A message takes about 40 bytes until the run ends, since a second
/// reply may come that late.
package final class ReplyDesk: Sendable {
  /// A worker and the number it gave the message.
  struct Ticket: Hashable {
    var worker: UInt16
    var number: UInt32
  }

  private struct Message {
    var ticket: Ticket
    var isAnswered: Bool
  }

  /// The messages of one guest whose replies are awaited: how many, and all their keys XORed, which is the key when it is
  /// one.
  private struct Guest {
    var count = 0
    var keys: UInt64 = 0
  }

  /// Small tables, so that one that grows holds up nobody for long.
  private final class Shard: Sendable {
    let messages = Mutex<[UInt64: Message]>([:])
    let guests = Mutex<[UInt64: Guest]>([:])
  }

  private let shards = (0..<64).map { _ in Shard() }
  private let mailboxes = Mutex<[ReplyMailbox]>([])
  private let unknown = Atomic<Int>(0)

  package init() {}

  /// A message arrived at the sink. Any thread. `atNanoseconds`: CLOCK_MONOTONIC when its last byte was read.
  package func arrived(contextMessageID: String?, to guest: String, atNanoseconds: Int64) {
    let key = contextMessageID.map(Self.key) ?? soleMessage(of: Self.guestKey(guest))
    let found = key.flatMap { key in
      shard(key).messages.withLock { messages -> (ticket: Ticket, isRepeat: Bool)? in
        guard let message = messages[key] else { return nil }
        messages[key]?.isAnswered = true
        return (message.ticket, message.isAnswered)
      }
    }
    guard let found else {
      unknown.add(1, ordering: .relaxed)
      return
    }
    mailboxes.withLock { boxes in
      guard Int(found.ticket.worker) < boxes.count else { return }
      boxes[Int(found.ticket.worker)].put(
        ReplyMailbox.Letter(
          number: found.ticket.number, isRepeat: found.isRepeat, atNanoseconds: atNanoseconds))
    }
  }

  /// Messages at the sink that answer none of this run's.
  package var unknownCount: Int { unknown.load(ordering: .relaxed) }

  // MARK: from the run

  /// Forgets the last run. `boxes`: of the workers of the next, in their order.
  func begin(_ boxes: [ReplyMailbox]) {
    mailboxes.withLock { $0 = boxes }
    for shard in shards {
      shard.messages.withLock { $0 = [:] }
      shard.guests.withLock { $0 = [:] }
    }
    unknown.store(0, ordering: .relaxed)
  }

  /// What arrives from here on is brought to nobody.
  func end() { mailboxes.withLock { $0 = [] } }

  // MARK: from workers

  /// False when a message of this id was registered before.
  func register(message: UInt64, guest: UInt64?, as ticket: Ticket) -> Bool {
    let isNew = shard(message).messages.withLock { messages in
      guard messages[message] == nil else { return false }
      messages[message] = Message(ticket: ticket, isAnswered: false)
      return true
    }
    guard isNew, let guest else { return isNew }
    shard(guest).guests.withLock { guests in
      guests[guest, default: Guest()].count += 1
      guests[guest]?.keys ^= message
    }
    return true
  }

  /// The message was answered, or was never accepted: its guest awaits nothing for it.
  func settle(message: UInt64, guest: UInt64?, forget: Bool) {
    if forget { _ = shard(message).messages.withLock { $0.removeValue(forKey: message) } }
    guard let guest else { return }
    shard(guest).guests.withLock { guests in
      guard var entry = guests[guest] else { return }
      entry.count -= 1
      entry.keys ^= message
      guests[guest] = entry.count > 0 ? entry : nil
    }
  }

  static func key(_ text: String) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(text)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }

  /// Numbers are the same with and without a plus sign.
  static func guestKey(_ number: String) -> UInt64 { key(number.hasPrefix("+") ? String(number.dropFirst()) : number) }

  private func soleMessage(of guest: UInt64) -> UInt64? {
    shard(guest).guests.withLock { guests in
      guests[guest].flatMap { $0.count == 1 ? $0.keys : nil }
    }
  }

  private func shard(_ key: UInt64) -> Shard { shards[Int(key & 63)] }
}

/// Replies on their way to one worker. Any thread puts; the worker takes.
final class ReplyMailbox: Sendable {
  struct Letter {
    /// As the worker gave it to the message.
    var number: UInt32
    /// There was a reply to this message before.
    var isRepeat: Bool
    var atNanoseconds: Int64
  }

  private let letters = Mutex<[Letter]>([])
  private let isEmpty = Atomic<Bool>(true)
  private let waker: Waker

  init(_ waker: Waker) { self.waker = waker }

  func put(_ letter: Letter) {
    letters.withLock { $0.append(letter) }
    isEmpty.store(false, ordering: .releasing)
    waker.wake()
  }

  /// All there are, in the order of their coming; `letters` is overwritten. Costs one load when there are none.
  func take(into taken: inout [Letter]) -> Bool {
    guard !isEmpty.load(ordering: .acquiring) else { return false }
    taken.removeAll(keepingCapacity: true)
    isEmpty.store(true, ordering: .relaxed)
    letters.withLock { swap(&$0, &taken) }
    return true
  }
}

// SPDX-License-Identifier: Apache-2.0
import Results
import Scenarios
import Transport

// Messages of a webhook: sent again with the same bytes, and their replies awaited. Whoever waits for a reply holds no
// slot.
extension Worker {
  /// Renders a message, or takes the bytes of its first delivery; its reply is registered before it is sent.
  func makeDelivery(
    _ visitor: Visitor, _ step: RequestStep, _ outgoing: OutgoingRequest, _ journey: Journey
  ) throws(RenderError) {
    if visitor.redeliveries > 0, let kept = visitor.kept { return outgoing.restore(kept) }
    try outgoing.make(step, for: journey)
    if visitor.attempt == 1 { visitor.deliveryDueNanoseconds = visitor.dueNanoseconds }
    if let rule = step.redeliver {
      let kept = visitor.kept ?? KeptRequest()
      visitor.kept = kept
      outgoing.keep(in: kept)
      visitor.isToBeRepeated = walk == nil && rule.drawsRepeat(journey)
    }
    guard let rule = step.reply, let desk = program.replyDesk, let request = visitor.request else { return }
    let (id, number) = try rule.identity(of: outgoing.rendered.body, journey: journey)
    let message = ReplyDesk.key(id)
    // Made anew by a retry, it may be the same message: a reply that came to the send before is its reply.
    if let known = visitor.message, replies.awaited[known]?.message == message { return }
    dropMessage(of: visitor)
    let guest = number.map(ReplyDesk.guestKey)
    let ticket = ReplyDesk.Ticket(worker: UInt16(index), number: replies.nextNumber)
    guard desk.register(message: message, guest: guest, as: ticket) else { throw RenderError.repeatedMessageID }
    visitor.message = replies.add(
      ReplyBook.Awaited(
        message: message, guest: guest, dueNanoseconds: visitor.deliveryDueNanoseconds,
        limitNanoseconds: visitor.deliveryDueNanoseconds + rule.withinNanoseconds, visitor: visitor.index),
      phase: visitor.phase, step: firstRequest[visitor.scenario] + request)
  }

  func willRedeliver(_ visitor: Visitor, _ step: RequestStep, _ outcome: RequestOutcome) -> Bool {
    guard let rule = step.redeliver, visitor.redeliveries < rule.waitsNanoseconds.count, !mustLeave(visitor) else {
      return false
    }
    if visitor.exchange.failure != nil { return rule.onTransportFailure }
    return rule.applies(toStatus: visitor.exchange.status) || outcome == .ok && visitor.isToBeRepeated
  }

  /// A delivery was answered, or got no answer.
  func delivered(
    _ visitor: Visitor, _ step: RequestStep, _ outcome: RequestOutcome, redelivers: Bool, at moment: Int64
  ) {
    // The delivery before may have come through, answered or not.
    if visitor.redeliveries > 0, mailbox != nil { replies.expectRepeats(after: moment) }
    if outcome == .ok, !visitor.isDelivered {
      visitor.isDelivered = true
      accepted(visitor)
    }
    if redelivers, let rule = step.redeliver {
      if outcome == .ok { visitor.isToBeRepeated = false }
      let pause = rule.waitsNanoseconds[visitor.redeliveries]
      visitor.redeliveries += 1
      visitor.attempt += 1
      return wait(visitor, until: moment + pause)
    }
    // A message that was accepted once is delivered, whatever is answered when it comes again.
    guard visitor.isDelivered else {
      dropMessage(of: visitor)
      return goOn(visitor, outcome, at: moment)
    }
    awaitReply(visitor, at: moment)
  }

  // MARK: replies

  private func accepted(_ visitor: Visitor) {
    guard let number = visitor.message, let entry = replies.accept(number) else { return }
    write(number, .awaited)
    guard let arrived = entry.arrivedNanoseconds else { return }
    visitor.earlyReply = (arrived > entry.limitNanoseconds ? .late : .inTime, entry.repeats)
    came(number, at: arrived)
    for _ in 0..<entry.repeats { write(number, .duplicated) }
  }

  private func awaitReply(_ visitor: Visitor, at moment: Int64) {
    guard let number = visitor.message, let entry = replies.awaited[number] else {
      return endWait(visitor, visitor.earlyReply?.outcome ?? .inTime, at: moment)
    }
    guard entry.limitNanoseconds > moment else { return endWait(visitor, .late, at: moment) }
    visitor.stage = .awaiting
    visitor.dueNanoseconds = moment
    replies.deadlines.push(Int(number), at: entry.limitNanoseconds)
  }

  /// What arrived, and who has waited long enough.
  func takeReplies(at moment: Int64) {
    takeLetters()
    while let deadline = replies.deadlines.earliestNanoseconds, deadline <= moment {
      let number = UInt32(replies.deadlines.pop())
      if let visitor = waiting(for: number) { endWait(visitor, .late, at: max(deadline, visitor.dueNanoseconds)) }
    }
  }

  private func takeLetters() {
    guard let mailbox, mailbox.take(into: &letters) else { return }
    for letter in letters {
      let arrived = letter.atNanoseconds - origin.nanoseconds
      let entry = replies.awaited[letter.number]
      if let entry, !entry.isAccepted {
        replies.keepEarly(letter.number, at: arrived)
      } else if letter.isRepeat {
        write(letter.number, .duplicated)
        tellWitness(repeatedReplyTo: letter.number)
      } else if let entry {
        let visitor = waiting(for: letter.number)
        came(letter.number, at: arrived)
        if let visitor {
          let outcome = arrived > entry.limitNanoseconds ? ReplyOutcome.late : .inTime
          endWait(visitor, outcome, at: max(arrived, visitor.dueNanoseconds))
        }
      }
    }
  }

  private func waiting(for number: UInt32) -> Visitor? {
    guard let entry = replies.awaited[number] else { return nil }
    let visitor = visitors[entry.visitor]
    return visitor.stage == .awaiting && visitor.message == number ? visitor : nil
  }

  private func came(_ number: UInt32, at arrived: Int64) {
    guard let entry = replies.settle(number, at: arrived) else { return }
    program.replyDesk?.settle(message: entry.message, guest: entry.guest, forget: false)
    write(
      number, arrived > entry.limitNanoseconds ? .cameLate : .came,
      microseconds: UInt32(microsecondsFrom: max(1, arrived - entry.dueNanoseconds)))
  }

  /// The journey goes on. What of its reply is still to come is counted when it comes.
  private func endWait(_ visitor: Visitor, _ outcome: ReplyOutcome, at moment: Int64) {
    visitor.stage = .waiting
    let number = visitor.message
    visitor.message = nil
    guard walk != nil, let number else { return goOn(visitor, .ok, at: moment) }
    tellWitness(visitor, reply: outcome, at: moment)
    if let early = visitor.earlyReply, early.repeats > 0 { tellWitness(repeatedReplyTo: number) }
    replies.expectRepeats(after: moment)
    if replies.awaited[number] != nil { withdraw(number) }
    goOn(visitor, outcome == .inTime ? .ok : .failed, at: moment)
  }

  /// A message that was never accepted is owed no reply.
  func dropMessage(of visitor: Visitor) {
    guard let number = visitor.message else { return }
    visitor.message = nil
    if let entry = replies.awaited[number], !entry.isAccepted { withdraw(number) }
  }

  private func withdraw(_ number: UInt32) {
    guard let entry = replies.withdraw(number) else { return }
    program.replyDesk?.settle(message: entry.message, guest: entry.guest, forget: true)
  }

  private func write(_ number: UInt32, _ kind: ReplyMeasurement.Kind, microseconds: UInt32 = 0) {
    if let measurement = replies.measurement(number, kind, microseconds: microseconds) { handOver.add(measurement) }
  }

  /// Whether replies that are counted may still come.
  func expectsReplies(at moment: Int64) -> Bool {
    if let walk { return walk.isLingering && moment < replies.repeatsExpectedUntil }
    return !replies.isEmpty || moment < replies.repeatsExpectedUntil
  }

  /// After all workers ended and nothing more arrives: what came last, and what never came.
  func settleReplies(wasCut: Bool) {
    guard mailbox != nil else { return }
    takeLetters()
    for number in replies.removeAll() { write(number, wasCut ? .open : .lost) }
    handOver.flush()
  }
}

/// How a wait for a reply ended.
enum ReplyOutcome { case inTime, late }

// SPDX-License-Identifier: Apache-2.0

/// Counts of what a sink received. Keeps every guest and every answered message, so it grows with them.
package struct MessageTally: Sendable {
  package private(set) var messages = 0
  /// Messages that answer one that was answered before, for the same business number.
  package private(set) var duplicates = 0
  /// Messages that name none they answer.
  package private(set) var withoutContext = 0
  private var guests: Set<String> = []
  private var answered: Set<String> = []

  package init() {}

  package var recipients: Int { guests.count }

  package mutating func add(_ message: OutboundMessage) {
    messages += 1
    guests.insert(message.to)
    guard let context = message.contextMessageID else {
      withoutContext += 1
      return
    }
    if !answered.insert("\(message.phoneNumberID) \(context)").inserted { duplicates += 1 }
  }
}

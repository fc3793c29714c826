// SPDX-License-Identifier: Apache-2.0

/// One message that the target sent to a guest, as the sink received it. Holds no credentials.
package struct OutboundMessage: Sendable, Equatable {
  /// What the sink answered as the message's id.
  package var id: String
  /// The business number it was sent from, as in the path.
  package var phoneNumberID: String
  /// The guest, as written by the target.
  package var to: String
  /// `text` when the target did not say.
  package var type: String
  /// Of a text message.
  package var text: String?
  /// The message it answers, when it names one.
  package var contextMessageID: String?
  /// CLOCK_MONOTONIC when its last byte was there.
  package var arrivedAtNanoseconds: Int64

  package init(
    id: String, phoneNumberID: String, to: String, type: String = "text", text: String? = nil,
    contextMessageID: String? = nil, arrivedAtNanoseconds: Int64
  ) {
    self.id = id
    self.phoneNumberID = phoneNumberID
    self.to = to
    self.type = type
    self.text = text
    self.contextMessageID = contextMessageID
    self.arrivedAtNanoseconds = arrivedAtNanoseconds
  }
}

// SPDX-License-Identifier: Apache-2.0
import Judgement

/// Any text: a threshold that reads the same again, or an error inside the text.
func fuzzThreshold(_ bytes: UnsafeBufferPointer<UInt8>) {
  let text = String(decoding: bytes, as: UTF8.self)
  do throws(ThresholdError) {
    let threshold = try Threshold.parse(text)
    precondition(threshold.text == text, "the text as written was not kept")
    precondition(threshold.limit.isFinite, "a limit that nothing compares with")
    let again = try? Threshold.parse(threshold.text)
    precondition(again == threshold, "read again it is another threshold")
  } catch {
    let end = error.span.offset + error.span.length
    precondition(error.span.offset >= 0 && error.span.length >= 0, "an error before the text")
    precondition(end <= text.utf8.count, "an error beyond the text")
    precondition(!error.message.isEmpty, "an error that says nothing")
  }
}

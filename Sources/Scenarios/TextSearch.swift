// SPDX-License-Identifier: Apache-2.0

/// Whether `needle` occurs in `text`. Knuth, Morris and Pratt: linear whatever the text is, which matters since the text
/// is the target's.
func contains(_ text: UnsafeBufferPointer<UInt8>, _ needle: [UInt8]) -> Bool {
  if needle.isEmpty { return true }
  guard text.count >= needle.count else { return false }
  // Length of the longest proper prefix of the needle that ends at each place.
  var borders = [Int](repeating: 0, count: needle.count)
  var matched = 0
  for index in 1..<max(1, needle.count) {
    while matched > 0, needle[index] != needle[matched] { matched = borders[matched - 1] }
    if needle[index] == needle[matched] { matched += 1 }
    borders[index] = matched
  }
  matched = 0
  for byte in text {
    while matched > 0, byte != needle[matched] { matched = borders[matched - 1] }
    if byte == needle[matched] { matched += 1 }
    if matched == needle.count { return true }
  }
  return false
}

func equal(_ text: UnsafeBufferPointer<UInt8>, _ other: [UInt8]) -> Bool {
  text.count == other.count && text.elementsEqual(other)
}

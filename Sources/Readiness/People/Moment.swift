// SPDX-License-Identifier: Apache-2.0
import Document
package import Results

extension Timestamp {
  /// Clocks of two machines may differ by minutes, not by more.
  func isFuture(at now: Timestamp) -> Bool { millisecondsSinceEpoch > now.millisecondsSinceEpoch + 300_000 }

  /// As people and other tools write moments: RFC 3339 with any offset, a space for the `T`, seconds or a zone left out
  /// (then UTC), or a day alone. Nil for anything else.
  package init?(lenient text: String) {
    var bytes = Array(text.utf8)
    while bytes.last == 0x20 || bytes.last == 0x0A { bytes.removeLast() }
    guard bytes.count >= 10, bytes.count <= 40 else { return nil }
    let day = String(decoding: bytes[..<10], as: UTF8.self)
    guard bytes.count > 10 else {
      self.init(day + "T00:00:00Z")
      return
    }
    guard [UInt8(ascii: "T"), UInt8(ascii: "t"), 0x20].contains(bytes[10]) else { return nil }
    var clock = String(decoding: bytes[11...], as: UTF8.self)
    var offsetMinutes = 0
    if clock.hasSuffix("Z") || clock.hasSuffix("z") {
      clock.removeLast()
    } else if clock.hasSuffix(" UTC") {
      clock.removeLast(4)
    } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      let digits = clock[clock.index(after: sign)...].filter { $0 != ":" }
      guard digits.utf8.count == 4, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
        number / 100 < 24, number % 100 < 60
      else { return nil }
      offsetMinutes = (number / 100 * 60 + number % 100) * (clock[sign] == "-" ? -1 : 1)
      clock = String(clock[..<sign])
    }
    if clock.utf8.count == 5 { clock += ":00" }
    guard let local = Timestamp("\(day)T\(clock)Z") else { return nil }
    self.init(millisecondsSinceEpoch: local.millisecondsSinceEpoch - Int64(offsetMinutes) * 60_000)
  }
}

extension Timestamp {
  /// Whole days from then until `later`, cut towards zero.
  func days(until later: Timestamp) -> Int {
    Int((later.millisecondsSinceEpoch - millisecondsSinceEpoch) / 86_400_000)
  }
}

extension Shape where Value == Timestamp {
  /// A moment: RFC 3339, or a day.
  static var moment: Shape {
    Shape<String>.text("a moment such as 2026-11-20T13:15:02Z").map { text throws(Mistake) in
      guard let moment = Timestamp(lenient: text) else {
        throw Mistake("expected a moment such as 2026-11-20T13:15:02Z or a day such as 2026-11-20")
      }
      return moment
    }
    .examples("2026-11-20T13:15:02Z", "2026-11-20")
  }
}

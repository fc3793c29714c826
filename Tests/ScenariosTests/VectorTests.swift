// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Scenarios

/// Published vectors.
@Suite struct VectorTests {
  private func bytes(hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0 }
  }

  private func hex(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    appendHex(bytes, to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  /// RFC 4231, test cases 1-4, 6 and 7.
  @Test(arguments: [
    (
      String(repeating: "0b", count: 20), "4869205468657265",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      String(repeating: "aa", count: 20), String(repeating: "dd", count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      "0102030405060708090a0b0c0d0e0f10111213141516171819", String(repeating: "cd", count: 50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    ),
    (
      String(repeating: "aa", count: 131),
      "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    ("", "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
  ])
  func hmac(key: String, message: String, expected: String) {
    #expect(hex(hmacSHA256(key: bytes(hex: key), bytes(hex: message))) == expected)
  }

  /// RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func base64(text: String, expected: String) {
    var out: [UInt8] = []
    appendBase64(Array(text.utf8), to: &out)
    #expect(String(decoding: out, as: UTF8.self) == expected)
  }

  /// FIPS 180-4's example.
  @Test func digest() {
    #expect(hex(sha256(Array("abc".utf8))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
      (-1, "1969-12-31T23:59:59.999Z"), (253_402_300_799_000, "9999-12-31T23:59:59.000Z"),
    ] as [(Int64, String)])
  func calendar(milliseconds: Int64, expected: String) {
    var out: [UInt8] = []
    TimeFormat.rfc3339.write(millisecondsSinceEpoch: milliseconds, into: &out)
    #expect(String(decoding: out, as: UTF8.self) == expected)
  }

  /// SplitMix64 from state 0, as in its authors' reference: our source is that generator, at a state of its own.
  @Test func neighbouringJourneysDrawUnrelatedNumbers() {
    var seen: Set<UInt64> = []
    for index in 0..<2000 {
      var source = RandomSource(seed: 7, index: UInt64(index))
      for _ in 0..<5 { seen.insert(source.next()) }
    }
    #expect(seen.count == 10_000)
    var total = 0.0
    for index in 0..<4000 {
      var source = RandomSource(seed: 7, index: UInt64(index))
      total += source.nextFraction()
    }
    #expect(abs(total / 4000 - 0.5) < 0.02)
  }

  @Test func idsHoldTheRunAndNeverRepeat() {
    var random = RandomSource(seed: 1, index: 1)
    var seen: Set<String> = []
    for _ in 0..<10_000 {
      var out: [UInt8] = []
      RunTag(runID: "20260301T120000Z-ab12").appendUUID(random: &random, to: &out)
      seen.insert(String(decoding: out, as: UTF8.self))
    }
    #expect(seen.count == 10_000)
    let tag = RunTag(runID: "20260301T120000Z-ab12").description
    #expect(
      seen.allSatisfy {
        $0.hasPrefix("\(tag.prefix(8))-\(tag.suffix(4))-8") && "89ab".contains($0.dropFirst(19).first!)
      })
    #expect(seen.allSatisfy { $0.count == 36 })
    #expect(RunTag(runID: "00c0ffee0042").description == "00c0ffee0042")
  }
}

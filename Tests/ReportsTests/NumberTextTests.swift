// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reports

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (12_345, "12,345"), (-1_234_567, "-1,234,567"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func counts(value: Int, text: String) {
    #expect(NumberText.count(value) == text)
  }

  @Test(
    arguments: [
      (nil, "-"), (0, "0 ms"), (0.0004, "0.000 ms"), (0.412, "0.412 ms"), (1.234, "1.23 ms"), (9.996, "10.0 ms"),
      (45.67, "45.7 ms"), (99.97, "100 ms"), (789.4, "789 ms"), (999.6, "1.00 s"), (1800, "1.80 s"), (61_234, "61.2 s"),
      (3_600_000, "3,600 s"),
    ] as [(Double?, String)])
  func milliseconds(value: Double?, text: String) {
    #expect(NumberText.milliseconds(value) == text)
  }

  @Test(
    arguments: [
      (0, "0s"), (0.5, "0.5s"), (45, "45s"), (60, "1m 00s"), (600, "10m 00s"), (3723, "1h 02m 03s"),
      (86_400, "24h 00m 00s"),
      (-1, "-"), (.infinity, "-"),
    ] as [(Double, String)])
  func durations(seconds: Double, text: String) {
    #expect(NumberText.duration(seconds: seconds) == text)
  }

  @Test(
    arguments: [
      (nil, "-"), (0, "0 %"), (1, "100 %"), (0.95, "95 %"), (0.07, "7 %"), (0.123, "12.3 %"), (0.000_13, "0.013 %"),
      (0.9996, "99.96 %"), (0.000_000_01, "0.000001 %"), (.nan, "-"), (0.005, "0.5 %"),
    ] as [(Double?, String)])
  func shares(fraction: Double?, text: String) {
    #expect(NumberText.share(fraction) == text)
  }

  @Test(
    arguments: [
      (nil, "-"), (0, "0/s"), (40, "40/s"), (92.34, "92.3/s"), (1.5, "1.50/s"), (1250.4, "1,250/s"), (.infinity, "-"),
    ] as [(Double?, String)])
  func rates(value: Double?, text: String) {
    #expect(NumberText.perSecond(value) == text)
  }
}

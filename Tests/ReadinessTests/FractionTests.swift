// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Readiness

@Suite struct FractionTests {
  @Test func aShareOfNothingHasNoValue() {
    #expect(Fraction(0, of: 0).value == nil)
    #expect(Fraction(138, of: 145).value == 138.0 / 145.0)
  }
}

// SPDX-License-Identifier: Apache-2.0

/// The mean of the shares of each category's groups, categories weighed and divided by the weights' sum, as an exact
/// fraction. Groups and categories of which nothing counts take no part.
///
/// Within the bounds no product leaves 64 bits: shares of groups are parts of lcm(1...30), means of them parts of
/// lcm(1...10) more, and 1000 of weights multiply that to 5.9e18.
enum WeightedMean {
  static let mostRows = 30
  static let mostGroups = 10
  static let greatestSum = 1000

  /// `categories`: weight, and of each group rows that PASS of rows that count. Nil when nothing counts.
  static func of(_ categories: [(weight: Int, groups: [Fraction])]) -> Fraction? {
    let counted = categories.map { ($0.weight, $0.groups.filter { $0.denominator > 0 }) }.filter { !$0.1.isEmpty }
    let sum = counted.reduce(0) { $0 + $1.0 }
    guard sum > 0 else { return nil }
    let common = counted.flatMap { $0.1.map(\.denominator) }.reduce(1, leastCommonMultiple)
    let means = counted.map { $0.1.count }.reduce(1, leastCommonMultiple)
    let whole = common * means
    let parts = counted.reduce(0) { total, category in
      let (weight, groups) = category
      let shares = groups.reduce(0) { $0 + $1.numerator * (common / $1.denominator) }
      return total + weight * (shares * (means / groups.count))
    }
    return Fraction(parts, of: whole * sum).inLowestTerms
  }
}

func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
  var (left, right) = (left, right)
  while right != 0 { (left, right) = (right, left % right) }
  return left
}

func leastCommonMultiple(_ left: Int, _ right: Int) -> Int { left / greatestCommonDivisor(left, right) * right }

extension Fraction {
  /// The same share with the smallest numbers.
  var inLowestTerms: Fraction {
    let divisor = greatestCommonDivisor(numerator, denominator)
    return divisor == 0 ? self : Fraction(numerator / divisor, of: denominator / divisor)
  }

  /// Exact order of two shares with denominators above zero: -1, 0, 1.
  func compared(with other: Fraction) -> Int {
    let left = numerator.multipliedFullWidth(by: other.denominator)
    let right = other.numerator.multipliedFullWidth(by: denominator)
    if left.high != right.high { return left.high < right.high ? -1 : 1 }
    if left.low != right.low { return left.low < right.low ? -1 : 1 }
    return 0
  }
}

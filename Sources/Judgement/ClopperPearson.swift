// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The highest true share that still could have brought so few events, with a probability of 1 - level or more: one-sided
/// Clopper-Pearson. Counts may be fractions (counts divided by a design effect).
/// Precondition: 0 <= events <= n, n > 0, level in 0 ..< 1.
package func upperBound(events: Double, of n: Double, level: Double) -> Double {
  precondition(n > 0 && events >= 0 && events <= n && level >= 0 && level < 1)
  if events >= n { return 1 }
  return inverseIncompleteBeta(level, events + 1, n - events)
}

/// The lowest true share that still could have brought so many events, with a probability of 1 - level or more.
/// Precondition: as for `upperBound`.
package func lowerBound(events: Double, of n: Double, level: Double) -> Double {
  precondition(n > 0 && events >= 0 && events <= n && level >= 0 && level < 1)
  if events <= 0 { return 0 }
  return inverseIncompleteBeta(1 - level, events, n - events + 1)
}

/// The least number of requests that prove a share below `share` when none of them is an event: 2,995 for 0.1 % at 95 %.
/// Precondition: share in 0 ..< 1 and above 0, level in 0 ..< 1.
package func requestsNeeded(share: Double, level: Double) -> Double {
  precondition(share > 0 && share < 1 && level >= 0 && level < 1)
  return max(1, (log(1 - level) / log1p(-share)).rounded(.up))
}

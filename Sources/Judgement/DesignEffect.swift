// SPDX-License-Identifier: Apache-2.0

// Requests come in clumps: a stall fails a hundred of them at once, which say no more than one. The design effect D is
// the factor by which the events of a run scatter more than independent ones would; a run of n requests is judged as
// n / D independent ones. Everything here was chosen by simulation (Tests/JudgementTests/simulation.py): 5-minute runs at
// 5, 100 and 1,000 requests/s, limits of 5 %, 1 % and 0.1 %, a true rate just over the limit, failures independent,
// in clumps of 1 to 20 s of fixed and of random length, and with a rate that wanders.
//
// 1. Variance of a ratio: D = k/(k-1) * sum(r²) / (n p (1-p)), r = x_i - p n_i over k batches of unequal size.
// 2. Clumps longer than a batch: the estimate is made for batches twice, four times... as long too, while 24 are left,
//    and the largest counts.
// 3. Clumps longer than those: times (1 + ρ) / (1 - ρ), ρ the correlation of neighbouring batches, corrected for its
//    bias in short series and held to at most 0.7. A negative one is taken as 0.
// 4. Few clumps: those seen understate the ones not seen, and understate D when they understate p. One and a half
//    clumps as large as the largest are added to the sum of squares, not to p.
//
// Bad runs that pass at 95 %, 2,000 runs a case: independent 2.1-2.4 %; five or more clumps to be expected in a run, at most
// 5.9 % (40 % on average without D); a rate that wanders over 5 or 10 s by half, at most 7.5 %. Beyond what it can do:
// three clumps of random length, 6-13 % (5 % of such runs hold no clump at all); a rate that wanders over 20 s by a
// factor of e, 14 %. A sound system at half the limit passes in 99.5 % of runs (independent, 5 requests/s, 5 %) and in
// 87 % and more when its rate wanders.
//
// A run without a single event has no scatter to estimate: D is 1. What such a run cannot see is said in words
// (`blindSpot`), since no estimate can say it.

/// The design effect of events in equal stretches of time. At least 1; 1 when there are no events, nothing but events, or
/// fewer than two batches that hold requests. O(batches). `ns` and `events` have the same length.
package func designEffect(ns: [Double], events: [Double]) -> Double {
  precondition(ns.count == events.count)
  let n = ns.reduce(0, +)
  let x = events.reduce(0, +)
  guard n > 0, x > 0, x < n else { return 1 }
  var (ns, events) = (ns, events)
  var largest = 1.0
  while true {
    largest = max(largest, designEffectOfOneSize(ns, events, share: x / n, n: n))
    guard ns.count >= 48 else { return largest }
    ns = pairs(ns)
    events = pairs(events)
  }
}

/// How many of the batches must hold requests for a verdict by confidence.
package let leastBatches = 12

/// The length of a batch in a run of so many seconds: 5 s, and less below a minute, so that there are enough; never below
/// 1 s.
package func batchSeconds(runSeconds: Int) -> Int {
  min(5, max(1, runSeconds / leastBatches))
}

private func designEffectOfOneSize(_ ns: [Double], _ events: [Double], share: Double, n: Double) -> Double {
  let held = zip(ns, events).filter { $0.0 > 0 }
  let k = Double(held.count)
  guard k >= 2 else { return 1 }
  var squares = 0.0
  var neighbours = 0.0
  var largestSquare = 0.0
  var before = 0.0
  for (count, event) in held {
    let residual = event - share * count
    squares += residual * residual
    neighbours += residual * before
    largestSquare = max(largestSquare, residual * residual)
    before = residual
  }
  guard squares > 0 else { return 1 }
  var correlation = neighbours / squares
  correlation += (1 + 3 * max(correlation, 0)) / k
  correlation = min(max(correlation, 0), 0.7)
  let scatter = k / (k - 1) * (squares + 1.5 * largestSquare) / (n * share * (1 - share))
  return scatter * (1 + correlation) / (1 - correlation)
}

/// Neighbours added up; an odd last one joins the pair before it.
private func pairs(_ values: [Double]) -> [Double] {
  var result: [Double] = []
  result.reserveCapacity(values.count / 2)
  for index in stride(from: 0, to: values.count - 1, by: 2) { result.append(values[index] + values[index + 1]) }
  if values.count % 2 == 1, !result.isEmpty { result[result.count - 1] += values[values.count - 1] }
  return result
}

// SPDX-License-Identifier: Apache-2.0
// Room: Histogram. Counts of durations in microseconds at three significant digits, their merge, quantiles, the V2
// encoding and the interval log that other HdrHistogram tools read. No Foundation, no files, no clock: bytes in, bytes
// out.

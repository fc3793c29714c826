// SPDX-License-Identifier: Apache-2.0

/// What a step's JSON paths found in one answer; buffers are reused from answer to answer.
struct JSONMatches {
}

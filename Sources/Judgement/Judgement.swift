// SPDX-License-Identifier: Apache-2.0
// Room: Judgement. Figures, limits, three-valued verdicts, confidence bounds, the grammar of thresholds. Pure: counts
// in, verdict out. Nothing that reads a file, a clock or a network may enter, and no Foundation.

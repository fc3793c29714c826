// SPDX-License-Identifier: Apache-2.0
// Room: Results. What a run found: records, the run folder, digests. Facts only; it judges nothing itself, but it can
// answer the questions a judge asks, and it asks the judge by one path: from the folder, after the run and ever after.
// What may not enter: sending, scheduling, text for people. Untyped JSON neither.

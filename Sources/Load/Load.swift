// SPDX-License-Identifier: Apache-2.0
// Room: Load. When arrivals come, what a journey does, who measures it: schedules, the step interpreter, workers,
// recorders, the generator's own health. No Foundation; no files are written here.

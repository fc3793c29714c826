// SPDX-License-Identifier: Apache-2.0
// Room: Scenarios. The files people write (scenario, plan, environment), compiled once into programs: templates,
// expectations, captures, feeders. It sends nothing and measures nothing.

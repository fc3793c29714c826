// SPDX-License-Identifier: Apache-2.0
// Room: Reports. Pure functions from results to text: terminal, Markdown. Everything shown is escaped for where it is
// shown. Nothing is measured, judged or sent here.

// SPDX-License-Identifier: Apache-2.0
// Room: Docker. A client of the Engine API over its socket. What is done with containers is decided elsewhere; no rule of
// a drill, no figure and no judgement may enter.

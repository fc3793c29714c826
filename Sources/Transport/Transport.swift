// SPDX-License-Identifier: Apache-2.0
// Room: Transport. HTTP by libcurl: handles, one worker's loop, a plain request beside it, phase times, named failures.
// The only room that imports curl. It knows nothing of scenarios, schedules or verdicts. No Foundation.

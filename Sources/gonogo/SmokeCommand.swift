// SPDX-License-Identifier: Apache-2.0

let smokeCommand = Command(
  name: "smoke", summary: "walks through scenarios, each step once, and checks every answer",
  operands: "[PLAN.yaml | SCENARIO.yaml...]",
  flags: targetFlags + [
    Flag("tags", "WORD,WORD", "only steps with one of these tags, with their setup and finally"),
    Flag("read-only", nil, "send only what changes nothing: GET, HEAD, OPTIONS, or steps that say read-only"),
    Flag("fail-fast", nil, "end after the first scenario that fails"),
    Flag("retries", "N", "sends after a failed one, for steps without a retry of their own (default 2)"),
    Flag("retry-pause", "TIME", "wait between those (default 1s)"),
    Flag("timeout", "TIME", "limit of one request (default 10s)"),
    Flag("watch", "TIME|launch", "again and again: every so often, or as often as a launch asks for"),
    Flag("rounds", "N", "with --watch: end after so many rounds"),
    Flag("junit", "FILE", "a copy of junit.xml", completion: .file),
    Flag("list", nil, "list the steps and send nothing; needs no target"),
    Flag("dry-run", nil, "list what would be sent to this target, and what would be left out"),
    Flag("no-probe", nil, "start without asking the target first whether it is there"),
    Flag("demo", nil, "marks the results as DEMO: never evidence for a real system"),
    Flag("confirm", "NAME", "name of a production environment, typed out, where its entry allows more than reading"),
  ] + outputFlags,
  examples: [
    ("gonogo smoke --env staging", "every scenario of scenarios/plans/smoke.yaml, once"),
    ("gonogo smoke scenarios/reservation.yaml --target http://127.0.0.1:8000", "one scenario, while it is written"),
    ("gonogo smoke --env production", "production: only steps that change nothing"),
    ("gonogo smoke --env staging --watch launch", "after a launch: often at first, then hourly, daily, weekly"),
  ],
  notes: """
    Without files: scenarios/plans/smoke.yaml, found upwards from here, else every scenario in scenarios/. Of a plan only
    its scenarios count, in their order. A step is sent once, whatever its share or repeat says; a loop that waits for
    something (until) goes on until it holds. A failed step is sent again up to --retries times, unless it may write and
    has no key that makes that harmless; finally runs in any case, also after Ctrl-C. A missed `within` is a failure.
    The requests are held against the target's OpenAPI document (/openapi.json, or what coverage: of the environment
    names): an operation that none of them calls fails the run, unless it is ignored there with a reason.
    Exit code 0: every step passed. 99: one failed, or an operation was never called. 4: one passed only on a retry
    (PARTIAL), met a declared refusal, or nothing was checked. 3: nobody answered before the start. With --watch it is
    the code of the last round.
    Rounds of --watch keep the folder of the first and the last of equal results, and each that differs; a line per
    round stays in results/...-watch.jsonl. launch: every 5 min for 2 h, every hour up to 48 h, every day up to a week,
    every week up to 30 days.
    """
) { arguments in try runSmoke(arguments) }

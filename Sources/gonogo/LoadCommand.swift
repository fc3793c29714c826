// SPDX-License-Identifier: Apache-2.0

let loadCommand = Command(
  name: "load", summary: "drives load at a target, measures every request, judges the thresholds",
  operands: "[PLAN.yaml | SCENARIO.yaml]",
  flags: targetFlags + [
    Flag("rate", "RATE", "arrivals, such as 500/s, 200 requests/s, 2x peak, or a ramp 0..40/s"),
    Flag("users", "N", "closed model instead: so many visitors, each starting again when done; 0..50 ramps"),
    Flag("for", "TIME", "how long, such as 30s or 10m (with --rate or --users)"),
    Flag("arrivals", "even|poisson", "how arrivals are spaced", completion: .words(["even", "poisson"])),
    Flag("method", "METHOD", "quick use: method of the request"),
    Flag("header", "LINE", "quick use: a header, 'Name: value'", repeats: true),
    Flag("body", "TEXT|@FILE", "quick use: body of the request", completion: .file),
    Flag("expect-status", "STATUS", "quick use: 200, 2xx, or several separated by commas (default 2xx)"),
    Flag("threshold", "RULE", "a rule to judge, such as 'p(95) < 300ms', beside those of the plan", repeats: true),
    Flag(
      "baseline", "DIR", "run folder whose figures rules may name: 'p(95) < baseline + 10%'", completion: .directory),
    Flag("timeout", "TIME", "limit of one request (default 30s)"),
    Flag("drain", "TIME", "how long running journeys may go on after the last arrival (default 30s)"),
    Flag("read-back", "TIME|no", "longest time for reading back what was written (default: by its amount)"),
    Flag("max-in-flight", "N", "most requests under way at once (default: rate x timeout)"),
    Flag("workers", "N", "threads that send (default: by rate, at most one per processor)"),
    Flag("seed", "N", "replays the schedule and the picks of an earlier run"),
    Flag("no-probe", nil, "start without asking the target first whether it is there"),
    Flag("dry-run", nil, "stop after the screen that says what would be done"),
    Flag("full", nil, "the embedded hotel, too, gets the lengths of the plan, not the short ones of a demo"),
    Flag("demo", nil, "marks the results as DEMO: never evidence for a real system"),
    Flag("confirm", "NAME", "name of a production environment, typed out, where its entry allows load"),
  ] + outputFlags,
  examples: [
    ("gonogo load --target http://127.0.0.1:8080/ --rate 500/s --for 30s", "quick use, without files"),
    ("gonogo load --target http://127.0.0.1:8080/ --users 50 --for 30s --threshold 'p(99) < 200ms'", "closed model"),
    ("gonogo load scenarios/plans/expected-peak.yaml --env staging", "a plan against a declared environment"),
    ("gonogo load scenarios/plans/expected-peak.yaml", "the same against the embedded hotel: a DEMO"),
    (
      "gonogo load plan.yaml --env staging --baseline results/OLD --threshold 'p(95) < baseline + 10%'",
      "no slower than an earlier run that passed at the declared peak"
    ),
    ("gonogo load plan.yaml --env staging --dry-run", "what it would send, and what that could prove"),
  ],
  notes: """
    Response time is counted from the moment a request was due, whatever the target does; service time from the moment
    it was sent. Rules judge response time. A target that is neither this machine nor declared in gonogo.yaml is
    refused. Without --target and --env the reference hotel is started for the run and ended after it;
    GONOGO_HOTEL names another program than the hotel beside gonogo, GONOGO_HOTEL_FLAGS flags of its own. Ctrl-C stops
    the run and writes what was found; a second one ends it at once.

    Rules on the target's side, where the environment's `metrics` watch it: metric("name") < 400MB @steady (one series
    with its labels, or all of that name; plain numbers, bytes or %), cpu(NAME) < 70% (over each minute, or 10 s in
    phases under two minutes, of the processors it may use, else of one), memory(NAME) < 80% (of its limit) or < 400MB.
    Every sample of every instance must hold; with a tenth of the samples missing nothing that holds is proven. The embedded hotel is NAME hotel.

    Checklist rows: P-001 to P-005, P-013 and F-003 are marked with 95 % confidence, and need the rate and the mix that
    the environment's `peak` declares. The screen before the start says which of them the plan can mark.
    """
) { arguments in try runLoad(arguments) }

/// Flags of every command that talks to a target.
let targetFlags: [Flag] = [
  Flag("target", "URL", "the target; load without a file asks this one URL; without it the embedded hotel (DEMO)"),
  Flag("url", "URL", "the same as --target"),
  Flag("env", "NAME", "an environment declared in gonogo.yaml"),
  Flag("config", "FILE", "gonogo.yaml, else found upwards from here", completion: .file),
  Flag("ca", "FILE", "PEM file of the authorities to trust", completion: .file),
  Flag("unix-socket", "PATH", "connect to this socket whatever the URL's host is", completion: .file),
  Flag("build", "NAME", "the target's build, where it does not tell it itself"),
]

/// Flags of every command that makes a run folder.
let outputFlags: [Flag] = [
  Flag("out", "DIR", "where run folders are made (default results)", completion: .directory),
  Flag("json", nil, "print run.json instead of the final screen"),
  Flag("quiet", nil, "no progress, no screen before the start"),
  Flag("no-color", nil, "no colour"),
]

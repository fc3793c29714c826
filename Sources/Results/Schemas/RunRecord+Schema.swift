// SPDX-License-Identifier: Apache-2.0
import Judgement

extension RunRecord {
  static let description = RecordDescription(
    """
    What a run found. Times are milliseconds, shares fractions, moments RFC 3339 in UTC, null what cannot be estimated. \
    Figures and verdicts follow from the other files of the folder.
    """,
    [
      field("schema", .constant(currentSchema), "Kind and version of this record."),
      field(
        "kind", .choice(RunKind.allCases.map(\.rawValue)),
        "load: figures of many requests; smoke: each step once. Missing in older records: load."),
      field("tool", .record(ToolRecord.description), "What made the run."),
      field("runId", .text, "Stands in every request and generated id of the run."),
      field("seed", .count, "Replays schedule and picks; below 2^53."),
      field("started", .moment, "Begin of the first second."),
      field("ended", .nullable(.moment), "Null when the run was killed."),
      field("interrupted", .flag, "Stopped by a person or a signal before its end."),
      field("stopReason", .nullable(.text), "What ended the run before its plan did."),
      field("demo", .flag, "Against a stand-in on the same machine: never evidence for a real system."),
      field("embedded", .nullable(.flag), "The target was started for the run and went with it, and all its data."),
      field("environment", .nullable(.text), "Declared name; null for a target on this machine that nobody declared."),
      field("environmentKind", .nullable(.choice(["staging", "production"])), "Null like environment."),
      field("target", .text, "Base URL."),
      field("build", .nullable(.text), "Build of the target."),
      field("buildAfter", .nullable(.text), "Build of the target after the run."),
      field("insecure", .flag, "TLS certificates were not verified."),
      field("sameMachine", .flag, "Generator and target shared a machine."),
      field("plan", .record(PlanRecord.description), "What was to be done."),
      field("peak", .nullable(.record(PeakRecord.description)), "Expected peak, as the environment declares it."),
      field(
        "baseline", .nullable(.record(BaselineRecord.description)), "What rules that name a baseline were held against."
      ),
      field("settings", .record(SettingsRecord.description), "What else is needed to judge the run again."),
      field("provenance", .record(Provenance.description), "Where and by what the run was made."),
      field("arrivals", .record(ArrivalTotals.description), "Intended starts of journeys."),
      field("totals", .record(RunTotals.description), "Requests."),
      field("replies", .nullable(.record(ReplyFigures.description)), "Replies to messages of a webhook."),
      field(
        "watched", .nullable(.record(WatchedRecord.description)), "The target's side; null when it was not watched."),
      field("notes", .list(.text), "Sentences for people."),
      field("leftBehind", .list(.record(LeftBehind.description)), "The first writes that are still in the target."),
      field("ledger", .nullable(.record(LedgerFigures.description)), "What became of the writes; null without any."),
      field("leftBehindCount", .count, "How many there are; ledger.jsonl has all of them."),
      field("brokenLive", .list(.text), "Rules that broke while the run went on and stopped it."),
      field(
        "smoke", .nullable(.record(SmokeRecord.description)), "Steps and attempts of a smoke run; null for load."),
      field("steady", .nullable(.record(SteadyFigures.description)), "Figures of the steady phases; null without one."),
      field("steps", .list(.record(StepFigures.description)), "Figures of each step over the steady phases."),
      field("journeys", .list(.record(JourneyFigures.description)), "Figures of each scenario over the whole run."),
      field(
        "generator", .nullable(.record(GeneratorFigures.description)), "The tool's own health over the steady phases."),
      field("connections", .nullable(.record(ConnectionFigures.description)), "Connections opened and their use."),
      field("verdict", verdictKind, "Worst of the rules, and inconclusive at best when there are reasons."),
      field("reasons", .list(.text), "Why the verdict is worse than each rule's."),
      field("thresholds", .list(.record(ThresholdRecord.description)), "Every rule and what was found about it."),
      field("items", .list(.record(ItemRecord.description)), "Checklist rows this run says something about."),
    ])
}

let verdictKind = FieldKind.choice([Verdict.pass, .fail, .inconclusive].map(\.rawValue))

extension ToolRecord {
  package static let description = RecordDescription("", [field("version", .text, "Version of gonogo.")])
}

extension ArrivalTotals {
  static let description = RecordDescription(
    "planned = started + unsent; started = completed + failed + cut.",
    [
      field("planned", .count, "By the schedule."),
      field("started", .count, "First request became due and found a slot."),
      field("unsent", .count, "Found no slot."),
      field("completed", .count, "Came to their end, declared refusals included."),
      field("failed", .count, "Ended by an error."),
      field("cut", .count, "Still running after the drain, or stopped."),
    ])
}

extension RunTotals {
  static let description = RecordDescription(
    "planned = sent + unsent; sent = ok + failed + inFlight. A retry is a request of its own.",
    [
      field("planned", .count, "Became due."),
      field("unsent", .count, "Became due and were never sent."),
      field("sent", .count, "Handed to the network."),
      field("ok", .count, "Answered as expected, refused and slow ones included."),
      field("refused", .count, "Declared business refusals."),
      field("slow", .count, "Later than their step's own limit."),
      field("failed", .count, "Sum of failedByKind."),
      field("inFlight", .count, "Unanswered after the drain: errors too."),
      field("failedByKind", .table(.count), "By name of the kind; kinds that did not occur are left out."),
    ])
}

extension LeftBehind {
  static let description = RecordDescription(
    "",
    [
      field("scenario", .text, "Scenario of the write."), field("step", .text, "Step of the write."),
      field("key", .text, "As in ledger.jsonl."),
      field("state", .text, "acked, indeterminate, or closed or refused and found all the same."),
    ])
}

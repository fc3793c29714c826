// SPDX-License-Identifier: Apache-2.0
import Readiness
import Testing

/// Where the sources contradict each other each list says which reading was chosen: one for every contradiction known.
@Suite struct ReadingsTests {
  @Test(arguments: [
    ("p020", "87 critical items", "81 rows"), ("p020", "12 critical in Security", "rows are counted"),
    ("p020", "symbol of N/A", "PENDING"), ("p020", "every FAIL a production blocker", "CRITICAL"),
    ("p020", "PARTIAL is partly met", "not PASS"), ("p020", "N/A rows in the denominator", "leaves the denominator"),
    ("p020", "exactly 95 %", "GO WITH CAUTION"), ("p020", "94 < total < 95", "Exact fractions"),
    ("p020", "130 of 145", "89.66"), ("p020", "PARTIAL or PENDING and none FAIL", "NO-GO"),
    ("p020", "know no risks", "unmitigated HIGH or CRITICAL"), ("p020", "96 % with one LOW risk", "GO WITH CAUTION"),
    ("p020", "only reachable when open rows are PENDING", "risks on file"),
    ("p020", "No levels of risk", "LOW, MEDIUM"),
    ("p020", "divides by the number of rows", "NO-GO"), ("p020", "five roles", "CTO signs"),
    ("p020", "escalation path", "The CTO decides"), ("p020", "sign-off rows are critical", "READY FOR SIGN-OFF"),
    ("p020", "no What", "Status"), ("p020", "50 % coverage", "75 %"), ("p020", "99.9 % uptime", "30 days"),
    ("p020", "RTO of less than 1 h", "less than 1 h"), ("p020", "RPO of 15 min", "as written"),
    ("p020", "P-001 and F-003", "in one run"), ("p020", "A-001 and F-002", "twin"),
    ("p020", "states in the source", "None is taken over as PASS"),
    ("es", "120 %", "divided by the sum"), ("es", "57.3", "from the rows"), ("es", "nested five", "parts"),
    ("es", "11 blockers", "13 rows"), ("es", "28 criticals", "40 CRITICAL"), ("es", "colour is a state", "IMPORTANT"),
    ("es", "ticked in the source", "No tick is taken over as PASS"), ("es", "zero tolerance", "NO-GO"),
    ("es", "minimum viable", "95 %"), ("es", "64.0 %", "computed after each"), ("es", "11 conditions", "95 %"),
    ("es", "1000 and more", "500"), ("es", "No error rate", "1 %"), ("es", "without a rate", "peak"),
    ("es", "75 % coverage", "90 %"), ("es", "listed twice", "same three drills"), ("es", "Effort", "no part"),
    ("es", "optional ones", "N/A"), ("es", "nice to have", "Three levels"), ("es", "No roles", "Stakeholder"),
    ("es", "no risks", "as in P020"),
    ("ws", "28/28", "24 points"), ("ws", "four points of a row", "PASS"), ("ws", "No threshold", "31 lines"),
    ("ws", "plans are scored as results", "No tick is taken over as PASS"), ("ws", "one team", "signs anew"),
    ("ws", "FASE 0", "canary of 1 %"), ("ws", "7 and more", "At least 7"), ("ws", "30 and 60 days", "PENDING"),
    ("ws", "MTTR", "PENDING"), ("ws", "/chat", "0.1 %"), ("ws", "evidence", "same evidence"),
    ("ws", "no risks", "as in P020"),
    ("realtor", "About 150", "225"), ("realtor", "gates of the sections go together", "each gate"),
    ("realtor", "softer", "NO-GO"), ("realtor", "strict", "exactly 90 %"), ("realtor", "backups", "Backup & Recovery"),
    ("realtor", "done mark", "rows are counted"), ("realtor", "78 of the 225", "No tick is taken over as PASS"),
    ("realtor", "conditional GO", "GO WITH CAUTION"), ("realtor", "OAuth, MFA, WAF", "N/A"),
    ("realtor", "lines that do not apply", "approver"), ("realtor", "have no gate", "total alone"),
    ("realtor", "launch day", "15 %"), ("realtor", "launch blocker in P020", "by section"),
    ("realtor", "gate boxes", "computes"), ("realtor", "after the launch", "in no score"),
    ("realtor", "looser", "Targets"), ("realtor", "without values", "attested"),
    ("realtor", "without a rate", "twice the peak"), ("realtor", "no CTO", "four roles"),
    ("realtor", "evidence or risks", "as in P020"),
  ])
  func aContradictionHasAReading(list: String, about: String, chosen: String) throws {
    let found = try Lists.list(list).readings.filter { $0.about.contains(about) }
    #expect(found.contains { $0.chosen.contains(chosen) }, "\(about): \(found)")
  }

  @Test(arguments: [("p020", 26), ("es", 21), ("ws", 12), ("realtor", 20)])
  func everyReadingIsNamedAbove(list: String, count: Int) throws {
    #expect(try Lists.list(list).readings.count == count)
  }

  @Test(arguments: Lists.names)
  func readingsAreShownWithEveryDecision(_ name: String) throws {
    let list = try Lists.list(name)
    #expect(decide(list, states: []).readings == list.readings)
  }
}

// SPDX-License-Identifier: Apache-2.0
import Results
import TestServers
import Testing

@testable import Load
@testable import Scenarios

extension RealRuns {
  @Suite struct Redirects {
    private func run(redirects: Int) throws -> Fixture.Finished {
      let server = try TestServer { request in
        request.path == "/old" ? .redirect(to: "/new") : .answer()
      }
      let fixture = try Fixture(server)
      let scenario = Fixture.scenario(["/old"]) { $0.maximumRedirects = redirects }
      let finished = try fixture.run(fixture.program([scenario], phases: [Fixture.open(rate: 10, seconds: 1)]))
      expectLedgersAddUp(finished)
      #expect(server.observed.requestsByPath["/new", default: 0] == (redirects > 0 ? 10 : 0))
      return finished
    }

    @Test func aRedirectIsAnErrorUnlessTheStepAsksToFollowIt() throws {
      #expect(try run(redirects: 0).outcome.totals.failedByKind == ["status": 10])
      #expect(try run(redirects: 2).outcome.totals.ok == 10)
    }
  }
}

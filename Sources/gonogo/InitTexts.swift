// SPDX-License-Identifier: Apache-2.0

/// What the first entry of gonogo.yaml says.
struct InitEnvironment {
  var name: String
  var url: String
  var isLocal: Bool
  var isInsecure: Bool
  var authority: String?
  /// Nil: not known.
  var healthPaths: [String]?
}

/// The texts `init` writes.
enum InitTexts {
  static func environments(_ environment: InitEnvironment) -> String {
    var extra = ""
    if environment.isInsecure {
      extra += "\n    insecure: true                     # certificates are not checked; every report says so"
    }
    if let authority = environment.authority { extra += "\n    ca: \(quoted(authority))" }
    let allow =
      environment.isLocal
      ? "[smoke, load]"
      : "[smoke]                     # add load when load may be sent there: [smoke, load]"
    let settings =
      environment.healthPaths.map { paths in
        "settings:\n      health: [\(paths.map { $0.contains(where: { ",[]{}\"\\#:& ".contains($0) }) ? quoted($0) : $0 }.joined(separator: ", "))]"
      } ?? "# They must be fine before a run starts.\n    # settings: {health: [/health/live, /health/ready]}"
    return """
      # The systems gonogo may be aimed at. A target that is not this machine must be declared here.
      # `gonogo lint gonogo.yaml` checks this file; `gonogo schema environments` prints all it may hold.
      environments:
        \(environment.name):
          url: \(environment.url)
          kind: staging                      # staging | production
          allow: \(allow)\(extra)
          # Evidence counts for one build. Where does the system tell its own?
          # build: {get: /health/detailed, json: "$.version"}
          # The load you expect in its life, and who says so. `1x peak` in plans means this.
          # Rows of the checklist are marked only when its mix, by scenario, is the plan's.
          # peak: {rate: 40 arrivals/s, source: "nginx log, week 42", by: ops, mix: {NAME: 100%}}
          # Messages the system sends to people: sink, or live (then webhook load is refused). During a run gonogo is the
          # sink; point the system's Cloud API URL to it.
          # outbound: sink
          # sink: {listen: "127.0.0.1:9090"}
          # What scenarios read as settings.health[0] and so on.
          \(settings)
          # Operations that smoke need not call, each with a reason.
          # coverage: {ignore: [{operation: DELETE /admin/*, reason: destroys data}]}

        # production:
        #   url: https://hotel.example
        #   kind: production                 # read-only smoke, and nothing else unless `allow` says more
        #   hosts: [hotel.example]           # captured links and redirects may go nowhere else
        #   settings: {health: [/health/live, /health/ready]}

      """
  }

  private static func quoted(_ text: String) -> String {
    "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }

  static let health = """
    # What a monitor asks. The paths are the setting `health` of the environment.
    scenario: health
    about: The service lives, is ready, and says so quickly.
    tags: [health]
    read-only: true
    defaults:
      status: 200
      within: 1s
    steps:
      - name: live
        get: "{{ settings.health[0] }}"
      - name: ready
        when: settings.health[1]
        get: "{{ settings.health[1] }}"

    """

  static func smoke(_ scenario: String) -> String {
    """
    # First of all: does every scenario work, at a low rate? It says nothing about load.
    plan: smoke
    mix:
      - {scenario: ../\(scenario), share: 100%}
    phases:
      - {name: main, rate: 5 arrivals/s, for: 1m, demo: 20s, steady: true}
    thresholds:
      - "errors < 2% @main"
      - "p(95) < 1s @main"

    """
  }

  static func expectedPeak(_ scenario: String) -> String {
    """
    # Before Go/No-Go: the load that the environment declares as its peak, held for ten minutes.
    # `gonogo lint scenarios/plans/expected-peak.yaml --env NAME` says what it sends and what that can prove.
    plan: expected-peak
    mix:
      - {scenario: ../\(scenario), share: 100%}
    phases:
      - {name: warm-up, rate: 0..1x peak, for: 30s, demo: 15s}
      - {name: peak, rate: 1x peak, for: 10m, demo: 60s, steady: true}
    thresholds:
      - "p(95) < 1s @peak"
      - "p(99) < 2s @peak"
      - "errors < 0.1% @peak"

    """
  }

  static func soak(_ scenario: String) -> String {
    """
    # The night before: an hour at the peak, for leaks and whatever runs full or dry.
    plan: soak
    mix:
      - {scenario: ../\(scenario), share: 100%}
    phases:
      - {name: warm-up, rate: 0..1x peak, for: 2m, demo: 15s}
      - {name: soak, rate: 1x peak, for: 1h, demo: 60s, steady: true}
    thresholds:
      - "p(95) < 1s @soak"
      - "p(99) < 2s @soak"
      - "errors < 0.1% @soak"

    """
  }

  static let makeTargets = """
    # Put `include gonogo.mk` into your Makefile. ENV=NAME picks an environment of gonogo.yaml, TARGET=URL an address on
    # this machine; without either, gonogo runs against its own reference hotel, which is a DEMO and proves nothing.
    GONOGO ?= gonogo

    # An empty ENV= or TARGET= stays an argument, so that gonogo refuses it.
    gonogo_target = $(if $(filter-out undefined,$(origin ENV)),--env '$(ENV)') \\
      $(if $(filter-out undefined,$(origin TARGET)),--target '$(TARGET)')

    # make turns every failure into its own exit 2: the last line says verdict and exit code of gonogo. Whoever ends make
    # ends the run with it.
    define gonogo_run
    @trap 'told=yes' INT; $(GONOGO) $(1) $(gonogo_target) & child=$$!; \\
    trap 'told=yes; kill -TERM $$child' TERM HUP; \\
    while :; do code=0; told=no; wait $$child || code=$$?; [ $$told = yes ] || break; done; \\
    case $$code in 0) verdict=pass ;; 10) verdict=go-with-caution ;; 11) verdict=ready-for-sign-off ;; \\
    2) verdict=usage-error ;; 3) verdict=refused ;; 4) verdict=inconclusive ;; 99) verdict=fail ;; \\
    130) verdict=interrupted ;; *) verdict=internal-error ;; esac; \\
    echo "verdict=$$verdict exit=$$code"; exit $$code
    endef

    .PHONY: lint-load smoke-test load-test soak-test validate-production

    lint-load: ## check scenarios, plans and gonogo.yaml
    \t$(GONOGO) lint gonogo.yaml scenarios/*.yaml scenarios/plans/*.yaml

    smoke-test: ## each step of the scenarios of scenarios/plans/smoke.yaml, once
    \t$(call gonogo_run,smoke)

    load-test: ## the expected peak
    \t$(call gonogo_run,load scenarios/plans/expected-peak.yaml)

    soak-test: ## an hour at the expected peak
    \t$(call gonogo_run,load scenarios/plans/soak.yaml)

    validate-production: ## the decision on ENV, from the evidence on file; production is smoked first, read-only
    \t$(call gonogo_run,decide --smoke)

    """
}

# SPDX-License-Identifier: Apache-2.0
# One verb per job; `make` alone lists them. Works with GNU make and nothing else installed: `setup` fetches the rest.

SHELL := /bin/bash
.DEFAULT_GOAL := help
# The verbs share .build, so two at once would only wait for each other.
.NOTPARALLEL:

RELEASE := .build/release-static
PROGRAMS := gonogo hotel
IMPORTS := --explicit-target-dependency-import-check error

.PHONY: help setup build release test check format sanitize fuzz bench load-test smoke-test soak-test \
  validate-production clean

help: ## list these verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-19s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what building and testing need (does nothing when all is there)
	@scripts/setup --tests

build: ## build everything for debugging, tests included
	@scripts/setup
	swift build --build-tests $(IMPORTS)

release: ## build the programs as they are shipped: gonogo and hotel in .build/release-static
	@scripts/setup
	for program in $(PROGRAMS); do \
	  swift build -c release --product $$program --static-swift-stdlib $(IMPORTS) --scratch-path .build/static || exit; done
	@mkdir -p $(RELEASE)
	@for program in $(PROGRAMS); do \
	  strip -o $(RELEASE)/$$program.new .build/static/release/$$program && \
	  mv $(RELEASE)/$$program.new $(RELEASE)/$$program || exit; done
	@ls -lh $(PROGRAMS:%=$(RELEASE)/%) | awk '{print $$9 ": " $$5}'

# In four goes, and few tests at once where each starts processes: what waits for real time must not wait for the
# processor, or for a thread, behind the rest.
test: ## run all tests
	@scripts/setup --tests
	swift build --build-tests $(IMPORTS)
	swift test --skip-build --skip 'LoadTests|gonogoTests|HotelTests'
	swift test --skip-build --filter '^LoadTests\.'
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 swift test --skip-build --filter '^gonogoTests\.'
	swift test --skip-build --filter '^HotelTests\.'

check: ## what can be checked without building: imports, format, headers, words
	@scripts/check

format: ## bring all Swift files into the house's format
	swift format --in-place --parallel $$(git ls-files --cached --others --exclude-standard '*.swift')

sanitize: ## run the tests of the concurrent rooms under the thread sanitizer
	@scripts/setup --tests
	scripts/sanitize

fuzz: ## feed the parsers broken input, SECONDS_EACH=10 for each
	@scripts/setup
	SECONDS_EACH=$(or $(SECONDS_EACH),10) scripts/fuzz

bench: release ## compare with wrk, hey and a bare loop over libcurl (some minutes; a quiet machine)
	@scripts/setup --bench
	swift build -c release --product benchmarks
	scripts/bench

# ENV and TARGET, where they are given at all: an empty one is a mistake, not a DEMO.
AIM = $(if $(filter-out undefined,$(origin ENV)),--env '$(ENV)') \
  $(if $(filter-out undefined,$(origin TARGET)),--target '$(TARGET)')

load-test: release ## load at the expected peak: ENV=staging or TARGET=URL; without either a DEMO
	@scripts/verb load-test $(AIM)

smoke-test: release ## check every endpoint once: ENV=staging or TARGET=URL; without either a DEMO
	@scripts/verb smoke-test $(AIM)

soak-test: release ## an hour at the expected peak: ENV=staging or TARGET=URL; without either a DEMO
	@scripts/verb soak-test $(AIM)

validate-production: release ## decide on ENV=staging from the evidence on file; ENV=production is smoked first, read-only
	@scripts/verb validate-production $(AIM)

clean: ## remove what was built; results stay
	rm -rf .build

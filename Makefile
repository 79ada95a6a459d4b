# Two commands for a newcomer (run, test) and a few for a contributor. Each only calls cmake, ctest or a script.
# ARGS go to flowc: make run ARGS="--record call.wav"

FLOW ?= flows/support/support.flow
JOBS ?= $(shell nproc)
FLOWC = build/release/cli/flowc

help: ## this list
	@awk -F': .*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: flowc ## install what is missing, build, hold a call with the support flow
	@$(FLOWC) run $(FLOW) $(ARGS)

test: build ## install what is missing, build, pass every test
	@ctest --preset release

install: ## install the Debian packages that are missing
	@scripts/install.sh

configure: install
	@cmake --preset release --log-level=WARNING

flowc: configure ## build flowc alone
	@cmake --build --preset release -j $(JOBS) --target flowc

build: configure ## build everything, tests too
	@cmake --build --preset release -j $(JOBS)

check: flowc ## check the flows and examples of this repository, and their layout
	@$(FLOWC) check flows examples stdlib --deny warnings && $(FLOWC) fmt --check flows examples stdlib

picture: flowc ## hold the call of docs/where-the-time-goes.md and draw it anew
	@$(FLOWC) run flows/support/support.flow --play docs/where-the-time-goes.script --record none --journal build/picture.journal
	@$(FLOWC) trace build/picture.journal --picture docs/where-the-time-goes.svg

bench: install ## measure, beside a reference in the same run
	@tests/bench/run

fuzz: install ## some seconds of every fuzzer: make fuzz FOR=60
	@scripts/fuzz.sh $(FOR)

sanitize: install ## the tests once more, under ASan and UBSan: make sanitize FOR=20 begins none after 20 minutes
	@scripts/sanitize.sh $(FOR)

conformance: flowc ## the vendors' own clients at the simulated service, the extension for VS Code (needs network)
	@scripts/install.sh conformance && ctest --test-dir build/release -L conformance --output-on-failure

format: ## lay out every source file as .clang-format says
	@scripts/install.sh develop && git ls-files '*.cpp' '*.h' | xargs clang-format-19 -i

clean: ## forget what was built
	@cmake -E rm -rf build

.PHONY: help run test install configure flowc build check picture bench fuzz sanitize conformance format clean

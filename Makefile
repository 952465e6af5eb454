# Pledgebook: everything runs in an environment of the project's own (.venv, from uv.lock).
# Needed on the machine: Python 3.11 or newer, make, and a package index that can be reached.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

BIN := .venv/bin
READY := .venv/.ready

# PYTHON=/path/to/python chooses the interpreter that a new environment is made from.
PYTHON ?=
# PYTEST_ARGS goes to pytest: make test PYTEST_ARGS="-k numbers -x"
PYTEST_ARGS ?=
# At most four processes: more does not help a suite of this size, and each may start a database.
PYTEST_JOBS ?= -n auto --maxprocesses 4 --dist loadfile
SCORE_ARGS ?=
GATE_ARGS ?=
LINKS_ARGS ?=
SOAK_ARGS ?=
# How often `make fuzz` goes through the property tests.
FUZZ_ROUNDS ?= 10

$(READY): pyproject.toml uv.lock tools/bootstrap.py
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Setting up .venv with $$("$$python" --version) ..."; \
			"$$python" tools/bootstrap.py && touch $@ && exit 0; exit 1; \
		fi; \
	done; echo "Pledgebook needs Python 3.11 or newer: none was found (set PYTHON=/path/to/it)." >&2; exit 1

.PHONY: setup
setup: $(READY) ## make or update the environment

.PHONY: demo
demo: $(READY) ## read the demo documents, show the ledger and a forecast, and solve an example plan
	@$(BIN)/pledgebook demo
	@echo; echo "And a plan: pledgebook plan examples/february-2023.toml"; echo
	@$(BIN)/pledgebook plan examples/february-2023.toml

.PHONY: test
test: $(READY) ## run the whole test suite (PYTEST_ARGS="-k name")
	@$(BIN)/python -m pytest $(PYTEST_JOBS) $(PYTEST_ARGS)

.PHONY: test-llm
test-llm: $(READY) ## test the LLM coder against a real llama.cpp server (built once: some minutes)
	@$(BIN)/python tools/llm_server.py $(BIN)/python -m pytest -q -m llm_server $(PYTEST_ARGS)

.PHONY: lint
lint: $(READY) ## check style and formatting
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

.PHONY: format
format: $(READY) ## mend style and formatting
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

.PHONY: types
types: $(READY) ## check types, strictly, tests included
	@$(BIN)/mypy
	@for file in $$(find tests -mindepth 2 -name conftest.py | sort); do $(BIN)/mypy $$file || exit 1; done

.PHONY: docs
docs: $(READY) ## build the documentation into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

.PHONY: screenshots
screenshots: $(READY) ## take the pictures of the app's pages again (docs/images/app)
	@$(BIN)/python tools/screenshots.py

.PHONY: score
score: $(READY) ## score the reader on the coded corpora (SCORE_ARGS="--train")
	@$(BIN)/python benchmarks/score.py $(SCORE_ARGS)

.PHONY: fuzz
fuzz: $(READY) ## run the property tests again and again with other examples (FUZZ_ROUNDS=10)
	@for round in $$(seq $(FUZZ_ROUNDS)); do \
		$(BIN)/python -m pytest -q $(PYTEST_JOBS) -m hypothesis --hypothesis-seed=$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ') \
			$(PYTEST_ARGS) || exit 1; done

# HARNESS="numbers html" chooses; FUZZ_RUNS=500000 counts executions, FUZZ_SECONDS=60 the time.
HARNESS ?=
FUZZ_RUNS ?=
FUZZ_SECONDS ?= $(if $(FUZZ_RUNS),,120)

.PHONY: fuzz-coverage
fuzz-coverage: $(READY) ## fuzz by coverage, with atheris (HARNESS=... FUZZ_RUNS=... FUZZ_SECONDS=..., Linux)
	@$(BIN)/python tools/bootstrap.py --fuzz
	@.venv-fuzz/bin/python fuzz/run.py $(HARNESS) $(if $(FUZZ_RUNS),--runs $(FUZZ_RUNS)) \
		$(if $(FUZZ_SECONDS),--seconds $(FUZZ_SECONDS))

.PHONY: soak
soak: $(READY) ## kill and cut off what writes a book, 300 times on each engine (PLEDGEBOOK_FAULTS=300)
	@$(BIN)/python -m pytest -q -m soak --capture=no tests/ledger/test_faults.py \
		tests/exchange/test_backups_killed.py tests/web/test_web_killed.py \
		tests/ledger/feeds/test_feeds_crash.py $(PYTEST_ARGS)

.PHONY: bench
bench: $(READY) ## measure speed beside spaCy, growth with length, memory; quantities beside peers
	@$(BIN)/python tools/bootstrap.py --benchmark
	@$(BIN)/python benchmarks/startup.py
	@.venv-benchmark/bin/python benchmarks/growth.py
	@.venv-benchmark/bin/python benchmarks/memory.py
	@.venv-benchmark/bin/python benchmarks/quantities.py
	@.venv-benchmark/bin/python benchmarks/speed.py
	@$(BIN)/python benchmarks/stores.py

.PHONY: bench-links
bench-links: $(READY) ## score and time joining, beside Splink; folds by story (LINKS_ARGS="--splink 1000000")
	@$(BIN)/python tools/bootstrap.py --benchmark
	@.venv-benchmark/bin/python benchmarks/links.py
	@.venv-benchmark/bin/python benchmarks/link_weights.py
	@.venv-benchmark/bin/python benchmarks/reconciling.py $(LINKS_ARGS)

.PHONY: bench-forecasts
bench-forecasts: $(READY) ## time the flows beside peers, verify them, prove fulfilment, lay forecasts beside what came
	@$(BIN)/python tools/bootstrap.py --benchmark
	@$(BIN)/python benchmarks/verification.py
	@$(BIN)/python benchmarks/series_bands.py
	@$(BIN)/python benchmarks/fulfilment.py
	@$(BIN)/python benchmarks/fulfilment_replay.py
	@$(BIN)/python benchmarks/replacement.py
	@$(BIN)/python benchmarks/hindcast.py
	@.venv-benchmark/bin/python benchmarks/flows.py

.PHONY: bench-plans
bench-plans: $(READY) ## solve the fixed planning instances beside peers, with bounds checked anew
	@$(BIN)/python tools/bootstrap.py --benchmark
	@.venv-benchmark/bin/python benchmarks/plans.py

.PHONY: bench-web
bench-web: $(READY) ## load the app with 100,000 statements, a judgement a second (WEB_ARGS="--seconds 20")
	@$(BIN)/python benchmarks/web.py $(WEB_ARGS)

.PHONY: soak-web
soak-web: $(READY) ## keep the app busy for an hour: memory and latency flat (SOAK_ARGS="--minutes 10")
	@$(BIN)/python benchmarks/soak.py $(SOAK_ARGS)

.PHONY: bench-bulk
bench-bulk: $(READY) ## measure bulk reading on one worker and two, and the whole way (BULK_ARGS="--documents 1000000")
	@$(BIN)/python benchmarks/bulk.py $(BULK_ARGS)

.PHONY: gate
gate: $(READY) ## measure what the gate before the reader loses (GATE_ARGS="FILE.jsonl")
	@$(BIN)/python benchmarks/gate.py $(GATE_ARGS)

.PHONY: audit
audit: $(READY) ## look up what is known against the locked dependencies
	@$(BIN)/python tools/bootstrap.py --audit
	@$(BIN)/python tools/audit.py

.PHONY: sbom
sbom: $(READY) ## list all dependencies in dist/sbom.json (CycloneDX)
	@$(BIN)/python tools/bootstrap.py --audit
	@$(BIN)/python tools/audit.py --sbom dist/sbom.json

.PHONY: wheel
wheel: $(READY) ## build the wheel into dist/
	@$(BIN)/python -m hatchling build --target wheel

.PHONY: clean
clean: ## remove the environments and everything that was built
	rm -rf .venv .venv-audit .venv-benchmark .venv-fuzz .venv-llm .fuzz .uv build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests benchmarks fuzz tools -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

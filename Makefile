# Kopilka's commands. `make` lists them; the first one you need is `make run`.
# Works with GNU make 3.81 (macOS) and newer, and needs Python 3.11 or newer, nothing else.

.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
PY := $(BIN)/python
STAMP := .venv/.installed
CODE := $(wildcard app.py chalicelib passes local scenarios replay benchmarks journeys infra)
WORKERS ?= auto
ARGS ?=

.PHONY: help run test check scenarios replay bench journeys lighthouse screens mutants lint format types package openapi lock \
	engine browser sample-pass clean

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

run: engine ## start the service on http://127.0.0.1:8000 (PORT=, DATA_DIR=)
	@exec $(PY) -m local

test: engine browser ## run the whole suite (WORKERS=2, ARGS='-k name')
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: lint types test package ## all of these, before a change is handed in (CI runs `make test`)

scenarios: engine ## run worked examples: FILES='a.json b.json'
	@test -n "$(FILES)" || { echo "kopilka: name the files: make scenarios FILES='tests/scenarios/*.json'" >&2; exit 1; }
	@$(PY) -m scenarios $(FILES)

replay: engine ## post a history of purchases to a service: FILE=history.csv (PROGRAM=, ARGS=)
	@test -n "$(FILE)" || { echo "kopilka: name the file: make replay FILE=history.csv" >&2; exit 1; }
	@$(PY) -m replay $(if $(PROGRAM),--program "$(PROGRAM)") $(ARGS) "$(FILE)"

bench: engine ## measure what is promised, as JSON
	@$(PY) -m benchmarks $(ARGS)

journeys: engine browser ## measure what a person needs: sticker to card, scan to done, as JSON
	@$(PY) -m journeys

lighthouse: engine browser ## let Lighthouse judge the pages (needs Node's npm), as JSON
	@$(PY) -m journeys.lighthouse

screens: engine browser ## draw docs/screens anew: every face in its states
	@$(PY) -m tests.e2e.write_screens

mutants: .venv/.mutation ## plant small defects in the rules, list those no test sees: MODULE='posting rules.stamps'
	@$(BIN)/mutmut run $(if $(filter-out auto,$(WORKERS)),--max-children $(WORKERS)) \
		$(patsubst %,'chalicelib.domain.%.*',$(MODULE))
	@$(PY) -m benchmarks.mutants

lint: $(STAMP) ## format and lint, changing nothing
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

format: $(STAMP) ## rewrite the code in the one format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

types: $(STAMP) ## mypy, strict
	@$(BIN)/mypy $(CODE)

package: $(STAMP) ## package for AWS into build/package and check what is in it (STAGE=dev)
	@$(PY) -m infra.package build/package $(if $(STAGE),--stage $(STAGE))

openapi: $(STAMP) ## write docs/openapi.json from the models
	@mkdir -p build
	@$(PY) -m chalicelib.api.openapi > build/openapi.json && mv build/openapi.json docs/openapi.json

lock: $(STAMP) ## pin every requirement again, with hashes (takes the latest that fit)
	@sh local/lock/lock.sh

engine: $(STAMP) ## fetch the embedded DynamoDB engine, checked against its pinned hash
	@$(PY) -m local.fetch_engine

browser: $(STAMP) ## find Chromium for the browser tests, or install it
	@$(PY) -m local.find_browser

sample-pass: $(STAMP) ## write a signed pass of the demo merchant and the CA's PEM: OUT=dir
	@test -n "$(OUT)" || { echo "kopilka: name the folder: make sample-pass OUT=sample" >&2; exit 1; }
	@$(PY) -m local.sample_pass "$(OUT)"

clean: ## remove what make made, except .data
	@rm -rf .venv .engine .cache build mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): requirements.txt requirements-dev.txt
	@sh local/bootstrap.sh

.venv/.mutation: $(STAMP) requirements-mutation.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements-mutation.txt
	@touch $@

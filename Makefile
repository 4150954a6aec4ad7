# Each target sets up what it needs: a fresh machine with Python 3.11 or newer runs any of them first.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WORKERS ?= 2
# The warning is of setuptools and about every editable installation; nobody can do anything about it.
INSTALL := PYTHONWARNINGS='ignore:Editable installation' $(BIN)/python -m pip install --quiet \
	--constraint constraints.txt

.PHONY: demo test coverage browser pictures lint eval bench crash clean help fuzz audit lock licences sbom

help:
	@echo "make demo   build the shipped corpora and print the comparison of moscow-talks"
	@echo "make test   run the tests, but for those in a browser"
	@echo "make coverage run the tests of store and ingest, and say which branches they take"
	@echo "make browser  run the tests in a real Chromium, installing it where that is possible"
	@echo "make pictures take the pictures and the samples of the README anew"
	@echo "make lint   ruff, mypy --strict, import rules"
	@echo "make bench  measure speed beside other tools, into benchmarks/RESULTS.md"
	@echo "make crash  kill builds, fail their disk, cut the power at every operation (half an hour or more)"
	@echo "make fuzz   damage inputs of every parser, SECONDS=30 each"
	@echo "make audit  look the pinned packages up among known vulnerabilities; make sbom, lock, licences"
	@echo "make eval   measure quality and compare it with the pinned floors"

# torch comes first: with its exact version pip takes a CPU build where one is offered.
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(INSTALL) torch==2.13.0
	$(INSTALL) --editable '.[dev]'
	@touch $(STAMP)

# Ray (240 MB) is no part of what developing needs; without it, or where it cannot start, its test is skipped.
RAY := $(VENV)/.ray
$(RAY): $(STAMP)
	@$(INSTALL) --editable '.[ray]' \
	  || echo "Ray could not be installed: the test of shards on its workers is skipped" >&2
	@touch $@

demo: $(STAMP)
	$(BIN)/xsource demo

test: $(STAMP) $(RAY)
	$(BIN)/python -m pytest -n $(WORKERS) --ignore=tests/browser

coverage: $(STAMP)
	$(INSTALL) --editable '.[milvus]' pytest-cov==7.1.0 coverage==7.17.3
	@mkdir -p build
	$(BIN)/python -m pytest -n $(WORKERS) tests/store tests/ingest tests/contracts tests/pipeline tests/reliability \
	  --cov=xsource/store --cov=xsource/ingest --cov-branch --cov-report=json:build/coverage.json
	$(BIN)/python tools/branch_coverage.py build/coverage.json

# What can be installed here is: Chromium and npm by apt-get as root, Playwright from PyPI, axe-core from npm.
# What cannot be is said, and the tests that need it skip with that reason.
AXE := node_modules/axe-core/axe.min.js
APT := apt-get install --yes --quiet --no-install-recommends

.PHONY: browser-tools
browser-tools: $(STAMP)
	$(INSTALL) --editable '.[browser]'
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  command -v chromium >/dev/null || { apt-get update --quiet && $(APT) chromium fonts-noto-core; } || true; \
	  command -v npm >/dev/null || { apt-get update --quiet && $(APT) npm; } || true; \
	fi
	@test -f $(AXE) || npm install --silent --no-audit --no-fund --no-save --no-package-lock --ignore-scripts axe-core@4.14.1 || true
	@command -v chromium >/dev/null || echo "no Chromium, and none could be installed" >&2
	@test -f $(AXE) || echo "no axe-core, and it could not be installed" >&2

browser: browser-tools
	$(BIN)/python -m pytest tests/browser -rs

pictures: browser-tools
	$(BIN)/python tools/pictures.py
	$(BIN)/python tools/readme_samples.py

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

eval: $(STAMP)
	$(BIN)/xsource evaluate --floors
	$(BIN)/python tools/number_round_trip.py

bench: $(STAMP)
	$(INSTALL) --editable '.[bench]'
	$(BIN)/python -m benchmarks

crash: $(STAMP)
	$(BIN)/python tools/reliability/crash_test.py --kills 500 --failures 100
	$(BIN)/python tools/reliability/crash_test.py --kills 80 --failures 20 --files 1 --delay 5
	$(BIN)/python tools/reliability/power_loss.py --files 1
	$(BIN)/python tools/reliability/power_loss.py --cuts 100
	$(BIN)/python tools/reliability/daily_kills.py --kills 60
	$(BIN)/python tools/reliability/readers_and_writer.py --seconds 600 --readers 8

# Needs: pip install --constraint constraints.txt --editable '.[fuzz]'. SECONDS is for each parser.
SECONDS ?= 30
fuzz: $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt atheris==3.0.0
	$(BIN)/python tools/fuzz.py --seconds $(SECONDS)

# The supply chain: docs/security.md says how these belong together.
audit: $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt pip-audit==2.10.1
	for set in constraints-hashed*.txt; do \
	  $(BIN)/pip-audit --strict --disable-pip --no-deps --require-hashes --requirement $$set || exit 1; \
	done

lock: $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt uv==0.13.9
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python tools/supply_chain.py lock

licences: $(STAMP)
	$(BIN)/python tools/supply_chain.py licences

sbom: $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt cyclonedx-python-lib==11.12.0
	$(BIN)/python tools/supply_chain.py sbom

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

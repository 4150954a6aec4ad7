# Each target sets up what it needs: a fresh machine with Python 3.11 or newer runs any of them first.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WORKERS ?= 2

.PHONY: demo test lint eval bench crash clean help

help:
	@echo "make demo   build the shipped corpora and print the comparison of moscow-talks"
	@echo "make test   run the tests"
	@echo "make lint   ruff, mypy --strict, import rules"
	@echo "make bench  measure speed beside other tools (about 20 minutes), into benchmarks/RESULTS.md"
	@echo "make crash  kill builds, fail their disk and cut the power, by the hundred (about 20 minutes)"
	@echo "make eval   measure quality and compare it with the pinned floors"

# torch comes first: with its exact version pip takes a CPU build where one is offered.
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch==2.13.0
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

demo: $(STAMP)
	$(BIN)/xsource demo

test: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

eval: $(STAMP)
	$(BIN)/xsource evaluate --floors

bench: $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python -m benchmarks

crash: $(STAMP)
	$(BIN)/python tools/reliability/crash_test.py --kills 500 --failures 100
	$(BIN)/python tools/reliability/power_loss.py --cuts 400
	$(BIN)/python tools/reliability/readers_and_writer.py --seconds 600 --readers 8

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

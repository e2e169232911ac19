# Every command of the house is one word. On a fresh Linux machine with Python 3.11 or newer, make and git
# nothing else is needed.
.DEFAULT_GOAL := help
.PHONY: help setup run test check gates bench docs clean lock

PYTHON ?= python3
PORT ?= 8080
DATA ?= data/demo
BIN := .venv/bin
TYPED := src tests scripts $(wildcard bench)

help:
	@echo "make setup   install everything into .venv/"
	@echo "make run     the demo contact centre on http://localhost:$(PORT)"
	@echo "make test    everything that has to be green"
	@echo "make check   formatting, lint, types, imports, documentation and the pure tests, in a minute"
	@echo "make bench   measure, and compare with the limits and with others"
	@echo "make docs    build the documentation into site/"
	@echo "make lock    bring the lock files up to date with pyproject.toml"
	@echo "make clean   remove everything that the commands above made, but data/"

setup: .venv/.ready

.venv/.ready: pyproject.toml requirements/dev.lock scripts/setup_venv.py
	@$(PYTHON) scripts/setup_venv.py
	@touch $@

run: setup
	@exec $(BIN)/smsdesk serve --demo --data $(DATA) --port $(PORT)

check: gates
	@$(BIN)/python -m scripts.run_suites pure

test: gates
	@$(BIN)/python -m scripts.run_suites

gates: setup
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy $(TYPED)
	$(BIN)/lint-imports --no-logo
	$(BIN)/properdocs build --strict

docs: setup
	$(BIN)/python -m scripts.settings_page
	$(BIN)/python -m scripts.api_reference
	$(BIN)/python -m scripts.compatibility_page
	$(BIN)/properdocs build --strict
	@echo "docs: open site/index.html"

bench: setup
	@$(BIN)/python -m bench

lock: setup
	$(BIN)/python -m scripts.lock

clean:
	rm -rf .venv build dist site htmlcov .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name node_modules -prune -exec rm -rf {} +
	find . -name __pycache__ -prune -exec rm -rf {} +

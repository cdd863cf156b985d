# Everything on a fresh machine with Python 3.11+ and make:
#   make run     the two organisations in three worlds, with a report
#   make test    lint, types, direction of imports, tests
PYTHON ?= python3
BIN := .venv/bin
# pytest workers: the cores of a small machine, not all of a large one
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(max(2, min(4, os.cpu_count() or 2)))')

.PHONY: help run test lint clean
.DEFAULT_GOAL := help

help:
	@sed -n '1,3s/^# \{0,1\}//p' Makefile

.venv/.made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "outcomelab needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	touch $@

.venv/.installed: .venv/.made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/.installed-dev: .venv/.made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@ .venv/.installed

run: .venv/.installed
	$(BIN)/outcomelab run experiment=experience_vs_outcome

lint: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/python -m pytest -n $(WORKERS) -q

clean:
	rm -rf .venv results dist build

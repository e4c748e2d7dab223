# From a bare machine with Python 3.11, git and make: `make run` serves, `make test` checks all.
# HOST and PORT change the address, KB_* and DATABASE_URL the rest; CHROMIUM and PYTHON name programs.

SHELL := /bin/sh
.SHELLFLAGS := -euc
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

python := .venv/bin/python
compile := $(python) -m uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock"

# Checks never touch the data of the site that runs from this folder.
test lint: export KB_DATA_DIR := $(CURDIR)/.venv/.checks

.PHONY: help
help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: ## install what is missing, then serve content/ on http://127.0.0.1:8000
	@scripts/install.sh requirements.lock
	@exec $(python) manage.py start

.PHONY: test
test: tools ## install what is missing, then lint and run every test, browser included
	@scripts/browser.sh >/dev/null
	@$(MAKE) lint
	CHROMIUM="$$(scripts/browser.sh)" $(python) -m pytest -n auto --maxprocesses 4 --dist loadfile \
		--cov=kb --cov-branch --cov-report=term-missing:skip-covered
	@echo "The texts floor alone:"
	$(python) -m coverage report --include='kb/markdown/*,kb/errors/*' --fail-under=98

.PHONY: lint
lint: tools ## check style, types, floors and migrations
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy
	$(python) .venv/bin/lint-imports
	$(python) manage.py makemigrations --check --dry-run
	$(python) manage.py check
	KB_ENV=production $(python) manage.py check --deploy --fail-level WARNING

.PHONY: format
format: tools ## mend style where a program can
	$(python) -m ruff check --fix
	$(python) -m ruff format

.PHONY: bench
bench: tools ## measure speed (figures, not tests)
	$(python) -m tests.bench

.PHONY: lock
lock: tools ## write the lock files anew after a pin changed (UPGRADE=--upgrade renews what is below)
	$(compile) $(UPGRADE) requirements.txt --output-file requirements.lock
	$(compile) $(UPGRADE) requirements-tantivy.txt --output-file requirements-tantivy.lock
	$(compile) $(UPGRADE) tests/requirements.txt --constraint requirements.lock \
		--output-file tests/requirements.lock

.PHONY: clean
clean: ## remove what can be made again (.venv, caches); what people wrote stays
	rm -rf .venv .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache staticfiles test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: tools
tools:
	@scripts/install.sh tests/requirements.lock

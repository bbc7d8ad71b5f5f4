# Few words: run test check bench docs clean. The first one sets up what it needs.
.PHONY: help run test check bench docs texts clean requirements
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
SAMPLE := src/regulars/sources/samples/cdnow
DEMO := demo-data
REPORT := $(DEMO)/report.html
PORT := 8300
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo "make run     set up, report on a real shop's history, then open the app on the demo shop (another port: PORT=8301)"
	@echo "make test    run every test (add to it: make test ARGS='-m \"not slow\" tests/events')"
	@echo "make check   run the linters, the type checker, the floor plan, and the tests on SQLite and PostgreSQL"
	@echo "make bench   measure against peers and limits (quick look: make bench ARGS=--quick)"
	@echo "make docs    check the documentation against the code"
	@echo "make texts   gather the app's texts for translators"
	@echo "make clean   remove what was made; your data in regulars-data and demo-data stays"

$(VENV)/bin/python:
	@python=$$(for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	    "$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	        && command -v "$$name" && break; done); \
	if [ -z "$$python" ]; then \
	    echo "Regulars needs Python 3.11 or newer with venv. Install it (Debian, Ubuntu: apt install python3 python3-venv;" \
	         "macOS: brew install python) and run make again." >&2; exit 1; fi; \
	echo "Setting up $(VENV) with $$python" && "$$python" -m venv $(VENV)

# $(call install,requirements file): hashed packages first, then this package on top of them. Not compiled beforehand:
# Python compiles what is used when it is used, and 100 MB are saved.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
define install
	@echo "Installing $(1); this takes a minute, once"
	@$(PIP) --require-hashes -r $(1)
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
endef

$(VENV)/.base: $(VENV)/bin/python requirements/base.txt pyproject.toml
	$(call install,requirements/base.txt)

$(VENV)/.dev: $(VENV)/bin/python requirements/dev.txt pyproject.toml
	$(call install,requirements/dev.txt)
	@touch $(VENV)/.base

# Neither the sample nor the demo ever goes into a shop of yours, whatever your environment says.
run: export REGULARS_DATABASE_URL :=
run: export REGULARS_LAKE_URL :=
run: $(VENV)/.base
	@REGULARS_HOME=$(DEMO)/cdnow $(BIN)/regulars import orders $(SAMPLE).txt.gz --map $(SAMPLE).toml
	@REGULARS_HOME=$(DEMO)/cdnow $(BIN)/regulars report --html $(REPORT)
	@echo
	@echo "The retention report of a real shop (CDNOW, 1997-98) is in $(CURDIR)/$(REPORT)"
	@echo "Now the app opens on the demo shop. For your own shop stop it (Ctrl+C) and run: $(BIN)/regulars start"
	@REGULARS_HOME=$(DEMO)/shop $(BIN)/regulars start --demo --port $(PORT)

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@echo "The tests on SQLite"
	@REGULARS_TEST_DATABASE_URL= $(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)
	@if [ -n "$$REGULARS_TEST_DATABASE_URL" ]; then \
	    echo "The tests on PostgreSQL"; $(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS); \
	else echo "No PostgreSQL: set REGULARS_TEST_DATABASE_URL, or run .ci/run, to have the tests run on it too"; fi

bench: $(VENV)/.dev
	@$(BIN)/python -m bench $(ARGS)

docs: $(VENV)/.dev
	@$(BIN)/python -m pytest -q tests/test_docs.py

texts: $(VENV)/.dev
	@$(BIN)/python -m regulars.web.catalogue

clean:
	rm -rf $(VENV) build dist src/*.egg-info bench/data .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# For developers: choose new versions. Needs uv; the files name no registry.
COMPILE := UV_CUSTOM_COMPILE_COMMAND="make requirements" uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-emit-find-links --group build $(UPGRADE)
requirements:
	$(COMPILE) -o requirements/base.txt
	$(COMPILE) --extra postgres -c requirements/base.txt -o requirements/postgres.txt
	$(COMPILE) --extra postgres --group dev -c requirements/base.txt -o requirements/dev.txt

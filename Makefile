# Forthwith's commands. `make` alone lists them; each sets up .venv by itself when that is needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help demo up test check format lock pages catalogue bench screenshots clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## Replay a real breach, from its finding to its closure, in under a minute
	@$(BIN)/forthwith exercise run cps-2016

up: $(READY) ## Start Forthwith on this machine; Ctrl-C ends it
	@$(BIN)/forthwith up

test: $(READY) ## Run every test
	@$(PYTEST)

check: $(READY) ## Check format, lint, types and import contracts, then run every test
	@$(BIN)/ruff format --check --quiet || { echo "Some files are not formatted; run: make format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo --no-cache
	@$(MAKE) --no-print-directory test

format: $(READY) ## Format the code and mend what lint can mend by itself
	@$(BIN)/ruff format --quiet
	@$(BIN)/ruff check --fix --quiet

lock: ## Choose the newest versions that work together, and lock them
	@$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/python -m pip install --quiet uv
	@for set in "requirements.lock" "requirements-dev.lock --extra dev"; do \
		$(VENV)/lock/bin/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
			--no-header --no-annotate --output-file $$set >/dev/null || exit 1; \
	done

pages: $(READY) ## Write the pages of docs/law and docs/forms anew from the rulebook and the forms
	@$(BIN)/forthwith rulebook pages docs/law
	@$(BIN)/python -m notices.pages docs/forms

catalogue: $(READY) ## Bring the dashboard's words in other languages up to date with its pages
	@$(BIN)/python -m web.catalogue

bench: $(READY) ## Measure speed against what it is compared with
	@ls bench/bench_*.py >/dev/null 2>&1 || { echo "No benchmark is written yet."; exit 0; }; \
	for one in bench/bench_*.py; do $(BIN)/python $$one || exit 1; done

screenshots: $(READY) ## Take the pictures of the dashboard anew (needs a Chromium)
	@$(BIN)/python docs/pictures/take.py

clean: ## Take away everything that can be made again (your data in ~/.forthwith stay)
	@rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The lock holds the build backend too: pip then needs no download besides the lock, and builds the same everywhere.
$(READY): requirements-dev.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and there is no '$(PYTHON)' here; name one: make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "'$(PYTHON)' cannot make virtual environments; on Debian or Ubuntu run: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

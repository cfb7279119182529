# Nuanlin. `make run` serves a demo community, `make test` runs every check; both set up what they need by themselves.
# Needed beforehand: Python 3.11 or newer with its venv module, and make (Debian: apt install python3 python3-venv make).

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
UV ?= uv
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
LOCK := $(UV) pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet
DEMO := var/nuanlin.db

.PHONY: help
help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: var/demo.stamp $(VENV)/run.stamp  ## serve a demo community on http://127.0.0.1:8000 (PORT=8001 for another port); keeps its data
	$(BIN)/nuanlin --db $(DEMO) serve $(if $(PORT),--port $(PORT))

.PHONY: street
street: var/street.stamp $(VENV)/run.stamp  ## serve a year of a simulated street, in which every mechanism has left its records
	$(BIN)/nuanlin --db var/street.db serve $(if $(PORT),--port $(PORT))

.PHONY: test
test: $(VENV)/dev.stamp  ## set up and run every check: ruff, mypy, pytest (ARGS="-k claim" is handed to pytest)
	@$(MAKE) lint
	@.ci/system-packages
	$(BIN)/python -m pytest $(ARGS)

.PHONY: lint
lint: $(VENV)/dev.stamp  ## the checks that only read: ruff, its formatting, mypy --strict
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

.PHONY: long
long: $(VENV)/dev.stamp  ## the runs that take minutes, and the property tests with many more examples
	@.ci/system-packages
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -m "long or hypothesis" $(ARGS)

.PHONY: bench
bench: $(VENV)/dev.stamp  ## measure speed, both sides of each ratio in one run (see docs/benchmarks.md)
	$(BIN)/python -m benchmarks $(ARGS)

.PHONY: large
large: $(VENV)/dev.stamp  ## the one measurement that takes ten million events (some 12 GB in var/, tens of minutes)
	@mkdir -p var
	SQLITE_TMPDIR=var $(BIN)/python -m benchmarks.one_more --db var/ten-million.db

.PHONY: screenshots
screenshots: $(VENV)/dev.stamp  ## take the pictures of README and guides again (ARGS="home board" takes only these)
	@.ci/system-packages
	$(BIN)/python -m docs.take_pictures $(ARGS)

.PHONY: wheel
wheel: $(VENV)/dev.stamp  ## build the wheel into dist/
	$(BIN)/python -m hatchling build -t wheel -d dist

.PHONY: lock
lock:  ## renew the lock files (needs uv; UPGRADE=--upgrade for newer versions)
	$(LOCK) --group build --output-file requirements.lock $(UPGRADE)
	$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock $(UPGRADE)

.PHONY: clean
clean:  ## remove the environment and everything the tools left; the data in var/ stays
	rm -rf $(VENV) dist build .hypothesis .mypy_cache .pytest_cache .ruff_cache .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The demo community, filled once. The command is safe to repeat, so one that was interrupted is completed the next time.
var/demo.stamp: | $(VENV)/run.stamp
	@mkdir -p var
	$(BIN)/nuanlin --db $(DEMO) demo
	@touch $@

var/street.stamp: | $(VENV)/run.stamp
	@mkdir -p var && rm -f var/street.db* var/street.*.db* var/street.*key
	$(BIN)/nuanlin --db var/street.db simulate --people 300 --years 1 --named
	@touch $@

# The stamps say which lock the environment was last brought to. Everything that is installed is checked against
# a hash, hatchling included, which is why pip may build the project without an environment of its own.
$(VENV)/run.stamp: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $(VENV)/run.stamp $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Nuanlin needs Python 3.11 or newer; name one by: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "This Python has no venv module; on Debian: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

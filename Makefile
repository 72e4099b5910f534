# `make` alone lists the targets. Needs Python 3.11 or later with venv, make and git; everything else is fetched.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup run stop test test-quick check bench format lock

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install packages and build the front end; skips what is done
	@$(PYTHON) bin/setup.py

run: setup ## Run the whole site with demo data on http://localhost:8000
	@exec $(BIN)/python bin/run.py

stop: ## Stop the embedded PostgreSQL and Redis
	@$(PYTHON) -m cpconf.local_services stop

# A file's tests share their stories, so one worker runs them all. The last lines show the slowest tests and the time.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 10

# Otherwise each process that a test starts would compile the site again.
test test-quick: export PYTHONDONTWRITEBYTECODE =

test: ## Run every test, browser journeys included
	@$(PYTHON) bin/setup.py --tests
	@$(PYTEST) $(ARGS)

test-quick: ## Run the tests that need no browser and lay out no PDF
	@$(PYTHON) bin/setup.py
	@$(PYTEST) -m "not in_browser and not lays_out" $(ARGS)

check: setup ## Formatting, lint, house rules, types, import contracts, migrations, production settings, secrets, known faults
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/python -m pytest --quiet --no-header tests/cpconf/test_house_rules.py
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy .
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python bin/check_production.py
	$(BIN)/python bin/scan_secrets.py
	$(BIN)/python bin/audit_dependencies.py

bench: setup ## Run the benchmarks; BENCH_SCALE=0.1 for a tenth of England
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	$(BIN)/python -m benchmarks

format: setup ## Put Python into its one form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: setup ## Pin the requirements anew, with hashes
	@for part in base dev bench node; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links requirements/$$part.in -o requirements/$$part.txt || exit 1; \
	done

# Everything Beside needs is installed into this checkout. `make help` lists what there is.
PYTHON ?= python3
BIN := .venv/bin
# Tests start hundreds of processes, and each would compile all of Beside anew.
unexport PYTHONDONTWRITEBYTECODE
# Where `initdb` is; tests/postgres.py looks for it.
POSTGRES ?= $(shell $(PYTHON) -m tests.postgres 2>/dev/null)
BROWSER ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
# The tests that run on PostgreSQL too: the rule, locked rows, and what two people do at once.
ON_POSTGRES := tests/access tests/archive tests/thanks tests/finding tests/index tests/posts tests/people tests/notices tests/delivery tests/photos/vault tests/querysets tests/responses tests/family tests/moderation \
	tests/photos/test_developing.py tests/photos/test_uploads.py tests/photos/test_at_once.py tests/postgresql tests/web/test_uploads.py \
	tests/cli/test_restore.py tests/cli/backups \
	tests/web/test_every_door.py::test_after_every_narrowing_all_old_links_are_dead

# The tests that run on an object store too, with PostgreSQL where there is one: uploads, keys, what is sent, what is swept.
# What is narrowed is tried there by `make nodes`.
ON_OBJECTS := tests/object_store tests/delivery tests/photos/test_uploads.py tests/photos/test_developing.py tests/photos/test_originals.py \
	tests/photos/test_deposits.py tests/photos/vault/test_destroying.py tests/photos/vault/test_keyring.py tests/photos/vault/test_sweeping.py tests/photos/vault/test_presence.py tests/web/test_uploads.py

# Under CI, which has 45 minutes on two cores, only one of so many parts is tried of what takes longest, drawn by the run's seed.
share = $(if $(filter true,$(CI)),BESIDE_TEST_SHARE=$(1))

.DEFAULT_GOAL := help
.PHONY: help serve demo test check fix messages everyday thorough postgres nodes objects hostile crash e2e release bench lock

help:  ## List the targets.
	@sed -n 's/^\([a-z0-9]*\):.*##/\1\t/p' Makefile

serve: .venv/ready  ## Run Beside on this machine, with its data in var/.
	@$(BIN)/beside serve

demo: .venv/ready  ## A throw-away Beside with a made-up family, and a sign-in link for each.
	@$(BIN)/beside serve --demo

test:  ## All checks and all tests, the browser's too; installs what they need.
	@PYTHON=$(PYTHON) sh tests/set_up.sh
	@BESIDE_TEST_EXAMPLES=whole $(MAKE) --no-print-directory check everyday thorough postgres nodes objects hostile crash e2e release

check: .venv/ready  ## Format, lint, types, layers.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djade --check $$(git ls-files 'src/*.html')
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fix: .venv/ready  ## Correct what the formatters and linters can.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djade $$(git ls-files 'src/*.html')

messages: .venv/ready  ## Bring the catalogues of sentences up to date, check them, and list what isn't translated.
	$(BIN)/python -m messages

everyday: .venv/ready  ## What to run while you work, on every core; `make test` tries more random examples.
	$(BIN)/pytest -n auto --dist worksteal -m "not crash and not thorough" --ignore=tests/e2e --ignore=tests/hostile --ignore=tests/postgresql --ignore=tests/nodes --ignore=tests/object_store

thorough: .venv/ready  ## Every page for every person, long random walks, whole processes started.
	$(call share,3) $(BIN)/pytest -n auto --dist worksteal -m thorough tests --ignore=tests/e2e --ignore=tests/hostile --ignore=tests/postgresql --ignore=tests/nodes --ignore=tests/object_store

postgres: .venv/ready  ## The rule, and what must not race, on a PostgreSQL that is started for it.
ifeq ($(POSTGRES),)
	@if [ "$$CI" = "true" ]; then echo "make: no PostgreSQL here, and under CI its tests must run." >&2; exit 1; fi
	@echo "!! LEFT OUT: the tests on PostgreSQL, which is not installed here." >&2
else
	$(call share,2) BESIDE_TEST_DATABASE=postgresql $(BIN)/pytest -n auto --dist worksteal $(ON_POSTGRES)
	BESIDE_TEST_DATABASE=postgresql $(BIN)/pytest tests/hostile/test_guesses.py
endif

objects: .venv/ready  ## The same for an object store that is started for it, on PostgreSQL where there is one.
	$(call share,2) BESIDE_TEST_STORE=s3 $(if $(POSTGRES),BESIDE_TEST_DATABASE=postgresql) $(BIN)/pytest -n auto --dist worksteal $(ON_OBJECTS)

# Not at the same time as others: they are nine processes, and a balancer that asks whether they are well. With BESIDE_TEST_EVERY_DOOR=yes everybody tries every door.
nodes: .venv/ready  ## Three nodes of one place, on PostgreSQL and an object store, cut off and killed.
ifeq ($(POSTGRES),)
	@if [ "$$CI" = "true" ]; then echo "make: no PostgreSQL here, and under CI its tests must run." >&2; exit 1; fi
	@echo "!! LEFT OUT: the tests of several nodes, as there is no PostgreSQL here." >&2
else
	$(call share,2) $(BIN)/pytest tests/nodes --ignore=tests/nodes/test_killed.py
	$(BIN)/pytest -n auto --dist worksteal tests/nodes/test_killed.py
endif

hostile: .venv/ready  ## Clients that mean harm, against a served place. Under two minutes.
	$(BIN)/pytest tests/hostile

crash: .venv/ready  ## The process killed at every step, power cuts, full disks.
	$(BIN)/pytest -n auto --dist worksteal tests/crash

# Uploads are tried alone, because their tests cut lines and wait for what comes of that.
e2e: .venv/ready  ## The browser tests, in Chromium, two at a time.
ifeq ($(BROWSER),)
	@if [ "$$CI" = "true" ]; then echo "make: no Chromium here, and under CI the browser tests must run." >&2; exit 1; fi
	@echo "!! LEFT OUT: the browser tests, as there is no Chromium here." >&2
else
	$(call share,2) BESIDE_TEST_BROWSER=$(BROWSER) $(BIN)/pytest -n 2 --dist worksteal tests/e2e --ignore=tests/e2e/test_upload.py
	BESIDE_TEST_BROWSER=$(BROWSER) $(BIN)/pytest tests/e2e/test_upload.py
endif

release: .venv/ready  ## Write a release and its lists into dist/, and try it: the same bytes each time. Under a minute.
	$(BIN)/python -m release

bench: .venv/ready  ## Most measurements in bench/. Takes a while.
	@for b in parsers delivery intake scale start pages page_times flows slow storm nodes growth; do $(BIN)/python -m bench.$$b || exit 1; done

lock: pyproject.toml  ## Regenerate the locked requirements (needs uv).
	uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --quiet --extra postgres pyproject.toml --output-file requirements.txt
	cp requirements.txt src/beside/requirements.txt
	uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --quiet --extra postgres --extra objects --constraint requirements.txt pyproject.toml --output-file requirements-several.txt
	uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --quiet --extra dev --extra postgres --extra objects --constraint requirements.txt pyproject.toml --output-file requirements-dev.txt

.venv/ready: requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Beside needs Python 3.11 or later; this is $$($(PYTHON) --version). Choose another with: make PYTHON=python3.12 serve" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python comes without venv. On Debian: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

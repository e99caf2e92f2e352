# Everything one does with a checkout. Needs make and Python 3.11 or later; the rest is installed into .venv
# (from the lock files, by hash) and webapp/assets/node_modules.

# The real path of a Python, as .venv itself may be on the PATH and is made anew.
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do $$each -c \
	'import os, sys; sys.version_info < (3, 11) and sys.exit(1); print(os.path.realpath(sys.executable))' \
	2>/dev/null && break; done)
BIN := .venv/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check
LOCKED := $(INSTALL) --require-hashes --no-deps -r
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" $(OPTIONS)
BROWSERS := chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable
ASSET_SOURCES := $(shell find webapp/assets webapp/templates webapp/views forms \
	-name node_modules -prune -o -type f ! -name '*.pyc' -print 2>/dev/null)
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Processes that start, in tests by the dozen, read what is compiled already.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help venv assets run demo lint check check-fast test bench mutations messages browser lock

help:  ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-12s%s\n", $$1, $$2 }' Makefile

venv: .venv/runtime  ## Install the application into .venv

assets: webapp/static/manifest.json  ## Build stylesheets and scripts

run: venv assets  ## Run everything on this machine, with the demo, until Ctrl-C
	@$(BIN)/xueji run

demo: venv  ## Load the demo and print its people
	@$(BIN)/xueji demo --commit

check: check-fast  ## The gate: check-fast, then the slow tests and those in a browser
	$(BIN)/pytest -n 2 -m "browser or slow"

check-fast: lint  ## Format, lint, types, layers and the quick tests, in under a minute
	$(BIN)/pytest -n 2 -m "not browser and not slow"

test: browser lint  ## Everything, on a fresh machine too: installs a browser if there is none
	$(BIN)/pytest -n 2

bench: .venv/development  ## Measure and compare with the floors; NAME=approvals for one of them
	$(BIN)/python -m bench $(NAME)

mutations: .venv/development  ## Change the rules in one place after another; TABLE=hard_checks for one table
	$(BIN)/xueji rules mutate $(if $(TABLE),--table $(TABLE))

messages: venv  ## Collect what is to be translated; the new messages have no msgstr yet
	$(BIN)/pybabel extract -F babel.cfg --add-location never -o .venv/messages.pot .
	$(BIN)/pybabel update -i .venv/messages.pot -d webapp/translations -l zh_Hans_CN -w 110 \
		--ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date

lock: $(BIN)/uv  ## Write the lock files anew; OPTIONS=--upgrade takes newer versions
	printf '%s\n' hatchling editables | $(COMPILE) -o requirements.lock pyproject.toml -
	$(COMPILE) -o requirements-dev.lock -c requirements.lock --group dev
	$(COMPILE) -o requirements-node.lock --group build

lint: .venv/development assets
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/runtime: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: install it, or name it: make PYTHON=…" >&2; exit 1; }
	@rm -rf .venv
	$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Install what this Python lacks: apt-get install python3-venv" >&2; exit 1; }
	$(LOCKED) requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/development: .venv/runtime requirements-dev.lock
	$(LOCKED) requirements-dev.lock
	@touch $@

.venv/node: .venv/runtime requirements-node.lock
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null \
		|| $(LOCKED) requirements-node.lock
	@touch $@

webapp/assets/node_modules/installed: .venv/node webapp/assets/package-lock.json
	cd webapp/assets && npm ci --ignore-scripts --no-progress --loglevel=error
	@touch $@

webapp/static/manifest.json: webapp/assets/node_modules/installed $(ASSET_SOURCES)
	cd webapp/assets && npm run --silent build

$(BIN)/uv: .venv/runtime
	$(INSTALL) uv

browser:
	@for each in $(BROWSERS); do command -v $$each >/dev/null && exit 0; done; \
	sudo=; test "$$(id -u)" = 0 || sudo="sudo -n"; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
		$$sudo apt-get update -qq && $$sudo apt-get install -y -qq chromium-headless-shell fonts-noto-cjk >/dev/null; \
	else \
		echo "The tests drive a browser: install Chromium (Debian: apt-get install chromium-headless-shell fonts-noto-cjk)" >&2; exit 1; \
	fi

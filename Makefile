# One command for each thing a developer does. `make` lists them.
#
# Everything runs in ./.venv, which the first command creates; nothing is installed outside it
# except Debian's chromium, for the browser tests, where it is missing and apt is usable.

# The first interpreter that is new enough; `make PYTHON=...` chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= auto
PYTEST_ARGS ?=

# A front end that cannot be built is an error here, not a warning.
export PELLUCID_REQUIRE_FRONT_END := 1

FRONT_END_INPUTS := $(shell find labextension/src labextension/style -type f 2>/dev/null) \
	labextension/package.json labextension/yarn.lock compiler/pellucid/inspection/schema.json

.PHONY: help demo test test-fast sweep smoke lab bench lint format clean
.DEFAULT_GOAL := help

help:
	@echo 'make demo       compile the sieve, print its speed-up, write sieve.html'
	@echo 'make test       lint, types, and every test (a few minutes)'
	@echo 'make test-fast  the tests that need no browser and take under a second each'
	@echo 'make smoke      a short program on every CPython from 3.11 up that the machine has'
	@echo 'make sweep      every function and type natively (many minutes)'
	@echo 'make lab        open the first tutorial in JupyterLab'
	@echo 'make bench      time kernels and the language beside Numba, NumPy, C and Python'
	@echo 'make lint       ruff, pyright, tsc, eslint, prettier'
	@echo 'make format     rewrite the files as the linters want them'
	@echo 'make clean      remove the environment and everything built'

$(VENV)/.installed: pyproject.toml hatch_build.py
	@test -n '$(PYTHON)' || { echo 'Pellucid needs Python 3.11 or newer; none was found' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[lab,dev]'
	@touch $@

$(VENV)/.front-end: $(VENV)/.installed $(FRONT_END_INPUTS)
	$(BIN)/python hatch_build.py
	@# JupyterLab reads the working copy, so that a rebuilt panel shows after a reload of the page.
	@rm -rf $(VENV)/share/jupyter/labextensions/pellucid-lab
	@mkdir -p $(VENV)/share/jupyter/labextensions
	@ln -s $(CURDIR)/labextension/dist $(VENV)/share/jupyter/labextensions/pellucid-lab
	@touch $@

$(VENV)/.browser: $(VENV)/.installed
	@if command -v chromium >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif ! command -v apt-get >/dev/null; then echo 'no chromium: the browser tests will be skipped'; \
	elif [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; \
	elif sudo -n true 2>/dev/null; then sudo apt-get update -qq && sudo apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; \
	else echo 'no chromium and no right to install it: the browser tests will be skipped'; fi
	@touch $@

demo: $(VENV)/.front-end
	$(BIN)/python tutorials/sieve.py
	@echo 'Next: make lab   (opens tutorials/01-first-look.ipynb in JupyterLab)'

# Every step runs, whatever the ones before it say: one run tells all that is wrong.
test: $(VENV)/.front-end $(VENV)/.browser
	@status=0; \
	$(MAKE) --no-print-directory lint || status=1; \
	(cd labextension && PATH="$(CURDIR)/$(BIN):$$PATH" jlpm test) || status=1; \
	$(MAKE) --no-print-directory smoke || status=1; \
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m 'not sweep' $(PYTEST_ARGS) || status=1; \
	exit $$status

sweep: $(VENV)/.installed
	$(BIN)/python -m pytest -n $(JOBS) -m sweep $(PYTEST_ARGS)

test-fast: $(VENV)/.installed
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m 'not slow and not sweep and not browser' $(PYTEST_ARGS)

# Each interpreter gets an environment of its own, with the compiler's two dependencies.
smoke:
	@status=0; \
	for p in python3.11 python3.12 python3.13 python3.14 python3.15; do \
		$$p -c 'import venv' 2>/dev/null || continue; \
		env=$(VENV)/smoke/$$p; \
		if ! [ -e $$env/.installed ]; then \
			{ $$p -m venv $$env && $$env/bin/python -m pip install --quiet --only-binary :all: \
				--disable-pip-version-check numpy llvmlite && touch $$env/.installed; } \
				|| { echo "$$p: numpy or llvmlite is not to be had, skipped"; continue; }; \
		fi; \
		PYTHONPATH=compiler $$env/bin/python tests/smoke.py || status=1; \
	done; \
	exit $$status

lab: $(VENV)/.front-end
	$(BIN)/jupyter lab tutorials/01-first-look.ipynb

bench: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python -m benchmarks

lint: $(VENV)/.front-end
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/pyright --pythonpath $(BIN)/python -p pyrightconfig.library.json
	cd labextension && PATH="$(CURDIR)/$(BIN):$$PATH" jlpm check

format: $(VENV)/.front-end
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	cd labextension && PATH="$(CURDIR)/$(BIN):$$PATH" jlpm format

clean:
	rm -rf $(VENV) labextension/node_modules labextension/lib labextension/dist labextension/.units \
		widgets/pellucid_widgets/static .pytest_cache .ruff_cache .hypothesis sieve.html

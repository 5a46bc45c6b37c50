# The four doors: run, test, check, bench. Everything else serves them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
# A name on the PATH may be an empty shim, so it is asked to run.
PYTHON ?= $(shell python3.11 -c 'print("python3.11")' 2>/dev/null || echo python3)
VENV := .venv
BIN := $(VENV)/bin
# uv does not read pip's configuration; where that names an index, it is the one that this machine reaches.
UV := $(BIN)/uv pip install --python $(BIN)/python $(shell index="$$($(PYTHON) -m pip config get global.index-url 2>/dev/null)" && echo "--default-index $$index")

# Tests run in as many processes as there are cores. `make test ARGS="tests/tickets -k hold"` runs some of them.
CORES := $(shell nproc 2>/dev/null || sysctl -n hw.ncpu)
ARGS ?=

.PHONY: run test check bench format lock snapshot venv

run: $(VENV)/.run
	@exec $(BIN)/anshou run

test: $(VENV)/.dev
	@$(BIN)/python -m tests.machine
	@$(BIN)/anshou assets
	@$(BIN)/pytest --numprocesses $(CORES) --dist worksteal $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	@$(BIN)/python -m bench $(ARGS)

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/.run
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml --extra dev -o requirements/dev.txt

# After a new tenant revision: replay the chain and write down the schema that it ends in.
snapshot: $(VENV)/.run
	$(BIN)/anshou snapshot

venv: $(VENV)/.dev

# uv makes the environment itself: Debian's Python has no ensurepip, and pip leaves uv's own environment alone.
$(VENV)/.uv: requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Anshou needs Python 3.11 or newer")'
	@echo "making the environment in $(VENV)"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --require-hashes --upgrade --target $(VENV)/uv -r $<
	@$(VENV)/uv/bin/uv venv --quiet --allow-existing --python $(PYTHON) $(VENV)
	@ln -sf ../uv/bin/uv $(BIN)/uv
	@touch $@

$(VENV)/.run: $(VENV)/.uv requirements/run.txt requirements/build.txt pyproject.toml
	@$(UV) --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(UV) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@$(UV) --require-hashes -r requirements/dev.txt
	@touch $@

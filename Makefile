# `make` alone lists the targets. Nothing has to be installed but Python and make.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ROOMS  := grammar dsl compiler engine review apps policies

PIP    := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip install -qq

DEMO_CLAIM  := examples/langfang-stay.json
DEMO_POLICY := policies/langfang/resident-2024-draft.md

.DEFAULT_GOAL := help
.PHONY: help demo setup test lint types layers pytest policies docs bench prove fmt links clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.ready ## set up and decide the example claim
	@$(BIN)/tiaowen decide 住院 $(DEMO_CLAIM) --policy $(DEMO_POLICY)

setup: $(VENV)/.ready-dev ## set up everything development needs

test: lint types layers policies docs pytest ## set up and run everything CI runs

lint: $(VENV)/.ready-dev ## style and layout of the code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.ready-dev ## types, strictly
	@$(BIN)/mypy --strict src tests

layers: $(VENV)/.ready-dev ## which room may import which
	@$(BIN)/lint-imports --no-logo

pytest: $(VENV)/.ready-dev ## the tests
	@$(BIN)/pytest

policies: $(VENV)/.ready-dev ## check the policies, run their worked cases, account for every sentence
	@$(BIN)/tiaowen check policies
	@$(BIN)/tiaowen cases policies/
	@$(BIN)/tiaowen cover policies/ > /dev/null

docs: $(VENV)/.ready-dev ## build the documentation site
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: $(VENV)/.ready-dev ## measure the speed, beside other ways of running the same rules
	@$(PIP) -e '.[bench]'
	@$(BIN)/python -m tests.bench $(BENCH)

prove: $(VENV)/.ready-dev ## run the long checks in full and write their report
	@$(BIN)/python -m tests.prove

fmt: $(VENV)/.ready-dev ## lay out the code
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .

links: ## make the room links of a checkout that came without them
	@for room in $(ROOMS); do \
	  if [ ! -d src/tiaowen/$$room ]; then rm -f src/tiaowen/$$room && ln -s ../../$$room src/tiaowen/$$room; fi; \
	done

clean: ## remove what was built and the virtual environment
	@rm -rf $(VENV) build dist site src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	  .import_linter_cache .coverage htmlcov

# The demonstration needs only the package; everything else also what checks and documents it.
$(VENV)/.ready: pyproject.toml | $(BIN)/python
	@echo "installing tiaowen into $(VENV) (once)"
	@$(PIP) -e .
	@touch $@

$(VENV)/.ready-dev: pyproject.toml | $(BIN)/python
	@echo "installing tiaowen and the development tools into $(VENV) (once)"
	@$(PIP) -e '.[dev,docs]'
	@touch $@ $(VENV)/.ready

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("tiaowen needs Python 3.11 or later: make PYTHON=python3.11")'
	@$(PYTHON) -c 'import sys; sys.excepthook = lambda _, e, __: print(e, file=sys.stderr); sys.path.insert(0, "src"); import tiaowen'
	@$(PYTHON) -m venv $(VENV)

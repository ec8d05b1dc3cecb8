# Two commands do everything: `make run` and `make test`. Needs Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
AS_OF ?= 2026-03-29
UV_VERSION := 0.13.9
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# As pip and git do: trust the machine's certificates, also those of a company's proxy.
export UV_SYSTEM_CERTS ?= 1

.DEFAULT_GOAL := help

.PHONY: help run test test-slow fuzz lint types contracts audit golden check docs lock clean

help: ## Show what can be made.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 14) else "dyadrisk needs Python 3.11, 3.12 or 3.13, got %d.%d; name one with: make PYTHON=python3.11 ..." % sys.version_info[:2])'
	@echo "==> making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet "uv==$(UV_VERSION)"

$(VENV)/.installed: requirements.txt pyproject.toml | $(BIN)/python
	@echo "==> installing dyadrisk (once; later runs need no network)"
	@$(BIN)/uv pip install --python $(BIN)/python --require-hashes -r requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "==> installing what the tests need"
	@$(BIN)/uv pip install --python $(BIN)/python --require-hashes -r requirements-dev.txt
	@touch $@

run: $(VENV)/.installed ## Score the shipped sample corpus and print the ranked pairs.
	@$(BIN)/dyadrisk run --as-of $(AS_OF)

test: $(VENV)/.installed-dev ## Run all tests.
	@$(BIN)/python -m pytest

test-slow: $(VENV)/.installed-dev ## Run the tests that start real servers, workers and Chromium.
	@$(BIN)/python -m pytest -m "slow or browser"

fuzz: $(VENV)/.installed-dev ## Try 10,000 made-up inputs on each reader.
	@DYADRISK_FUZZ_CASES=10000 $(BIN)/python -m pytest tests/unit/flows/sources/test_fuzz.py --durations=0

lint: $(VENV)/.installed-dev ## Check style.
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.installed-dev ## Check types.
	@$(BIN)/mypy

contracts: $(VENV)/.installed-dev ## Check that imports point down only.
	@$(BIN)/lint-imports

audit: $(VENV)/.installed ## Look the pinned dependencies up among known vulnerabilities (network).
	@$(BIN)/uv tool run --quiet pip-audit --strict --require-hashes --disable-pip --requirement requirements.txt

golden: $(VENV)/.installed-dev ## Hold the text stage to its pinned floors.
	@$(BIN)/python -m bench.golden_gate

check: lint types contracts test golden ## Everything that must hold before a commit.

docs: $(VENV)/.installed-dev ## Build the documentation site in build/site (no network; warnings are errors).
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

lock: $(BIN)/python ## Compile the requirements files again.
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --all-extras -c requirements.txt pyproject.toml -o requirements-dev.txt

clean: ## Remove the environment and what runs leave behind.
	@rm -rf $(VENV) var build dist .pytest_cache .mypy_cache .ruff_cache

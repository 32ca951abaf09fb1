PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: install demo test gate lock bench clean

install: .venv/installed
.venv/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "govscrape needs Python 3.11 or newer: make PYTHON=python3.11 install"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing the pinned packages into .venv (once) …"
	@$(BIN)/pip install -qq --require-hashes -r requirements.txt
	@$(BIN)/pip install -qq --no-deps -e .
	@touch $@

.venv/dev: .venv/installed requirements-dev.txt
	@echo "installing the pinned development packages into .venv (once) …"
	@$(BIN)/pip install -qq --require-hashes -r requirements-dev.txt
	@touch $@

demo: .venv/installed
	@$(BIN)/python -m tests.sim.demo

test: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

gate: .venv/dev
	$(BIN)/python -m benchmarks.gate

bench: .venv/dev
	$(BIN)/python -m benchmarks.speed

lock:
	pip-compile -q --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.txt pyproject.toml
	pip-compile -q --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml

clean:
	rm -rf .venv demo-output .pytest_cache .mypy_cache .ruff_cache .hypothesis

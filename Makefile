# make draft   a full report from examples/, without a model and without internet access at run time
# make test    the tests (under three minutes)
PYTHON ?= python3
BIN := .venv/bin

.PHONY: draft test lint wheel bench clean

draft: .venv/.runtime
	@$(BIN)/python -m drafter draft examples/facts/yunxi-safety.json --corpus examples/corpus --offline --force -o build/yunxi-safety-draft

test: .venv/.dev
	@$(BIN)/python -m pytest -n 2

lint: .venv/.dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

wheel: .venv/.dev
	@rm -rf dist && $(BIN)/python -m build --wheel --outdir dist .

bench: .venv/.dev
	@$(BIN)/python benchmarks/cost.py && $(BIN)/python benchmarks/growth.py

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "drafter needs Python 3.11 or newer, this is %d.%d; try: make PYTHON=python3.12" % sys.version_info[:2])'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

.venv/.runtime: .venv/bin/python pyproject.toml
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@touch $@

.venv/.dev: .venv/bin/python pyproject.toml
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@ .venv/.runtime

clean:
	rm -rf .venv build dist

# make draft   a full report from examples/, without a model and without internet access at run time
# make test    the tests (under three minutes)
# make docs    the site of docs/, in build/site
# make bench    all that runs without a model in an hour, then benchmarks/RESULTS.md and what else is made of the rows; SHARED=../shared
# make bench-all   the same with a million passages and 200 reports at every pace: some three hours
# make results  RESULTS.md, RESULTS.json, the READMEs' head and the plots from the rows that are kept
# make bench-numbers   how right and how fast numbers are read and checked, beside other tools
# make bench-retrieval   how right and how fast passages are found, beside other tools (a quarter of an hour)
# make bench-checks   what the checks find and what they find wrongly, and how fast they are
# make bench-batch   many reports at once against a server of fixed latency (half an hour)
# make bench-sealed   sealed drafting: what leaves, what comes back of slots, beside open drafting
# make bench-quality   whole reports by a real model beside what one would take instead, from the runs that are kept; with
#                   BASE_URL=http://127.0.0.1:8080/v1 MODEL=my-model the runs that are not there yet are made first (hours)
# make wheelhouse   drafter and all it needs as wheels, to carry to a machine without internet. For another kind of machine:
#                   make wheelhouse PLATFORM=win_amd64 PYTHON_VERSION=3.12
PYTHON ?= python3
BIN := .venv/bin

.PHONY: draft test lint docs wheel wheelhouse bench bench-all results bench-rest bench-numbers bench-retrieval bench-checks bench-batch bench-sealed bench-quality clean

draft: .venv/.runtime
	@$(BIN)/python -m drafter draft examples/facts/yunxi-safety.json --corpus examples/corpus --offline --force -o build/yunxi-safety-draft

test: .venv/.dev
	@$(BIN)/python -m pytest -n 2

lint: .venv/.dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/mypy examples docs/generate.py docs/pictures.py

# strictly: a link that leads nowhere, or a page that no list has, is an error
docs: .venv/.docs
	@rm -rf build/site
	@$(BIN)/python -m sphinx -b html -q -W --keep-going -d build/doctrees docs build/site && echo build/site/index.html

wheel: .venv/.dev
	@rm -rf dist && $(BIN)/python -m build --wheel --outdir dist .

# pip reads "only on Windows" as if this machine were meant, so what Windows alone needs is named here
wheelhouse: .venv/bin/python
	@rm -rf wheelhouse && mkdir wheelhouse
	@$(BIN)/python -m pip wheel -q --disable-pip-version-check --no-deps -w wheelhouse .
	@$(BIN)/python -m pip download -q --disable-pip-version-check --only-binary=:all: -d wheelhouse \
		$(addprefix --platform ,$(PLATFORM)) $(addprefix --python-version ,$(PYTHON_VERSION)) \
		wheelhouse/drafter-*.whl $(if $(filter win%,$(PLATFORM)),colorama)
	@cd wheelhouse && { command -v sha256sum >/dev/null && sha256sum *.whl || shasum -a 256 *.whl; } > SHA256SUMS
	@du -sh wheelhouse

# a benchmark that fails stops the others; what was kept until then stays
SHARED ?= ../shared
SIZES ?= 1000,10000,100000
BATCHES ?= --reports 100 --concurrency 8
bench: bench-numbers bench-retrieval bench-checks bench-rest
	@$(MAKE) --no-print-directory results

bench-all:
	@$(MAKE) --no-print-directory bench SIZES="1000,10000,100000,300000 --million" BATCHES="--concurrency 1 8 64"

results: .venv/.dev
	@$(BIN)/python -m benchmarks.results

bench-rest: .venv/.dev build/peers/.done
	@$(BIN)/python -m benchmarks.cost --shared $(SHARED) --keep
	@$(BIN)/python -m benchmarks.outputs --keep
	@$(BIN)/python -m benchmarks.sizes --keep
	@build/peers/bin/python -m benchmarks.pages --keep
	@$(BIN)/python -m benchmarks.long_run --keep
	@$(BIN)/python -m benchmarks.repair --keep
	@$(BIN)/python -m benchmarks.sealed.run --cases $(SHARED)/cases --keep
	@$(BIN)/python -m benchmarks.quality.table --shared $(SHARED) --keep
	@$(BIN)/python -m benchmarks.batch $(BATCHES) --keep
	@$(BIN)/python -m benchmarks.growth --keep

bench-numbers: build/peers/.done
	@build/peers/bin/python -m benchmarks.quantities.run --shared $(SHARED) --keep

# without the peers the table is printed all the same, and says that they are not installed
# readability-lxml without what it asks for: some versions of pip cannot read that beside what trafilatura asks for
build/peers/.done: .venv/bin/python pyproject.toml
	@$(BIN)/python -m venv build/peers
	@build/peers/bin/python -m pip install -q --disable-pip-version-check -e .
	@build/peers/bin/python -m pip install -q --disable-pip-version-check -e '.[bench]' \
		&& build/peers/bin/python -m pip install -q --disable-pip-version-check trafilatura lxml_html_clean cssselect chardet \
		&& build/peers/bin/python -m pip install -q --disable-pip-version-check --no-deps readability-lxml \
		&& touch $@ || echo "bench-numbers: the peers cannot be installed here" >&2

bench-retrieval: build/retrieval-peers/.done
	@build/retrieval-peers/bin/python -m benchmarks.retrieval.run --shared $(SHARED) --only intake,public,task,topics,scale --sizes $(SIZES) --keep

build/retrieval-peers/.done: .venv/bin/python pyproject.toml
	@$(BIN)/python -m venv build/retrieval-peers
	@build/retrieval-peers/bin/python -m pip install -q --disable-pip-version-check -e .
	@build/retrieval-peers/bin/python -m pip install -q --disable-pip-version-check -e '.[bench-retrieval]' && touch $@ || echo "bench-retrieval: the peers cannot be installed here" >&2

bench-batch: .venv/.runtime
	@$(BIN)/python -m benchmarks.batch --keep

bench-sealed: .venv/.runtime
	@$(BIN)/python -m benchmarks.sealed.run --cases $(SHARED)/cases --keep

bench-checks: .venv/.runtime
	@$(BIN)/python -m benchmarks.checks.run --shared $(SHARED) --keep

bench-quality: .venv/.runtime $(if $(BASE_URL),build/quality-peers/.done)
	@$(BIN)/python -m benchmarks.quality.validate
	@$(if $(BASE_URL),$(BIN)/python -m benchmarks.quality.run --base-url $(BASE_URL) --model $(MODEL))
	@$(BIN)/python -m benchmarks.quality.table --shared $(SHARED) --keep

# an environment without drafter: instructor wants an older jiter than drafter's openai client
build/quality-peers/.done: .venv/bin/python benchmarks/quality/peers.txt
	@$(BIN)/python -m venv build/quality-peers
	@build/quality-peers/bin/python -m pip install -q --disable-pip-version-check -r benchmarks/quality/peers.txt && touch $@ || echo "bench-quality: the peers cannot be installed here" >&2

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "drafter needs Python 3.11 or newer, this is %d.%d; try: make PYTHON=python3.12" % sys.version_info[:2])'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

.venv/.runtime: .venv/bin/python pyproject.toml
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@touch $@

.venv/.dev: .venv/bin/python pyproject.toml
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@ .venv/.runtime

.venv/.docs: .venv/bin/python pyproject.toml
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[docs]'
	@touch $@ .venv/.runtime

clean:
	rm -rf .venv build dist wheelhouse

# Everything the project needs to be built, tried and tested. `make help` lists the targets.
# Asked of the machine: Python >= 3.11, git, make and the package registries. All else goes into .venv.

SHELL := /bin/sh
.SHELLFLAGS := -ec
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules

# What a user's shell happens to hold must not decide what is built or where it is stored.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME PYTHONWARNINGS CONDA_PREFIX
unexport COLINEAGE_STORE COLINEAGE_KEY COLINEAGE_MODEL COLINEAGE_UNDER COLINEAGE_AS

BIN := .venv/bin
STORE := sqlite:.demo/colineage.db
HOST ?= 127.0.0.1
PORT ?= 8000
# 0: `make demo` stops after its summary.
SERVE ?= 1
# Which build of torch: empty is PyPI's own (on Linux with CUDA, some 5 GB); `cpu` and the others that
# `uv pip install --torch-backend` knows come from PyTorch's own index, which is asked only then.
TORCH_BACKEND ?=
# Compile the locks anew: `make lock UPGRADE=1` also moves every pin to the newest version.
UPGRADE ?=

RUNTIME := .venv/.runtime$(if $(TORCH_BACKEND),-$(TORCH_BACKEND))
PAGE := explorer/dist/index.html
PAGE_SOURCES := $(shell find explorer -name node_modules -prune -o -name dist -prune -o \
	-type f ! -name '*.lock' -print 2>/dev/null)

# -- the environment -------------------------------------------------------------------------------

.PHONY: help
help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

# PYTHON=… names one; otherwise the first >= 3.11 on PATH that really starts (a version manager's
# placeholder may not). uv, where there is one, can make an environment even where Debian's Python
# has no ensurepip.
.venv/.created:
	@python='$(PYTHON)'; \
	for name in $${python:-python3 python3.14 python3.13 python3.12 python3.11 python}; do \
	  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    found=$$name; break; fi; done; \
	if [ -z "$$found" ]; then \
	  echo "make: no Python >= 3.11 among: $${python:-python3 python3.11 … python3.14}" >&2; \
	  echo "      Install one, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; fi; \
	if uv --version >/dev/null 2>&1; then uv venv -q --allow-existing --python "$$found" .venv; \
	elif ! "$$found" -m venv .venv; then \
	  echo "make: '$$found -m venv .venv' failed; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; fi
	@touch $@

# uv is pinned by hash like everything else, so pip can fetch it without trusting a version number.
.venv/.uv: .venv/.created requirements.lock
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.txt; \
	for uv in $(BIN)/uv uv; do if "$$uv" --version >/dev/null 2>&1; then break; fi; uv=; done; \
	if [ -n "$$uv" ]; then \
	  "$$uv" pip install -q --python $(BIN)/python --require-hashes -r .venv/uv.txt; \
	else \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r .venv/uv.txt; fi
	@touch $@

UV := $(BIN)/uv
INSTALL := $(UV) pip install -q --python $(BIN)/python

# With another torch than PyPI's, the lock's own hashes of torch and of the CUDA packages that only
# PyPI's build needs don't apply: torch comes by the locked version from PyTorch's index, the rest by hash.
.venv/.runtime: .venv/.uv requirements.lock pyproject.toml
	@echo "make: installing what the project needs (the first time this fetches some 3 GB, most of it torch)"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@rm -f .venv/.runtime-*; touch $@

.venv/.runtime-%: .venv/.uv requirements.lock pyproject.toml
	@echo "make: installing what the project needs, with torch built for '$*'"
	@awk '/^[a-z0-9]/ { keep = $$0 !~ /^(torch|triton|nvidia-[a-z0-9-]*|cuda-[a-z0-9-]*)==/ } keep' \
	  requirements.lock > .venv/without-torch.txt
	@$(INSTALL) --no-deps --reinstall-package torch --torch-backend $* "$$(sed -n 's/^\(torch==[^ ]*\).*/\1/p' requirements.lock)"
	@$(INSTALL) --no-deps --require-hashes -r .venv/without-torch.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@rm -f .venv/.runtime .venv/.runtime-*; touch $@

.PHONY: install
install: $(RUNTIME)  ## .venv/bin/colineage and .venv/bin/ingest

.venv/.dev: $(RUNTIME) tests/requirements.lock
	@$(INSTALL) --require-hashes -r tests/requirements.lock
	@touch $@

.PHONY: lock
lock: export UV_CUSTOM_COMPILE_COMMAND := make lock
lock: COMPILE := $(UV) pip compile -q --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url $(if $(UPGRADE),--upgrade)
lock: .venv/.uv  ## compile the five locks from pyproject.toml (UPGRADE=1: newest versions)
	@$(COMPILE) pyproject.toml --extra minilm --group build -o requirements.lock
	@$(COMPILE) --group pyproject.toml:dev -c requirements.lock -o tests/requirements.lock
	@$(COMPILE) --group pyproject.toml:node -o explorer/requirements.lock
	@$(COMPILE) --group pyproject.toml:fuzz -o bench/requirements.lock
	@$(COMPILE) --group pyproject.toml:mutants -c requirements.lock -c tests/requirements.lock \
	  -o bench/mutants/requirements.lock

# -- the explorer ----------------------------------------------------------------------------------

# A recipe that needs Node starts with this: one >= 20.19 that is there, else Node as a wheel in .venv.
WITH_NODE = node_works() { node -e 'const [a, b] = process.versions.node.split(".").map(Number); \
	  process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null && npm --version >/dev/null 2>&1; }; \
	if ! node_works; then PATH="$(CURDIR)/$(BIN):$$PATH"; export PATH; \
	  if ! node_works; then echo "make: no Node >= 20.19 on PATH; installing it into .venv"; \
	    $(INSTALL) --require-hashes -r explorer/requirements.lock; fi; fi;

explorer/node_modules/.package-lock.json: explorer/package.json explorer/package-lock.json | .venv/.uv
	@$(WITH_NODE) cd explorer; npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGE): $(PAGE_SOURCES) explorer/node_modules/.package-lock.json
	@$(WITH_NODE) cd explorer; npm run --silent build -- --logLevel warn
	@test -f $@; touch $@

.PHONY: explorer
explorer: $(PAGE)  ## the explorer's static files in explorer/dist

.PHONY: wheel
wheel: $(RUNTIME) $(PAGE)  ## the wheel, explorer included, in dist/
	@$(UV) build -q --wheel --no-build-isolation --python $(BIN)/python --out-dir dist

# -- what it does ----------------------------------------------------------------------------------

.PHONY: demo
demo: $(RUNTIME) $(PAGE)  ## ingest the real input of examples/ and look at it (SERVE=0: only the summary)
	@mkdir -p .demo
	@$(BIN)/python -m colineage.demo --store $(STORE)
ifneq ($(SERVE),0)
	@exec $(BIN)/colineage serve --store $(STORE) --host $(HOST) --port $(PORT)
endif

.PHONY: bench
bench: .venv/.dev  ## measure, and print each figure beside the baseline of the same run
	@$(BIN)/python -m bench $(if $(QUICK),--quick)

# Nightly: what is in .fuzz is where the next night goes on. A minute for each parser, or SECONDS=600.
SECONDS ?= 60
.venv/.fuzz: .venv/.dev bench/requirements.lock
	@$(INSTALL) --require-hashes -r bench/requirements.lock
	@touch $@

.PHONY: fuzz
fuzz: .venv/.fuzz  ## every parser on hostile input, a minute each (SECONDS=600: ten): only declared errors
	@$(BIN)/python -m bench.fuzz --seconds $(SECONDS)

.venv/.mutants: .venv/.dev bench/mutants/requirements.lock
	@$(INSTALL) --require-hashes -r bench/mutants/requirements.lock
	@touch $@

.PHONY: mutants
mutants: .venv/.mutants  ## every small change of the code that judges, commits, pages, orders and prices: at most 5 % survive the tests
	@$(BIN)/python -m bench.mutants

# -- the checks ------------------------------------------------------------------------------------

# Each check is a target of its own: `make lint` runs one, and make names the one that failed.
# The order is that of cost; pytest's own summary is the last thing printed.
# T names some tests instead: `make test T=tests/audit`, `make test T="tests/audit -k verify"`.
.PHONY: test
ifdef T
test: .venv/.dev $(PAGE)
	@$(BIN)/pytest $(T)
else
test: format lint dead types imports explorer-check pytest  ## everything that has to hold before a change lands (T=path: these tests)
endif

.PHONY: check
check: format lint dead imports types fast  ## all but the slow tests, in less than a minute of CPU: while you work

STEP = @printf '\n== %s ==\n' '$@';
OR_SAY = || { status=$$?; printf '\nmake: the step "%s" failed (run it alone: make %s)\n' '$@' '$@' >&2; exit $$status; }

.PHONY: format lint dead types imports fast explorer-check pytest
format: .venv/.dev  ## ruff format, as a check
	$(STEP) $(BIN)/ruff format --check . $(OR_SAY)

lint: .venv/.dev  ## ruff check
	$(STEP) $(BIN)/ruff check . $(OR_SAY)

dead: .venv/.dev  ## vulture: code that nothing uses
	$(STEP) $(BIN)/vulture $(OR_SAY)

types: .venv/.dev  ## mypy --strict
	$(STEP) $(BIN)/mypy $(OR_SAY)

imports: .venv/.dev  ## the contracts that say which package may know which
	$(STEP) $(BIN)/lint-imports --no-logo $(OR_SAY)

# Tests of pure functions, of one store in memory, and of what the repository holds: no server, no process, no browser.
FAST := tests/house/test_language.py tests/house/test_references.py tests/house/test_tree.py tests/house/test_way_in.py tests/docs/test_links.py tests/docs/test_model.py \
	tests/graph/model tests/graph/bundle tests/graph/log tests/graph/store/test_store.py tests/golden \
	tests/ingest/formats tests/ingest/git tests/ingest/mlflow tests/ingest/openalex tests/ingest/pdf/extract tests/ingest/pdf/match \
	tests/api/graphql/test_cost.py tests/api/graphql/test_schema.py tests/api/graphql/test_sort_keys.py \
	tests/audit/test_run.py tests/recommend/test_aliases.py tests/recommend/test_evidence.py tests/recommend/test_fusion.py
fast: .venv/.dev
	$(STEP) $(BIN)/pytest -q -m "not (neo4j or browser)" $(FAST) $(OR_SAY)

explorer-check: $(PAGE)  ## the explorer's types, lint and unit tests
	$(STEP) { $(WITH_NODE) cd explorer; npm run --silent check; } $(OR_SAY)

pytest: .venv/.dev $(PAGE) browser  ## the tests in tests/
	$(STEP) $(BIN)/python tests/house/run_pytest.py $(OR_SAY)

.PHONY: soak
soak: .venv/.dev  ## the promises in their full size, and the store on the newest Neo4j: takes long
	$(STEP) $(BIN)/pytest tests/promises tests/graph/rules tests/graph/store/test_store_withstands_attacks.py tests/ingest/pdf tests/ingest/arxiv/test_kills.py tests/ingest/arxiv/test_arxiv_pdfs_killed.py --soak --timeout 7200 $(OR_SAY)
	$(STEP) env -u NEO4J_TEST_URI $(BIN)/pytest -m neo4j --neo4j newest $(OR_SAY)

.PHONY: browser
browser: .venv/.dev
	@$(BIN)/python tests/house/browser.py

# -- the rest --------------------------------------------------------------------------------------

.PHONY: fix
fix: .venv/.dev  ## let ruff format the code and mend what it can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: clean
clean:  ## remove what make made, the demo's store and its key included
	@rm -rf .venv .demo .fuzz dist build explorer/dist explorer/node_modules .coverage
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

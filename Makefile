# Everything this project does for itself. Needs Python 3.11, make and git; fetches the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help install run test check bench drills lock catalogue

BIN := .venv/bin
UV_VERSION := 0.13.9
export UV_PYTHON_DOWNLOADS := never
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-header --no-annotate --python $(BIN)/python $(UPGRADE)

help:
	@echo "make install    .venv with everything that Peilwijs needs, and the command .venv/bin/peilwijs"
	@echo "make run        install, load the demo and serve it on http://localhost:8000"
	@echo "make test       everything: check, then the tests (fetches PostgreSQL and a browser)"
	@echo "make check      style, types, layers, templates, catalogues, questionnaires, clips"
	@echo "make bench      the speed bars, against a bare application in the same run"
	@echo "make drills     the fault drills; FULL=1 for the long form"
	@echo "make catalogue  brings the translations up to date with the source texts"
	@echo "make lock       pins the dependencies again; UPGRADE=--upgrade takes the newest"

install: .venv/.installed
run: .venv/.installed
	$(BIN)/peilwijs serve --demo

$(BIN)/uv: requirements-uv.lock
	scripts/make_venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-uv.lock
	@touch $@

.venv/.installed: $(BIN)/uv requirements.lock pyproject.toml
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.installed-test: .venv/.installed requirements-test.lock
	$(INSTALL) --require-hashes -r requirements-test.lock
	@touch $@

test: .venv/.installed-test
	scripts/ensure_chromium
	$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n logical --dist worksteal

check: .venv/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet app/templates app/questions
	$(BIN)/python -m scripts.catalogue check
	$(BIN)/peilwijs check questionnaires
	$(BIN)/peilwijs audio check --language nl

bench: .venv/.installed-test
	$(BIN)/python -m bench

drills: .venv/.installed-test
	$(BIN)/python -m tests.drills $(if $(FULL),--full)

catalogue: .venv/.installed
	$(BIN)/python -m scripts.catalogue update

lock: $(BIN)/uv
	echo "uv==$(UV_VERSION)" | $(COMPILE) - -o requirements-uv.lock
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --extra test -c requirements.lock -o requirements-test.lock

# make demo    a throw-away city, signed in            make test    every check and every test
# make lock    refresh requirements/*.txt              make pictures, make bench, make clean
#
# Set-up happens by itself in .venv and only when its inputs changed: pip brings uv, uv brings the rest, each by hash.
# PYTHON=... chooses the interpreter, WORKERS=... how many tests run at once.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test lock pictures bench clean

WORKERS ?= 3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --upgrade

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -5

demo: .venv/.run
	@$(BIN)/hotline demo

test: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

lock: .venv/.dev
	$(LOCK) pyproject.toml --extra postgres --group build --output-file requirements/run.txt
	$(LOCK) pyproject.toml --extra postgres --extra train --group dev --constraint requirements/run.txt --output-file requirements/dev.txt
	grep "^uv==" requirements/dev.txt | tr -d " \\\\" | $(LOCK) - --output-file requirements/uv.txt

pictures: .venv/.dev
	$(BIN)/python -m bench.pictures

bench: .venv/.dev
	$(BIN)/python -m bench

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The newest Python that runs, is of a version we support and can make an environment (some systems package venv apart).
.venv/bin/python:
	@ok='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'; found=; \
	for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python); do \
	    "$$python" -c "$$ok" 2>/dev/null || continue; \
	    found="$$python"; \
	    if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	        echo "正在准备运行环境 / setting up .venv: $$("$$python" -V)" >&2; \
	        exec "$$python" -m venv .venv; \
	    fi; \
	done; \
	if [ -n "$$found" ]; then \
	    echo "$$found 缺少 venv 组件, 请先安装 (Debian, Ubuntu: apt install python3-venv)" >&2; \
	    echo "$$found has no venv module: install it first (Debian, Ubuntu: apt install python3-venv)" >&2; \
	else \
	    echo "未找到 Python 3.11, 3.12 或 3.13, 请先安装" >&2; \
	    echo "no Python 3.11, 3.12 or 3.13 found: install one first" >&2; \
	fi; exit 1

.venv/.uv: requirements/uv.txt | .venv/bin/python
	@$(PIP) --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.run: requirements/run.txt pyproject.toml .venv/.uv
	@$(INSTALL) --require-hashes -r requirements/run.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.run
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

# make run and make test set everything up by themselves; see packaging/README.md.

# The first Python that is new enough. Override: make test PYTHON=/path/to/python3.12
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
    "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
BIN := .venv/bin
PREPARE = @$(if $(PYTHON),$(PYTHON) packaging/prepare.py,echo "Gumption needs Python 3.11 or newer: \
    sudo apt-get install python3" >&2; false)
# A display is an X11 or a Wayland one; without either the demo makes its own.
DISPLAY_HERE := $(strip $(DISPLAY)$(WAYLAND_DISPLAY))

.PHONY: help run demo test lint bench soak clean

help:
	@echo "make run     set up, then start Gumption (without a display: the demo)"
	@echo "make demo    set up, then show the whole program at work on a private display"
	@echo "make test    set up, then all checks and tests"
	@echo "make lint    set up, then the checks alone"
	@echo "make bench   set up, then measure; one of them: make bench NAME=capture"
	@echo "make soak    set up, then kill it at 240 random moments and look for losses (20 minutes), then for"
	@echo "             30 minutes while programs ask it; other lengths: make soak KILLS=18 SECONDS=60"
	@echo "make clean   remove everything these made in this folder"

ifneq ($(DISPLAY_HERE),)
run:
	$(PREPARE) run
	@exec $(BIN)/gumption
else
run:
	@echo "==> No display here (DISPLAY and WAYLAND_DISPLAY are empty): running the demo on a private one"
	$(PREPARE) demo
	@exec $(BIN)/gumption demo
endif

demo:
	$(PREPARE) demo
	@exec $(BIN)/gumption demo

lint:
	$(PREPARE) test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# In two processes: much of the time is spent waiting for real programs.
test: lint
	$(BIN)/python -m pytest -n 2 --dist loadfile </dev/null

bench:
	$(PREPARE) test
	@for name in $(or $(NAME),capture startup chain store retrieve); do $(BIN)/gumption bench $$name --json || exit 1; done

soak:
	$(PREPARE) test
	@$(BIN)/python -m tests.soak $(if $(KILLS),--kills $(KILLS))
	@$(BIN)/python -m tests.soak.serving $(if $(SECONDS),--seconds $(SECONDS))

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .soak
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

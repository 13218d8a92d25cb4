# Every target makes the environment that it needs.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
# The folder of real faces; tests that need it are skipped where it is absent.
DATA   ?= ../shared/data
SECONDS_EACH ?= 600

.DEFAULT_GOAL := help
.PHONY: help demo test coverage check fix fuzz bench mutants docs site tutorial release audit starter clean

help:  ## Say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.base
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(VENV)/.base  ## Find the look-alikes of a real portrait
	$(BIN)/lookalike demo

test: $(VENV)/.dev  ## Run all tests
	$(BIN)/python -m pytest -n 2 --dist worksteal

coverage: $(VENV)/.dev  ## Run all tests and say which lines and branches they reach
	$(BIN)/coverage erase
	# What is counted is written where that test lets nothing be written.
	$(BIN)/coverage run -m pytest -n 2 --dist worksteal \
		--deselect tests/web/test_retention.py::test_nothing_is_retained
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check: $(VENV)/.dev  ## Style, types and architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m numpydoc.hooks.validate_docstrings $$(git ls-files 'src/*.py')

fix: $(VENV)/.dev  ## Mend what can be mended by a machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fuzz: $(VENV)/.dev  ## Feed damaged files to every reader, ten minutes each (SECONDS_EACH)
	$(BIN)/python fuzz/run.py all --seconds $(SECONDS_EACH) --record

bench: $(VENV)/.dev  ## Measure; results go to benchmarks/results
	$(BIN)/python benchmarks/encode.py --data $(DATA)
	$(BIN)/python benchmarks/int8.py --data $(DATA)
	$(BIN)/python benchmarks/leave_one_out.py --data $(DATA)
	$(BIN)/python benchmarks/models.py --data $(DATA)
	$(BIN)/python benchmarks/fairness.py --data $(DATA)
	$(BIN)/python benchmarks/audit.py --data $(DATA)
	$(BIN)/python benchmarks/explain.py --data $(DATA) --jobs 2
	$(BIN)/python benchmarks/imdb_wiki.py --data $(DATA)
	$(BIN)/python benchmarks/build.py --data $(DATA)
	$(BIN)/python benchmarks/batch_find.py --data $(DATA)
	$(BIN)/lookalike gallery build $(DATA)/pins -o $(VENV)/pins.gallery
	$(BIN)/lookalike gallery build $(DATA)/lfw -o $(VENV)/lfw.gallery --faces centered
	$(BIN)/python -m pip install --quiet gender-guesser==0.4.0
	$(BIN)/python benchmarks/groups.py --pins $(VENV)/pins.gallery --lfw $(VENV)/lfw.gallery
	$(BIN)/python benchmarks/group_encoders.py --data $(DATA)
	$(BIN)/python benchmarks/identify.py --pins $(VENV)/pins.gallery
	$(BIN)/python benchmarks/agreement.py --pins $(VENV)/pins.gallery --lfw $(VENV)/lfw.gallery
	$(BIN)/python benchmarks/search.py --gallery $(VENV)/lfw.gallery --work $(VENV)/search
	$(BIN)/python benchmarks/growth.py --work $(VENV)/growth
	$(BIN)/python benchmarks/memory.py --data $(DATA)
	$(BIN)/python benchmarks/soak.py --data $(DATA)
	$(BIN)/python benchmarks/start.py
	$(BIN)/python benchmarks/install.py
	$(BIN)/python benchmarks/peers.py --data $(DATA) --work $(VENV)/peers
	$(BIN)/python benchmarks/video.py --data $(DATA)
	$(BIN)/python benchmarks/live.py --data $(DATA) --gallery $(VENV)/pins.gallery
	$(BIN)/python docs/generate.py

mutants: $(VENV)/.dev  ## Change the code in small ways; which changes does no test notice?
	LOOKALIKE_SHARED_DATA=$(abspath $(DATA)) $(BIN)/python benchmarks/mutants.py

docs: $(VENV)/.dev  ## Write the generated pages and make all pictures anew
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/pictures.py

site: $(VENV)/.dev  ## Build the documentation into build/site; warnings are errors
	$(BIN)/sphinx-build -W --keep-going -q -b html -c docs . build/site

tutorial: $(VENV)/.dev  ## Follow the tutorial with the built wheel where nothing is prepared
	rm -rf build/tutorial
	$(BIN)/python -m build --no-isolation --wheel --outdir build/tutorial .
	$(BIN)/python docs/follow_tutorial.py --wheel build/tutorial/*.whl

release: $(VENV)/.dev  ## Build wheel and sdist twice, compare, check, and list what is in them
	$(BIN)/python docs/release.py dist

audit: $(VENV)/.dev  ## Known weaknesses of what is installed; asks a service
	$(BIN)/pip-audit --skip-editable -r constraints.txt --no-deps --disable-pip

starter: $(VENV)/.base  ## Build the starter gallery anew from DATA
	$(BIN)/python recipes/starter/build.py $(DATA) src/lookalike/gallery/starter.gallery

clean:  ## Remove the environment and all caches
	rm -rf $(VENV) build dist mutants .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

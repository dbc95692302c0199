# Everything a person or CI does with a checkout. Each target sets up what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
WORKERS ?= 2
# The slow tests wait for servers, browsers and package managers a quarter of the time.
SLOW_WORKERS ?= 3
# The tools that the benchmark measures against, apart from the doctor's own environment.
PEERS := .peers
# Many an image says that Python is to keep no bytecode; the tests start the command hundreds of times.
unexport PYTHONDONTWRITEBYTECODE
# One at a time: targets run side by side, and apt waits for no other.
APT := flock /tmp/chatkit-doctor-apt.lock sh -c 'apt-get update -qq && apt-get install -y -qq "$$@"' -
# Empty where it is there already.
CHROMIUM := $(if $(shell command -v chromium-headless-shell),,chromium)
NEOVIM := $(if $(shell command -v nvim),,neovim)

.DEFAULT_GOAL := help
.PHONY: help demo docs reference test check ready fast torture generated frameworks lint format bench chromium neovim

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(INSTALLED) ## Scan the app that is broken on purpose
	@# Exit code 1 says that there are findings, which is what the demo is for.
	@$(BIN)/chatkit-doctor scan fixtures/broken || [ $$? -eq 1 ]

reference: $(INSTALLED) ## Run the known-good app, backend and frontend
	@$(BIN)/python scripts/run_reference.py

test: ## Run the linters and all tests, the fast ones first
	@$(MAKE) --no-print-directory --jobs=3 ready
	@$(MAKE) --no-print-directory --jobs=2 lint fast
	$(BIN)/pytest -n $(SLOW_WORKERS) --dist loadfile --no-loadscope-reorder -m slow

check: $(INSTALLED) ## Run the linters and the fast tests: a minute or two
	@$(MAKE) --no-print-directory --jobs=2 lint fast

# What waits for the network in one waits for the disk in another, and the linters have one processor's use.
ready: $(INSTALLED) $(CHROMIUM) $(NEOVIM)

fast: $(INSTALLED)
	$(BIN)/pytest -n $(WORKERS) -m 'not slow'

docs: $(INSTALLED) ## Build the site of the documentation, and check its links
	@$(BIN)/python scripts/docs_site.py

# Folders of real projects, with colons between them: what is mended in copies of them is judged as well.
PROJECTS ?=

torture: $(INSTALLED) ## Run all that a hostile project or server can think of, and every fix before the real judges
	TORTURE=whole TORTURE_PROJECTS=$(PROJECTS) $(BIN)/pytest tests/torture tests/mutations/test_checked.py

generated: $(INSTALLED) ## Judge thousands of programs as Python, pydantic, node and tsc do
	GENERATED=whole $(BIN)/pytest tests/generated

frameworks: $(INSTALLED) $(CHROMIUM) ## Build an app of each web framework and open it, broken, mended and right
	FRAMEWORKS=whole $(BIN)/pytest tests/frameworks

lint: $(INSTALLED) ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(INSTALLED) ## Rewrite the code in its style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(INSTALLED) $(PEERS)/.installed ## Time the doctor beside its peers, into docs/performance.md
	$(BIN)/python scripts/benchmark.py --peers $(PEERS)/bin --peers $(PEERS)/node_modules/.bin \
		--json $(PEERS)/figures.json --page docs/performance.md

$(PEERS)/.installed:
	@# One that cannot be installed is named in the tables and left out.
	@# What is on the path already is taken from there.
	$(PYTHON) -m venv $(PEERS)
	-{ command -v ast-grep && command -v fixit && command -v semgrep; } >/dev/null || \
		$(PEERS)/bin/pip install --quiet --disable-pip-version-check ast-grep-cli fixit semgrep
	-{ command -v pyright && command -v tsc; } >/dev/null || \
		npm install --silent --no-audit --no-fund --prefix $(PEERS) pyright 'typescript@5'
	-command -v rg >/dev/null || { apt-get update -qq && apt-get install -y -qq ripgrep; }
	@touch $@

chromium: | $(VENV)/pyvenv.cfg
	@# The tests of the reference app open its page in Debian's Chromium; where there is none without windows, in the other.
	$(APT) chromium-headless-shell || $(APT) chromium

neovim: | $(VENV)/pyvenv.cfg
	@# The test of the language server drives it.
	$(APT) --no-install-recommends neovim

$(VENV)/pyvenv.cfg:
	@# Debian splits off what venv needs; a container seldom has it.
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(APT) python3-venv
	$(PYTHON) -m venv $(VENV)

$(INSTALLED): pyproject.toml | $(VENV)/pyvenv.cfg
	@# The one that comes with Python takes twice as long to find out what goes together.
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade pip
	@# To compile all of it takes half a minute; what is imported is compiled then.
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --editable '.[dev]'
	@touch $@

# Everything from a bare clone: `make demo`, `make test`. The environment is kept in .venv.
# More pip arguments: make demo PIP_ARGS="--extra-index-url ..." (see the README on torch).

PYTHON ?= python3
PIP_ARGS ?=
# How many processes the tests run in; each loads the models once.
PROCESSES ?= 2
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt $(PIP_ARGS)
INDEPENDENT := $(VENV)/independent
EXAMPLE := $(BIN)/archive-bot --config examples/archive-bot.toml

.DELETE_ON_ERROR:
.PHONY: help demo test lint types contracts unit coverage campaign independent pictures format clean

help: ## what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/'

demo: $(VENV)/.installed ## install, gather the example archive, ask it three questions
	$(EXAMPLE) gather
	printf '%s\n' 'SQLite 的 WAL 文件为什么越长越大' \
	    'Why does my container get throttled at 30% CPU?' \
	    'What makes docker stop take ten seconds?' | $(EXAMPLE) chat
	@printf '\n%s\n' 'Now talk to it yourself:' \
	    '    $(EXAMPLE) chat' \
	    'Ask one question:' \
	    '    $(EXAMPLE) ask "梯度裁剪 有什么用"' \
	    'In Telegram, with a token from @BotFather:' \
	    '    ARCHIVE_BOT_TELEGRAM__TOKEN=123456:ABC... $(EXAMPLE) run' \
	    'Your own archive: the README, "Use it for your archive".'

test: lint types contracts unit ## lint, types, import contracts, all tests

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-test
	$(BIN)/mypy

contracts: $(VENV)/.installed-test
	$(BIN)/lint-imports

unit: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n $(PROCESSES) --dist loadfile

coverage: $(VENV)/.installed-test ## all tests, with branch coverage
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage report --skip-covered

campaign: $(VENV)/.installed-test ## kill a gather 20 times and a sending bot 50 times (up to 75 minutes)
	$(BIN)/python -m tests.campaign

independent: $(VENV)/.installed-test $(INDEPENDENT)/.installed ## a conversation through a Bot API server by others
	INDEPENDENT_PYTHON=$(INDEPENDENT)/bin/python $(BIN)/python -m pytest tests/independent

pictures: $(VENV)/.installed-test ## draw the README's pictures anew (needs Chromium)
	$(BIN)/python -m tests.pictures

format: $(VENV)/.installed-test ## mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove the environment and the example's data
	rm -rf $(VENV) data/example

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo 'Python 3.11 or newer is needed: make ... PYTHON=/path/to/python3.11' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo 'Installing into $(VENV): a few minutes the first time (torch is large) ...'
	$(PIP) -e .
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo 'Installing into $(VENV): a few minutes the first time (torch is large) ...'
	$(PIP) -e '.[test]'
	@touch $@ $(VENV)/.installed

# An environment of its own, for its requirements are at odds with ours.
$(INDEPENDENT)/.installed: tests/independent/requirements.txt | $(VENV)/bin/python
	$(PYTHON) -m venv $(INDEPENDENT)
	$(INDEPENDENT)/bin/python -m pip --disable-pip-version-check install --quiet $(PIP_ARGS) -r $<
	@touch $@

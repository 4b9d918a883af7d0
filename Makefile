# Every target does its own set-up first; see README.md.
PYTHON ?= python3

.PHONY: help run setup test lint format bench bench-search bench-crowd demo-data backup restore clean

help:
	@echo "make run        set up and start the portal on http://HOST:PORT/ (127.0.0.1:8000)"
	@echo "make test       the whole suite, on SQLite and on PostgreSQL with Redis"
	@echo "make lint       ruff, mypy, djlint, import-linter, migrations, system checks"
	@echo "make setup      set-up alone"
	@echo "make bench      the table of benchmarks"
	@echo "make bench-search  its part for the search, at EVENTS=1000000 entries or as many as wanted"
	@echo "make bench-crowd   its part for a crowd: both set-ups, MINUTES=10 each"
	@echo "make demo-data  load fixtures/ into the existing database"
	@echo "make backup     everything into one archive (FILE=…); make restore FILE=… into an empty portal"
	@echo "make format     let ruff and djlint rewrite the sources"
	@echo "make clean      remove what tools leave behind; keeps DATA_DIR, .venv and node_modules"

# exec: make hands its signals to the portal itself, not to a shell in between.
run:
	@exec $(PYTHON) scripts/run.py

setup:
	@exec $(PYTHON) scripts/setup.py

test:
	@exec $(PYTHON) scripts/test.py

lint:
	@exec $(PYTHON) scripts/lint.py

format:
	@$(PYTHON) scripts/setup.py --development
	@.venv/bin/python -m ruff format .
	@.venv/bin/python -m ruff check --fix .
	@.venv/bin/python -m djlint templates --reformat --quiet

bench:
	@$(PYTHON) scripts/setup.py --development
	@exec .venv/bin/python -m benchmarks

# EVENTS=1000000 for a million.
bench-search:
	@$(PYTHON) scripts/setup.py --development
	@exec .venv/bin/python -m benchmarks.searching --events $(or $(EVENTS),100000)

bench-crowd:
	@$(PYTHON) scripts/setup.py --development
	@exec .venv/bin/python -m benchmarks.crowd --minutes $(or $(MINUTES),10)

demo-data:
	@$(PYTHON) scripts/setup.py
	@.venv/bin/python manage.py migrate --verbosity 0
	@exec .venv/bin/python manage.py load_fixtures

# In the DATA_DIR and database of the environment or .env.
backup:
	@$(PYTHON) scripts/setup.py
	@exec .venv/bin/python manage.py backup $(if $(FILE),"$(FILE)")

restore:
	@test -n "$(FILE)" || { echo "请写明备份文件：make restore FILE=…" >&2; exit 2; }
	@$(PYTHON) scripts/setup.py
	@exec .venv/bin/python manage.py restore "$(FILE)"

clean:
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -not -path './.venv/*' -not -path './node_modules/*' -prune -exec rm -rf {} +

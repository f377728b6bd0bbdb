# One command each: `make check` (everything that must hold), `make fix`, `make lock`.
# THISO_NO_VENV=1 uses the tools on PATH instead of those in .venv.

PYTHON ?= python3
ifeq ($(THISO_NO_VENV),1)
  BIN :=
  IN := $(PYTHON)
else
  BIN := $(if $(THISO_VENV),$(THISO_VENV),.venv)/bin/
  IN := $(BIN)python
endif

# Checks read the settings: give them a data folder of their own, and no real secret.
SCRATCH = $(eval SCRATCH := $(shell mktemp -d))$(SCRATCH)
CHECKS = THISO_DATA=$(SCRATCH) PYTHONDONTWRITEBYTECODE=1
PRODUCTION = $(CHECKS) THISO_MODE=production ALLOWED_HOSTS=thiso.example SITE_URL=https://thiso.example \
	SECRET_KEY=only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH

.PHONY: check quick test fix lock setup clean

check: quick test

quick: setup
	$(BIN)ruff format --check .
	$(BIN)ruff check .
	$(CHECKS) $(BIN)mypy
	$(BIN)lint-imports
	$(CHECKS) $(IN) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(IN) manage.py check --deploy --fail-level WARNING
	$(CHECKS) $(IN) manage.py check_translations
	@rm -rf "$(SCRATCH)"

test:
	$(PYTHON) manage.py test

setup:
	@$(PYTHON) manage.py setup --dev

fix: setup
	$(BIN)ruff check --fix .
	$(BIN)ruff format .

# The lock files name no registry: only versions and hashes. Needs uv.
COMPILE := uv pip compile --universal --generate-hashes --no-header --no-annotate --quiet --python-version 3.11
lock:
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) pyproject.toml --extra server --extra sign -c requirements.txt -o requirements-server.txt
	$(COMPILE) pyproject.toml --extra dev -c requirements-server.txt -o requirements-dev.txt
	echo uv | $(COMPILE) - -o requirements-uv.txt
	@! grep -nE '://' requirements*.txt

clean:
	rm -rf var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage

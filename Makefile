# `make report` and `make test` work on a fresh Debian machine: each does its own set-up first.
# Python packages go into .venv only, at the versions and hashes of requirements.lock.

# The first that runs, is 3.11 or newer and can make environments; to choose: make report PYTHON=...
PYTHON = python3.11 python3.12 python3.13 python3.14 python3
VENV = .venv
RUN = $(VENV)/bin/python
SHARE = $(VENV)/share/rapporteur
TEMPLATE = .cache/rapporteur.pot
LIBRARIES = libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0

.PHONY: report test heavy check bench messages docs gallery lock clean setup venv libraries faces tools

report: setup
	$(RUN) build.py

# What Python and pytest compile of the tests is kept, whatever the surroundings say: there are
# several processes that need it.
# Those that take longest are left to `make heavy`; all in one: make test TESTS='-m "" -n 4'
TESTS =
test: export PYTHONDONTWRITEBYTECODE =
test: setup tools
	$(RUN) -m pytest $(TESTS)

heavy: TESTS = -m heavy -n 4
heavy: test

# Looks for texts that break something or take too long; what it finds is kept in tests/corpus/.
MINUTES = 4
fuzz: setup
	$(RUN) -m tests.fuzz $(MINUTES)

check: venv
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

ifneq ($(wildcard benchmarks),)
# Peers that cannot be had are named in the results as missing.
bench: setup tools
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.txt || true
	$(RUN) -m benchmarks
endif

# Run this after changing words of the program, then translate what has no translation yet in
# report/locale/*/LC_MESSAGES/rapporteur.po.
messages: venv $(TEMPLATE)
	@for language in ar es fr ru zh; do \
	  $(RUN) -m babel.messages.frontend -q update -i $(TEMPLATE) -o report/locale/$$language/LC_MESSAGES/rapporteur.po \
	    -l $$language --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 100; \
	done

.PHONY: $(TEMPLATE)
$(TEMPLATE):
	@mkdir -p $(@D)
	@$(RUN) -m babel.messages.frontend -q extract -F pyproject.toml -k gettext_noop -k pgettext_noop:1c,2 \
	  --project Rapporteur --copyright-holder "the authors of Rapporteur" --add-location file --sort-output --width 100 -o $@ .

# Run this after changing the dependencies in pyproject.toml, and commit requirements.lock with
# them; `make lock UPGRADE=--upgrade` also moves to the newest versions. pip-tools stays out of
# .venv, which holds what the lock names; -P keeps our build.py from being taken for the package.
lock:
	@$(find_python) && $$python -m venv .cache/lock
	.cache/lock/bin/python -m pip install -q pip-tools
	CUSTOM_COMPILE_COMMAND="make lock" .cache/lock/bin/python -P -m piptools compile --quiet $(UPGRADE) \
	  --generate-hashes --extra desk --extra cluster --extra sign --extra dev --strip-extras --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --output-file requirements.lock pyproject.toml

# Run this after changing a rule, the model, or what is installed, and commit what it writes into docs/.
docs: setup licences
	$(RUN) -m report.explanation > .cache/problems.md && mv .cache/problems.md docs/problems.md
	$(RUN) -m report.desk.keys > .cache/keys.md && mv .cache/keys.md docs/keys.md
	$(RUN) build.py schema docs

# Run this when a test says so, after changing templates, styles or the sample; commit docs/gallery/.
gallery: setup tools
	$(RUN) -m gallery

# Run this after `make lock`, and commit docs/licences.md.
licences: setup
	mkdir -p .cache
	$(RUN) -m report.release.licences > .cache/licences.md && mv .cache/licences.md docs/licences.md

# Asks PyPI for known weaknesses of what is locked. Fails too where one package could not be asked about.
audit:
	@$(find_python) && $$python -m venv .cache/audit
	.cache/audit/bin/python -m pip install -q pip-audit
	.cache/audit/bin/python -P -m pip_audit --strict --disable-pip --require-hashes --requirement requirements.lock

# .venv stays: it costs a download, and set-up mends it when the lock changes.
clean:
	rm -rf dist .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# Python would compile the program at every start where PYTHONDONTWRITEBYTECODE is set.
setup: venv libraries faces
	@$(RUN) -m compileall -q report

# The environment keeps a copy of the lock it was made from, written last: what was interrupted, or
# made from another lock, is done again, and nothing else is.
venv:
	@if cmp -s requirements.lock $(VENV)/requirements.lock && $(RUN) -c '' 2>/dev/null; then exit 0; fi; \
	rm -f $(VENV)/requirements.lock; \
	if ! $(RUN) -m pip --version >/dev/null 2>&1; then \
	  $(find_python) || exit 1; \
	  echo "Making $(VENV) with $$($$python --version)"; \
	  $$python -m venv --clear $(VENV) || exit 1; \
	fi; \
	echo "Installing the Python packages of requirements.lock"; \
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	cp requirements.lock $(VENV)/requirements.lock

# Nothing can be typeset without Pango; HarfBuzz's subsetter only saves time.
libraries: venv
	@missing=$$($(RUN) -c "$$missing_libraries"); \
	if [ -n "$$missing" ]; then $(call apt,$$missing); missing=$$($(RUN) -c "$$missing_libraries"); fi; \
	case "$$missing" in \
	*pango*) echo "Needed; as root: apt-get install $$missing" >&2; exit 1;; \
	?*) echo "The report will be slow to make; as root: apt-get install $$missing" >&2;; \
	esac

# No Python package has fonts of Chinese. Where there is no network, all else can still be set.
faces: venv
	@[ -d $(SHARE)/noto-serif-sc ] && [ -d $(SHARE)/noto-sans-sc ] || $(RUN) build.py fonts || \
	  echo "Nothing can be set in Chinese until this succeeds: $(RUN) build.py fonts" >&2

# Tests that use these are skipped without them, so they are tried for once and never insisted on.
tools: venv
	@missing=; for tool in poppler-utils:pdftoppm qpdf:qpdf chromium:chromium; do \
	  command -v $${tool#*:} >/dev/null || missing="$$missing $${tool%:*}"; \
	done; \
	if [ -n "$$missing" ] && ! [ -e $(VENV)/tools-tried ]; then \
	  $(call apt,$$missing) || echo "Some tests will be skipped; to run them, as root: apt-get install$$missing"; \
	  touch $(VENV)/tools-tried; \
	fi

# Debian keeps ensurepip, which `python -m venv` needs, in a package of its own.
define find_python
{ python=; bare=; for candidate in $(PYTHON); do \
    $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
    if $$candidate -c 'import ensurepip, venv' 2>/dev/null; then python=$$candidate; break; fi; \
    bare=$${bare:-$$candidate}; \
  done; \
  if [ -z "$$python" ] && [ -n "$$bare" ]; then \
    package=$$($$bare -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
    if $(call apt,$$package) && $$bare -c 'import ensurepip' 2>/dev/null; then python=$$bare; \
    else echo "Python cannot make environments yet; as root: apt-get install $$package $(LIBRARIES)" >&2; fi; \
  elif [ -z "$$python" ]; then \
    echo "Python 3.11 or newer is needed; as root: apt-get install python3 python3-venv $(LIBRARIES)" >&2; \
  fi; \
  [ -n "$$python" ]; }
endef

# Fails quietly where it may not install: the caller knows what to say.
define apt
{ sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
  command -v apt-get >/dev/null && $$sudo true 2>/dev/null && echo "Installing" $(1) && \
  { $$sudo apt-get -qq update; $$sudo env DEBIAN_FRONTEND=noninteractive \
      apt-get -qq install -y --no-install-recommends $(1) >/dev/null; }; }
endef

define missing_libraries
import ctypes
names = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
for package, name in zip("$(LIBRARIES)".split(), names):
    try:
        ctypes.CDLL(name)
    except OSError:
        print(package, end=" ")
endef
export missing_libraries

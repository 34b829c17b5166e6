"""What several tests share: the project's folder, the sample compiled once, and their order."""

from __future__ import annotations

import atexit
import os
import pickle
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from functools import cached_property
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from report.compilation import Outcome, compile_report, examine
from report.formats import RELEASED
from report.model import Event
from tests.reading import Reading
from tests.waiting import PATIENCE

PROJECT = Path(__file__).parent.parent

if "RAPPORTEUR_TESTS_CACHE" not in os.environ:
    os.environ["RAPPORTEUR_TESTS_CACHE"] = tempfile.mkdtemp(prefix="rapporteur-")
    atexit.register(shutil.rmtree, os.environ["RAPPORTEUR_TESTS_CACHE"], ignore_errors=True)
CACHE = Path(os.environ["RAPPORTEUR_TESTS_CACHE"])
"""A cache for all tests to which it is no matter what was made before, in whichever process."""

os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
# Validators in Java end before it pays to compile them well.

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
"""A browser in which pages are looked at, where one is installed."""


# Which texts are tried, and what comes of them, is no matter of chance, nor of what else a machine
# has to do: `make fuzz` looks for new ones.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


LONG = tuple(
    f"test_{name}.py"
    for name in (
        *("site_browser", "cluster", "edition", "crash", "preview_browser", "typeset", "signature"),
        *("hostile", "shared_cache", "archive", "limits", "clearance", "web", "cli", "languages"),
        *("link", "release", "slides", "epub", "docx", "division", "report", "conclusions"),
        *("site", "publish", "markdown", "index"),
    )
)
"""Files of tests that take long, the longest first."""


@dataclass(frozen=True)
class Compiled:
    """An event, compiled: what went in and what came out."""

    folder: Path
    output: Path
    outcome: Outcome

    @cached_property
    def event(self) -> Event:
        event, _ = examine(self.folder, CACHE)
        assert event
        return event

    @cached_property
    def pdf(self) -> Reading:
        return Reading(self.output / "report.pdf")

    @property
    def site(self) -> Path:
        return self.output / "site"

    @cached_property
    def page(self) -> str:
        return (self.output / "report.html").read_text(encoding="utf-8")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files into an order in which the processes of the tests wait least for one another.

    A file that needs the sample comes first, so that the sample is compiled while the others do
    what does not need it. What takes long is begun early, lest it be the last to end.
    """
    count = Counter(item.path for item in items)
    need_sample = {item.path for item in items if "sample" in getattr(item, "fixturenames", ())}

    def rank(path: Path) -> tuple[bool, int, int]:
        place = LONG.index(path.name) if path.name in LONG else len(LONG)
        return path in need_sample, place, -count[path]

    first = min(need_sample, key=rank, default=None)
    items.sort(key=lambda item: (item.path != first, *rank(item.path)))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave no cache behind once all processes are done."""
    if not hasattr(session.config, "workerinput"):
        shutil.rmtree(CACHE, ignore_errors=True)


@pytest.fixture(scope="session")
def sample() -> Compiled:
    """The sample event, compiled in all forms that a release has; nobody writes into it."""
    folder, output, told = PROJECT / "statements", CACHE / "sample", CACHE / "sample.outcome"
    # One process of the tests compiles it, the others find it.
    with (CACHE / "sample.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not told.exists():
            told.write_bytes(pickle.dumps(compile_report(folder, output, CACHE, RELEASED)))
    return Compiled(folder, output, pickle.loads(told.read_bytes()))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser; tests without one are skipped."""
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"], timeout=1000 * PATIENCE
        )
        yield browser
        browser.close()

"""`python -m benchmarks.profile`: where a worker's time goes, and where WeasyPrint's own would go.

Typesets the same statements twice in one process: as WeasyPrint writes each as a document of its
own, and as the press does. Samples are taken by processor time; each counts for the innermost
function that is of a known station. Writes profile.md, which `make bench` puts into results.md.
"""

from __future__ import annotations

import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from benchmarks.events import make_event
from benchmarks.results import machine
from report import constants
from report.assets import PRINT_STYLES, stylesheets
from report.compilation import examine, merged
from report.press import Fetcher
from report.printform import print_document
from report.typeset import Styles, typeset_alone
from report.unit import Report, Unit

PROJECT = Path(__file__).parent.parent
STATEMENTS = 60
_WARMING = 3
"""Units typeset before anything is counted, so that fonts and styles are there."""

_EVERY = 0.002
"""Seconds of processor time between two samples."""

STATIONS: Mapping[str, Sequence[str]] = {
    "reading HTML": ("tinyhtml5", "xml/etree"),
    "matching and computing styles": ("weasyprint/css", "cssselect2", "tinycss2"),
    "making boxes": ("weasyprint/formatting_structure",),
    "shaping and breaking text": ("weasyprint/text",),
    "laying out": ("weasyprint/layout",),
    "fonts": ("weasyprint/pdf/fonts", "fontTools", "uharfbuzz"),
    "drawing": ("weasyprint/draw", "weasyprint/pdf/stream", "weasyprint/stacking"),
    "writing": ("weasyprint/pdf", "pydyf", "pikepdf"),
    "structure, fragment, cache": ("report/",),
}
"""The stations of a unit, each with the modules that are its own; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Seconds of processor time for a unit, in all and by station."""

    seconds: float
    shares: Mapping[str, float]


def main() -> None:
    """Profile both ways, and write profile.md beside this file."""
    with tempfile.TemporaryDirectory(prefix="rapporteur-profile-") as name:
        folder = Path(name)
        event = make_event(folder / "event", STATEMENTS, PROJECT / "statements")
        report, styles = _merged(event, folder / "cache")
        units = [unit for unit in report.units if unit.kind == "statement"]
        alone = _profile(lambda unit: _write_alone(unit, report, styles), units)
        pressed = _profile(
            lambda unit: typeset_alone(unit, report, styles, folder / "cache"), units
        )
    page = "\n".join(_page(alone, pressed)) + "\n"
    Path(__file__).with_name("profile.md").write_text(page, encoding="utf-8")
    print(page, end="")


def _merged(folder: Path, cache: Path) -> tuple[Report, Styles]:
    event, _ = examine(folder, cache)
    assert event
    sheets = stylesheets(folder, PRINT_STYLES)
    return merged(event, folder, cache, sheets), Styles(sheets)


def _write_alone(unit: Unit, report: Report, styles: Styles) -> None:
    """Write a unit as WeasyPrint does with a document, from its styles to its fonts."""
    fonts, fetcher = FontConfiguration(), Fetcher(report.folder)
    texts = constants.resolve([text for _, text in styles.of(unit).sheets])
    sheets = [CSS(string=text, font_config=fonts, url_fetcher=fetcher) for text in texts]
    html = HTML(string=print_document(unit, {}, report.specimen), url_fetcher=fetcher)
    html.write_pdf(font_config=fonts, stylesheets=sheets, pdf_variant="pdf/ua-1")


def _profile(work: Callable[[Unit], object], units: Sequence[Unit]) -> Profile:
    for unit in units[:_WARMING]:
        work(unit)
    start = time.process_time()
    with _samples() as counted:
        for unit in units[_WARMING:]:
            work(unit)
    seconds = (time.process_time() - start) / (len(units) - _WARMING)
    total = sum(counted.values())
    return Profile(seconds, {name: count / total for name, count in counted.items()})


@contextmanager
def _samples() -> Iterator[Counter[str]]:
    """Count at which station the process is, as long as this lasts."""
    counted: Counter[str] = Counter()

    def note(_signal: int, frame: FrameType | None) -> None:
        counted[_station(frame)] += 1

    before = signal.signal(signal.SIGPROF, note)
    signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
    try:
        yield counted
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _station(frame: FrameType | None) -> str:
    while frame:
        file = frame.f_code.co_filename
        for name, modules in STATIONS.items():
            if any(f"/{module}" in file for module in modules):
                return name
        frame = frame.f_back
    return "the rest"


def _page(alone: Profile, pressed: Profile) -> Iterator[str]:
    yield "## Where a worker's time goes"
    yield ""
    yield f"{machine()} `python -m benchmarks.profile` makes this page."
    yield ""
    yield "Milliseconds of processor time for one statement of about two pages, in a process that"
    yield "has loaded its libraries: as a document that WeasyPrint writes by itself, and as the"
    yield "press makes a fragment of it, with fonts and styles loaded once and subsets left to the"
    yield "linker."
    yield ""
    yield "| station | WeasyPrint alone | the press |"
    yield "| --- | ---: | ---: |"
    for name in (*STATIONS, "the rest"):
        before, after = (1000 * p.seconds * p.shares.get(name, 0) for p in (alone, pressed))
        yield f"| {name} | {before:.1f} | {after:.1f} |"
    yield f"| together | {1000 * alone.seconds:.1f} | {1000 * pressed.seconds:.1f} |"


if __name__ == "__main__":
    main()

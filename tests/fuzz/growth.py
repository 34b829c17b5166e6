"""What grows too fast: each stage is timed on a text and on one twice as long.

A stage that takes linear time takes about twice as long. Where it takes more than `MOST` times, it
is measured again, as the machine has other work too; what stays is told.
"""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from report import markup
from report.assets import WEB_STYLES, stylesheets, template_folders
from report.check import check
from report.expressions import fill_in
from report.intricacy import TooIntricate
from report.load import load
from report.merge import Merging
from report.model import Event
from report.printform import print_document
from report.quotation import quotations
from report.quotation_checks import check_quotations
from report.source import Source, Unreadable, parse_document
from report.unit import Report
from report.web import publish
from report.words import words
from tests.conftest import PROJECT
from tests.fuzz.families import BODIES, EXPRESSIONS, MATTERS, Family

MOST = 2.5
"""How many times as long a stage may take for twice as much."""

FIRST = 64
"""How many pieces the shortest text has."""

_LONGEST = 1_000_000
"""Signs of a text at most: what a file may have."""

_LONG_ENOUGH = 0.05
"""Seconds from which on what is measured is the stage and not the machine."""

_MUCH_LONGER = 4
"""How many times what the shortest text takes: from there on it is the text that takes it."""

_TRIES = 4
_STATEMENT = "1-opening/02-x"
_HEAD = "---\nspeaker: Minister\naffiliation: Member State A\ncategory: governments\n---\n\n"

Work = Callable[[], object]
"""What is measured: everything that it needs is there."""

Measure = Callable[[Work], float]
"""Says how much a piece of work takes: seconds, or steps."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How a stage grew with a family: what it took for `size` signs, and for twice as many."""

    stage: str
    family: str
    size: int
    once: float
    twice: float

    @property
    def ratio(self) -> float:
        """How many times as much twice as much took."""
        return self.twice / self.once

    def __str__(self) -> str:
        size = f"{self.size:,} signs"
        return f"{self.ratio:4.1f}  {self.stage:11} {self.family:32} {size:>14} {self.once:.3f} s"


class Bench:
    """An event in a folder, into which texts are put."""

    def __init__(self, folder: Path):
        self.folder = Path(shutil.copytree(PROJECT / "tests/events/minimal", folder / "event"))
        self._templates = template_folders(self.folder)
        self._styles = stylesheets(self.folder, WEB_STYLES)

    def on_matter(self, matter: str) -> Mapping[str, Work]:
        """The stages that read front matter."""
        return {"source": lambda: _read(Source("x.md", f"---\n{matter}\n---\n\nbody\n"))}

    def on_expressions(self, body: str) -> Mapping[str, Work]:
        """The stages that read expressions, as only the Chairman's Summary may have them."""
        document, _ = parse_document(Source("x.md", f"---\na: b\n---\n{body}"))
        return {"expressions": lambda: fill_in(document, {}, words("en"))}

    def on_body(self, body: str) -> Mapping[str, Work]:
        """The stages that a statement goes through; none when a limit refuses it."""
        try:
            markup.parse(body, _STATEMENT, f"{_STATEMENT}.md", 3)
        except TooIntricate:
            return {}
        (self.folder / f"{_STATEMENT}.md").write_text(_HEAD + body, encoding="utf-8")
        event, found = load(self.folder)
        if event is None or _STATEMENT not in event.texts:
            return {}
        works: dict[str, Work] = {
            "markup": lambda: markup.parse(body, _STATEMENT, f"{_STATEMENT}.md", 3),
            "check": lambda: list(check(event.model_copy())),
            "quotation": lambda: (list(quotations(body)), list(check_quotations(event))),
        }
        is_faulty = any(diagnostic.is_error for diagnostic in (*found, *check(event)))
        return works if is_faulty else works | self._on_event(event)

    def _on_event(self, event: Event) -> Mapping[str, Work]:
        """The stages that an event without errors goes through."""

        def merged() -> Report:
            return Merging(event, self.folder, self._templates, lambda _: "").report()

        report = merged()
        return {
            "merge": merged,
            "print form": lambda: [print_document(unit, {}, "en") for unit in report.units],
            "web": lambda: publish(report, self._styles, self._templates),
        }


def _read(source: Source) -> None:
    try:
        parse_document(source)
    except Unreadable:
        return


Stages = Callable[[str], Mapping[str, Work]]


def families(bench: Bench) -> Iterator[tuple[str, Family, Stages]]:
    """Every family of texts, with the stages that read it."""
    for kind, stages in (
        (MATTERS, bench.on_matter),
        (EXPRESSIONS, bench.on_expressions),
        (BODIES, bench.on_body),
    ):
        for name, family in kind.items():
            yield name, family, stages


def fast_growing(folder: Path) -> Iterator[Growth]:
    """Every growth that is too fast, in the order of the families."""
    for name, family, stages in families(Bench(folder)):
        yield from (growth for growth in growths(name, family, stages) if growth.ratio > MOST)


def growths(name: str, family: Family, stages: Stages) -> Iterator[Growth]:
    """How each stage grows with a family, on the shortest texts that take it a moment."""
    number = FIRST
    text = family(number)
    works = stages(text)
    enough = {s: max(_LONG_ENOUGH, _MUCH_LONGER * seconds(work)) for s, work in works.items()}
    while enough and 2 * len(text) <= _LONGEST:
        longer = family(2 * number)
        longer_works = stages(longer)
        for stage in longer_works.keys() & enough.keys():
            if seconds(longer_works[stage]) > enough[stage]:
                del enough[stage]
                yield _measured(stage, name, text, works[stage], longer_works[stage])
        if not longer_works:
            break
        number, text, works = 2 * number, longer, longer_works


def _measured(stage: str, family: str, text: str, once: Work, twice: Work) -> Growth:
    """The least that a growth was found to be: other work of the machine only adds to it."""
    for _ in range(_TRIES):
        pairs = [(seconds(once), seconds(twice)) for _ in range(3)]
        least = Growth(stage, family, len(text), *map(min, zip(*pairs, strict=True)))
        if least.ratio <= MOST:
            break
    return least


def seconds(work: Work) -> float:
    """The seconds of the processor that a piece of work takes."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start

"""What the gallery shows: the sample in its languages, and a small event in the others.

Every kind of page is shown once, at the first place that has it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from report.assets import (
    BOOKLET_STYLES,
    PRINT_STYLES,
    SITE_STYLES,
    stylesheets,
    template_folders,
)
from report.booklet import BIOGRAPHIES, handed_out
from report.compilation import in_language, merged, read, suffix
from report.merge import booklet
from report.model import Event
from report.scripts import sheets_for
from report.unit import Report, Unit, anchors
from report.web import without_comments

PROJECT = Path(__file__).parent.parent
SAMPLE = PROJECT / "statements"
SMALL = Path(__file__).parent / "event"
"""The small event: it is in the languages in which there is no sample."""

_NAMES = {
    "cover": "Cover",
    "imprint": "Imprint",
    "contents": "Contents",
    "acronyms": "Acronyms",
    "chapter": "Foreword",
    "programme": "Programme",
    "at_a_glance": "At a glance",
    "chairmans_summary": "Chairman\u2019s Summary",
    "map": "Map of conclusions",
    "session": "Session",
    "statement": "Statement",
    "discussion": "Discussion",
    "photographs": "Photographs",
    "participants": "Participants",
    "recommendations": "Recommendations",
    "speakers": "Index of speakers",
    "documents": "Index of documents",
    "subjects": "Index of subjects",
    "figures": "Figures and tables",
}
"""What each kind of unit is called below its picture; of each kind the first unit is shown."""

_FIRST = "statement"
_OTHER_TEMPLATES = ("offprint.html", "site/*.html")
"""Templates whose pages are shown, and that are no units of the report."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page that is shown: what it is called, and a place on it."""

    name: str
    unit: Unit
    anchor: str


@dataclass(frozen=True)
class Edition:
    """An event in one language, merged as the report and as the programme booklet."""

    folder: Path
    event: Event
    report: Report
    booklet: Report

    @property
    def language(self) -> str:
        """Its code, such as fr."""
        return self.event.language

    @property
    def suffix(self) -> str:
        """What the names of its files have before their endings."""
        return suffix(self.event)

    @cached_property
    def pages(self) -> tuple[Shown, ...]:
        """The pages of the report that are shown, in its order."""
        return tuple(self._pages())

    def _pages(self) -> Iterator[Shown]:
        kinds = set()
        for unit in self.report.units:
            if unit.kind not in kinds:
                kinds.add(unit.kind)
                yield Shown(_NAMES[unit.kind], unit, unit.id)
            if unit is self.rich:
                yield Shown("Table and notes", unit, f"{unit.id}:table-1")
            if unit is self._illustrated:
                yield Shown("Slides", unit, f"{unit.id}/slide-1")

    @cached_property
    def rich(self) -> Unit:
        """The first statement with a table and with notes."""
        return next(
            unit
            for unit in self.report.units
            if unit.kind == _FIRST and {f"{unit.id}:table-1", f"{unit.id}/fn:1"} <= anchors(unit)
        )

    @cached_property
    def _illustrated(self) -> Unit | None:
        return next((unit for unit in self.report.units if unit.slides), None)

    @property
    def speakers(self) -> Unit:
        """The part of the booklet that tells who the speakers are."""
        return next(unit for unit in self.booklet.units if unit.id == BIOGRAPHIES)

    @property
    def digest(self) -> str:
        """A digest of what its pictures show: texts, pictures, templates and styles.

        Page numbers are not in it, and not what only typesetting does.
        """
        shown = [page.unit for page in self.pages]
        told = [*shown, *self.booklet.units]
        made_of = (
            [(unit.html, sorted(unit.images.items()), unit.language) for unit in told],
            self._styles(PRINT_STYLES, shown),
            self._styles(BOOKLET_STYLES, self.booklet.units),
            self._styles(SITE_STYLES, [self.rich]),
            [
                path.read_text(encoding="utf-8")
                for folder in template_folders(self.folder)
                for pattern in _OTHER_TEMPLATES
                for path in sorted(folder.glob(pattern))
            ],
        )
        return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()

    def _styles(self, names: tuple[str, ...], units: Sequence[Unit]) -> list[str]:
        """The rules that make these units look as they do: none for scripts that they have not."""
        sheets = stylesheets(self.folder, names)
        languages = {unit.language for unit in units} - {self.language}
        texts = "".join(unit.html for unit in units)
        wanted = dict(sheets_for(sheets, texts, (self.language, *sorted(languages))))
        return [without_comments(css) for name, css in sheets if name in wanted]


def editions(cache: Path, sample: Path = SAMPLE) -> Mapping[str, Edition]:
    """What is shown in each language, by its code. Raises `ValueError` for events with errors."""
    found: dict[str, Edition] = {}
    for folder in (sample, SMALL):
        event, diagnostics = read(folder, cache)
        if event is None or any(each.is_error for each in diagnostics):
            raise ValueError(f"{folder} has errors: see `python build.py check --event {folder}`")
        for language in event.editions:
            if language not in found:
                found[language] = _edition(in_language(event, language), folder, cache)
    return found


def _edition(event: Event, folder: Path, cache: Path) -> Edition:
    templates = template_folders(folder)
    sheets = stylesheets(folder, PRINT_STYLES)
    return Edition(
        folder,
        event,
        merged(event, folder, cache, sheets),
        booklet(handed_out(event), folder, templates),
    )

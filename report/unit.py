"""Compilation units: what merging produces and what typesetting and publishing read.

A statement is to the report what a source file is to a program. Each part of the report (the
cover, the contents, one statement, one discussion) is a `Unit` of neutral HTML: it holds neither
page numbers nor anything of the medium, and is the same text for the PDF and for the web page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from report.compact import compact
from report.deck import Deck
from report.digits import Digits
from report.quota import USUAL, Allowance

if TYPE_CHECKING:
    # A worker typesets without the model, which takes a fifth of a second to load.
    from report.citation import Entry


class Paging(StrEnum):
    """How the pages of a unit are numbered and stamped with folios."""

    NONE = "none"
    """Counted among the front matter, but shows no folio: cover and imprint."""

    FRONT = "front"
    """Front matter: lower-case roman numerals."""

    BODY = "body"
    """Body of the report: arabic numerals from 1, which falls on a recto."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the pages of a unit say that is not cleared: in one word, and in a few."""

    word: str
    notice: str


@dataclass(frozen=True, slots=True)
class PlacedSlide:
    """A slide that a unit shows: the deck, and the number of the slide in it."""

    deck: Deck
    number: int


@compact("html")
@dataclass(frozen=True, slots=True)
class Unit:
    """One part of the report as neutral HTML.

    `html` is the inside of the document's body. Every `id` in it is unique in the whole report;
    a link to any place in the report is `href="#id"`, whichever unit holds that place. An empty
    element `<span data-folio="id"></span>` is where print shows the folio of the page on which the
    element `id` stands; print may begin a page before an element with the attribute `data-divide`.
    `images` maps each `src` in the HTML (relative to `Report.folder`) to the SHA-256 of the file's
    bytes in hexadecimal. `level` is the unit's depth in the outline: 1 for parts and sessions, 2
    for what belongs to a session, 0 for a volume. A unit that is not cleared for distribution has a
    `mark`. `slides` maps the `src` of each picture that stands for a slide to that slide; in
    `images` the key of its deck is the digest. A further part of a unit that print has divided
    (`division`) `continues` the unit with that id.
    """

    id: str
    kind: str
    title: str
    html: str
    language: str
    paging: Paging
    level: int = 1
    running_head: tuple[str, str] = ("", "")
    images: Mapping[str, str] = field(default_factory=dict)
    slides: Mapping[str, PlacedSlide] = field(default_factory=dict)
    mark: Mark | None = None
    continues: str = ""

    @property
    def whole(self) -> str:
        """The id of the unit that this is, or that it is a part of."""
        return self.continues or self.id

    @property
    def prints_folios(self) -> bool:
        """Whether the unit shows page numbers of other units, as contents and indexes do."""
        return "data-folio=" in self.html


_ID = re.compile(r'\sid="([^"]*)"')


def anchors(unit: Unit) -> frozenset[str]:
    """The ids of a unit: the places in it that links can lead to."""
    return frozenset(map(unescape, _ID.findall(unit.html)))


class NoSuchUnitError(LookupError):
    """A unit that the report has not; the message asks which was meant."""


@dataclass(frozen=True, slots=True)
class Report:
    """The merged report: its units in reading order, and what describes it as a whole.

    `folder` is the event's folder, to which image sources are relative. `timestamp` is the
    moment stated in the outputs, in seconds since 1970 UTC: never the clock. `entry` is how a
    bibliography lists the report. `notice` says how much of it is not cleared for distribution.
    The `allowance` is the time and memory that each unit may take.

    A report in several volumes is printed as `volumes`, each a report of its own: `volume` is what
    its folios bear in the others, as in II, 45; it `runs_on` when its pages are counted on from the
    volume before. Its own `units` are the whole as it is read on a screen: there a unit of the kind
    `volume` stands where a volume begins, with what belongs to the volume on the levels below.
    """

    title: str
    author: str
    subject: str
    keywords: tuple[str, ...]
    language: str
    timestamp: int
    folder: Path
    units: tuple[Unit, ...]
    specimen: str = ""
    entry: Entry | None = None
    notice: str = ""
    allowance: Allowance = USUAL
    digits: Digits = Digits.LATIN
    volume: str = ""
    runs_on: bool = False
    volumes: tuple[Report, ...] = ()

    @property
    def bound(self) -> tuple[Report, ...]:
        """The books that print makes of the report: its volumes, or itself."""
        return self.volumes or (self,)

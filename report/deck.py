"""Decks: the slides of a presentation, ready to be placed.

A deck is kept as one archive with every slide as a page that a report can hold, and as a picture
for the screen.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report.diagnostics import Rule

if TYPE_CHECKING:
    # A worker has to do with decks, but not with an event's limits, which are part of its model.
    from report.limits import Limits

OFFICE_SUFFIXES = (".pptx", ".odp")
"""How the names of decks end that an office program made."""

SUFFIXES = (".pdf", *OFFICE_SUFFIXES)
"""How the names of decks end."""

_PAGES = "slides.pdf"
_TABLE = "slides.json"


class DeckRefused(Exception):  # noqa: N818 (it names a state of the file)
    """A deck that cannot be used: the rule that it breaks, what is wrong, and the mend."""

    def __init__(self, rule: Rule, message: str, hint: str):
        super().__init__(message)
        self.rule = rule
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A link of a slide: its sides in per cent of the slide from its upper left corner.

    `target` is a URI, or the number of another slide of the deck.
    """

    left: float
    top: float
    width: float
    height: float
    target: str | int


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide, upright and cropped: width and height in points, links.

    `fault` says why it is shown as a picture, where it could not be taken over as it is.
    """

    width: float
    height: float
    hotspots: tuple[Hotspot, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck ready to be placed: its slides in order, its key, and the archive that holds it.

    `digest` is the SHA-256 of the file that it was made of.
    """

    key: str
    digest: str
    slides: tuple[Slide, ...]
    path: Path

    def pages(self) -> bytes:
        """A PDF with a page for each slide, whose only XObject, `Slide`, fills the unit square."""
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(_PAGES)

    def picture(self, number: int) -> bytes:
        """A slide for the screen, in the format WebP; the first has the number 1."""
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(_picture(number))


OpenDeck = Callable[[Path, "Limits"], Deck]
"""Makes a deck of a file, within limits.

Raises `DeckRefused`, or `OSError` when the file cannot be read."""


def archive(pages: bytes, slides: tuple[Slide, ...], pictures: tuple[bytes, ...], to: Path) -> None:
    """Write what is kept of a deck; the counterpart of `Deck`."""
    table = json.dumps([asdict(slide) for slide in slides])
    files = {_TABLE: table.encode(), _PAGES: pages}
    files |= {_picture(number): picture for number, picture in enumerate(pictures, start=1)}
    with zipfile.ZipFile(to, "w") as written:
        for name, content in files.items():
            # Without the time at which it is written: what is kept of a deck is always the same.
            written.writestr(zipfile.ZipInfo(name), content)


def opened(key: str, digest: str, path: Path) -> Deck:
    """The deck that an archive holds, made of the file with this digest."""
    with zipfile.ZipFile(path) as kept:
        table: list[dict[str, Any]] = json.loads(kept.read(_TABLE))
    slides = (
        Slide(**entry | {"hotspots": tuple(Hotspot(**spot) for spot in entry["hotspots"])})
        for entry in table
    )
    return Deck(key, digest, tuple(slides), path)


def _picture(number: int) -> str:
    return f"{number}.webp"

"""Decks: the slides of a presentation, and the shelf on which they lie ready to be placed.

A deck is prepared once (`preparation`), in a process of its own with limits of memory and time, as
nothing that an event holds is trusted. What comes of it is kept by content: one archive with every
slide as a page that a report can hold, and as a picture for the screen.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from report import office, rules
from report.diagnostics import Rule
from report.fragment import Store
from report.limits import USUAL, Limits

SUFFIXES = (".pdf", *office.SUFFIXES)
"""How the names of decks end."""

_PAGES = "slides.pdf"
_TABLE = "slides.json"
_MODULES = ("deck.py", "preparation.py", "slideform.py", "office.py")
_PACKAGES = ("pikepdf", "pypdfium2", "page-validation", "pillow")


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
    """A deck ready to be placed: its slides in order, its key, and the archive that holds it."""

    key: str
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


OpenDeck = Callable[[Path, Limits], Deck]
"""Makes a deck of a file, within limits.

Raises `DeckRefused`, or `OSError` when the file cannot be read."""


class Shelf:
    """Decks that were prepared before, in a cache folder that several builds may use at once."""

    def __init__(self, cache_folder: Path) -> None:
        """Use a folder, made when first written to."""
        self._store = Store(cache_folder)

    def deck(self, file: Path, limits: Limits = USUAL) -> Deck:
        """The deck of a file, prepared now or before; raises what `OpenDeck` says."""
        if file.stat().st_size > limits.deck_bytes:
            raise DeckRefused(
                rules.BAD_DECK,
                f"the deck {file.name} has more than {limits.deck_bytes:,} bytes",
                "save it with smaller pictures (`deck_bytes` under `limits` in event.yaml)",
            )
        content = file.read_bytes()
        key = _key(content, file.suffix.lower())
        if (stored := self._store.read(key)) is None:
            stored = _prepared(content, file, limits)
            self._store.write(key, stored)
        return _opened(key, self._store.path(key))


def archive(pages: bytes, slides: tuple[Slide, ...], pictures: tuple[bytes, ...], to: Path) -> None:
    """Write what is kept of a deck; the counterpart of `Deck`."""
    with zipfile.ZipFile(to, "w") as written:
        written.writestr(_TABLE, json.dumps([asdict(slide) for slide in slides]))
        written.writestr(_PAGES, pages)
        for number, picture in enumerate(pictures, start=1):
            written.writestr(_picture(number), picture)


def _opened(key: str, path: Path) -> Deck:
    with zipfile.ZipFile(path) as kept:
        table: list[dict[str, Any]] = json.loads(kept.read(_TABLE))
    slides = (
        Slide(**entry | {"hotspots": tuple(Hotspot(**spot) for spot in entry["hotspots"])})
        for entry in table
    )
    return Deck(key, tuple(slides), path)


def _picture(number: int) -> str:
    return f"{number}.webp"


def _key(content: bytes, suffix: str) -> str:
    made_by = (*_code(), office.release() if suffix in office.SUFFIXES else "")
    return hashlib.sha256(repr(made_by).encode() + content).hexdigest()


@cache
def _code() -> tuple[str, ...]:
    here = Path(__file__).parent
    sources = ((here / name).read_bytes() for name in _MODULES)
    return (
        *(hashlib.sha256(source).hexdigest() for source in sources),
        *(version(package) for package in _PACKAGES),
    )


def _prepared(content: bytes, file: Path, limits: Limits) -> bytes:
    """What is to be kept of a deck, made by another process from a copy of the file."""
    with tempfile.TemporaryDirectory(prefix="deck-") as folder:
        copy = Path(folder) / f"deck{file.suffix.lower()}"
        copy.write_bytes(content)
        pdf = copy
        if copy.suffix in office.SUFFIXES:
            pdf = office.convert(copy, file.name, limits.deck_seconds)
        return _worked(pdf, Path(folder) / "prepared", file.name, limits)


def _worked(pdf: Path, result: Path, name: str, limits: Limits) -> bytes:
    """What another process makes of a deck, within its limits."""
    from report.preparation import prepare

    context = multiprocessing.get_context("spawn")
    listening, speaking = context.Pipe(duplex=False)
    worker = context.Process(target=prepare, args=(pdf, result, limits, speaking))
    worker.start()
    speaking.close()
    try:
        answer = listening.recv() if listening.poll(_PATIENCE * limits.deck_seconds) else _BROKEN
    except EOFError:
        # The process ended without a word, so it broke down over what it was given to read.
        answer = _BROKEN
    worker.kill()
    worker.join()
    if answer:
        rule, message, hint = answer
        raise DeckRefused(rule, f"the deck {name} {message}", hint)
    return result.read_bytes()


_PATIENCE = 3
"""How many times its seconds the process may take to end itself."""

_BROKEN = (rules.BAD_DECK, "is damaged", "save it again as PDF, or print it to a PDF file")

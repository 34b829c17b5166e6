"""The shelf on which decks lie ready to be placed.

A deck is prepared once (`preparation`), in a process of its own with limits of memory and time, as
nothing that an event holds is trusted. What comes of it is kept by content.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

from report import office, rules
from report.deck import OFFICE_SUFFIXES, Deck, DeckRefused, opened
from report.environ import safe_path
from report.fragment import Store
from report.limits import USUAL, Limits

_MODULES = ("deck.py", "preparation.py", "slideform.py", "office.py")
_PACKAGES = ("pikepdf", "pypdfium2", "page-validation", "pillow")


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
        key, digest = _key(content, file.suffix.lower()), hashlib.sha256(content).hexdigest()
        kept = self._kept(key, digest)
        # What was taken where more slides are allowed is refused here as if it were new.
        if kept is None or len(kept.slides) > limits.deck_slides:
            self._store.write(key, _prepared(content, file, limits))
            kept = opened(key, digest, self._store.path(key))
        return kept

    def _kept(self, key: str, digest: str) -> Deck | None:
        """The deck that was prepared under a key, if it is there whole."""
        is_there = self._store.read(key) is not None
        return opened(key, digest, self._store.path(key)) if is_there else None


def _key(content: bytes, suffix: str) -> str:
    made_by = (*_code(), office.release() if suffix in OFFICE_SUFFIXES else "")
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
        if copy.suffix in OFFICE_SUFFIXES:
            pdf = office.convert(copy, file.name, limits.deck_seconds)
        return _worked(pdf, Path(folder) / "prepared", file.name, limits)


def _worked(pdf: Path, result: Path, name: str, limits: Limits) -> bytes:
    """What another process makes of a deck, within its limits."""
    from report.preparation import prepare

    context = multiprocessing.get_context("spawn")
    listening, speaking = context.Pipe(duplex=False)
    worker = context.Process(target=prepare, args=(pdf, result, limits, speaking))
    with safe_path():
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

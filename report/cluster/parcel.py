"""Parcels: what travels to a worker of another machine, and what comes back.

The machines share no disk. A parcel names the files that its job needs by their digests, and the
worker asks for those that it has not had before. A typeset unit comes back as its bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from report.cluster.tools import tools
from report.fragment import Store, TypesetUnit
from report.job import Job
from report.resources import event_files, event_url, file_digest, fonts, fonts_digest, locate
from report.typeset import digest
from report.unit import Unit

Sheets = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A job on its way, without a path, since none means anything where it goes.

    `files` are the event's files that the unit and its styles name: the digest of each by its
    path. `likeness` tells the programs and fonts that the machine which sends it would use, and
    `held` are the fonts that need not come back with the unit.
    """

    job: Job
    files: Mapping[str, str]
    likeness: str
    held: frozenset[str]

    @property
    def contents(self) -> frozenset[str]:
        """The digests of all files that the job needs, the decks of its slides among them."""
        decks = (slide.deck.key for slide in self.job.unit.slides.values())
        return frozenset((*self.files.values(), *decks))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A worker's answer to a parcel some of whose files it has not had: their digests."""

    digests: frozenset[str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A typeset unit on its way back: what is to be stored of it, and fonts by their digests."""

    unit: str
    key: str
    content: bytes
    programs: Mapping[str, bytes]


def pack(job: Job) -> tuple[Parcel, Mapping[str, Path]]:
    """Return a job as a parcel, and by their digests the files that it may be asked for."""
    files = dict(_style_files(job.styles, job.folder))
    files |= {name: each for name, each in job.unit.images.items() if name not in job.unit.slides}
    plain = replace(job, folder=Path(), cache=Path(), unit=_with_decks(job.unit, lambda _: Path()))
    parcel = Parcel(plain, files, likeness(job), hold_fonts(job))
    sources = {each: _file(name, job) for name, each in files.items()}
    decks = {slide.deck.key: slide.deck.path for slide in job.unit.slides.values()}
    return parcel, sources | decks


def unpack(parcel: Parcel, room: Path) -> Job:
    """Return a job that finds its files in the room of a worker, where all of them are kept.

    They are linked to where the job looks for them: in a folder for each set of files, as two
    builds of an event may know different files by one name.
    """
    folder = room / "events" / digest(sorted(parcel.files.items()))
    for name, each in parcel.files.items():
        _link(kept(each, room), folder / name)
    unit = _with_decks(parcel.job.unit, lambda key: kept(key, room))
    return replace(parcel.job, folder=folder, cache=room / "units", unit=unit)


def kept(content: str, room: Path) -> Path:
    """Where the room of a worker keeps the file of a digest."""
    return room / "files" / content


def likeness(job: Job) -> str:
    """A digest of the programs and fonts of this machine that a unit's bytes depend on."""
    return _likeness(job.styles, job.folder)


def deliver(unit: TypesetUnit, store: Store, held: frozenset[str]) -> Delivery:
    """Take a unit out of the store in which it was typeset."""
    content = store.read(unit.key)
    assert content is not None
    used = {face.program for face in unit.faces()} - held
    programs = {each: program for each in used if (program := store.read(each)) is not None}
    store.path(unit.key).unlink(missing_ok=True)
    return Delivery(unit.id, unit.key, content, programs)


def receive(delivery: Delivery, store: Store) -> TypesetUnit:
    """Put a typeset unit into the store of this machine."""
    for each, program in delivery.programs.items():
        store.write(each, program)
    store.write(delivery.key, delivery.content)
    unit = store.unit(delivery.key, delivery.unit)
    assert unit is not None
    return unit


def _file(name: str, job: Job) -> Path:
    return locate(event_url(name), job.folder)


def hold_fonts(job: Job) -> frozenset[str]:
    """Put the fonts of a job's styles into the cache, so that none need come with its unit."""
    return _hold_fonts(job.styles, job.folder, job.cache)


# The styles of most units of a build are the same, and no file of theirs changes while it runs.


@lru_cache(maxsize=256)
def _style_files(styles: Sheets, folder: Path) -> Mapping[str, str]:
    named = event_files((text for _, text in styles), folder)
    return {name: file_digest(file) for name, file in named.items()}


@lru_cache(maxsize=256)
def _likeness(styles: Sheets, folder: Path) -> str:
    return digest([tools(), fonts_digest([text for _, text in styles], folder)])


@lru_cache(maxsize=256)
def _hold_fonts(styles: Sheets, folder: Path, cache: Path) -> frozenset[str]:
    store = Store(cache)
    files = [locate(url, folder) for url in fonts(text for _, text in styles)]
    held = {file_digest(file): file for file in files}
    for each, file in held.items():
        if not store.path(each).exists():
            store.write(each, file.read_bytes())
    return frozenset(held)


def _with_decks(unit: Unit, path: Callable[[str], Path]) -> Unit:
    """The unit with its decks where they lie, by their keys."""
    slides = {
        source: replace(slide, deck=replace(slide.deck, path=path(slide.deck.key)))
        for source, slide in unit.slides.items()
    }
    return replace(unit, slides=slides)


def _link(content: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    # Another thread may do the same at the same time.
    with suppress(FileExistsError):
        place.hardlink_to(content)

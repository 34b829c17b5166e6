"""Upkeep: whether the report of an event is what its files and this compiler would make of it.

Of every report that was made whole the cache keeps a record, under a digest of all that it was made
from. An event whose record is there, and whose files still are what was written, need not be read.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Container, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import distributions
from itertools import chain
from pathlib import Path

from report import office
from report.assets import own
from report.deck import OFFICE_SUFFIXES
from report.fragment import Store
from report.resources import SHARE, file_digest
from report.typeset import digest


@dataclass(frozen=True, slots=True)
class Record:
    """A report that was made: the SHA-256 of its files by their names, and what is told of it."""

    files: Mapping[str, str]
    pages: int
    statements: int
    warnings: int


def stamp(event: Path, output: Path, cache: Path, wanted: object) -> str:
    """A digest of all that the report of an event is made from, the forms that are `wanted` too."""
    files = sorted(_files(event, frozenset({output.resolve(), cache.resolve()})))
    suffixes = {Path(name).suffix for name, _ in files}
    converter = office.release() if suffixes & set(OFFICE_SUFFIXES) else ""
    return digest(["record", files, repr(wanted), converter, [*_faces()], _compiler()])


def read(key: str, output: Path, store: Store) -> Record | None:
    """The record of a report whose files are all there, as they were written."""
    kept = store.read(key)
    if kept is None:
        return None
    record = Record(**json.loads(kept))
    is_whole = all(_digest(output / name) == each for name, each in record.files.items())
    return record if is_whole else None


def write(key: str, record: Record, store: Store) -> None:
    """Keep the record of a report that was made."""
    store.write(key, json.dumps(asdict(record)).encode())


def _files(event: Path, made: Container[Path]) -> Iterator[tuple[str, str]]:
    """The files of an event and their digests, but for what we or Git have `made` of them.

    Hidden ones are among them, as a text may show a picture that is hidden.
    """
    # An event's templates and styles may be those of several, and lie elsewhere.
    folders_of_its_own = (event / name for name in ("templates", "styles"))
    elsewhere = map(os.walk, filter(Path.is_symlink, folders_of_its_own))
    for folder, folders, names in chain(os.walk(event), *elsewhere):
        root = Path(folder).resolve()
        folders[:] = [each for each in folders if each != ".git" and root / each not in made]
        for name in names:
            file = Path(folder, name)
            yield file.relative_to(event).as_posix(), _digest(file)


def _digest(file: Path) -> str:
    try:
        return file_digest(file)
    except OSError:
        # Whoever reads the event says what is wrong with it.
        return ""


@cache
def _compiler() -> str:
    """A digest of the compiler: its code, templates, styles and packages."""
    folders = (Path(__file__).parents[1], own("templates"), own("styles"))
    files = sorted(file for folder in folders for file in folder.rglob("*") if _is_source(file))
    code = [(file.name, hashlib.sha256(file.read_bytes()).hexdigest()) for file in files]
    packages = sorted((each.name, each.version) for each in distributions())
    return digest([code, packages])


def _faces() -> Iterator[tuple[str, int]]:
    """The faces that set-up has fetched until now."""
    for file in sorted(SHARE.rglob("*.ttf")):
        yield file.relative_to(SHARE).as_posix(), file.stat().st_size


def _is_source(file: Path) -> bool:
    return file.is_file() and file.parent.name != "__pycache__"

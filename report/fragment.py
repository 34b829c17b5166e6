"""Typeset units as files: what the press writes and the linker reads.

A fragment is to the linker what an object file is to a program's: pages without fonts, links by
name, and a table of what it defines (anchors, bookmarks) and what it needs (faces, targets).
One file holds all, three lines of JSON and then the PDF, so that a fragment is whole or absent.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, astuple, dataclass, field
from io import BufferedRandom, FileIO
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, BinaryIO

MAGIC = b"rapporteur fragment 5"
"""First line of a fragment: the format and its version."""

_CHECKSUM = hashlib.sha256().digest_size
_TEMPORARY = ".new-"
_RANDOM = 8
"""How many random bytes a temporary name has."""

_GREAT = 10_000_000
"""From so many bytes on it is worth while to make room for what is read at once."""

_SHELF = re.compile("[0-9a-f]{2}")
_OURS = re.compile(rf"(?:{re.escape(_TEMPORARY)})?[0-9a-f]+")
"""How the folders of a store are called, and the files in them."""

_TRIMMED = ".trimmed"
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline (ISO 32000-1, 12.3.3); `y` is in points from the page's foot."""

    label: str
    level: int
    page: int
    y: float
    open: bool = True


@dataclass(frozen=True, slots=True)
class Begin:
    """Where a page begins in a text, for layout to begin there (`excerpt`).

    `state` is what WeasyPrint knows there, as a Python literal; none where layout cannot begin.
    `length` is how many characters of the HTML stand on this page and those before, at least, and
    `digest` names them and how they look.
    """

    state: str
    length: int
    digest: str


@dataclass(frozen=True, slots=True)
class FaceUse:
    """The glyphs of one face in one unit: the width and the text of each."""

    name: str
    base_font: str
    family: str
    flags: int
    ascent: int
    descent: int
    program: str
    index: int
    widths: Mapping[int, float]
    texts: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class TypesetUnit:
    """One unit as pages, and what the linker must know of it without opening them.

    `anchors` gives for each id its page (from 0) and its place in points from the page's lower
    left corner; `targets` are the ids that its links name; `missing` holds the characters
    for which no font had a glyph; `images` maps the names of images to digests of their pixels;
    `openings` are the words of the text with which each page begins; `objects` is how many objects
    the PDF has, at the most.
    What only linking needs stays on the disk, so that a report of any length fits in memory.
    """

    id: str
    key: str
    pages: int
    anchors: Mapping[str, tuple[int, float, float]]
    bookmarks: tuple[Bookmark, ...]
    targets: tuple[str, ...]
    images: Mapping[str, str]
    missing: str = ""
    openings: tuple[str, ...] = ()
    objects: int = 0
    path: Path = field(default=Path(), compare=False)

    def pdf(self) -> bytes:
        """Return the bytes of the unit's pages as a PDF without fonts."""
        with self.path.open("rb") as file:
            _skip(file, 4)
            return file.read()

    def faces(self) -> tuple[FaceUse, ...]:
        """Return the glyphs that the unit's pages show of each face."""
        with self.path.open("rb") as file:
            _skip(file, 2)
            return tuple(decode_face(face) for face in json.loads(file.readline()))

    def begins(self) -> tuple[Begin, ...]:
        """Return where each of the pages begins, if they are so many that it was kept."""
        with self.path.open("rb") as file:
            _skip(file, 3)
            return tuple(Begin(*begin) for begin in json.loads(file.readline()))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some pages of a unit by themselves, of which the `first` is that page of the unit, from 0."""

    first: int
    pages: TypesetUnit


class Store:
    """A folder of content-addressed files, safe under several builds and sudden death.

    A file is written under a temporary name and renamed, and begins with a checksum of the rest: it
    is whole, or as good as absent. (Waiting until the disk has it would cost more than making it
    anew after a crash of the machine.) Two builds that write the same name write the same bytes.
    """

    def __init__(self, folder: Path) -> None:
        """Use a folder, made when first written to."""
        self.folder = folder

    def path(self, key: str) -> Path:
        """Return where the file of a key lies."""
        return Path(self._place(key))

    def _place(self, key: str) -> str:
        # A build reads a thousand files: to make a path takes as long as to open one.
        return f"{self.folder}/{key[:2]}/{key[2:]}"

    def read(self, key: str, prefix: bytes = b"") -> bytes | None:
        """Return the bytes stored under a key, or nothing when they are not there whole.

        With a prefix they are what follows it, and nothing when they begin with anything else.
        """
        return _stored(self._place(key), prefix)

    def use(self, key: str) -> None:
        """Let what is stored under a key count as used, without reading it."""
        with contextlib.suppress(FileNotFoundError):
            os.utime(self._place(key))

    def write(self, key: str, *parts: bytes) -> Path:
        """Store bytes under a key: these parts, one after the other."""
        path = self.path(key)
        checksum = hashlib.sha256()
        for part in parts:
            checksum.update(part)
        replace(path, checksum.digest(), *parts, lasting=False)
        return path

    def assemble(self, key: str, prefix: bytes, pieces: Iterable[bytes]) -> bytes:
        """Store a prefix under a key, and pieces after it; return these as one.

        They are in memory together only when the last of them has been made.
        """
        checksum = hashlib.sha256()
        with _replacing(self.path(key)) as file:
            file.write(bytes(_CHECKSUM))
            for piece in chain((prefix,), pieces):
                checksum.update(piece)
                file.write(piece)
            if file.tell() > _GREAT:
                _give_back()
            file.seek(0)
            file.write(checksum.digest())
            file.seek(_CHECKSUM + len(prefix))
            # Not over the buffer, which would hold it all a second time.
            return file.raw.readall()

    def unit(self, key: str, identity: str) -> TypesetUnit | None:
        """Return the typeset unit stored under a key, or nothing."""
        place = self._place(key)
        stored = _stored(place)
        if stored is None or not stored.startswith(MAGIC):
            return None
        _, table, _ = stored.split(b"\n", 2)
        return _decode(json.loads(table), identity, Path(place))

    def keep(
        self, unit: TypesetUnit, faces: Iterable[FaceUse], begins: Iterable[Begin], pdf: bytes
    ) -> TypesetUnit:
        """Store a typeset unit under its key, and return it as stored."""
        table, used = _json(_encode(unit)), _json([asdict(face) for face in faces])
        begun = _json([astuple(begin) for begin in begins])
        path = self.write(unit.key, b"\n".join((MAGIC, table, used, begun, pdf)))
        return _decode(json.loads(table), unit.id, path)

    def trim(self, limit: int) -> None:
        """Delete what was used least recently until at most so many bytes are left.

        What was used within the hour stays: another build may be about to read it. What builds
        left behind that were killed goes.
        """
        sweep(self.folder)
        before = time.time() - _HOUR
        for used, size, file in sorted(self._files(), key=itemgetter(0), reverse=True):
            limit -= size
            is_left_behind = file.name.startswith(_TEMPORARY)
            if used < before and (limit < 0 or is_left_behind):
                Path(file).unlink(missing_ok=True)

    def tidy(self, limit: int) -> None:
        """Trim, unless that was done within the hour: what was used since stays anyway."""
        mark = self.folder / _TRIMMED
        try:
            age = time.time() - mark.stat().st_mtime
        except FileNotFoundError:
            age = _HOUR
        # A clock that was put back makes it younger than nothing.
        if not 0 <= age < _HOUR:
            self.trim(limit)
            replace(mark, lasting=False)

    def clear(self) -> None:
        """Delete all that is stored, and the folders in which nothing else lies."""
        for _, _, file in self._files():
            Path(file).unlink(missing_ok=True)
        (self.folder / _TRIMMED).unlink(missing_ok=True)
        for folder in (*self.folder.glob("[0-9a-f][0-9a-f]"), self.folder):
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _files(self) -> Iterator[tuple[float, int, os.DirEntry[str]]]:
        """Yield when each file was used, its size, and what the folder says of it.

        Whoever names a folder in which there is more would lose it: only what is named as keys are
        is the store's.
        """
        # There are thousands, for which to make paths would take longer than to look at them.
        folders = os.scandir(self.folder) if self.folder.exists() else ()
        for folder in folders:
            ours = os.scandir(folder) if _SHELF.fullmatch(folder.name) and folder.is_dir() else ()
            for file in ours:
                if not _OURS.fullmatch(file.name):
                    continue
                with contextlib.suppress(FileNotFoundError):
                    status = file.stat()
                    yield status.st_mtime, status.st_size, file


def _stored(place: str, prefix: bytes = b"") -> bytes | None:
    """Return what a file of a store holds after a prefix, and let it count as used."""
    try:
        os.utime(place)
        # Without a buffer, so that what may be a whole report is in memory once.
        with FileIO(place) as file:
            checksum = hashlib.sha256(prefix)
            kept, begins = file.read(_CHECKSUM), file.read(len(prefix))
            content = file.readall() if begins == prefix else b""
    except FileNotFoundError:
        return None
    checksum.update(content)
    return content if checksum.digest() == kept else None


def _give_back() -> None:
    """Give memory that was freed back to the system, where the C library can (malloc_trim(3)).

    A great block of bytes takes none of it, but room of its own.
    """
    # Imported here, as a build without changes has nothing to give back.
    import ctypes

    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def ledger_key(event: Path) -> str:
    """Under what the cache keeps what the units of an event were made of; each build writes it."""
    return hashlib.sha256(f"ledger {event.resolve()}".encode()).hexdigest()


def sweep(folder: Path) -> None:
    """Delete what was being written to a folder when a build was killed, an hour ago or more."""
    before = time.time() - _HOUR
    # No more than what is named as `temporary_for` does: a release is a folder.
    for path in folder.glob(f"{_TEMPORARY}{'[0-9a-f]' * 2 * _RANDOM}"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime >= before:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def temporary_for(path: Path) -> Path:
    """A name beside a path for what is to take its place when it is finished."""
    return path.with_name(f"{_TEMPORARY}{secrets.token_hex(_RANDOM)}")


def replace(path: Path, *parts: bytes, lasting: bool = True) -> None:
    """Write a file of some parts so that it is never seen unfinished.

    One that is not `lasting` may be damaged when the machine itself crashes.
    """
    with _replacing(path) as file:
        file.writelines(parts)
        if lasting:
            _last(file)


def draft(path: Path, content: bytes) -> Path:
    """Write what is to take a file's place, beside it, and return where it lies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_for(path)
    with _all_or_nothing(path, temporary), temporary.open("xb") as file:
        file.write(content)
        _last(file)
    return temporary


def _last(file: IO[bytes]) -> None:
    """Wait until the disk has what was written."""
    file.flush()
    os.fsync(file.fileno())


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[BufferedRandom]:
    """Give a file to write, which is at a path once it is finished."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_for(path)
    with _all_or_nothing(path, temporary):
        with temporary.open("x+b") as file:
            yield file
        temporary.replace(path)


@contextlib.contextmanager
def _all_or_nothing(path: Path, temporary: Path) -> Iterator[None]:
    """Where a file cannot be written for a path, leave nothing of it, and tell of that path."""
    try:
        yield
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno and error.filename in (None, str(temporary)):
            # What an editor knows is the file's own name.
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise


def _skip(file: BinaryIO, lines: int) -> None:
    """Go to where so many lines after the checksum end."""
    file.seek(_CHECKSUM)
    for _ in range(lines):
        file.readline()


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def _encode(unit: TypesetUnit) -> dict[str, Any]:
    table = asdict(unit)
    del table["path"], table["id"]
    return table


def _decode(table: dict[str, Any], identity: str, path: Path) -> TypesetUnit:
    table["anchors"] = {name: tuple(place) for name, place in table["anchors"].items()}
    table["bookmarks"] = tuple(Bookmark(**entry) for entry in table["bookmarks"])
    table["targets"] = tuple(table["targets"])
    table["openings"] = tuple(table["openings"])
    return TypesetUnit(id=identity, path=path, **table)


def decode_face(face: dict[str, Any]) -> FaceUse:
    """Return the use of a face from what JSON made of it."""
    widths = {int(glyph): width for glyph, width in face.pop("widths").items()}
    texts = {int(glyph): text for glyph, text in face.pop("texts").items()}
    return FaceUse(widths=widths, texts=texts, **face)

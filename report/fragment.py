"""Typeset units as files: what the press writes and the linker reads.

A fragment is to the linker what an object file is to a program's: pages without fonts, links by
name, and a table of what it defines (anchors, bookmarks) and what it needs (faces, targets).
One file holds both, a line of JSON and then the PDF, so that a fragment is whole or absent.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

MAGIC = b"rapporteur fragment 1\n"
"""First line of a fragment's file: the format and its version."""

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
    for which no font had a glyph; `images` maps the names of images to digests of their pixels.
    """

    id: str
    key: str
    pages: int
    anchors: Mapping[str, tuple[int, float, float]]
    bookmarks: tuple[Bookmark, ...]
    targets: tuple[str, ...]
    faces: tuple[FaceUse, ...]
    images: Mapping[str, str]
    missing: str = ""
    path: Path = field(default=Path(), compare=False)

    def pdf(self) -> bytes:
        """Return the bytes of the unit's pages as a PDF without fonts."""
        return self.path.read_bytes()[self.path_offset() :]

    def path_offset(self) -> int:
        """Return where in its file the PDF begins."""
        with self.path.open("rb") as file:
            return len(file.readline()) + len(file.readline())


class Store:
    """A folder of content-addressed files, safe under several builds and sudden death.

    A file is written under a temporary name, flushed to the disk and renamed: it is there whole,
    or it is not there. Two builds that write the same name write the same bytes.
    """

    def __init__(self, folder: Path) -> None:
        """Use a folder, made when first written to."""
        self.folder = folder

    def path(self, key: str) -> Path:
        """Return where the file of a key lies."""
        return self.folder / key[:2] / key[2:]

    def read(self, key: str) -> bytes | None:
        """Return the bytes stored under a key, or nothing."""
        path = self.path(key)
        try:
            os.utime(path)
            return path.read_bytes()
        except FileNotFoundError:
            return None

    def write(self, key: str, content: bytes) -> Path:
        """Store bytes under a key."""
        path = self.path(key)
        replace(path, content)
        return path

    def unit(self, key: str, identity: str) -> TypesetUnit | None:
        """Return the typeset unit stored under a key, or nothing."""
        path = self.path(key)
        try:
            os.utime(path)
            with path.open("rb") as file:
                if file.readline() != MAGIC:
                    return None
                return _decode(json.loads(file.readline()), identity, path)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def keep(self, unit: TypesetUnit, pdf: bytes) -> TypesetUnit:
        """Store a typeset unit under its key, and return it as stored."""
        table = json.dumps(_encode(unit), separators=(",", ":"), sort_keys=True).encode()
        path = self.write(unit.key, b"".join((MAGIC, table, b"\n", pdf)))
        return _decode(json.loads(table), unit.id, path)

    def trim(self, limit: int) -> None:
        """Delete what was used least recently until at most so many bytes are left.

        What was used within the hour stays: another build may be about to read it.
        """
        newest_first = sorted(self._files(), reverse=True)
        before = time.time() - _HOUR
        for used, size, path in newest_first:
            limit -= size
            if limit < 0 and used < before:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        for path in self.folder.glob("*/*"):
            with contextlib.suppress(FileNotFoundError):
                status = path.stat()
                yield status.st_mtime, status.st_size, path


def replace(path: Path, content: bytes) -> None:
    """Write a file so that it is never seen in part, not even after a crash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".new-{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _encode(unit: TypesetUnit) -> dict[str, Any]:
    table = asdict(unit)
    del table["path"], table["id"]
    return table


def _decode(table: dict[str, Any], identity: str, path: Path) -> TypesetUnit:
    table["anchors"] = {name: tuple(place) for name, place in table["anchors"].items()}
    table["bookmarks"] = tuple(Bookmark(**entry) for entry in table["bookmarks"])
    table["targets"] = tuple(table["targets"])
    table["faces"] = tuple(_decode_face(face) for face in table["faces"])
    return TypesetUnit(id=identity, path=path, **table)


def _decode_face(face: dict[str, Any]) -> FaceUse:
    widths = {int(glyph): width for glyph, width in face.pop("widths").items()}
    texts = {int(glyph): text for glyph, text in face.pop("texts").items()}
    return FaceUse(widths=widths, texts=texts, **face)

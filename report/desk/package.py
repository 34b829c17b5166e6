"""Packages: zip archives, among them Word and OpenDocument files, read without trusting them.

Nothing is ever unpacked to the disk. What an archive promises about itself is checked before any
of it is read, and what is read is counted again.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from lxml import etree

from report import rules
from report.desk.refusal import Refused

_MOST_PARTS = 5_000
_LARGEST = 200_000_000
"""The most bytes that the parts of a package may have together, unpacked."""
_DENSEST = 200
"""How many times smaller packing may have made a part of more than a million bytes."""
_ENCRYPTED = 0x1

_DAMAGED = "open it in the program that made it, save it anew, and import that file"


@dataclass(frozen=True)
class Package:
    """A zip archive whose size and names were found harmless."""

    archive: zipfile.ZipFile

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of its files, without folders."""
        return tuple(info.filename for info in self.archive.infolist() if not info.is_dir())

    def read(self, name: str) -> bytes:
        """The bytes of one file; raises `Refused` when they are damaged."""
        try:
            return self.archive.read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise Refused(
                rules.DAMAGED_SOURCE, f"its part {name} is damaged: {error}", _DAMAGED
            ) from None

    def xml(self, name: str) -> etree._Element:
        """One file as XML; raises `Refused` when it is no XML or declares entities."""
        return parse_xml(self.read(name), name)


def open_package(data: bytes) -> Package:
    """Open an archive; raises `Refused` when it is damaged, encrypted or hostile."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        raise Refused(rules.DAMAGED_SOURCE, "the file is damaged or cut short", _DAMAGED) from None
    for part in parts:
        _check(part)
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST:
        raise _bomb()
    return Package(archive)


def _check(part: zipfile.ZipInfo) -> None:
    path = PurePosixPath(part.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0:1]:
        raise Refused(
            rules.HOSTILE_SOURCE,
            f"it holds a file that would be written elsewhere, {part.filename}",
            "do not open it; ask who sent it",
        )
    if part.flag_bits & _ENCRYPTED:
        raise Refused(
            rules.ENCRYPTED_SOURCE,
            "it is protected by a password",
            "unpack it, or save it without a password, and import that",
        )
    if part.file_size > 1_000_000 and part.file_size > _DENSEST * max(1, part.compress_size):
        raise _bomb()


def _bomb() -> Refused:
    return Refused(
        rules.HOSTILE_SOURCE,
        "unpacked, it would be far larger than any statement",
        "do not open it; ask who sent it",
    )


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Read XML that nobody vouches for: no network, no entities, no document type at all.

    Raises `Refused`.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!ENTITY" in data:
            raise _entities(name) from None
        raise Refused(
            rules.DAMAGED_SOURCE, f"its part {name} cannot be read: {error}", _DAMAGED
        ) from None
    # Office programs never write a document type: it is there to read files or to fill memory.
    if root.getroottree().docinfo.internalDTD is not None:
        raise _entities(name)
    return root


def _entities(name: str) -> Refused:
    return Refused(
        rules.HOSTILE_SOURCE,
        f"its part {name} declares a document type, which can read files or fill the memory",
        "open it in a word processor, save it anew, and import that file",
    )

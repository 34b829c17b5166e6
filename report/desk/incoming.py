"""What came in: single files, folders of them, and zip archives of them, in the order of names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from report import rules
from report.desk.kinds import Kind, kind_of
from report.desk.package import open_package
from report.desk.refusal import Refused

_LARGEST = 100_000_000
"""The most bytes that a file may have."""

_SKIPPED = re.compile(r"\.|~\$|__MACOSX$|Thumbs\.db$|desktop\.ini$", re.IGNORECASE)
"""Files that no person wrote: hidden ones, locks of Word, what systems add to folders."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that came in: its name, and its bytes or why they could not be read."""

    name: str
    content: bytes | Refused


def incoming(path: Path) -> Iterator[Incoming]:
    """The file at a path, or every file in the folder or zip archive there. Never raises."""
    if path.is_dir():
        for file in sorted(path.rglob("*"), key=lambda file: _in_order(str(file))):
            name = file.relative_to(path)
            if not file.is_dir() and not _is_skipped(name.parts):
                yield Incoming(name.as_posix(), bytes_of(file))
        return
    content = bytes_of(path)
    if isinstance(content, bytes) and _is_batch(path.name, content):
        yield from _unpacked(path.name, content)
    else:
        yield Incoming(path.name, content)


def _is_skipped(parts: Iterable[str]) -> bool:
    return any(_SKIPPED.match(part) for part in parts)


def _in_order(name: str) -> list[tuple[bool, int, str]]:
    """A key that sorts names as people count: 2 before 10, and numbers before letters."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return [
        (False, int(part), "") if part.isdigit() else (True, 0, part.casefold()) for part in parts
    ]


def bytes_of(path: Path) -> bytes | Refused:
    """The bytes of a file, or why they cannot be had. Never raises."""
    try:
        # Of what is no plain file, such as a pipe, reading might never end.
        if not path.is_file():
            what = "it is no plain file" if path.exists() else "there is no such file"
            hint = "check the name; put a name with spaces in quotes"
            return Refused(rules.MISSING_FILE, what, hint)
        if path.stat().st_size > _LARGEST:
            return Refused(
                rules.SOURCE_TOO_GREAT,
                f"it has more than {_LARGEST // 1_000_000} million bytes",
                "make its pictures smaller, or save its text as .txt",
            )
        return path.read_bytes()
    except OSError as error:
        why = f"it cannot be read: {error.strerror}"
        return Refused(rules.UNREADABLE, why, "check who may read it")


def _is_batch(name: str, content: bytes) -> bool:
    try:
        return kind_of(name, content) is Kind.BATCH
    except Refused:
        return False


def _unpacked(name: str, content: bytes) -> Iterator[Incoming]:
    package = open_package(content)
    members = [n for n in package.names if not _is_skipped(PurePosixPath(n).parts)]
    if not members:
        why = Refused(
            rules.EMPTY_SOURCE, "the archive holds no file", "ask for it to be sent again"
        )
        yield Incoming(name, why)
    for member in sorted(members, key=_in_order):
        try:
            yield Incoming(f"{name}/{member}", package.read(member))
        except Refused as refused:
            yield Incoming(f"{name}/{member}", refused)

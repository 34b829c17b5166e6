"""Editing a statement: what its file holds, and how a change to it is saved.

A file is saved whole or not at all, and only if it is still the one that the change was made to:
whoever else changed it meanwhile, in another window or by another program, loses nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from pydantic import ValidationError

from report import source
from report.desk.frontmatter import Value, changed
from report.desk.opening import CannotOpenError, source_file
from report.diagnostics import Diagnostic
from report.fragment import replace
from report.model import StatementMatter
from report.source import Document, Source
from report.validation import explain

_STATEMENT = re.compile(r"\d+-[^/]+/\d+-[^/]+")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement's file as it is on disk: its bytes' digest, its facts and its text."""

    identity: str
    digest: str
    matter: Mapping[str, Value]
    body: str


@dataclass(frozen=True, slots=True)
class Change:
    """What an editor changed: some keys (None takes one away), and the text if it did change."""

    matter: Mapping[str, Value | None]
    body: str | None = None


class ConflictError(Exception):
    """A file that is no longer the one that was changed.

    `disk` is its text now, with this digest; `mine` is what saving would make of it.
    """

    def __init__(self, digest: str, disk: str, mine: str):
        super().__init__("the file has been changed meanwhile")
        self.digest = digest
        self.disk = disk
        self.mine = mine


class RefusedError(Exception):
    """A change that would put something wrong into the front matter; the diagnostics say what."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]):
        super().__init__("the front matter would be wrong")
        self.diagnostics = diagnostics


def statement_file(folder: Path, identity: str) -> Path:
    """The file of a statement; raises `CannotOpenError` when there is none."""
    name = identity if _STATEMENT.fullmatch(identity) else ""
    try:
        return source_file(folder, f"{name}.md")
    except CannotOpenError:
        why = f"there is no {identity}.md: was the file moved, or called something else?"
        raise CannotOpenError(why) from None


def draft(folder: Path, identity: str) -> Draft:
    """Read a statement.

    Raises `CannotOpenError` when there is none, `Unreadable` when its front matter is broken.
    """
    file = statement_file(folder, identity)
    data = file.read_bytes()
    document = _document(file, identity)
    return Draft(identity, _digest(data), document.matter.data, document.body)


def save(folder: Path, identity: str, digest: str, change: Change) -> Draft:
    """Save a change to a statement that had this digest when the change was begun.

    Keys and lines that do not change stay as they were written, comments included. Raises
    `ConflictError` when the file is another by now, `RefusedError` when a value is wrong,
    `CannotChangeError` when the front matter is too unusual, `Unreadable` when the file could never
    be read again, and what `draft` raises.
    """
    file, name = statement_file(folder, identity), f"{identity}.md"
    data = file.read_bytes()
    document = _document(file, identity)
    text = _applied(document, change)
    source.refuse_unfit(Source(name, text))
    if _digest(data) != digest:
        raise ConflictError(_digest(data), document.source.text, text)
    _refuse_errors(document.source, Source(name, text))
    if text != document.source.text:
        written = encoded(text, data)
        source.refuse_size(len(written), name)
        mode = file.stat().st_mode
        replace(file, written)
        file.chmod(mode)
    return draft(folder, identity)


def differences(disk: str, mine: str) -> tuple[tuple[str, str], ...]:
    """The lines in which two texts differ, side by side; an empty pair parts two places."""
    left, right = disk.split("\n"), mine.split("\n")
    rows: list[tuple[str, str]] = []
    for kind, i, j, m, n in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind != "equal":
            rows += [("", "")] if rows else []
            rows.append(("\n".join(left[i:j]), "\n".join(right[m:n])))
    return tuple(rows)


def _document(file: Path, identity: str) -> Document:
    document, _ = source.parse_document(source.read(file, f"{identity}.md"))
    return document


def _applied(document: Document, change: Change) -> str:
    """The whole text of a file with a change made to it."""
    text = document.source.text
    end = document.body_start
    start = text.index("\n") + 1
    closing = text.rindex("\n", 0, end - 1) + 1
    matter = changed(text[start:closing], change.matter) if change.matter else text[start:closing]
    body = document.body if change.body is None else change.body
    return text[:start] + matter + text[closing:end] + body


def _refuse_errors(before: Source, after: Source) -> None:
    """Refuse what would make the front matter worse than it is."""
    known = {found.message for found in _errors(before)}
    worse = tuple(found for found in _errors(after) if found.message not in known)
    if worse:
        raise RefusedError(worse)


def _errors(text: Source) -> tuple[Diagnostic, ...]:
    document, found = source.parse_document(text)
    try:
        StatementMatter.model_validate(document.matter.data)
    except ValidationError as error:
        return (*found, *explain(error, StatementMatter, document.matter))
    return found


def encoded(text: str, before: bytes) -> bytes:
    """A text as bytes, with the line ends and the byte order mark that its file had."""
    if b"\r\n" in before:
        text = text.replace("\n", "\r\n")
    mark = _BYTE_ORDER_MARK if before.startswith(_BYTE_ORDER_MARK) else b""
    return mark + text.encode()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

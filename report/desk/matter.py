"""The front matter of an imported statement: guesses marked as such, for an editor to confirm."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from report.desk.characters import normalize
from report.desk.head import Head

_GUESSED = "  # guessed"
_MISSING = "  # not found in the file: write it here"


def front_matter(head: Head, file: str, notes: tuple[str, ...]) -> str:
    """Write the front matter, with the two lines of dashes.

    `file` is the name of the file that was imported; `notes` are kept as comments, so that the
    statement tells what was left out of it.
    """
    return "\n".join(["---", *_comments(head, file, notes), *_keys(head), "---", "", ""])


def _comments(head: Head, file: str, notes: tuple[str, ...]) -> Iterator[str]:
    yield f"# Imported from {_line(file)}. Check what is marked as guessed, and delete the mark."
    yield from (f"# {_line(note)}" for note in notes)
    if head.lines:
        yield "# These lines at its head are no longer in the text:"
        yield from (f"#   {_line(line)}" for line in head.lines)


def _keys(head: Head) -> Iterator[str]:
    yield _key("speaker", head.speaker) + _GUESSED
    if head.function:
        yield _key("function", head.function) + _GUESSED
    if head.affiliation:
        yield _key("affiliation", head.affiliation) + _GUESSED
    else:
        yield _key("affiliation", "Affiliation of the speaker") + _MISSING
    if head.category:
        yield _key("category", head.category.value) + _GUESSED
    else:
        yield _key("category", "governments") + _MISSING
    yield _key("kind", head.kind.value) + _GUESSED
    if head.title:
        yield _key("title", head.title) + _GUESSED
    yield _key("language", head.language) + _GUESSED
    if head.check_against_delivery:
        yield "check_against_delivery: true" + _GUESSED
    yield "status: draft"


def _key(key: str, value: str) -> str:
    return yaml.safe_dump({key: value}, allow_unicode=True, width=100_000).rstrip()


def _line(text: str) -> str:
    return " ".join(normalize(text).split())

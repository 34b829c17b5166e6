"""Plain text as a document tree: an empty line ends a paragraph, and no sign means anything."""

from __future__ import annotations

import re
from collections.abc import Iterable

from report.desk.characters import normalize
from report.desk.conversion import Node, Tree
from report.desk.original import Original

_ITEM = re.compile(r"^[-*\u2022\u2013]\s+")


def read_plain_text(data: bytes) -> tuple[Original, Tree]:
    """Read a text file. Its encoding is UTF-8, or guessed, which the result tells."""
    text, guessed = _decoded(data)
    text = normalize(text)
    blocks = [block for part in re.split(r"\n[ ]*\n\s*", text) for block in _block(part)]
    said = (f"its letters are taken for {guessed}",) if guessed else ()
    return Original(tuple(text.split("\n")), guesses=said), Tree(tuple(blocks))


def _decoded(data: bytes) -> tuple[str, str]:
    """The text, and its encoding when that was guessed."""
    # Imported here because most texts are in UTF-8.
    from charset_normalizer import from_bytes

    try:
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        return data.decode(encoding), ""
    except UnicodeDecodeError:
        best = from_bytes(data).best()
        return (str(best), best.encoding) if best else (data.decode("cp1252", "replace"), "cp1252")


def _block(part: str) -> list[Node]:
    lines = [line.strip() for line in part.split("\n") if line.strip()]
    if not lines:
        return []
    if all(_ITEM.match(line) for line in lines):
        items = [[{"t": "Plain", "c": inlines(_ITEM.sub("", line))}] for line in lines]
        return [{"t": "BulletList", "c": items}]
    # Lines that are not full were meant to end where they do: those of a head, or of a verse.
    if len(lines) > 1 and max(map(len, lines)) < 45:
        return [paragraph(line) for line in lines]
    return [paragraph(" ".join(lines))]


def paragraph(text: str) -> Node:
    """A paragraph of plain words."""
    return {"t": "Para", "c": inlines(text)}


def inlines(text: str) -> list[Node]:
    """Plain words as inlines."""
    return [node for word in normalize(text).split() for node in _spaced(word)][1:]


def _spaced(word: str) -> Iterable[Node]:
    return {"t": "Space"}, {"t": "Str", "c": word}

"""Plain text as a document tree: an empty line ends a paragraph, and no sign means anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from report.desk.characters import normalize
from report.desk.conversion import Node, Tree
from report.desk.original import Original

_ITEM = re.compile(r"[-*\u2022\u2013]\s+(?=.*\w)")
_BULLET = re.compile(r"[*\u2022]\s+(?=.*\w)")
_MARK = re.compile(rf"{_ITEM.pattern}|[0-9]{{1,2}}[.)]\s")


def read_plain_text(data: bytes) -> tuple[Original, Tree]:
    """Read a text file. Its encoding is UTF-8, or guessed, which the result tells."""
    text, guessed = _decoded(data)
    text = normalize(text)
    blocks = [block for part in re.split(r"\n[ ]*\n\s*", text) for block in _block(part)]
    said = (f"its letters are taken for {guessed}",) if guessed else ()
    lines = (_BULLET.sub("", line.strip()) for line in text.split("\n"))
    return Original(tuple(lines), guesses=said), Tree(tuple(blocks))


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
    """The blocks of what stands between empty lines: words, and what is listed below them."""
    lines = [line.strip() for line in part.split("\n") if line.strip()]
    start = next((n for n in range(len(lines)) if _begins_list(lines, n)), len(lines))
    return [*_paragraphs(lines[:start]), *_listed(lines[start:])]


def _begins_list(lines: Sequence[str], place: int) -> bool:
    """Whether a list begins at a line. A dash or number below a full line is one of the words."""
    line = lines[place]
    has_ended = not place or lines[place - 1].endswith((":", ";", ".", "!", "?"))
    return bool(_BULLET.match(line) or (has_ended and _MARK.match(line)))


def _paragraphs(lines: Sequence[str]) -> list[Node]:
    # Lines that are not full were meant to end where they do: those of a head, or of a verse.
    if len(lines) > 1 and max(map(len, lines)) < 45:
        return [paragraph(line) for line in lines]
    return [paragraph(" ".join(lines))] if lines else []


def _listed(lines: Iterable[str]) -> Iterator[Node]:
    """Items, each with the lines that go on; what has a number keeps it, as a paragraph."""
    marked: list[str] = []
    for line in lines:
        if _MARK.match(line):
            marked.append(line)
        else:
            marked[-1] += f" {line}"
    for is_item, group in groupby(marked, lambda text: bool(_ITEM.match(text))):
        if is_item:
            items = [[{"t": "Plain", "c": inlines(_ITEM.sub("", text))}] for text in group]
            yield {"t": "BulletList", "c": items}
        else:
            yield from map(paragraph, group)


def paragraph(text: str) -> Node:
    """A paragraph of plain words."""
    return {"t": "Para", "c": inlines(text)}


def inlines(text: str) -> list[Node]:
    """Plain words as inlines."""
    return [node for word in normalize(text).split() for node in _spaced(word)][1:]


def _spaced(word: str) -> Iterable[Node]:
    return {"t": "Space"}, {"t": "Str", "c": word}

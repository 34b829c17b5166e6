"""The text of a PDF as a document tree: paragraphs and headings are guessed from how they look.

Lines come from PDFium with their places; pdfminer, which was tried too, divides words and turns
lines of rotated pages round.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any

from report import rules
from report.desk.conversion import Node, Tree, too_much
from report.desk.original import Original
from report.desk.pagereader import SECONDS
from report.desk.plaintext import inlines, paragraph
from report.desk.refusal import Refused
from report.desk.tokens import tokens

_GUESS = "paragraphs and headings of a PDF are guessed from how they look"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line on a page; its edges are in points from the left and from the foot."""

    text: str
    left: float
    right: float
    foot: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """A page: its words, its height in points, its lines, and whether it has pictures."""

    text: str
    height: float
    lines: tuple[_Line, ...]
    pictures: bool


def read_pages(data: bytes) -> tuple[Original, Tree]:
    """Read the text of a PDF; raises `Refused` when it has none, or cannot be read."""
    pages = [
        _Page(**page | {"lines": tuple(_Line(**line) for line in page["lines"])})
        for page in _read(data)
    ]
    running = _running_lines(pages)
    heads = {_without_numbers(line): line for line in sorted(running, reverse=True)}
    left_out = [f"the line \u201c{line}\u201d at the edge of pages" for line in heads.values()]
    left_out += [f"the pictures of page {n}" for n, page in enumerate(pages, 1) if page.pictures]
    hidden = {tuple(tokens(line)) for line in running}
    spoken = _joined(line for page in pages for line in _spoken(page.text, hidden))
    blocks = _blocks(pages, running)
    return Original((spoken,), left_out=tuple(left_out), guesses=(_GUESS,)), Tree(blocks)


def _read(data: bytes) -> list[dict[str, Any]]:
    """What `pagereader` says of the pages."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "report.desk.pagereader"],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        read: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        # A process that passes its limits is stopped and writes nothing.
        raise too_much("reading it took too much time or memory") from None
    match read.get("refused"):
        case None:
            return list(read["pages"])
        case "memory" | "pages":
            raise too_much("it is too large to be read")
        case "password":
            raise Refused(
                rules.ENCRYPTED_SOURCE,
                "it is protected by a password",
                "open it with the password, save it without, and import that file",
            )
        case reason:
            raise Refused(
                rules.DAMAGED_SOURCE,
                f"the file is damaged: {reason}",
                "ask for it to be sent again, if possible as .docx",
            )


# Heads and feet of pages

_EDGE = 0.09
"""The part of a page's height, above and below, in which running heads and folios stand."""


def _running_lines(pages: Sequence[_Page]) -> set[str]:
    """The lines that are no part of the text: page numbers, and what recurs at the edges."""
    edges = [line.text for page in pages for line in page.lines if _is_at_edge(line, page)]
    often = Counter(_without_numbers(text) for text in edges)
    return {
        text
        for text in edges
        if not (bare := _without_numbers(text))
        or (often[bare] > 1 and often[bare] > len(pages) / 3)
    }


def _is_at_edge(line: _Line, page: _Page) -> bool:
    return not _EDGE < line.foot / page.height < 1 - _EDGE


def _without_numbers(text: str) -> str:
    return re.sub(r"\bpage\b|[\d\W]+", "", text, flags=re.IGNORECASE)


def _spoken(text: str, hidden: set[tuple[str, ...]]) -> list[str]:
    """The lines of a page's text, but for those hidden; a hyphen at an end is a hyphen again."""
    lines = re.split(r"[\r\n]+", re.sub("[\ufffe\x02][\r\n]*", "-\n", text))
    return [line.strip() for line in lines if tuple(tokens(line)) not in hidden]


# Paragraphs and headings

_SENTENCE_END = re.compile(r"[.!?:;\u2026\u061f\u3002][\"'\u2019\u201d\u00bb)]*$")
_BULLET = re.compile(r"^[\u2022\u2023\u25aa\u25cf\u25e6\uf0b7\u2013]\s*")
_MOST_WORDS_OF_HEADING = 20


def _blocks(pages: Sequence[_Page], running: set[str]) -> tuple[Node, ...]:
    lines = [line for page in pages for line in page.lines]
    if not lines:
        return ()
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0]
    parts = [
        part
        for page in pages
        for part in _paragraphs(
            _with_bullets([line for line in page.lines if line.text not in running])
        )
    ]
    larger = sorted({part[0].size for part in parts if _is_larger(part, body)}, reverse=True)
    levels = {size: level for level, size in enumerate(larger[:3], start=1)}
    texts = ((_level(part, body, levels), _joined(line.text for line in part)) for part in parts)
    return tuple(_listed(_continued(texts)))


def _with_bullets(lines: Sequence[_Line]) -> list[_Line]:
    """Put bullets that stand by themselves before the lines on whose level they are."""
    bullets = [line for line in lines if _BULLET.fullmatch(line.text)]
    return [
        replace(line, text=f"\u2022 {line.text}")
        if any(abs(b.foot - line.foot) < 2 and b.right <= line.left + 2 for b in bullets)
        else line
        for line in lines
        if line not in bullets
    ]


def _paragraphs(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Divide the lines of a page where a paragraph begins."""
    part = list(lines[:1])
    gaps = [before.foot - line.foot for before, line in pairwise(lines) if before.foot > line.foot]
    leading = statistics.median(gaps) if gaps else 0
    left = statistics.median_low([line.left for line in lines]) if lines else 0
    right = max((line.right for line in lines), default=0)
    for before, line in pairwise(lines):
        apart = not 0 <= before.foot - line.foot <= max(leading, line.size) * 1.25 + 1
        indented = line.left - left > line.size * 0.8 > before.left - left
        ended = before.right < right - (right - left) / 5 and _SENTENCE_END.search(before.text)
        if apart or indented or ended or _differ(before, line) or _BULLET.match(line.text):
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def _differ(one: _Line, other: _Line) -> bool:
    """Whether two lines are set in different type."""
    return abs(one.size - other.size) > 0.5 or one.bold != other.bold


def _is_larger(part: Sequence[_Line], body: float) -> bool:
    return part[0].size > body * 1.1 and _could_head(part)


def _could_head(part: Sequence[_Line]) -> bool:
    words = " ".join(line.text for line in part)
    return len(words.split()) <= _MOST_WORDS_OF_HEADING and not words.endswith((".", ",", ";"))


def _level(part: Sequence[_Line], body: float, levels: dict[float, int]) -> int:
    """The level of a heading; 0 for a paragraph."""
    if _is_larger(part, body):
        return levels.get(part[0].size, 4)
    return 4 if all(line.bold for line in part) and _could_head(part) else 0


def _joined(lines: Iterable[str]) -> str:
    """Lines as one text: a word divided at a line's end is put together."""
    text = "\n".join(lines)
    text = re.sub(r"(?<=[^\W\d_])[-\u00ad\u2010]\n(?=[a-z\u00df-\u00ff\u0430-\u044f])", "", text)
    return re.sub(r"(?<=-)\n", "", text).replace("\n", " ")


def _continued(texts: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Put together paragraphs that a page's end divides in the middle of a sentence."""
    last: tuple[int, str] | None = None
    for level, text in texts:
        if last and last[0] == level == 0 and _goes_on(last[1], text):
            last = (0, _joined([last[1], text]))
            continue
        if last:
            yield last
        last = (level, text)
    if last:
        yield last


def _goes_on(before: str, text: str) -> bool:
    return not _SENTENCE_END.search(before) and text[:1].islower()


def _listed(texts: Iterable[tuple[int, str]]) -> Iterator[Node]:
    for is_item, group in groupby(texts, lambda each: not each[0] and bool(_BULLET.match(each[1]))):
        if is_item:
            items = [[{"t": "Plain", "c": inlines(_BULLET.sub("", text))}] for _, text in group]
            yield {"t": "BulletList", "c": items}
            continue
        for level, text in group:
            if level:
                yield {"t": "Header", "c": [level, ["", [], []], inlines(text)]}
            else:
                yield paragraph(text)

"""Quotations: where a text quotes another, and whether it does so word for word.

    The Mayor said: "We had created the demand for it ourselves" [@2-dialogue/03-mayor:4].

    > We had created the demand for it ourselves.
    >
    > -- The Mayor [@2-dialogue/03-mayor:4]

A quotation is text in quotation marks with a reference directly after it, or a block quotation that
ends with a reference. Other words in quotation marks, such as titles, are nobody's. A quotation in
another language than its source is marked `(translated)`, `(traduit)` and so on, and cannot be
compared.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from report import reference, wording
from report.codespans import without_code

_KEPT = 4096
"""Of how many texts the quotations are remembered: each edition of an event is checked."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """What is quoted, as plain text, and what stands in the reference after it.

    `offset` and `width` say where the quoted words stand in the Markdown. `is_opened` is false when
    no quotation mark opens before the one that closes; there is no text then.
    """

    text: str
    reference: str
    offset: int
    width: int
    is_translated: bool = False
    is_opened: bool = True


def quotations(markdown: str) -> tuple[Quotation, ...]:
    """Every quotation of a text in Markdown, in time linear in its length."""
    # Most texts refer to no other, and what is remembered keeps the text in memory.
    return _remembered(markdown) if "[@" in markdown else ()


@lru_cache(maxsize=_KEPT)
def _remembered(markdown: str) -> tuple[Quotation, ...]:
    return tuple(_quotations(markdown))


def _quotations(markdown: str) -> Iterator[Quotation]:
    visible = without_code(markdown)
    for start, end, is_quoted in _blocks(visible):
        marks = list(_MARKS.finditer(visible, start, end))
        if is_quoted and len(marks) == 1 and _ENDING.fullmatch(visible, marks[0].end(), end):
            yield from _block_quotation(markdown, start, marks[0])
            continue
        for mark in marks:
            if close := _CLOSE.search(visible, start, mark.start()):
                yield from _closed(markdown, start, close, mark)
            start = mark.end()


_TOLD = r"\((?:translated|traduit|traduction|traducido|traducción|перевод|译文|ترجمة)\)"
"""What says in each official language that words are quoted in translation."""

_TRANSLATED = rf"(?:\s*+{_TOLD})?+"
_MARKS = re.compile(
    rf"{reference.MARK.pattern}(?:\s*+{reference.MARK.pattern})*+(?P<translated>{_TRANSLATED})",
    re.IGNORECASE,
)
"""References that stand one after the other."""

_ENDING = re.compile(r"[\s>.,;:*_]*+")
_CLOSE = re.compile(
    rf"(?P<sign>[{wording.QUOTATION_MARKS}])[)*_.,;:!?\u2026]*+(?:\[\^[^\[\]\s]++\])?+"
    rf"(?P<translated>{_TRANSLATED})[.,;:]*+(?:\s++>*+)*+\Z",
    re.IGNORECASE,
)
"""The closing quotation mark before a reference."""

_BLANK = re.compile(r"[\s>]*")
_BLOCK_QUOTED = re.compile(r"[ \t]*>")
_BEGINNING = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)]|#{1,6}|\[\^[^\[\]\s]+\]:)[ \t]")


def _blocks(markdown: str) -> Iterator[tuple[int, int, bool]]:
    """Where each paragraph, list item or block quotation begins and ends, and whether it is quoted.

    A block quotation goes on over empty lines, as long as the next text is quoted too.
    """
    start = end = offset = 0
    is_open = is_quoted = False
    for line in markdown.split("\n"):
        if not _BLANK.fullmatch(line):
            quoted = bool(_BLOCK_QUOTED.match(line))
            goes_on = quoted if is_quoted and not is_open else is_open and quoted <= is_quoted
            if not goes_on or _BEGINNING.match(line):
                if end > start:
                    yield start, end, is_quoted
                start, is_quoted = offset, quoted
            end, is_open = offset + len(line), True
        else:
            is_open = False
        offset += len(line) + 1
    if end > start:
        yield start, end, is_quoted


_DASHES = ("-", "\u2013", "\u2014", "\u2015")
_TRANSLATION = re.compile(rf"{_TOLD}[\s>.,;:]*+\Z", re.IGNORECASE)


def _block_quotation(markdown: str, start: int, mark: re.Match[str]) -> Iterator[Quotation]:
    """The block quotation that begins at `start` and ends with the reference `mark`."""
    said, attribution = _without_attribution(markdown[start : mark.start()])
    is_translated = bool(
        mark["translated"] or _TRANSLATION.search(said) or _TRANSLATION.search(attribution)
    )
    said = _TRANSLATION.sub("", said).rstrip(_QUOTED_SPACE)
    indent = len(said) - len(said.lstrip(_QUOTED_SPACE))
    if text := _plain(said).strip():
        width = len(said) - indent
        yield Quotation(text, _targets(mark), start + indent, width, is_translated)


_QUOTED_SPACE = "> \t\n"


def _without_attribution(quoted: str) -> tuple[str, str]:
    """Cut off the last line of a block quotation when a dash begins it."""
    said, _, last = quoted.rstrip(_QUOTED_SPACE).rpartition("\n")
    return (said, last) if last.lstrip(_QUOTED_SPACE).startswith(_DASHES) else (quoted, "")


def _closed(
    markdown: str, start: int, close: re.Match[str], mark: re.Match[str]
) -> Iterator[Quotation]:
    """The quotation that ends with the quotation mark `close`, if it is no apostrophe."""
    end = close.start()
    opening = _opening(markdown[start:end], close["sign"])
    if opening is not None:
        offset = start + opening + 1
        translated = bool(close["translated"] or mark["translated"])
        text = _plain(markdown[offset:end])
        yield Quotation(text, _targets(mark), offset, end - offset, translated)
    elif close["sign"] not in _APOSTROPHES:
        yield Quotation("", _targets(mark), end, 1, is_opened=False)


_CLOSED_BY = {
    '"': '"\u201d',
    "\u201c": '"\u201d',
    "\u201d": '"\u201d',
    "\u201e": '"\u201c\u201d',
    "\u201f": '"\u201d',
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab\u00bb",
    "\u300c": "\u300d",
    "\u300e": "\u300f",
    "'": "'\u2019",
    "\u2018": "'\u2019",
    "\u2019": "'\u2019",
    "\u201a": "'\u2018\u2019",
    "\u201b": "'\u2019",
    "\u2039": "\u203a",
    "\u203a": "\u2039\u203a",
}
"""What closes a quotation that each sign opens, in the ways of English, German, French, Chinese."""

_ALWAYS_OPENS = frozenset("\u201c\u201e\u201f\u00ab\u300c\u300e\u2018\u201a\u201b\u2039")
_STRAIGHT = frozenset("\"'")
_APOSTROPHES = frozenset("'\u2018\u2019\u201b")
_SIGN = re.compile(f"[{wording.QUOTATION_MARKS}]")
_OPENS = re.compile(
    rf"(?<![^\s(\[{{>/*_\u2010-\u2015\-{wording.QUOTATION_MARKS}]).(?=[^\s.,;:!?)\]}}])"
)
"""A sign that stands where a word begins."""

_NESTED = 4
"""How deep quotations stand one within the other, at the most."""


def _opening(before: str, sign: str) -> int | None:
    """Where the quotation that `sign` closes after the text `before` is opened."""
    opened: list[int] = []
    for match in _SIGN.finditer(before):
        # Single marks are apostrophes too: those within double marks decide nothing.
        if (match[0] in _APOSTROPHES) != (sign in _APOSTROPHES):
            continue
        begins = bool(_OPENS.match(before, match.start()))
        closing = _closing(opened, before, match[0])
        if closing is None or (begins and match[0] in _STRAIGHT):
            if begins or match[0] in _ALWAYS_OPENS:
                opened.append(match.start())
        elif match[0] not in _APOSTROPHES:
            del opened[closing:]
    closing = _closing(opened, before, sign)
    return None if closing is None else opened[closing]


def _closing(opened: Sequence[int], before: str, sign: str) -> int | None:
    """Which of the quotations that are open the sign closes: the innermost that it can."""
    for index in range(len(opened) - 1, max(-1, len(opened) - 1 - _NESTED), -1):
        if sign in _CLOSED_BY.get(before[opened[index]], ""):
            return index
    return None


def _targets(mark: re.Match[str]) -> str:
    return ";".join(match[1] for match in reference.MARK.finditer(mark[0]))


_MARKUP = re.compile(
    rf"(?m)^[ \t]*(?:>[ \t]?)+|{reference.MARK.pattern}|\[\^[^\[\]\s]++\]|</?[A-Za-z][^<>]*+>"
    r"|\{:[^{}\n]*+\}"
)
_LINK = re.compile(r"!?\[([^\[\]]*+)\]\([^()]*+\)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def _plain(markdown: str) -> str:
    """The words of a quotation without the Markdown around them."""
    text = _LINK.sub(r"\1", _MARKUP.sub("", markdown))
    return html.unescape(_ESCAPE.sub(r"\1", text))

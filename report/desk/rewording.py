"""Changing some words of a Markdown text, and nothing else in it.

A text as it is read has words that its Markdown has too, and others that the report made: the names
of references, numbers of notes. `words_of` tells the words of the Markdown with their places;
`reworded` puts others in their stead, leaves every sign around them as it was written, and gives
the text out only if, read again, it differs in those words and in no other way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree
from lxml.html import HtmlElement, fragment_fromstring

from report import reference
from report.desk.dialect import escape
from report.digits import SAME_DIGITS
from report.wording import LETTER, UNSPACED
from report.wordtext import MADE_END, OPAQUE


class CannotRewordError(ValueError):
    """Words that cannot be changed without changing something else; the message says why."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word or sign: its one form for all ways of writing it, and where it begins and ends."""

    form: str
    start: int
    end: int


_WORD = re.compile(
    rf"{OPAQUE}[^{MADE_END}]*{MADE_END}|\d+(?:[.,:]\d+)+|{LETTER}+(?:['\u2019\u2011-]{LETTER}+)*|[{UNSPACED}]|-{{2,3}}|\.{{3}}|\S"
)
_FORMS = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
    | dict.fromkeys("\u2018\u2019\u201a\u2039\u203a", "'")
    | {"\u2011": "-", "\u00ad": ""}
    | SAME_DIGITS
)
_SIGNS = {"--": "\u2013", "---": "\u2014", "...": "\u2026"}


def words(text: str) -> tuple[Word, ...]:
    """The words and signs of a text."""
    return tuple(Word(_form(w[0]), w.start(), w.end()) for w in _WORD.finditer(text))


def _form(word: str) -> str:
    return _SIGNS.get(word, word.translate(_FORMS))


# What is no word of its own in Markdown; the first alternative that fits is taken.
_MARKUP = re.compile(
    rf"""
    (?P<made> {reference.MARK.pattern} | \[\^[^\]\s]+\](?!:) )
    | ^\ *\[\^[^\]\s]+\]:
    | ^\*\[[^\]]+\]:.*$
    | \{{\{{[^{{}}]*\}}\}} | \{{:[^{{}}\n]*\}}
    | !\[[^\]]*\]\([^)]*\)
    | \]\([^)]*\) | \[(?=[^\[\]]*\]\()
    | <(?:/?[A-Za-z][^<>]*|!--[^<>]*--)>
    | &\#?\w+;
    | ^[ \t]*(?:>[ \t]?)+ | ^[ \t]*\#{{1,6}}[ ] | ^[ \t]*(?:[-+*]|\d+\.)[ ]+
    | ^[ \t]*:[ ]+
    | ^[ \t]*\|?[ \t]*:?-{{3,}}:?[ \t]*(?:\|[ \t]*:?-{{3,}}:?[ \t]*)*\|?[ \t]*$
    | \\(?P<kept>[^\w\s])
    | [|*_`]
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


def words_of(markdown: str) -> tuple[Word, ...]:
    """The words that a reader finds in a text, with their places in its Markdown.

    What the report makes a reference or the call of a note is one word, `OPAQUE`.
    """
    blank = _MARKUP.sub(_blank, markdown)
    return tuple(
        Word(OPAQUE, w.start(), _end_of_made(markdown, w.start()))
        if w[0][0] == OPAQUE
        else Word(_form(w[0]), w.start(), w.end())
        for w in _WORD.finditer(blank)
    )


def _blank(match: re.Match[str]) -> str:
    """As many spaces, so that every word keeps its place; line ends stay."""
    if match["kept"]:
        return " " + match["kept"]
    spaces = re.sub(r"[^\n]", " ", match[0])
    return OPAQUE + MADE_END + spaces[2:] if match["made"] else spaces


def _end_of_made(markdown: str, start: int) -> int:
    return markdown.index("]", start) + 1


@dataclass(frozen=True, slots=True)
class Rewording:
    """New words in the place of some, or between two.

    `start` and `end` are where the words stand that give way; where none do, both are the end of
    the word before, or the start of the first one. `is_left_open` and `is_right_open` tell whether
    a space is to be before and after the new words, and `was_` whether one is; `is_first` and
    `is_last` tell whether nothing stands before and after them in their paragraph.
    """

    start: int
    end: int
    new: str
    is_left_open: bool
    is_right_open: bool
    was_left_open: bool = True
    was_right_open: bool = True
    is_first: bool = False
    is_last: bool = False


Render: TypeAlias = Callable[[str], str]
"""Makes HTML of Markdown, as `markup.parse` does."""

_SIGNS_OF_EMPHASIS = "[*_]*"
_GAP = r"(?P<left>[*_]*)(?P<space>[^\S\n]*\n?[^\S\n]*)(?P<right>[*_]*)"
_EMPHASIS = frozenset({"em", "strong"})


def reworded(markdown: str, change: Rewording, render: Render) -> str:
    """The text with a change made to it.

    Raises `CannotRewordError` when that would change anything else that is read.
    """
    put = _inserted if change.start == change.end else _replaced if change.new else _deleted
    result = put(markdown, change)
    old, new = _Content.of(render(markdown)), _Content.of(render(result))
    gone = [word.form for word in words_of(markdown[change.start : change.end])]
    if not _differs_only(old.words, new.words, gone, [word.form for word in words(change.new)]):
        raise CannotRewordError("other words would change with these")
    lost, added = old.markup - new.markup, new.markup - old.markup
    if added or not _EMPHASIS.issuperset(name for name, *_ in lost):
        raise CannotRewordError("signs of Markdown stand among these words")
    return result


def _inserted(markdown: str, change: Rewording) -> str:
    """Put words after the one before, outside of emphasis that ends or begins there."""
    if change.is_first:
        space = " " if change.is_right_open else ""
        return f"{markdown[: change.start]}{escape(change.new)}{space}{markdown[change.start :]}"
    gap = re.compile(_SIGNS_OF_EMPHASIS if change.is_last else _GAP).match(markdown, change.start)
    assert gap
    if change.is_last:
        left, space, right = gap[0], "", ""
    else:
        left, space, right = gap["left"], gap["space"], gap["right"]
    # Where a line ends, it ends after the new words.
    before = (" " if change.is_right_open else space or " ") if change.is_left_open else ""
    after = (space or " ") if change.is_right_open else ""
    put = f"{left}{before}{escape(change.new)}{after}{right}"
    return markdown[: change.start] + put + markdown[gap.end() :]


def _replaced(markdown: str, change: Rewording) -> str:
    before, after = _gaps(markdown, change)
    start, end = change.start - len(before), change.end + len(after)
    new = escape(change.new)
    if not change.is_first and change.is_left_open != change.was_left_open:
        before = before + " " if change.is_left_open else _closed(before)
    if not change.is_last and change.is_right_open != change.was_right_open:
        after = " " + after if change.is_right_open else _closed(after)
    return f"{markdown[:start]}{before}{new}{after}{markdown[end:]}"


def _deleted(markdown: str, change: Rewording) -> str:
    """Take words out, with the signs of their emphasis and one of the two spaces around them."""
    before, after = _gaps(markdown, change)
    start, end = change.start - len(before), change.end + len(after)
    left, right = _without_pair(before, after)
    if change.is_first or change.is_last or not (change.is_left_open or change.is_right_open):
        left, right = _closed(left), _closed(right)
    elif _space(left) and _space(right):
        # One space stays: the one beyond signs of emphasis, which stay with their words.
        left, right = (left, _closed(right)) if _closed(left) else (_closed(left), right)
    elif not _space(left + right):
        right = " " + right
    return f"{markdown[:start]}{left}{right}{markdown[end:]}"


def _gaps(markdown: str, change: Rewording) -> tuple[str, str]:
    """The spaces and signs of emphasis directly before and after the words that give way."""
    before = re.search(
        rf"(?:{_SIGNS_OF_EMPHASIS if change.is_first else _GAP})\Z", markdown[: change.start]
    )
    after = re.compile(_SIGNS_OF_EMPHASIS if change.is_last else _GAP).match(markdown, change.end)
    assert before
    assert after
    return before[0], after[0]


def _space(gap: str) -> str:
    return "".join(character for character in gap if character.isspace())


def _closed(gap: str) -> str:
    """A gap without its space."""
    return "".join(gap.split())


def _without_pair(left: str, right: str) -> tuple[str, str]:
    """Both gaps without the signs that begin and end the emphasis of what stood between them."""
    opened, closed = re.search(r"[*_]+\Z", left), re.match(r"[*_]+", right)
    if opened and closed and opened[0] == closed[0][::-1]:
        return left[: opened.start()], right[closed.end() :]
    return left, right


def _differs_only(
    old: Sequence[str], new: Sequence[str], gone: Sequence[str], come: Sequence[str]
) -> bool:
    """Whether one text becomes the other when some words give way to others, once."""
    if len(new) != len(old) - len(gone) + len(come):
        return False
    shared = 0
    while shared < min(len(old), len(new)) and old[shared] == new[shared]:
        shared += 1
    # Where the words are like those beside them, the place may be some words earlier.
    return any(
        list(old[place : place + len(gone)]) == list(gone)
        and list(new[place : place + len(come)]) == list(come)
        and list(old[place + len(gone) :]) == list(new[place + len(come) :])
        for place in range(shared, max(-1, shared - len(gone) - len(come) - 1), -1)
    )


_Element: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Content:
    """What is read in a text, and how often it has each element: its name and where it leads."""

    words: tuple[str, ...]
    markup: Counter[_Element]

    @classmethod
    def of(cls, html: str) -> _Content:
        root = fragment_fromstring(html, create_parent="div")
        # The link of a document symbol is made of its words, and changes with them.
        elements = (e for e in root.iter(etree.Element) if e.get("class") != "symbol")
        markup = Counter((str(e.tag), *(e.get(key, "") for key in _TELLING)) for e in elements)
        return cls(tuple(word.form for word in words("".join(_said(root)))), markup)


_TELLING = ("id", "href", "src", "data-ref")
_MADE = {"reference", "footnote-ref"}
_SILENT = {"number", "footnote-backref"}
_INLINE = {*("em", "strong", "i", "b", "a", "span"), *("abbr", "code", "sub", "sup", "small", "q")}


def _said(element: HtmlElement) -> Iterator[str]:
    kind = element.get("class")
    if not isinstance(element.tag, str) or kind in _SILENT:
        return
    if kind in _MADE:
        yield f" {OPAQUE}{MADE_END} "
        return
    space = "" if element.tag in _INLINE else "\n"
    yield space + (element.text or "")
    for child in element:
        yield from _said(child)
        yield child.tail or ""
    yield space

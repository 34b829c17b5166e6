"""Runs of another script within a text: set apart, so that each keeps its own direction.

Browsers and the typesetter put the boxes of a line in the order of the line's direction. Words of
the other direction that are divided among several elements, such as a name of which a part is
emphasized, would come out in the wrong order, and a sign that ends them on the wrong side. So each
such run is a `bdi` element with its direction (HTML Living Standard, 4.5.24; Unicode Standard Annex
9). Arabic and Chinese tell their language by their script (WCAG 2.2, 3.1.2). Latin words in Chinese
that have an apostrophe are of the class `latin`: faces of Chinese make it as wide as a character.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from html import escape
from typing import TypeAlias, cast

from lxml.etree import XPath
from lxml.html import Element, HtmlElement, fragment_fromstring, tostring

from report.languages import direction, primary
from report.scripts import is_usual

_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
_HAN = "\u2e80-\u2fdf\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff"

Piece: TypeAlias = str | HtmlElement
"""A part of what an element holds: text, or an element with no text after it."""

_FOREIGN, _NEUTRAL, _NATIVE = "\ue000", "\ue001", "\ue002"
"""What stands for an element in the text around it: of which direction the words in it are."""

_RUNS = {
    "ltr": re.compile(
        rf"[{_RTL}{_FOREIGN}](?:(?:[{_RTL}]|(?!{_NATIVE})[\W\d_])*[{_RTL}{_FOREIGN}])?"
    ),
    # Figures after Latin letters belong to them, as in A/RES/60/288, and the end of an address.
    "rtl": re.compile(
        rf"(?:[^\W\d_{_RTL}]|{_FOREIGN})(?:[^{_RTL}{_NATIVE}]*(?:[^\W_{_RTL}]|{_FOREIGN}))?/?"
    ),
}
"""Words of the other direction in a text of each direction, with what stands between them."""

_LETTERS = {"ltr": re.compile(rf"[^\W\d_{_RTL}]"), "rtl": re.compile(f"[{_RTL}]")}
_OTHER = {"ltr": "rtl", "rtl": "ltr"}

# Compiled where they are first used, since sets of so many signs take a while.
_CHINESE = rf"[{_HAN}](?:[{_HAN}\s\d]*[{_HAN}])?"
_LATIN = rf"[^\W\d_{_HAN}]+(?:\u2019[^\W\d_{_HAN}]+)+"
_IN_HAN = frozenset({"zh", "ja", "ko"})
"""Languages that are written in Chinese characters, all or in part."""

_TELLING = XPath("descendant::*[@lang or @dir]/ancestor-or-self::*")

_INLINE = frozenset(
    ("a", "abbr", "b", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s",
     "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var")
)  # fmt: skip


_WITHIN_LINES = frozenset({"symbol", "reference"})
"""Classes of elements that are words of a line; any other may have a line of its own."""


def set_apart(html: str, language: str) -> str:
    """Return the HTML of a text in `language` with runs of other scripts set apart."""
    if direction(language) == "ltr" and is_usual(html):
        return html
    has_runs = direction(language) == "rtl" or re.search(f"[{_RTL}]", html)
    has_chinese = re.search(f"[{_HAN}]", html)
    if not has_runs and not has_chinese:
        return html
    root = fragment_fromstring(html, create_parent="div")
    if has_runs:
        _set_apart(root, direction(language), frozenset(_telling(root)))
    if has_chinese:
        _tell_scripts(root, language)
    return inside(root)


def inside(root: HtmlElement) -> str:
    """The HTML of all that is in an element."""
    parts = (tostring(child, encoding="unicode") for child in root)
    return "".join((escape(root.text or "", quote=False), *parts))


def foreign_runs(text: str, way: str) -> Iterator[tuple[int, int]]:
    """Where words of the other direction begin and end in a plain text that runs one way.

    >>> [*foreign_runs("القرار A/RES/60/288 لعام 2006", "rtl")]
    [(7, 19)]
    """
    return (_closed(text, *match.span()) for match in _RUNS[way].finditer(text))


def _set_apart(parent: HtmlElement, way: str, telling: Container[HtmlElement]) -> None:
    """Set apart the runs in an element whose text runs one way: `ltr` or `rtl`.

    In an element that is not among the `telling` ones all runs that way, but for letters.
    """
    pieces = list(_pieces(parent))
    line = "".join(_standing(piece, way) for piece in pieces)
    if runs := list(foreign_runs(line, way)):
        _clear(parent)
        ends = 0
        for start, end in runs:
            _extend(parent, _cut(pieces, ends, start))
            _extend(parent, _run(list(_cut(pieces, start, end)), _OTHER[way]))
            ends = end
        _extend(parent, _cut(pieces, ends, len(line)))
    for child in parent:
        if not isinstance(child.tag, str) or child.tag in ("svg", "bdi"):
            continue
        if child in telling or _LETTERS[_OTHER[way]].search(child.text_content()):
            _set_apart(child, _way(child, way), telling)


def _telling(root: HtmlElement) -> list[HtmlElement]:
    """The elements that tell their direction, and those above them."""
    return cast(list[HtmlElement], _TELLING(root))


def _way(element: HtmlElement, way: str) -> str:
    """The direction of an element in a text of a direction; its language tells it too."""
    if (language := element.get("lang")) and not element.get("dir"):
        element.set("dir", direction(language))
    own = element.get("dir", way)
    return own if own in _OTHER else way


def _pieces(parent: HtmlElement) -> Iterator[Piece]:
    yield parent.text or ""
    for child in parent:
        yield child
        yield child.tail or ""


def _standing(piece: Piece, way: str) -> str:
    """What stands for a piece of a text: an element is one character."""
    if isinstance(piece, str):
        return piece
    if piece.tag not in _INLINE or piece.get("class", "symbol") not in _WITHIN_LINES:
        return _NATIVE
    if piece.get("dir") or piece.get("lang"):
        return _NEUTRAL
    text = piece.text_content()
    if _LETTERS[way].search(text):
        return _NATIVE
    return _FOREIGN if _LETTERS[_OTHER[way]].search(text) else _NEUTRAL


def _closed(line: str, start: int, end: int) -> tuple[int, int]:
    """Where a run begins and ends that has the bracket which closes one in it."""
    run = line[start:end]
    is_open = run.count("(") > run.count(")") and line[end : end + 1] == ")"
    return start, end + is_open


def _clear(parent: HtmlElement) -> None:
    parent.text = None
    for child in list(parent):
        parent.remove(child)
        child.tail = None


def _extend(parent: HtmlElement, pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        if not isinstance(piece, str):
            parent.append(piece)
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + piece
        else:
            parent.text = (parent.text or "") + piece


def _cut(pieces: Iterable[Piece], start: int, end: int) -> Iterator[Piece]:
    """The pieces of a text between two places; an element is one character long."""
    place = 0
    for piece in pieces:
        size = len(piece) if isinstance(piece, str) else 1
        if isinstance(piece, str):
            if part := piece[max(0, start - place) : max(0, end - place)]:
                yield part
        elif start <= place < end:
            yield piece
        place += size


def _run(pieces: list[Piece], way: str) -> list[Piece]:
    """A run in an element of its own; one that is an element already is set apart within it."""
    if len(pieces) == 1 and not isinstance(pieces[0], str):
        return pieces
    run = Element("bdi", {"dir": way})
    _extend(run, pieces)
    if _ARABIC.search(run.text_content()):
        run.set("lang", "ar")
    return [run]


def _tell_scripts(root: HtmlElement, language: str) -> None:
    """Tell Chinese words in texts that are not Chinese, and words with apostrophes in Chinese."""
    for element in list(root.iter()):
        own = _language(element, language) if isinstance(element.tag, str) else None
        if own is None or element.get("class") == "latin":
            continue
        words, told = (_LATIN, ("class", "latin")) if own in _IN_HAN else (_CHINESE, ("lang", "zh"))
        pieces = list(_pieces(element))
        if any(isinstance(piece, str) and re.search(words, piece) for piece in pieces):
            _clear(element)
            for piece in pieces:
                _extend(element, _told(piece, words, told) if isinstance(piece, str) else [piece])


def _told(text: str, words: str, told: tuple[str, str]) -> Iterator[Piece]:
    end = 0
    for match in re.finditer(words, text):
        yield text[end : match.start()]
        span = Element("span", dict([told]))
        span.text = match[0]
        yield span
        end = match.end()
    yield text[end:]


def _language(element: HtmlElement, language: str) -> str | None:
    """The language of an element: its own, or that of the nearest above it; of a drawing none."""
    for above in (element, *element.iterancestors()):
        if above.tag == "svg":
            return None
        if above.get("lang"):
            return primary(above.get("lang"))
    return primary(language)

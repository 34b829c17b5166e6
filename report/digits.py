"""Arabic-Indic digits, in an edition in Arabic that asks for them.

All that is Arabic in it has them: folios, paragraphs, lists, notes, dates, figures, and the texts,
as editors type the digits that their keyboard has. Symbols, addresses and texts in other languages
keep theirs.
"""

from __future__ import annotations

from enum import StrEnum

from lxml.html import HtmlElement, fragment_fromstring

from report.languages import primary
from report.runs import foreign_runs, inside


class Digits(StrEnum):
    """The digits in which an edition in Arabic writes its numbers."""

    LATIN = "latin"
    ARABIC_INDIC = "arabic_indic"


_LATIN, _ARABIC = "0123456789", "٠١٢٣٤٥٦٧٨٩"
_ARABIC_INDIC = str.maketrans(_LATIN, _ARABIC)

SAME_DIGITS = dict(zip(_ARABIC, _LATIN, strict=True))
"""The Latin digit for each Arabic-Indic one, for what is compared or looked for."""

MARK = "data-digits"
"""The attribute of the parts of a unit whose lists and notes are numbered so, which styles read."""

_AS_IT_IS = frozenset({"code", "pre", "kbd", "samp"})
"""Elements whose words are typed or copied sign by sign."""


def digits_of(language: str, wanted: Digits) -> Digits:
    """The digits of an edition: only one in Arabic has others than Latin."""
    return wanted if primary(language) == "ar" else Digits.LATIN


def written(text: str, digits: Digits) -> str:
    """A plain text in Arabic in some digits; what runs from left to right in it keeps its own.

    >>> written("القرار A/RES/60/288 لعام 2006", Digits.ARABIC_INDIC)
    'القرار A/RES/60/288 لعام ٢٠٠٦'
    """
    if digits is Digits.LATIN:
        return text
    parts, end = [], 0
    for start, stop in foreign_runs(text, "rtl"):
        parts += [text[end:start].translate(_ARABIC_INDIC), text[start:stop]]
        end = stop
    return "".join([*parts, text[end:].translate(_ARABIC_INDIC)])


def write_digits(html: str, digits: Digits) -> str:
    """The HTML of a unit in Arabic, its foreign runs set apart (`runs`), in some digits."""
    if digits is Digits.LATIN:
        return html
    root = fragment_fromstring(html, create_parent="div")
    _write(root, is_arabic=True)
    for part in root:
        part.set(MARK, digits.value)
    return inside(root)


def _write(element: HtmlElement, *, is_arabic: bool) -> None:
    """Write the digits of an element, which is within one that is Arabic or is not."""
    if element.tag in _AS_IT_IS:
        return
    if language := element.get("lang"):
        is_arabic = primary(language) == "ar"
    elif element.get("dir") == "ltr":
        is_arabic = False
    if is_arabic:
        element.text = element.text and element.text.translate(_ARABIC_INDIC)
    for child in element:
        if isinstance(child.tag, str):
            _write(child, is_arabic=is_arabic)
        if is_arabic:
            child.tail = child.tail and child.tail.translate(_ARABIC_INDIC)

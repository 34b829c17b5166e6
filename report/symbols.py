"""United Nations document symbols, such as A/RES/60/288 and S/RES/1373 (2001).

The forms are those of the United Nations Editorial Manual, "Document symbols": a body's letter,
then elements between oblique strokes; resolutions of the Security Council end in the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

_BODIES = r"(?:A|S|E|T|CD|ST|DP|HRI|CCPR|CERD|CEDAW|CAT|CRC)"
_ELEMENT = r"[A-Z0-9][A-Za-z0-9.\-]*"

SYMBOL = re.compile(
    # Only letters of ASCII are of a symbol: in Chinese others stand beside it without a space.
    # A body and one small number, such as A/4, is more likely a size of paper or a fraction.
    rf"(?a:(?<![\w/.:@-])(?!\w+/\d{{1,2}}(?![\w/]|\.\w))"
    rf"{_BODIES}(?:/{_ELEMENT})*/(?:[A-Z]+\.)?\d[\w.-]*(?:/{_ELEMENT})*"
    rf"(?:[\s\u00a0]\((?:19|20)\d\d\))?(?<![.-])(?![\w/]))"
)
"""A document symbol in running text."""


def address(symbol: str) -> str:
    """Where the United Nations serves the document: `https://undocs.org/A/RES/60/288`.

    >>> address("S/RES/1373 (2001)")
    'https://undocs.org/S/RES/1373(2001)'
    """
    return "https://undocs.org/" + quote(symbol.replace(" ", "").replace("\u00a0", ""), safe="/()")


def cited(text: str) -> Iterator[str]:
    """The symbols in a plain text, in its order and as often as they stand there.

    >>> list(cited("In A/60/825, and in S/RES/1373 (2001)."))
    ['A/60/825', 'S/RES/1373 (2001)']
    """
    return (" ".join(match[0].split()) for match in SYMBOL.finditer(text))


_YEAR = re.compile(r"\s*\(\d{4}\)$")


def without_year(symbol: str) -> str:
    """What tells one document from all others: its symbol without the year that may end it."""
    return _YEAR.sub("", symbol)

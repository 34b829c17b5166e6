"""Tables that the page holds: which of them are wider than the measure, and which fill half a page.

WeasyPrint makes a table as wide as its longest words ask, over the margins and the edge of the
sheet. How wide that is can be told from its words well enough to choose a smaller type in time, and
how high it is, to let it go on overleaf.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from lxml.html import HtmlElement

_MEASURE = 68
"""Characters of a table's usual type in a line of the measure, with one for each gap."""

_WIDE = 108
"""Characters of the smaller type in a line that goes over into the margins."""

_LINE, _ROW = 12, 6
"""Points of a line, and of what stands above and below those of a row."""

_HALF_A_PAGE = 330
"""Points: what is higher is not kept on one page."""

_WORD = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\\s\u2010-\u2015\u2e80-\u9fff/-]+")
"""What no line end divides: a word, its parts where it has hyphens, or a Chinese character."""


def names(table: HtmlElement) -> tuple[str, ...]:
    """The classes of a table that is `wide`, or even the `widest`, and of one that is `long`."""
    rows = [[cell.text_content() for cell in row.iter("th", "td")] for row in table.iter("tr")]
    columns = [list(column) for column in zip_longest(*rows, fillvalue="")]
    width = sum(1 + max(map(_longest, column)) for column in columns)
    height = sum(_LINE * _lines(row, len(columns)) + _ROW for row in rows)
    told = {
        "wide": width > _MEASURE,
        "widest": width > _WIDE,
        "long": height > _HALF_A_PAGE,
    }
    return tuple(name for name, holds in told.items() if holds)


def _longest(text: str) -> int:
    return max(map(len, _WORD.findall(text)), default=0)


def _lines(row: Sequence[str], columns: int) -> int:
    """Lines of the highest cell of a row, if columns are alike in width."""
    return max((1 + len(text) * columns // _MEASURE for text in row), default=0)

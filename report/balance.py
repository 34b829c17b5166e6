"""Headings whose lines are alike in length, so that no word stands alone in the last.

`text-wrap: balance` (CSS Text 4, 6.3), which WeasyPrint 70 does not know: lines are broken as early
as they can be while they do not become more. The box stays as wide as it is, and all else in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from weasyprint.css import properties
from weasyprint.css.validation.properties import property as known_property
from weasyprint.css.validation.properties import single_keyword
from weasyprint.layout import block, inline

from report import columns

_MOST = 10
"""Lines of a text that is balanced; a longer one is none of those for which it is meant."""

_NEAR = 1
"""CSS pixels within which the least width is found."""

_split_inline_box = inline.split_inline_box


def install() -> None:
    """Have WeasyPrint know the property from now on."""
    properties.INITIAL_VALUES["text_wrap"] = "wrap"
    properties.KNOWN_PROPERTIES.add("text-wrap")
    properties.INHERITED.add("text_wrap")
    known_property("text-wrap")(single_keyword(lambda keyword: keyword in ("wrap", "balance")))
    block.iter_line_boxes = iter_line_boxes
    inline.split_inline_box = split_inline_box


def iter_line_boxes(
    context: Any,
    text: Any,
    top: float,
    bottom_space: float,
    begins: Any,
    around: Any,
    *others: Any,
) -> Iterator[tuple[Any, Any]]:
    """Yield the lines of a text, as WeasyPrint does, with where each ends."""
    text.spared = 0
    if text.style["text_wrap"] == "balance" and _is_plain(text):
        text.spared = _spared(context, text, top, bottom_space, begins, around)
    yield from columns.iter_line_boxes(context, text, top, bottom_space, begins, around, *others)


def split_inline_box(
    context: Any, box: Any, position_x: float, max_x: float, *others: Any
) -> tuple[Any, ...]:
    """Fit as much into a line as WeasyPrint does, if it ends where the text is to be broken."""
    split: tuple[Any, ...] = _split_inline_box(
        context, box, position_x, max_x - getattr(box, "spared", 0), *others
    )
    return split


def _spared(context: Any, text: Any, *where: Any) -> float:
    """The width at the end of lines that can be done without, in CSS pixels."""
    lines = _widths(context, text, *where)
    if not 1 < len(lines) <= _MOST:
        return 0
    *_, around = where
    least, enough = sum(lines) / len(lines), around.width
    while enough - least > _NEAR:
        width = (least + enough) / 2
        text.spared = around.width - width
        if len(_widths(context, text, *where)) > len(lines):
            least = width
        else:
            enough = width
    return float(around.width - enough)


def _widths(context: Any, text: Any, *where: Any) -> list[float]:
    """How wide the lines of a text come out: for trial, as nothing in them is placed elsewhere."""
    lines = inline.iter_line_boxes(context, text, *where, [], [], None, None)
    return [line.width for line, _ in islice(lines, _MOST + 1)]


def _is_plain(text: Any) -> bool:
    return all(child.is_in_normal_flow() for child in text.descendants())

"""Columns of equal height, found at once.

WeasyPrint 70 balances columns (CSS Multi-column Layout 1, 7.1) by laying them out again and again,
a pixel higher each time: a list of participants of two pages takes two seconds of it. Here columns
of text are laid out as high as the page; if they end on it, the least height at which they would
is reckoned from where their lines came to lie, and they are laid out once more at that. Their lines
are made once and moved: they are the same in all columns of a width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from weasyprint.css.properties import ZERO_PIXELS
from weasyprint.formatting_structure.boxes import BlockContainerBox, InlineLevelBox, LineBox
from weasyprint.layout import block
from weasyprint.layout.column import _create_column_box
from weasyprint.layout.column import columns_layout as _columns_layout
from weasyprint.layout.percent import percentage

Strip = tuple[float, float]
"""What no column break divides: its top and its bottom in CSS pixels."""

STEP = 1
"""CSS pixels by which WeasyPrint makes columns higher at a time: so much an earlier column may be
higher than it must be, and hold what would make a later one the longer."""


_iter_line_boxes = block.iter_line_boxes


def install() -> None:
    """Have WeasyPrint lay out columns of text so from now on; `balance` asks for their lines."""
    block.columns_layout = columns_layout


def columns_layout(
    context: Any,
    box: Any,
    bottom_space: float,
    skip_stack: Any,
    containing_block: Any,
    *others: Any,
) -> Any:
    """Lay out a box in columns, as WeasyPrint does where they hold more than text."""
    if not _is_plain(box):
        return _columns_layout(context, box, bottom_space, skip_stack, containing_block, *others)
    # Plain text is in no list of positioned boxes.
    page_is_empty, _, _, adjoining_margins, *first_styles = others
    box = box.copy_with_children(box.children)
    box.position_y += block.collapse_margin(adjoining_margins)
    block.block_level_width(box, containing_block)
    room = context.page_bottom - bottom_space - box.content_box_y()
    context.in_column = True
    context.lines = {} if _has_lines_to_keep(box) else None
    filled = _Columns(
        context, box, room, skip_stack, containing_block, page_is_empty, first_styles
    ).balanced()
    context.lines = None
    context.in_column = False
    if not filled.columns:
        return None, (0, None), {"break": "any", "page": None}, [], False
    box.children = filled.columns
    box.height = max(each.margin_height() for each in filled.columns)
    for each in filled.columns:
        each.height = box.height
    return box, filled.rest, filled.next_page, [], False


def iter_line_boxes(
    context: Any,
    text: Any,
    top: float,
    bottom_space: float,
    begins: Any,
    around: Any,
    *others: Any,
) -> Iterator[tuple[Any, Any]]:
    """Yield the lines of a text, as WeasyPrint does, with where each ends.

    Lines that another height of the columns has had are moved to where they are now.
    """
    kept = getattr(context, "lines", None)
    if kept is None or any(others[2:]):
        yield from _iter_line_boxes(context, text, top, bottom_space, begins, around, *others)
        return
    while True:
        key = id(text), repr(begins)
        if key in kept:
            line, begins, start = kept[key]
            line.translate(around.content_box_x() + start - line.position_x, top - line.position_y)
            line.position_y = top
        else:
            lines = _iter_line_boxes(context, text, top, bottom_space, begins, around, *others)
            line, begins = next(lines, (None, None))
            if line is None:
                return
            kept[key] = line, begins, line.position_x - around.content_box_x()
        top = line.position_y + line.height
        yield line, begins
        if begins is None:
            return


@dataclass(frozen=True, slots=True)
class _Filled:
    """Columns, where the text goes on after them, and on what kind of page."""

    columns: list[Any]
    rest: Any
    next_page: Any


class _Columns:
    """The columns of a box on one page."""

    def __init__(
        self,
        context: Any,
        box: Any,
        room: float,
        skip_stack: Any,
        containing_block: Any,
        page_is_empty: bool,
        first_styles: list[Any],
    ) -> None:
        style = box.style
        gap = style["font_size"]
        if style["column_gap"] != "normal":
            gap = percentage(style["column_gap"], style, box.width)
        self._context = context
        self._box = box
        self._around = containing_block
        self._page_is_empty = page_is_empty
        self._first_styles = first_styles
        self._count = style["column_count"]
        self._width = max(0, box.width - (self._count - 1) * gap) / self._count
        self._pace = self._width + gap
        self._top = box.content_box_y()
        self._room = room
        self._skip, self._begins = 0, None
        if skip_stack:
            ((self._skip, within),) = skip_stack.items()
            self._begins = {0: within}
        self._children = [child.copy() for child in box.children[self._skip :]]

    def balanced(self) -> _Filled:
        """Return the columns: as high as the page, or even if all that is left ends on it."""
        full = self._filled(self._room)
        if full.rest is not None or not full.columns:
            return full
        height = self._least_height(full.columns)
        while (height := height + STEP) < self._room:
            even = self._filled(height)
            if even.rest is None and even.columns:
                return even
        # Its lines are where another height had them.
        return self._filled(self._room)

    def _least_height(self, columns: list[Any]) -> float:
        if len(columns) > 1:
            columns = self._filled(inf).columns
        return least_height(_strips(columns[0], truncates=True), self._count)

    def _filled(self, height: float) -> _Filled:
        """Fill columns of a height one after the other."""
        columns: list[Any] = []
        rest: Any = self._begins
        next_page = None
        truncates = rest is not None and not self._context.forced_break
        for place in range(self._count):
            column, rest, next_page, *_ = self._column(place, rest, height, truncates)
            if column is None:
                return _Filled([], rest, next_page)
            columns.append(column)
            if rest is None:
                break
            truncates = next_page["break"] == "any"
        else:
            ((number, within),) = rest.items()
            rest = {self._skip + number: within}
        return _Filled(columns, rest, next_page)

    def _column(self, place: int, begins: Any, height: float, truncates: bool) -> Any:
        box, context = self._box, self._context
        children = _truncated(self._children, begins) if truncates else self._children
        empty = _create_column_box(box, self._around, children, self._width, self._top)
        offset = place * self._pace
        is_mirrored = box.style["direction"] == "rtl"
        empty.position_x += box.width - self._width - offset if is_mirrored else offset
        return block.block_box_layout(
            context, empty, context.page_bottom - self._top - height, begins, self._around,
            self._page_is_empty, [], [], None, *self._first_styles, discard=False, max_lines=None,
        )  # fmt: skip


def _truncated(children: list[Any], begins: Any) -> list[Any]:
    """The children of a column, of which the one that begins at its top has no margin there.

    Margins that adjoin an unforced break are truncated (CSS Fragmentation 3, 5.2).
    """
    ((number, within),) = begins.items()
    if within is not None:
        return children
    first = children[number].copy()
    first.style = first.style.copy()
    first.style["margin_top"] = ZERO_PIXELS
    return [*children[:number], first, *children[number + 1 :]]


def least_height(strips: Sequence[Strip], count: int) -> float:
    """Return the least height of `count` columns that hold strips, which follow each other."""
    tallest = max(bottom - top for top, bottom in strips)
    height, higher = 0.0, max(tallest, (strips[-1][1] - strips[0][0]) / count)
    while higher > height:
        height, higher = higher, _higher(strips, count, higher)
    return height


def _higher(strips: Sequence[Strip], count: int, height: float) -> float:
    """Return the least height at which a column holds more, unless all have room in columns."""
    begins, columns, more = strips[0][0], 1, inf
    for top, bottom in strips:
        if bottom - begins > height:
            more = min(more, bottom - begins)
            begins, columns = top, columns + 1
    return height if columns <= count else more


def _is_plain(box: Any) -> bool:
    """Whether a box holds nothing but blocks and lines in normal flow, and no notes."""
    return (
        box.style["column_width"] == box.height == "auto"
        and box.style["column_fill"] == "balance"
        and all(
            isinstance(child, BlockContainerBox | LineBox | InlineLevelBox)
            and child.is_in_normal_flow()
            and not child.footnote
            and child.style["column_span"] != "all"
            for child in box.descendants()
        )
    )


def _has_lines_to_keep(box: Any) -> bool:
    """Whether lines can be moved: what is placed relative to its line would be moved twice."""
    return not any(
        isinstance(child, InlineLevelBox) and child.style["position"] == "relative"
        for child in box.descendants()
    )


def _strips(box: Any, *, truncates: bool = False) -> list[Strip]:
    """Return what a column break leaves whole in a box, one after the other.

    A column that begins with one has no room for its margin if the box `truncates` it.
    """
    if box.style["break_inside"].startswith("avoid") or not box.children:
        return [(box.position_y, box.border_box_y() + box.border_height())]
    if isinstance(box.children[0], LineBox):
        return _lines(box)
    strips: list[Strip] = []
    for before, child in zip((None, *box.children), box.children, strict=False):
        (top, bottom), *others = _strips(child)
        top = child.border_box_y() if truncates else min(top, child.position_y)
        if before and block.block_level_page_break(before, child).startswith("avoid"):
            top, _ = strips.pop()
        strips += (top, bottom), *others
        if not box.bottom_margin_collapses():
            top, bottom = strips.pop()
            strips.append((top, bottom + child.margin_bottom))
    return strips


def _lines(box: Any) -> list[Strip]:
    """Return the lines of a paragraph: with the first so many as may not be alone, and the last."""
    lines = [(line.position_y, line.position_y + line.height) for line in box.children]
    orphans, widows = box.style["orphans"], box.style["widows"]
    if len(lines) < orphans + widows:
        return [(lines[0][0], lines[-1][1])]
    first, last = lines[:orphans], lines[-widows:]
    between = lines[orphans : len(lines) - widows]
    return [(first[0][0], first[-1][1]), *between, (last[0][0], last[-1][1])]

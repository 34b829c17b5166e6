"""Notes in the margin, and other floats that may not be broken: each is whole, beside its line.

WeasyPrint 70 breaks a float at the foot of a page whatever its style says. When the float's line
then goes over to the next page, what was left of it before stands there too, and outside of all
that is tagged.
"""

from __future__ import annotations

from math import inf
from typing import Any

from weasyprint.layout import inline

_float_layout = inline.float_layout


def install() -> None:
    """Have WeasyPrint lay out floats amid lines so from now on."""
    inline.float_layout = float_layout


def float_layout(
    context: Any,
    box: Any,
    containing_block: Any,
    absolute_boxes: Any,
    fixed_boxes: Any,
    bottom_space: float,
    skip_stack: Any,
) -> tuple[Any, Any]:
    """Lay out a float, and as a whole if no break may be in it (CSS Fragmentation 3, 3.2).

    It stands below the float before it at its side, even if both are in the margin, where nothing
    else keeps them apart. What would end below the page's text is moved up as far as there is room.
    """
    around = containing_block, absolute_boxes, fixed_boxes
    if not box.style["break_inside"].startswith("avoid"):
        broken: tuple[Any, Any] = _float_layout(context, box, *around, bottom_space, skip_stack)
        return broken
    whole, _ = _float_layout(context, box, *around, -inf, skip_stack)
    top = whole.position_y
    end_above = _end_above(context, whole)
    place = max(top, end_above)
    below = place + whole.margin_height() - context.page_bottom
    _move(whole, place - top - max(0, min(below, place - end_above)))
    return whole, None


def _end_above(context: Any, box: Any) -> float:
    """Where the floats before one end that are at its side, in CSS pixels from the page's top."""
    side = box.style["float"]
    others = (each for each in context.excluded_shapes if each is not box)
    ends = (
        each.position_y + each.margin_height() for each in others if each.style["float"] == side
    )
    return max(ends, default=-inf)


def _move(box: Any, distance: float) -> None:
    """Move a float within its margin: WeasyPrint puts its margin's edge at the line's top."""
    box.margin_top += distance
    for child in box.children:
        child.translate(dy=distance)

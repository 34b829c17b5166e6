"""Lines that are full but for the space at their end.

A space at the end of a line hangs and takes no room (CSS Text 3, 4.1.3). WeasyPrint 70 counts it
where something else follows in the paragraph, such as a link: a text that fits without it is then
broken after its first word. And from lines that begin at the right it takes the space in part only.
"""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text.line_break import create_layout

from report import knownlines

_remove_last_whitespace = inline.remove_last_whitespace


def install() -> None:
    """Have WeasyPrint let such spaces hang from now on."""
    inline.split_first_line = split_first_line
    inline.remove_last_whitespace = remove_last_whitespace


def split_first_line(
    text: str, style: Any, context: Any, max_width: float | None, *others: Any, **named: Any
) -> Any:
    """Fit as much of a text as there is room for in a line; otherwise as WeasyPrint's own."""
    split = knownlines.split_first_line(text, style, context, max_width, *others, **named)
    _, length, rest, *_ = split
    if rest is None or not text.endswith(" ") or style["white_space"] not in ("normal", "pre-line"):
        return split
    if " " in text.encode()[:length].decode().strip(" "):
        return split
    _, _, rest, *_ = knownlines.split_first_line(
        text.rstrip(" "), style, context, max_width, *others, **named
    )
    if rest is not None:
        return split
    return knownlines.split_first_line(text, style, context, None, *others, **named)


def remove_last_whitespace(context: Any, line: Any) -> None:
    """Take the space off the end of a line, and off what is drawn of it.

    In a line that runs from the right, WeasyPrint 70 leaves it at the left of the text and moves
    the text over it; but where the line is justified, the text is laid out anew without it.
    """
    places = [child.position_x for child in line.children]
    _remove_last_whitespace(context, line)
    moved = max(
        (place - child.position_x for place, child in zip(places, line.children, strict=True)),
        default=0,
    )
    if not moved:
        return
    box = line
    while not isinstance(box, boxes.TextBox):
        box = box.children[-1]
        box.position_x += moved
    box.pango_layout = create_layout(box.text, box.style, context, None, 0)
    box.pango_layout.deactivate()

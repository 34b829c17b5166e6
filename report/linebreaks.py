"""Lines that are full but for the space at their end.

A space at the end of a line hangs and takes no room (CSS Text 3, 4.1.3). WeasyPrint 70 counts it
where something else follows in the paragraph, such as a link: a text that fits without it is then
broken after its first word.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import inline

_split_first_line = inline.split_first_line


def install() -> None:
    """Have WeasyPrint let such a space hang from now on."""
    inline.split_first_line = split_first_line


def split_first_line(
    text: str, style: Any, context: Any, max_width: float | None, *others: Any, **named: Any
) -> Any:
    """Fit as much of a text as there is room for in a line; otherwise as WeasyPrint's own."""
    split = _split_first_line(text, style, context, max_width, *others, **named)
    _, length, rest, *_ = split
    if rest is None or not text.endswith(" ") or style["white_space"] not in ("normal", "pre-line"):
        return split
    if " " in text.encode()[:length].decode().strip(" "):
        return split
    _, _, rest, *_ = _split_first_line(
        text.rstrip(" "), style, context, max_width, *others, **named
    )
    if rest is not None:
        return split
    return _split_first_line(text, style, context, None, *others, **named)

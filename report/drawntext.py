"""The text of drawings, set line by line.

WeasyPrint 70 sets each letter as if it stood alone: without kerning, and in no script whose letters
are joined. Where letters have no places of their own, a text is one line here, as in HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from weasyprint import svg

_APART = ("dx", "dy", "rotate", "letter-spacing", "textLength")
"""Attributes that move letters apart (SVG 2, 11.4 and 11.10)."""

_SEVERAL = re.compile(r"\S[\s,]+\S")

_text = svg.text


def install() -> None:
    """Have WeasyPrint set the text of drawings so from now on."""
    svg.TAGS.update((tag, text) for tag, drawn in svg.TAGS.items() if drawn is svg.text)
    svg.text = text


class _Line(str):
    """A text that has one part: itself. WeasyPrint sets part after part."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield self


def text(drawing: Any, node: Any, font_size: float) -> None:
    """Draw the text of a node of a drawing, of which `font_size` is in pixels."""
    if node.text and not _has_places(node):
        node._etree_node.text = _Line(node.text)
    if _is_moved(node):
        # It is in a group. PDFium takes a pixel off a group that is one for transparency too.
        drawing.stream.extra.pop("Group", None)
    _text(drawing, node, font_size)


def _has_places(node: Any) -> bool:
    """Whether letters of a text have places of their own."""
    return any(name in node.attrib for name in _APART) or any(
        _SEVERAL.search(node.get(name, "")) for name in ("x", "y")
    )


def _is_moved(node: Any) -> bool:
    """Whether a text is moved to where it ends or has its middle, once its width is known."""
    anchor = node.get("text-anchor", "start"), node.get("direction", "ltr")
    return anchor not in (("start", "ltr"), ("end", "rtl"))

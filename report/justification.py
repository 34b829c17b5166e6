"""Lines of Chinese that end together: the room that is left over goes between all characters.

CSS Text 3, 7.3 (`text-justify: inter-character`). WeasyPrint 70 widens spaces alone, of which
Chinese has none, and the few between Latin words in it would become gaps.
"""

from __future__ import annotations

import re
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text.ffi import TO_UNITS, ffi, pango
from weasyprint.text.line_break import Layout, line_size

from report.languages import primary

Box = Any
"""A laid-out box of WeasyPrint, which has no types."""

_WIDE = re.compile(
    "[\u00b7\u2014\u2018\u2019\u201c\u201d\u2026\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U00020000-\U0003ffff]+"
)
"""Characters between which there may be more room."""

_MOST = 0.1
"""Ems that may be put between two characters; a line that needs more stays as it is."""

_widen_spaces = inline.justify_line


def install() -> None:
    """Have WeasyPrint justify lines of Chinese so from now on."""
    inline.justify_line = justify_line


def justify_line(context: Any, line: Box, extra: float) -> None:
    """Make a line wider by so many pixels."""
    if primary(line.style["lang"] or "") != "zh":
        _widen_spaces(context, line, extra)
        return
    count = _count(line)
    if count > 1 and extra / (count - 1) <= _MOST * line.style["font_size"]:
        _spread(line, extra / (count - 1), 0)


class _Spread(Layout):  # type: ignore[misc]
    """A text with the same room between all its wide characters."""

    def set_text(self, text: str, justify: bool = False) -> None:  # noqa: ARG002
        """Take a text, which is spread whether it is laid out or drawn."""
        super().set_text(text)
        attributes = pango.pango_layout_get_attributes(self.layout)
        if attributes == ffi.NULL:
            attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
        for run in _WIDE.finditer(self.text):
            spacing = pango.pango_attr_letter_spacing_new(
                int(self.justification_spacing * TO_UNITS)
            )
            spacing.start_index = len(self.text[: run.start()].encode())
            spacing.end_index = len(self.text[: run.end()].encode())
            pango.pango_attr_list_change(attributes, spacing)
        pango.pango_layout_set_attributes(self.layout, attributes)


def _count(box: Box) -> int:
    if isinstance(box, boxes.TextBox):
        return sum(map(len, _WIDE.findall(box.text)))
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return sum(map(_count, box.children))
    return 0


def _spread(box: Box, spacing: float, advance: float) -> float:
    """Spread a box that begins so much further on; return how much further on it ends."""
    if isinstance(box, boxes.TextBox):
        box.position_x += advance
        width = _set(box, spacing) if _WIDE.search(box.text) else box.width
        advance += width - box.width
        box.width = width
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.position_x += advance
        before = advance
        for child in box.children:
            if child.is_in_normal_flow():
                advance = _spread(child, spacing, advance)
        box.width += advance - before
    else:
        box.translate(advance, 0)
    return advance


def _set(box: Box, spacing: float) -> float:
    """Set the text of a box anew; return its width."""
    layout = _Spread(box.style, spacing)
    layout.set_text(box.text)
    first_line, _ = layout.get_first_line()
    width, _ = line_size(first_line, box.style)
    layout.deactivate()
    box.pango_layout = layout
    return float(width)

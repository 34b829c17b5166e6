"""Used values that are the same for all boxes of a style, worked out once.

WeasyPrint 70 works out margins, padding, sizes and heights of lines anew for each box whenever it
is laid out, which takes a sixth of the time of a page. They are kept with the style where they are
lengths; percentages depend on what is around the box.
"""

from __future__ import annotations

from typing import Any

from weasyprint.draw.color import get_color
from weasyprint.layout import absolute, background, block, column, inline, percent, table
from weasyprint.layout import float as floats
from weasyprint.layout import page as pages
from weasyprint.text import line_break

Box = Any
"""A laid-out box of WeasyPrint, which has no types."""

Style = Any
"""A computed style of WeasyPrint: values by the names of properties."""

_SIDES = ("top", "right", "bottom", "left")
_BORDERS = tuple(f"border_{side}_width" for side in _SIDES)
_LENGTHS = (
    *(f"margin_{side}" for side in _SIDES),
    *(f"padding_{side}" for side in _SIDES),
    *("width", "min_width", "max_width", "height", "min_height", "max_height"),
)
_RADII = tuple(
    f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left")
)
_SQUARE = dict.fromkeys(_RADII, (0, 0))

_resolve_percentages = percent.resolve_percentages
_layout_box_backgrounds = background.layout_box_backgrounds
_strut = line_break.strut
_get_font_description = line_break.get_font_description


def install() -> None:
    """Have WeasyPrint keep such values from now on."""
    for module in (absolute, block, column, floats, inline, pages, percent, table):
        module.resolve_percentages = resolve_percentages
    background.layout_box_backgrounds = layout_box_backgrounds
    inline.strut = line_break.strut = strut
    line_break.get_font_description = get_font_description


def resolve_percentages(box: Box, containing_block: Any) -> None:
    """Give a box its margins, padding, borders and sizes."""
    kept = box.style.__dict__.get("lengths")
    if kept is None:
        _resolve_percentages(box, containing_block)
        names = _LENGTHS if box.style["border_collapse"] == "collapse" else _LENGTHS + _BORDERS
        kept = {name: getattr(box, name) for name in names} if _is_absolute(box.style) else {}
        box.style.lengths = kept
    elif not kept:
        _resolve_percentages(box, containing_block)
    else:
        _values(box).update(kept)
        if box.style["border_collapse"] == "collapse":
            # Those of tables' cells are known from their neighbours.
            for name in _BORDERS:
                if not hasattr(box, name):
                    setattr(box, name, box.style[name])


def _values(box: Box) -> dict[str, Any]:
    """The used values of a box; one that is placed apart from the text stands behind another."""
    own: dict[str, Any] = box.__dict__
    return own["_box"].__dict__ if "_box" in own else own


def _is_absolute(style: Style) -> bool:
    """Whether all lengths of a style are lengths, and its sizes those of what a box contains."""
    return style["box_sizing"] == "content-box" and all(
        style[name] == "auto" or getattr(style[name], "unit", None) == "px" for name in _LENGTHS
    )


def layout_box_backgrounds(
    page: Box, box: Box, get_image: Any, layout_children: bool = True, style: Style = None
) -> None:
    """Find the backgrounds of a box and of those in it; most have none."""
    if style is not None or box is page or not _is_bare(box.style):
        _layout_box_backgrounds(page, box, get_image, layout_children, style)
        return
    _values(box).update(_SQUARE)
    box.background = None
    if layout_children:
        for child in box.all_children():
            layout_box_backgrounds(page, child, get_image)


def _is_bare(style: Style) -> bool:
    """Whether boxes of a style have neither background nor shadow, image nor round corner."""
    known: bool | None = style.__dict__.get("is_bare")
    if known is None:
        known = style.is_bare = (
            style["border_image_source"][0] == style["mask_border_source"][0] == "none"
            and not style["box_shadow"]
            and all(kind == "none" for kind, _ in style["background_image"])
            and get_color(style, "background_color").alpha == 0
            and all((0, "px") in style[name] for name in _RADII)
        )
    return known


def strut(style: Style) -> Any:
    """Return the height of a line of a style, and where its baseline is."""
    kept = style.__dict__.get("strut")
    if kept is None:
        kept = style.strut = _strut(style)
    return kept


def get_font_description(style: Style) -> Any:
    """Return the font of a style in the words of Pango, which copies it."""
    kept = style.__dict__.get("font")
    if kept is None:
        kept = style.font = _get_font_description(style)
    return kept

"""Lines that are set again: the same text in the same style and room comes out as it did before.

WeasyPrint 70 breaks a text anew whenever what it stands in is laid out again: in balanced columns,
in cells whose widths are looked for, on a page that is made once more, and in a text whose styles
changed elsewhere.
"""

from __future__ import annotations

from typing import Any

from weasyprint.text import line_break
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import Layout

Style = Any
"""A computed style of WeasyPrint: values by the names of properties."""

_MOST = 10_000
"""How many lines are remembered; a page has fifty to a thousand."""

_PROPERTIES = (
    *("font_family", "font_style", "font_stretch", "font_weight", "font_size"),
    *("font_kerning", "font_variant_ligatures", "font_variant_position", "font_variant_caps"),
    *("font_variant_numeric", "font_variant_alternates", "font_variant_east_asian"),
    *("font_feature_settings", "font_variation_settings", "font_language_override"),
    *("lang", "direction", "letter_spacing", "word_spacing", "tab_size", "white_space"),
    *("hyphens", "hyphenate_character", "hyphenate_limit_chars", "hyphenate_limit_zone"),
    *("overflow_wrap", "word_break", "text_decoration_line"),
)
"""What WeasyPrint asks of a style when it breaks a text into lines."""

_split_first_line = line_break.split_first_line


def install() -> None:
    """Have WeasyPrint set the text of drawings so from now on; `linebreaks` has all other texts."""
    line_break.split_first_line = split_first_line


def remember(faces: FontConfiguration, lines: dict[Any, Any]) -> None:
    """Remember lines that are set in some faces there from now on; those of before are known."""
    faces.__dict__["lines"] = lines


def split_first_line(text: str, style: Style, context: Any, *others: Any, **named: Any) -> Any:
    """Fit as much of a text as there is room for in a line, or remember what fitted before."""
    known = style.font_config.__dict__.setdefault("lines", {})
    key = (text, _look(style), *others, *named.items())
    if key not in known:
        if len(known) == _MOST:
            known.clear()
        known[key] = _split_first_line(text, style, context, *others, **named)
    layout, *measures = known[key]
    return _copy(layout), *measures


def _look(style: Style) -> int:
    """Number the styles in which texts come out alike."""
    known: int | None = style.__dict__.get("look")
    if known is None:
        looks = style.font_config.__dict__.setdefault("looks", {})
        said = repr([style[name] for name in _PROPERTIES])
        known = style.look = looks.setdefault(said, len(looks))
    return known


def _copy(layout: Layout) -> Layout:
    """A line of the same text, which may be justified otherwise than the one remembered."""
    copied = object.__new__(type(layout))
    copied.__dict__.update(layout.__dict__)
    return copied

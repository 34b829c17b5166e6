"""Scripts: which a text is written in, and the stylesheets that only some of them need.

A face of Chinese weighs more than all others together, and what makes Arabic look right costs time
in every unit. So the faces and rules of a script have a stylesheet of their own, and a unit with
nothing written in it is set without: nor is it set anew when that sheet changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from report.languages import RIGHT_TO_LEFT, primary
from report.resources import unfetched

CHINESE = "chinese.css"
"""The stylesheet of Chinese, whose faces set-up fetches."""

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
"""A character of the Arabic script, by its blocks (Unicode, Blocks.txt)."""

_CHINESE = re.compile(
    "[\u2e80-\u2fdf\u3000-\u303f\u3105-\u312f\u31a0-\u31ef\u3400-\u9fff\uf900-\ufaff\ufe30-\ufe4f"
    "\uff00-\uffef\U00020000-\U0003ffff]"
)
"""A Chinese character, or a sign as wide as one."""

_USUAL = re.compile("[\0-\u058f\u2000-\u2e7f]*+")
"""A text in letters of Europe, with signs of any script: most texts, and known soonest."""

_SHEETS = {"arabic.css": ("ar", _ARABIC), CHINESE: ("zh", _CHINESE)}
"""The stylesheet of each script, and the language and the characters that want it."""

_LATIN = "latin.css"
"""The stylesheet of texts in Latin, Greek or Cyrillic letters on pages of another script."""

_MIRRORED = "mirrored.css"
"""The stylesheet of pages bound at the right."""


def sheets_for(
    sheets: Sequence[tuple[str, str]], text: str, languages: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    """The stylesheets, name and text, that a text needs: without those of scripts it has not.

    `languages` are those that it is in, that of its pages first. Faces are left out that are not on
    this machine yet.
    """
    pages, *others = map(primary, languages)
    special = "" if is_usual(text) else text
    return tuple(
        (name, _without(unfetched([css]), css))
        for name, css in sheets
        if _is_wanted(name, special, pages, {pages, *others})
    )


def is_usual(text: str) -> bool:
    """Whether all of a text is written from left to right, and nothing of it in Chinese."""
    return _USUAL.fullmatch(text) is not None


def is_chinese(character: str) -> bool:
    """Whether this is a Chinese character, or a sign as wide as one."""
    return bool(_CHINESE.match(character))


def _without(urls: Iterable[str], css: str) -> str:
    """A stylesheet without the faces that are in these files."""
    for url in urls:
        css = re.sub(rf"@font-face\s*\{{[^}}]*{re.escape(url)}[^}}]*\}}", "", css)
    return css


def is_of_script(sheet: str) -> bool:
    """Whether only pages of some script want a stylesheet."""
    return sheet == _LATIN or sheet in _SHEETS


def _is_wanted(sheet: str, text: str, pages: str, languages: set[str]) -> bool:
    if sheet == _MIRRORED:
        return pages in RIGHT_TO_LEFT
    if sheet == _LATIN:
        return pages in {language for language, _ in _SHEETS.values()}
    language, characters = _SHEETS.get(sheet, ("", None))
    return characters is None or language in languages or bool(characters.search(text))

"""The stylesheets of the site, with its faces, and which of them a page wants.

What all pages want is joined; what only pages in some script want stays apart, in its place in the
cascade. The bold and italic faces stand in a sheet of their own, which the start page does without.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from report.fragment import Store
from report.scripts import is_of_script, sheets_for
from report.web import without_comments
from report.webfonts import shared_fonts
from report.webpictures import embed_pictures

STRONG = "strong.css"
_OWN = "site.css"

Sheets = tuple[tuple[str, str], ...]
"""Stylesheets in the order of the cascade, name and text of each."""

_LINE_START = re.compile(r"^\s+", re.MULTILINE)


def joined(styles: Iterable[tuple[str, str]]) -> Sheets:
    """The stylesheets of the site: those of a script, and all between them as one."""
    return tuple(_joined(styles))


def _joined(styles: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for _, run in groupby(styles, lambda sheet: is_of_script(sheet[0]) and sheet[0]):
        names, texts = zip(*run, strict=True)
        yield _OWN if _OWN in names else names[-1], "\n".join(map(without_comments, texts))


def wanted(sheets: Sheets, text: str, languages: Sequence[str]) -> tuple[str, ...]:
    """The names of the stylesheets that a page wants.

    `languages` are the page's own and those of the texts on it.
    """
    return tuple(name for name, _ in sheets_for(sheets, text, languages))


def files(
    sheets: Sheets, folder: Path, characters: Collection[str], store: Store
) -> Mapping[str, bytes]:
    """The stylesheets and the fonts as files, with the glyphs that some characters need.

    `folder` is the event's. Raises `ResourceRefusedError` for a font that may not be read.
    """
    made: dict[str, bytes] = {}
    strong = ""
    for name, text in sheets:
        rules, faces = shared_fonts(text, folder, characters, store)
        strong += faces.strong
        rules = embed_pictures(rules, folder)
        made |= {name: _LINE_START.sub("", faces.plain + rules).encode(), **faces.files}
    return {**made, STRONG: strong.encode()}

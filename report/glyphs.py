"""Characters that the report cannot show, because no font has a glyph for them.

Only typesetting finds this out. What is printed in their place is an empty box, so it is told.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from report import rules
from report.diagnostics import Diagnostic, Place
from report.fragment import TypesetUnit
from report.model import Event, Origin
from report.resources import unfetched
from report.scripts import CHINESE, is_chinese


def missing_glyphs(
    event: Event, units: Iterable[TypesetUnit], styles: Mapping[str, str]
) -> Iterator[Diagnostic]:
    """Yield a warning for every such character of each unit, where its file has it first.

    `styles` are the report's stylesheets by name. All characters of Chinese are one warning, when
    its faces have yet to be fetched.
    """
    lacks_chinese = bool(unfetched([styles.get(CHINESE, "")]))
    for unit in units:
        origin = event.origins.get(unit.id, event.origin)
        chinese = set(filter(is_chinese, unit.missing)) if lacks_chinese else set()
        if chinese:
            yield _without_chinese(unit.id, origin, chinese)
        for character in (c for c in unit.missing if c not in chinese):
            yield Diagnostic(
                rules.NO_GLYPH,
                _place(origin, character),
                f"no font has the character {_described(character)} of {unit.id}",
                "write it in other characters, or name a font that has it in styles/fonts.css",
            )


def _without_chinese(unit: str, origin: Origin, characters: Iterable[str]) -> Diagnostic:
    places = (_place(origin, character) for character in characters)
    return Diagnostic(
        rules.NO_CHINESE_FONTS,
        min(places, key=lambda place: (place.line, place.column)),
        f"{unit} has Chinese in it, and the fonts of Chinese are not on this machine",
        "run `build.py fonts` once, where there is a network, and build again",
    )


def _place(origin: Origin, character: str) -> Place:
    document = origin.document
    offset = document.source.text.find(character) if document else -1
    # A character may come from elsewhere, such as a name of the list of participants.
    return document.source.place_of(offset) if document and offset >= 0 else origin.tree.place()


def _described(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    return f"{character} ({code} {name})" if name else code

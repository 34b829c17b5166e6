"""Characters that the report cannot show, because no font has a glyph for them.

Only typesetting finds this out. What is printed in their place is an empty box, so it is told.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from report import rules
from report.diagnostics import Diagnostic, Place
from report.fragment import TypesetUnit
from report.model import Event, Origin


def missing_glyphs(event: Event, units: Iterable[TypesetUnit]) -> Iterator[Diagnostic]:
    """Yield a warning for every such character of each unit, where its file has it first."""
    for unit in units:
        for character in unit.missing:
            yield Diagnostic(
                rules.NO_GLYPH,
                _place(event.origins.get(unit.id, event.origin), character),
                f"no font has the character {_described(character)} of {unit.id}",
                "write it in other characters, or name a font that has it in styles/fonts.css",
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

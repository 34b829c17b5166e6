"""The index for the search: files that a page loads as it needs them, from a server or a disk.

They are scripts and not data, since a page that is opened from a disk may load nothing else. Terms
are divided among files by their first sign, so that looking for one costs one file of the index.
What is said in each unit has a file of its own, for the excerpts of the few that are shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from report.languages import direction
from report.publish.site.survey import Said, Survey

SHELVES = 32
"""Files among which the terms are divided."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text that can be found: its unit's id, page and title, and what it belongs to."""

    id: str
    address: str
    title: str
    context: str
    survey: Survey


def index(texts: Iterable[Text]) -> Mapping[str, bytes]:
    """The files of the index, by their names in its folder."""
    texts = tuple(texts)
    shelves: list[dict[str, list[tuple[int, ...]]]] = [{} for _ in range(SHELVES)]
    for number, text in enumerate(texts):
        for term, places in text.survey.terms.items():
            shelves[ord(term[0]) % SHELVES].setdefault(term, []).append((number, *places))
    facts = [(text.id, text.address, text.title, text.context) for text in texts]
    return {
        "texts.js": _script("texts", facts),
        **{
            f"terms/{number}.js": _script(f"terms/{number}", dict(sorted(shelf.items())))
            for number, shelf in enumerate(shelves)
        },
        **{
            f"said/{text.id}.js": _script(f"said/{text.id}", list(map(_passage, text.survey.said)))
            for text in texts
        },
    }


def _passage(said: Said) -> tuple[str, ...]:
    """What the page is told of a place: id, text, language, and the direction that this runs."""
    return (*said, direction(said[2]))


def _script(name: str, value: object) -> bytes:
    """A script that hands a value to the page; JSON is JavaScript (ECMAScript 2019, 12.9.4).

    But for a key `__proto__`, which no term can be.
    """
    told = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"take({json.dumps(name)}, {told})\n".encode()

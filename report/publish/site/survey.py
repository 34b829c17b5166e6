"""The survey of a unit: what the site must know of it without looking into it again.

Which ids it has and which it leads to, so that links find their page, and what is said at each
place, so that it can be searched. A survey is kept under a digest of what it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from lxml.html import HtmlElement, fragment_fromstring
from pydantic import TypeAdapter, ValidationError

from report.fragment import Store
from report.publish.site.terms import terms
from report.typeset import digest
from report.unit import Unit

Said = tuple[str, str, str]
"""What is said at a place, without the places in it: the id that leads there, text, language."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PLACES = frozenset(
    (*_HEADINGS, "aside", "caption", "dd", "dt", "figcaption", "header", "li", "p", "tr")
)
"""Elements that are places of their own, as are those with an id."""

_WHOLE = frozenset({"aside", "header"})
"""Elements that are one place with all that is in them."""

_SILENT = frozenset(
    (
        *("kicker", "delivered", "number", "folios", "cited", "evidence"),
        *("footnote-ref", "footnote-backref"),
    )
)
"""Classes of what is said of a text and not in it."""

_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "dfn", "em", "i", "kbd", "mark", "q"),
        *("s", "samp", "small", "span", "strong", "sub", "sup", "u", "var"),
    )
)
"""Elements between whose words there need not be a space (HTML Living Standard, 3.2.5.2.5)."""

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Survey:
    """The ids that a unit has and those that its links name, what it says, and in which words.

    The first that it says is its title. `terms` gives for each term the places where it stands, by
    their number in `said`.
    """

    anchors: tuple[str, ...]
    targets: tuple[str, ...]
    said: tuple[Said, ...]
    terms: dict[str, tuple[int, ...]]


_SURVEY = TypeAdapter(Survey)


def survey(unit: Unit, store: Store) -> Survey:
    """Survey a unit, or find what was found before in the same HTML."""
    key = digest([unit.id, unit.title, unit.language, unit.html, _code()])
    if (kept := store.read(key)) is not None:
        try:
            return _SURVEY.validate_json(kept)
        except ValidationError:
            # A file that something else damaged is as good as none.
            pass
    found = _survey(unit)
    store.write(key, _SURVEY.dump_json(found))
    return found


@cache
def _code() -> list[str]:
    here = Path(__file__).parent
    return [(here / name).read_text(encoding="utf-8") for name in ("survey.py", "terms.py")]


def _survey(unit: Unit) -> Survey:
    root = fragment_fromstring(unit.html, create_parent="div")
    hrefs = (link.get("href", "") for link in root.iter("a"))
    said = ((unit.id, unit.title, unit.language), *_said(root, unit.language))
    return Survey(
        anchors=tuple(name for element in root.iter() if (name := element.get("id"))),
        targets=tuple(dict.fromkeys(unquote(href[1:]) for href in hrefs if href[:1] == "#")),
        said=said,
        terms=_places(said),
    )


def _said(root: HtmlElement, language: str) -> Iterator[Said]:
    """What is said at each place, in the order of the text."""
    pieces: dict[HtmlElement, list[str]] = {}
    for place, text in _spoken(root, root):
        pieces.setdefault(place, []).append(text)
    for place, texts in pieces.items():
        if text := _SPACE.sub(" ", "".join(texts)).strip():
            yield _nearest(place, "id") or "", text, _nearest(place, "lang") or language


def _nearest(place: HtmlElement, attribute: str) -> str | None:
    """The attribute of a place, or of what it stands in."""
    around = (place, *place.iterancestors())
    return next((value for element in around if (value := element.get(attribute))), None)


def _spoken(element: HtmlElement, place: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """The pieces of text in an element, each with its place; `place` is that of the element."""
    if element.get("id") or (element.tag in _PLACES and place.tag not in _WHOLE):
        place = element
    yield place, element.get("alt", "")
    yield place, element.text or ""
    for child in element:
        space = "" if child.tag in _INLINE else " "
        yield place, space
        if not _is_silent(child):
            yield from _spoken(child, place)
        yield place, space + (child.tail or "")


def _is_silent(element: HtmlElement) -> bool:
    return (
        not isinstance(element.tag, str)
        or element.tag == "svg"
        or "data-folio" in element.attrib
        or not _SILENT.isdisjoint(element.get("class", "").split())
    )


def _places(said: tuple[Said, ...]) -> dict[str, tuple[int, ...]]:
    places: dict[str, list[int]] = {}
    for number, (_, text, _) in enumerate(said):
        for term in dict.fromkeys(terms(text)):
            places.setdefault(term, []).append(number)
    return {term: tuple(numbers) for term, numbers in places.items()}

"""Division: a long unit as several, each of which is typeset by itself.

What lists the texts of an event grows with it, and the typesetter needs memory and time by the
length of what it sets. So a unit whose neutral HTML is long is divided for print before elements
with the attribute `data-divide`, which templates give to what may begin on a new page. Its parts
follow one another as the pages of one unit do; screens, which have no pages, show the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from itertools import accumulate

from lxml.html import Element, HtmlElement, fragment_fromstring

from report.printform import screen_names
from report.runs import inside
from report.unit import Report, Unit

LONG = 200_000
"""The characters of HTML from which on a unit is long: some twenty-five pages of contents."""

_TAGS = 40
"""The characters of an element's tags, as most have them."""

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TABLE_HEADS = frozenset(("caption", "colgroup", "thead"))


def divided(report: Report) -> Report:
    """Return a report, or a volume of one, as it is printed: with the parts of long units."""
    return replace(report, units=tuple(part for unit in report.units for part in divide(unit)))


def divide(unit: Unit) -> tuple[Unit, ...]:
    """Return the parts of a unit, about equal in length, or the unit itself if it is not long."""
    if len(unit.html) <= LONG:
        return (unit,)
    body = fragment_fromstring(unit.html, create_parent="body")
    rests = [_take(body, place) for place in reversed(_places(body))]
    if not rests:
        return (unit,)
    first, *others = (inside(part) for part in (body, *reversed(rests)))
    return (
        replace(unit, html=first),
        *(
            replace(unit, id=f"{unit.id}/part-{number}", html=html, continues=unit.id)
            for number, html in enumerate(others, start=2)
        ),
    )


def _places(body: HtmlElement) -> list[HtmlElement]:
    """The elements with which the parts after the first are to begin."""
    elements = list(body.iter())
    silent = {element for name in screen_names(body) for element in name.iter()}
    lengths = (0 if element in silent else _length(element) for element in elements)
    *starts, whole = accumulate(lengths, initial=0)
    parts = -(-whole // LONG)
    places: list[HtmlElement] = []
    for element, start in zip(elements, starts, strict=True):
        is_due = start * parts >= whole * (len(places) + 1)
        if is_due and "data-divide" in element.attrib and not _is_headed(element):
            places.append(element)
    return places


def _length(element: HtmlElement) -> int:
    return _TAGS + len(element.text or "") + len(element.tail or "")


def _is_headed(element: HtmlElement) -> bool:
    """Whether nothing but what heads it stands before an element in what it is in."""
    before = element.getprevious()
    return (
        before is None
        or before.tag in _HEADINGS
        or before.tag in _TABLE_HEADS
        or before.find("th[@scope='rowgroup']") is not None
    )


def _take(body: HtmlElement, place: HtmlElement) -> HtmlElement:
    """Take an element and all that follows it out of a body; return it as a body of its own."""
    rest, around = [place, *place.itersiblings()], place.getparent()
    while True:
        assert around is not None
        shell = Element(around.tag, _without_id(around))
        shell.extend((*map(deepcopy, _heads(around)), *rest))
        if around is body:
            return shell
        shell.tail, around.tail = around.tail, None
        rest, around = [shell, *around.itersiblings()], around.getparent()


def _without_id(element: HtmlElement) -> dict[str, str]:
    """The attributes of an element for its like in another part, since ids are unique."""
    return {name: value for name, value in element.items() if name not in ("id", "data-divide")}


def _heads(element: HtmlElement) -> Iterator[HtmlElement]:
    """What heads a table, or a group of its rows, and is to head its further parts too."""
    for child in element:
        if child.tag in ("colgroup", "thead") or child.find("th[@scope='rowgroup']") is not None:
            yield child

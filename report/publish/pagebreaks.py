"""Where the pages of the PDF begin, in a form that has no pages.

A page is found by the words with which it begins, or else by the first id that stands on it. Forms
differ in signs, digits, spaces and hyphens, so that only letters are compared.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from lxml.html import Element, HtmlElement

from report.fragment import TypesetUnit

_LENGTHS = (40, 25, 12)
"""How many letters are looked for: fewer where one form has words that the other has not."""


def mark_pages(root: HtmlElement, unit: TypesetUnit, labels: Sequence[str]) -> None:
    """Mark in a unit's HTML where each of its pages begins; `labels` are those of the pages."""
    runs = tuple(_runs(root))
    places = tuple(_places(unit, runs))
    # From the last to the first, so that no place moves before its mark is put there.
    for label, (run, letters) in reversed(tuple(zip(labels, places, strict=True))):
        runs[run].split(letters, _mark(label))


def page_anchor(label: str) -> str:
    """The id of the mark of a page; no id of the report begins with a stroke."""
    return f"/page/{''.join(label.split())}"


def _mark(label: str) -> HtmlElement:
    """A mark where a page begins (DPUB-ARIA 1.1, doc-pagebreak)."""
    attributes = {"id": page_anchor(label), "role": "doc-pagebreak", "aria-label": label}
    return Element("span", attributes)


_CLOSED = {
    *("ul", "ol", "dl", "table", "colgroup", "col", "thead", "tbody", "tfoot", "tr"),
    *("img", "br", "hr"),
}
"""Elements that have no text of their own (HTML Living Standard, 4)."""


@dataclass(frozen=True, slots=True)
class _Run:
    """The text at the beginning of an element, or the one that follows it."""

    element: HtmlElement
    is_tail: bool

    @property
    def text(self) -> str:
        return str((self.element.tail if self.is_tail else self.element.text) or "")

    def split(self, letters: int, mark: HtmlElement) -> None:
        """Put a mark before the word that follows so many letters."""
        text = self.text
        before, mark.tail = text[: (place := _before_word(text, letters))], text[place:]
        if self.is_tail:
            self.element.tail = before
            parent = self.element.getparent()
            assert parent is not None
            parent.insert(parent.index(self.element) + 1, mark)
        else:
            self.element.text = before
            self.element.insert(0, mark)


def _runs(element: HtmlElement) -> Iterator[_Run]:
    """The texts of an element in their order, without those of drawings."""
    yield _Run(element, is_tail=False)
    for child in element:
        if child.tag != "svg":
            yield from _runs(child)
        yield _Run(child, is_tail=True)


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text))


def _before_word(text: str, letters: int) -> int:
    """The index of the letter after so many; within a word, of the word after it."""
    places = [index for index, character in enumerate(text) if character.isalpha()]
    place = places[letters] if letters < len(places) else len(text)
    if place and text[place - 1 : place].isalpha():
        end = text.find(" ", place)
        return end + 1 if end >= 0 else len(text)
    return place


_Place = tuple[int, int]
"""A place in a text: the number of a run, and how many letters of it stand before the place."""


def _places(unit: TypesetUnit, runs: Sequence[_Run]) -> Iterator[_Place]:
    """Where each page of the unit begins."""
    letters = [_letters(run.text) for run in runs]
    whole, starts = "".join(letters), tuple(accumulate(map(len, letters), initial=0))
    ids = _ids(runs)
    place = (0, 0)
    yield place
    for page in range(1, unit.pages):
        before = starts[place[0]] + place[1]
        found = _find(_letters(unit.openings[page]), whole, before)
        if found is None:
            here = (name for name, (on, _, _) in unit.anchors.items() if on == page)
            named = min(((ids[name], 0) for name in here if name in ids), default=place)
        else:
            run = bisect_right(starts, found) - 1
            named = (run, found - starts[run])
        place = max(place, named)
        yield place


def _ids(runs: Sequence[_Run]) -> Mapping[str, int]:
    """The run with which each element begins that has an id, where a mark may stand in it."""
    return {
        name: number
        for number, run in enumerate(runs)
        if not run.is_tail and run.element.tag not in _CLOSED and (name := run.element.get("id"))
    }


def _find(letters: str, whole: str, start: int) -> int | None:
    """Where these letters follow, or so many of them as do."""
    for length in _LENGTHS:
        place = whole.find(letters[:length], start) if letters else -1
        if place >= 0:
            return place
    return None

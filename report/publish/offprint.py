"""Offprints: a part of the report by itself, on the pages and with the numbers that it has there.

A session is the part that begins with its opener: all that belongs to it is in its offprint. A
cover says where the part stands in the report and how to cite it. Links to other parts lead into
the report, which lies beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from report.assets import PRINT_STYLES, stylesheets, template_folders
from report.citation import Part
from report.digits import write_digits
from report.link import homes
from report.manuscript import Manuscript
from report.model import Event
from report.nearest import hint
from report.runs import set_apart
from report.templating import environment
from report.typeset import Pagination, Styles, Typeset, typeset_alone
from report.typography import smarten
from report.unit import NoSuchUnitError, Paging, Report, Unit
from report.words import words

COVER = "offprint"
"""The identity of an offprint's cover."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a part stands: in which book of the report, and as which of what is typeset of it.

    Its first unit is its head, and gives it its name.
    """

    units: tuple[Unit, ...]
    book: Report
    typeset: Typeset

    @property
    def head(self) -> Unit:
        """The first unit."""
        return self.units[0]

    @property
    def numbers(self) -> slice:
        """The place of its units among those that are typeset, where a long one has several."""
        names = {unit.id for unit in self.units}
        units = [unit for unit, _, _ in self.typeset.pagination.units]
        parts = [n for n, unit in enumerate(units) if unit.whole in names]
        return slice(parts[0], parts[-1] + 1)

    @property
    def pages(self) -> range:
        """The indexes of its pages in the book."""
        start = self.typeset.pagination.starts[self.numbers][0]
        return range(start, start + sum(unit.pages for unit in self.typeset.units[self.numbers]))

    @property
    def folios(self) -> tuple[str, ...]:
        """The folios of its first page and of its last, or of the one that is both."""
        label = self.typeset.pagination.label
        return tuple(dict.fromkeys((label(self.pages[0]), label(self.pages[-1]))))


def offprint(manuscript: Manuscript, identity: str) -> Manuscript:
    """Take the part with this id out of the report, on its own pages, and give it a cover.

    The manuscript has its pages. Raises `NoSuchUnitError`, and what merging and typesetting raise.
    """
    whole, pages = manuscript.report, manuscript.typeset
    assert pages
    place = _find(identity, whole, pages)
    part = _part(place, manuscript.event)
    assert place.book.entry
    report = replace(
        place.book,
        title=f"{place.head.title}. {place.book.title}",
        entry=replace(place.book.entry, part=part),
        volumes=(),
    )
    cover = _cover(report, place, part)
    styles = Styles(stylesheets(whole.folder, PRINT_STYLES))
    typeset = typeset_alone(cover, whole, styles, manuscript.cache)
    units = (typeset, *place.typeset.units[place.numbers])
    pagination = _pagination(cover, place)
    labels = {pagination.label(page) for page in pagination.stamped}
    sheets = {label: sheet for label, sheet in pages.sheets.items() if label in labels}
    return replace(
        manuscript,
        report=replace(report, units=(cover, *place.units)),
        typeset=Typeset(units, sheets, (pagination,)),
        name=identity.replace("/", "-"),
        homes=homes(whole, pages, manuscript.suffix),
    )


def _find(identity: str, report: Report, typeset: Typeset) -> _Place:
    places = {
        unit.id: (number, book, pages)
        for book, pages in zip(report.bound, typeset.bound, strict=True)
        for number, unit in enumerate(book.units)
        if unit.paging is not Paging.NONE
    }
    if identity not in places:
        told = hint(identity, places, "name it by its file, such as 2-dialogue/03-mayor")
        raise NoSuchUnitError(f"the report has no part `{identity}`: {told}")
    number, book, pages = places[identity]
    head, *following = book.units[number:]
    return _Place((head, *_below(head, following)), book, pages)


def _below(head: Unit, following: Sequence[Unit]) -> Iterator[Unit]:
    """Yield the units that belong to the one before them, as statements do to their session."""
    return takewhile(lambda unit: unit.level > head.level, following)


def _part(place: _Place, event: Event) -> Part:
    """How the part is cited: a statement by speaker and title, any other by its title."""
    statement = next((s for s in event.statements if s.id == place.head.id), None)
    if statement is None:
        return Part("", place.head.title, place.folios)
    return Part(place.head.title, smarten(statement.title, event.language), place.folios)


def _cover(report: Report, place: _Place, part: Part) -> Unit:
    templates = environment(
        template_folders(report.folder), words(report.language), typographic=True
    )
    html = templates.get_template("offprint.html").render(
        id=COVER, report=report, book=place.book, unit=place.head, part=part
    )
    html = write_digits(set_apart(html, report.language), report.digits)
    return Unit(COVER, "cover", report.title, html, report.language, Paging.NONE)


def _pagination(cover: Unit, place: _Place) -> Pagination:
    """The cover, and the part's pages with the numbers that they have in the report."""
    there = place.typeset.pagination
    number = there.number(place.pages[0])
    units = ((cover, 1, {COVER: 0}), *there.units[place.numbers])
    if place.head.paging is Paging.FRONT:
        return Pagination(units, lead=number - 1, digits=there.digits)
    return Pagination(units, first=number, digits=there.digits)

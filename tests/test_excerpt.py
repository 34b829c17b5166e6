"""Excerpts: pages of a long text that are set without those before them are what they would be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import mkdtemp

import pytest

from report.assets import PRINT_STYLES, stylesheets
from report.compilation import merged
from report.desk.proof import Proofs
from report.fragment import Excerpt, Store, TypesetUnit
from report.typeset import Styles, excerpt, typeset_alone
from report.unit import Report, Unit
from report.workers import Crew
from tests import synthetic
from tests.conftest import CACHE, Compiled

SUMMARY = "6-closing/chairmans-summary"
WIDTH = 500
"""Pixels across a picture of a page."""

WORDS = "Words that are many, and more. "


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    with Crew(1) as crew:
        yield crew


@dataclass(frozen=True)
class Desk:
    """A report, and who sets it."""

    report: Report
    styles: Styles
    crew: Crew
    cache: Path

    def whole(self, unit: Unit) -> TypesetUnit:
        return typeset_alone(unit, self.report, self.styles, self.cache, executor=self.crew)

    def excerpt(self, unit: Unit, before: TypesetUnit, page: int) -> Excerpt | None:
        """What is set for who reads a page, with a cache that has nothing of it yet."""
        return excerpt(
            unit,
            self.report,
            self.styles,
            Path(mkdtemp(dir=self.cache)),
            before,
            page,
            folios={},
            executor=self.crew,
            meanwhile=lambda: None,
        )


def picture(pages: TypesetUnit, page: int) -> bytes:
    return Proofs(Store(pages.path.parents[1])).picture(pages.key, page, None, WIDTH)


@pytest.fixture(scope="module")
def desk(crew: Crew, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    cache = tmp_path_factory.mktemp("cache")
    return Desk(synthetic.report(long()), synthetic.styles(), crew, cache)


@pytest.fixture(scope="module")
def summary(crew: Crew, sample: Compiled) -> tuple[Desk, Unit]:
    styles = Styles(stylesheets(sample.folder, PRINT_STYLES))
    report = merged(sample.event, sample.folder, CACHE, styles.sheets)
    unit = next(unit for unit in report.units if unit.id == SUMMARY)
    return Desk(report, styles, crew, CACHE), unit


def long() -> Unit:
    """A text of several pages, with what may be divided between two of them."""
    rows = "".join(f"<tr><th>Row {n}</th><td>{WORDS * 2}</td></tr>" for n in range(40))
    items = "".join(f"<li>{WORDS * (n % 4)}</li>" for n in range(12))
    note = f'<span class="footnote">{WORDS * 30}</span>'
    extra = (
        f"<h3>Table</h3><table>{rows}</table><h3>List</h3><ol>{items}</ol>"
        f"<p>{WORDS * 9}{note} {WORDS * 9}</p>" * 2
    )
    return synthetic.statement(1, 20, extra=extra)


def changed(unit: Unit, place: float) -> Unit:
    """A text with a sentence more after the one that ends at this part of its HTML, from 0 to 1."""
    start = unit.html.index(". ", int(place * (len(unit.html) - 500))) + 1
    return replace(unit, html=f"{unit.html[:start]} Indeed so.{unit.html[start:]}")


def excerpts(desk: Desk, unit: Unit, new: Unit) -> Iterator[tuple[int, Excerpt]]:
    """What is shown first to the readers of the first two pages that change."""
    before = desk.whole(unit)
    pairs = enumerate(zip(unit.html, new.html, strict=False))
    differs = next(place for place, (old, now) in pairs if old != now)
    start = sum(begin.length < differs for begin in before.begins()) - 2
    made = ((page, desk.excerpt(new, before, page)) for page in range(max(start, 0), before.pages))
    return islice(((page, part) for page, part in made if part), 2)


def assert_shows_the_pages_of_the_whole(desk: Desk, unit: Unit, place: float) -> None:
    new = changed(unit, place)
    shown = [
        (part.first + number, picture(part.pages, number))
        for _, part in excerpts(desk, unit, new)
        for number in range(part.pages.pages)
    ]
    whole = desk.whole(new)
    assert shown
    assert all(seen == picture(whole, page) for page, seen in shown)


@pytest.mark.parametrize("place", [twelfth / 12 for twelfth in range(13)])
def test_pages_are_those_of_the_whole(desk: Desk, place: float) -> None:
    assert_shows_the_pages_of_the_whole(desk, desk.report.units[0], place)


@pytest.mark.heavy
@pytest.mark.parametrize("place", [0, 0.3, 0.6, 0.9])
def test_pages_of_the_samples_summary_are_those_of_the_whole(
    summary: tuple[Desk, Unit], place: float
) -> None:
    assert_shows_the_pages_of_the_whole(*summary, place)


def test_only_the_page_that_is_read_is_drawn(desk: Desk) -> None:
    unit = desk.report.units[0]
    before, new = desk.whole(unit), changed(unit, 0.6)
    assert desk.excerpt(new, before, 0) is None, "nothing changes there"
    ((page, first), (following, second)) = excerpts(desk, unit, new)
    assert page > 3
    assert following == page + 1
    assert (first.first, first.pages.pages) == (page, 1)
    assert (second.first, second.pages.pages) == (following, 1)


def test_layout_never_begins_where_a_note_goes_on(desk: Desk) -> None:
    unit = desk.report.units[0]
    begins = desk.whole(unit).begins()
    (carried,) = (page for page, begin in enumerate(begins) if not begin.state)
    assert_shows_the_pages_of_the_whole(desk, unit, begins[carried].length / len(unit.html))


def test_a_page_in_another_look_is_that_of_the_whole(desk: Desk) -> None:
    unit = desk.report.units[0]
    other = replace(desk, styles=synthetic.styles("p { text-indent: 1em }"))
    before, whole = desk.whole(unit), other.whole(unit)
    for page in (1, before.pages - 1):
        made = other.excerpt(unit, before, page)
        assert made
        assert made.first == page
        assert picture(made.pages, 0) == picture(whole, page) != picture(before, page)


@pytest.mark.parametrize(
    "look",
    ["letter-spacing: 0.02em", "hyphens: none", "font-size: 9pt", "font-style: italic"],
)
def test_lines_that_are_remembered_are_those_of_the_same_look(desk: Desk, look: str) -> None:
    unit = synthetic.statement(3, 14)
    before = desk.whole(unit)
    other = replace(desk, styles=synthetic.styles(f"p {{ {look} }}"))
    whole = other.whole(unit)
    plain = replace(desk, styles=synthetic.styles("p { text-indent: 0.5em }"))
    for each in (plain, other, other):
        made = each.excerpt(unit, before, 1)
        assert made
    assert picture(made.pages, 0) == picture(whole, 1) != picture(before, 1)


def test_of_a_text_that_has_become_shorter_the_last_page_is_drawn(desk: Desk) -> None:
    unit = desk.report.units[0]
    new = replace(unit, html=unit.html[: len(unit.html) // 2])
    before, whole = desk.whole(unit), desk.whole(new)
    made = desk.excerpt(new, before, before.pages - 1)
    assert made
    assert made.first == whole.pages - 1 < before.pages - 1
    assert picture(made.pages, 0) == picture(whole, made.first)


def test_what_is_no_less_work_than_the_whole_is_left_to_it(desk: Desk) -> None:
    unit = desk.report.units[0]
    assert desk.excerpt(unit, desk.whole(unit), 0) is None
    short = synthetic.statement(2, 2)
    assert desk.excerpt(changed(short, 0), desk.whole(short), 0) is None

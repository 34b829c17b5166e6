"""Lists that go on over pages: no entry is divided, and none is alone at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from report.assets import PRINT_STYLES, stylesheets
from report.link import link
from report.typeset import Styles, typeset
from tests import synthetic

NOWHERE = Path(__file__).parent / "no-event"
LENGTHS = range(18, 48)
"""Entries of lists of which each is one longer, so that one of them ends just after a page."""


def entries(form: str, number: int, count: int) -> str:
    """So many entries of the list with a number, in a form that has a title and a line below."""
    return "".join(form.format(f"Title {number}-{n}", f"By {number}-{n}") for n in range(count))


def tables(number: int) -> str:
    form = '<li><a href="#"><span class="entry">{}</span> <span class="source">{}</span></a></li>'
    listed = entries(form, number, number)
    return f'<section class="figures-list"><h2>Tables</h2><ol>{listed}</ol></section>'


def participants(number: int) -> str:
    form = '<li><span class="entity">{}</span> <span class="person">{}</span></li>'
    listed = entries(form, number, 2 * number + 1)
    return f'<section class="participants"><h2>Participants</h2><ul>{listed}</ul></section>'


def speakers(number: int) -> str:
    form = '<section class="speaker"><h3>{}</h3><p class="when">{}</p></section>'
    listed = entries(form, number, number)
    return f'<section class="biographies"><h2>Speakers</h2>{listed}</section>'


def contents(number: int) -> str:
    levels = [1, *[2] * 12, *[1] * number, *[2] * 5]
    listed = (f'<li class="level-{level}"><a href="#">Level {level}</a></li>' for level in levels)
    return f'<section class="contents"><h2>Contents</h2><ol>{"".join(listed)}</ol></section>'


def pages(html: Callable[[int], str], cache: Path) -> Iterator[str]:
    """The text of each page of lists, one after the other."""
    units = [replace(synthetic.statement(n, 1), html=html(n)) for n in LENGTHS]
    report = replace(synthetic.report(*units), folder=NOWHERE)
    pressed = typeset(report, Styles(stylesheets(NOWHERE, PRINT_STYLES)), cache, jobs=1)
    with pypdfium2.PdfDocument(link(report, pressed, cache)) as document:
        for page in document:
            yield page.get_textpage().get_text_bounded()


@pytest.mark.parametrize("html", [tables, participants, speakers])
def test_an_entry_stands_on_one_page_and_beside_another(
    html: Callable[[int], str], tmp_path: Path
) -> None:
    continued = 0
    for text in pages(html, tmp_path):
        titles = re.findall(r"Title (\d+-\d+)", text)
        assert titles == re.findall(r"By (\d+-\d+)", text)
        assert len(titles) != 1
        continued += bool(titles) and not titles[0].endswith("-0")
    assert continued > 5


def test_contents_fill_their_pages_and_leave_no_part_without_its_texts(tmp_path: Path) -> None:
    for text in pages(contents, tmp_path):
        levels = "".join(re.findall(r"Level (\d)", text))
        assert len(levels) > 25 or "Contents" not in text
        assert levels != "22222"

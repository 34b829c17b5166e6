"""Notes in the margin: each is printed once, whole, on its line's page, and over no other."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from report.press import Press
from tests.conftest import Compiled

LINE = 10
"""Points of a line, of which a page has ten."""

Places = dict[str, tuple[int, float, float]]
"""The page, the top and the bottom of each line of a text."""


def lines(before: int, notes: int) -> Places:
    """Where lines come to lie when some stand before a paragraph that has notes at its end."""
    from weasyprint import HTML

    assert Press((), Path())
    text = "".join(f"text{line}<br>" for line in range(before))
    marks = "".join(
        f"<span>note{n}a<br>note{n}b<br>note{n}c</span> end{n}<br>" for n in range(notes)
    )
    html = f"""<style>
        @page {{ size: 300pt 140pt; margin: 20pt 100pt 20pt 20pt }} body {{ margin: 0 }}
        p {{ margin: 0; font-size: 8pt; line-height: {LINE}pt; orphans: 2; widows: 2 }}
        span {{ float: right; width: 60pt; margin-right: -70pt; break-inside: avoid }}
        </style><p>{text}{marks}last</p>"""
    found: Places = {}
    with pypdfium2.PdfDocument(HTML(string=html).write_pdf()) as document:
        for number, page in enumerate(document):
            text_page = page.get_textpage()
            for index in range(text_page.count_rects()):
                rect = text_page.get_rect(index)
                said = text_page.get_text_bounded(*rect).strip()
                assert said not in found, f"{said} is printed twice"
                found[said] = number, rect[3], rect[1]
    return found


@pytest.mark.parametrize("notes", [1, 2])
@pytest.mark.parametrize("before", range(3, 24))
def test_a_note_is_whole_beside_its_line(before: int, notes: int) -> None:
    places = lines(before, notes)
    assert len(places) == before + 4 * notes + 1
    for n in range(notes):
        pages = {places[f"note{n}{part}"][0] for part in "abc"}
        assert pages == {places[f"end{n}"][0]}
    in_margin = [place for said, place in places.items() if said.startswith("note")]
    for (page, _, bottom), (other, top, _) in pairwise(in_margin):
        assert page != other or bottom > top - 1, "no note stands on another"


@pytest.mark.parametrize("before", range(3, 14))
def test_a_single_note_ends_with_the_page_s_text(before: int) -> None:
    places = lines(before, 1)
    assert min(bottom for _, _, bottom in places.values()) > 18


def test_nothing_is_tagged_outside_the_parts_of_the_report(sample: Compiled) -> None:
    """A screen reader would come to it where nobody expects it."""
    with pikepdf.open(sample.output / "report.pdf") as pdf:
        (document,) = pdf.Root.StructTreeRoot.K
        assert {str(part.S) for part in document.K} == {"/Sect", "/Art"}

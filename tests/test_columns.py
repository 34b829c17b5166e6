"""Columns: what stands in them is in order, whole, and they end together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report.press import Press

LINE = 15
"""Points of a line, and of a page so many lines high."""

Seen = list[tuple[int, int, str]]
"""Each line of a PDF: its page, its column, and its text."""


def set_in_columns(
    lengths: Sequence[int], lines: int = 40, count: int = 2, style: str = ""
) -> tuple[Seen, int]:
    """Set a list whose entries have so many lines; return what is seen, and the tallest column.

    The tallest column of the last page, in lines.
    """
    from weasyprint import HTML

    assert Press((), Path())
    entries = "".join(
        "<li>" + "<br>".join(f"{n}-{line}" for line in range(length))
        for n, length in enumerate(lengths)
    )
    html = f"""<style>
        @page {{ size: 300pt {lines * LINE + 20}pt; margin: 10pt }}
        body, ul {{ margin: 0; padding: 0; list-style: none }}
        ul {{ font-size: 10pt; line-height: {LINE}pt }}
        ul {{ columns: {count}; column-gap: 10pt }} li {{ break-inside: avoid }} {style}
        </style><ul>{entries}</ul>"""
    seen: Seen = []
    bottoms: list[float] = []
    with pypdfium2.PdfDocument(HTML(string=html).write_pdf()) as document:
        for number, page in enumerate(document):
            text = page.get_textpage()
            bottoms.clear()
            for index in range(text.count_rects()):
                left, bottom, right, top = text.get_rect(index)
                column = int((left - 10) // (280 / count))
                seen.append(
                    (number, column, text.get_text_bounded(left, bottom, right, top).strip())
                )
                bottoms.append(lines * LINE + 10 - bottom)
    return seen, round(max(bottoms) / LINE + 0.4)


def expected(lengths: Sequence[int]) -> list[str]:
    return [f"{n}-{line}" for n, length in enumerate(lengths) for line in range(length)]


def least(lengths: Sequence[int]) -> int:
    """The lines of the taller of two columns at the best place to divide a list."""
    return min(max(sum(lengths[:n]), sum(lengths[n:])) for n in range(1, len(lengths) + 1))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=12))
def test_a_list_that_fits_its_page_is_divided_where_its_columns_are_the_lowest(
    lengths: list[int],
) -> None:
    seen, tallest = set_in_columns(lengths, lines=80)
    assert [text for _, _, text in seen] == expected(lengths)
    assert [place[:2] for place in seen] == sorted(place[:2] for place in seen)
    assert tallest == least(lengths)


def test_a_list_of_several_pages_fills_them_and_ends_in_even_columns() -> None:
    lengths = [2] * 50
    seen, tallest = set_in_columns(lengths, lines=20)
    assert [text for _, _, text in seen] == expected(lengths)
    places = [(page, column) for page, column, _ in seen]
    filled = [places.count((page, column)) for page in range(3) for column in range(2)]
    assert filled == [20, 20, 20, 20, 10, 10]
    assert tallest == 10


def test_there_may_be_more_columns_than_two() -> None:
    seen, tallest = set_in_columns([1, 2, 1, 2, 1, 2], count=3)
    assert [text for _, _, text in seen] == expected([1, 2, 1, 2, 1, 2])
    assert {column for _, column, _ in seen} == {0, 1, 2}
    assert tallest == 3


def test_columns_of_a_text_from_the_right_begin_at_the_right() -> None:
    seen, _ = set_in_columns([1, 1], style="html { direction: rtl }")
    assert {(column, text) for _, column, text in seen} == {(1, "0-0"), (0, "1-0")}


def test_a_heading_is_not_left_at_the_foot_of_a_column() -> None:
    seen, _ = set_in_columns([2, 1, 2], style="li:nth-child(2) { break-after: avoid }")
    assert [column for _, column, _ in seen] == [0, 0, 1, 1, 1]


def test_margins_have_their_room_in_columns() -> None:
    style = f"li {{ margin-block: {LINE}pt {LINE}pt }}"
    seen, tallest = set_in_columns([1, 1, 1, 1], style=style)
    assert [column for _, column, _ in seen] == [0, 0, 1, 1]
    assert tallest == 4


def test_columns_begin_at_one_height() -> None:
    """A margin is for what stands above: none does at the top of a column, on any page."""
    from weasyprint import HTML

    assert Press((), Path())
    html = f"""<style>
        @page {{ size: 300pt {4 * LINE}pt; margin: 0 }} body, ul {{ margin: 0; padding: 0 }}
        ul {{ columns: 2; font-size: 10pt; line-height: {LINE}pt; list-style: none }}
        li {{ margin: {LINE}pt 0 0 }} li:first-child {{ margin: 0 }}
        </style><ul>{"".join(f"<li>{n}</li>" for n in range(10))}</ul>"""
    tops: dict[tuple[int, bool], float] = {}
    with pypdfium2.PdfDocument(HTML(string=html).write_pdf()) as document:
        for number, page in enumerate(document):
            text = page.get_textpage()
            for left, _, _, top in map(text.get_rect, range(text.count_rects())):
                place = number, left > 140
                tops[place] = max(round(top), tops.get(place, 0))
    assert len(tops) == 6
    assert len(set(tops.values())) == 1


@pytest.mark.parametrize(
    "style", ["li:first-child { float: left }", "li:first-child { display: table }"]
)
def test_what_is_more_than_text_is_in_columns_too(style: str) -> None:
    seen, _ = set_in_columns([1, 1, 1, 1], style=style)
    assert sorted(text for _, _, text in seen) == expected([1, 1, 1, 1])
    assert {column for _, column, _ in seen} == {0, 1}


@pytest.mark.parametrize("aside", ["", "position: relative; top: 40pt"])
def test_what_is_moved_beside_its_line_is_moved_once(aside: str) -> None:
    from weasyprint import HTML

    assert Press((), Path())
    html = f"""<style>
        @page {{ size: 300pt 400pt; margin: 10pt }} body {{ margin: 0 }}
        div {{ columns: 2; font: 10pt/15pt serif }} p {{ margin: 0 }} b {{ {aside} }}
        </style><div><p>Low <b>High</b></p><p>Other</p></div>"""
    with pypdfium2.PdfDocument(HTML(string=html).write_pdf()) as document:
        text = document[0].get_textpage()
        tops = {
            text.get_text_bounded(*rect).strip(): rect[3]
            for rect in map(text.get_rect, range(text.count_rects()))
        }
    below = next(top for words, top in tops.items() if "High" in words)
    line = next(top for words, top in tops.items() if "Low" in words)
    assert line - below == pytest.approx(40 if aside else 0, abs=1)

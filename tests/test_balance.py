"""Headings: no word of theirs is alone in a line that could hold more."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report.press import Press

TITLE = "Measures to address conditions conducive to the spread of terrorism"


def lines(text: str, width: int, style: str) -> list[tuple[str, float, float]]:
    """Each line of a text that is set so wide, and where it begins and ends, in CSS pixels."""
    from weasyprint import HTML

    assert Press((), Path())
    html = f"""<style>@page {{ size: 900px; margin: 50px }}</style>
        <p style="margin: 0; font-size: 16px; width: {width}px; {style}">{text}"""
    with pypdfium2.PdfDocument(HTML(string=html).write_pdf()) as document:
        page = document[0].get_textpage()
        rects = [page.get_rect(n) for n in range(page.count_rects())]
        return [
            (page.get_text_bounded(*rect).strip(), rect[0] / 0.75 - 50, rect[2] / 0.75 - 50)
            for rect in rects
        ]


def test_the_lines_of_a_balanced_text_are_alike() -> None:
    as_ever = [words for words, *_ in lines(TITLE, 420, "")]
    assert len(as_ever) == 2
    balanced = [words for words, *_ in lines(TITLE, 420, "text-wrap: balance")]
    assert " ".join(balanced) == TITLE
    assert len(balanced) == 2
    first, second = map(len, balanced)
    assert abs(first - second) < len(TITLE) / 6 < abs(len(as_ever[0]) - len(as_ever[1]))


@pytest.mark.parametrize("style", ["text-align: right", "direction: rtl", "text-align: justify"])
def test_a_balanced_text_ends_where_its_box_does(style: str) -> None:
    (_, _, end), _ = lines(TITLE, 420, f"text-wrap: balance; {style}")
    (_, _, as_ever), _ = lines(TITLE, 420, style)
    assert end == pytest.approx(as_ever, abs=1)


@settings(max_examples=40, deadline=None)
@given(
    words=st.lists(st.sampled_from(["a", "of", "Unit", "Member", "International"]), max_size=40),
    width=st.integers(60, 500),
)
def test_a_balanced_text_has_as_many_lines_as_any(words: list[str], width: int) -> None:
    text = " ".join(words)
    as_ever, balanced = lines(text, width, ""), lines(text, width, "text-wrap: balance")
    assert len(balanced) == len(as_ever)
    assert " ".join(words for words, *_ in balanced) == " ".join(words for words, *_ in as_ever)


def test_what_wraps_within_a_balanced_element_wraps_as_ever() -> None:
    inner = f'<span style="display: block; text-wrap: wrap">{TITLE}</span>'
    assert lines(inner, 420, "text-wrap: balance") == lines(TITLE, 420, "")


def test_the_margin_of_a_page_is_balanced_too() -> None:
    from weasyprint import HTML

    assert Press((), Path())
    html = f"""<style>@page {{ size: 500px; margin: 100px 40px;
        @top-right {{ content: "{TITLE}"; width: 420px; text-wrap: balance; text-align: right }} }}
        </style>"""
    with pypdfium2.PdfDocument(HTML(string=html).write_pdf()) as document:
        first, second = document[0].get_textpage().get_text_bounded().split("\r\n")
    assert abs(len(first) - len(second)) < len(TITLE) / 6

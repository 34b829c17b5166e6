"""Tables and indented texts: no word is beyond the page, and what is long goes on overleaf."""

from __future__ import annotations

import shutil
from pathlib import Path

import pypdfium2
import pytest

from report.compilation import compile_report
from report.formats import Format
from tests.conftest import CACHE, PROJECT

MINIMAL = PROJECT / "tests" / "events" / "minimal"
MILLIMETRE = 72 / 25.4
WIDTH = 210 * MILLIMETRE
"""Points of a page."""


def table(columns: int, head: str, rows: int = 1) -> str:
    names = "|".join(f" {head} {n} " for n in range(columns))
    row = "|".join([" 1,234,567 "] * columns)
    return f"\nBefore.\n\n|{names}|\n|{'---|' * columns}\n" + f"|{row}|\n" * rows


def pages(text: str, tmp_path: Path) -> list[list[tuple[str, float, float]]]:
    """What is on each page of a statement with a text: words, with where they begin and end."""
    event = Path(shutil.copytree(MINIMAL, tmp_path / "event"))
    (statement,) = (event / "1-opening").glob("0*.md")
    with statement.open("a", encoding="utf-8") as file:
        file.write(text)
    outcome = compile_report(event, tmp_path, CACHE, frozenset({Format.PDF}), jobs=1)
    assert outcome.outputs, outcome.diagnostics
    found = []
    with pypdfium2.PdfDocument(tmp_path / "report.pdf") as document:
        for page in document:
            read = page.get_textpage()
            rects = [read.get_rect(index) for index in range(read.count_rects())]
            found.append([(read.get_text_bounded(*rect), rect[0], rect[2]) for rect in rects])
    return found


@pytest.mark.parametrize("columns", [6, 8, 10, 14])
@pytest.mark.parametrize("head", ["Expenditure of the Government", "https://example.org/a-b/c"])
def test_all_columns_of_a_wide_table_are_on_the_page(
    columns: int, head: str, tmp_path: Path
) -> None:
    words = [word for page in pages(table(columns, head), tmp_path) for word in page]
    said = " ".join(text for text, _, _ in words)
    assert said.count("1,234,567") == columns
    assert min(left for _, left, _ in words) > 10 * MILLIMETRE
    assert max(right for _, _, right in words) < WIDTH - 10 * MILLIMETRE


@pytest.mark.parametrize("rows", [20, 34, 90])
def test_a_long_table_begins_below_the_text_before_it(rows: int, tmp_path: Path) -> None:
    text = table(2, "Year", rows).replace("|", "Table: By year\n\n|", 1)
    said = [" ".join(text for text, _, _ in page) for page in pages(text, tmp_path)]
    assert sum(page.count("1,234,567") for page in said) == 2 * rows
    (first,) = (page for page in said if "By year" in page)
    assert "Before." in first
    assert first.count("1,234,567") >= 4
    assert all("Year 0" in page for page in said if "1,234,567" in page), "the head is repeated"


def test_a_text_that_begins_with_a_tab_is_a_paragraph_as_any_other(tmp_path: Path) -> None:
    words = "and so it goes on for a while in this text " * 6
    found = pages(f"\n\t{words}\n\n    {words}\n", tmp_path)
    said = " ".join(text for page in found for text, _, _ in page)
    assert said.count("while") == 12
    ends = [right for page in found for text, _, right in page if "goes on" in text]
    assert max(ends) < WIDTH - 40 * MILLIMETRE

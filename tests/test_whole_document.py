"""The sample set unit by unit, against WeasyPrint's own setting of its units in one document.

One document has one set of styles, so the units that need styles of other scripts are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pypdfium2
import pytest
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from report.assets import PRINT_STYLES, stylesheets
from report.compilation import merged
from report.placing import place
from report.press import Fetcher
from report.printform import print_document
from report.typeset import Styles
from report.unit import Report, Unit
from tests.conftest import CACHE, Compiled

pytestmark = pytest.mark.heavy

TOGETHER = ".unit { break-before: page; counter-reset: footnote }"


@pytest.fixture(scope="module")
def styles(sample: Compiled) -> Styles:
    return Styles(stylesheets(sample.folder, PRINT_STYLES))


@pytest.fixture(scope="module")
def report(sample: Compiled, styles: Styles) -> Report:
    return merged(sample.event, sample.folder, CACHE, styles.sheets)


def plain(sample: Compiled, units: Sequence[Unit], styles: Styles, specimen: str) -> bytes:
    """What plain WeasyPrint makes of units: tagged, with the slides and folios that we print."""
    folios = {
        name.decode(): sample.pdf.labels[page] for name, page in sample.pdf.destinations.items()
    }
    fetcher, fonts = Fetcher(sample.folder), FontConfiguration()
    sheets = [
        CSS(string=text, font_config=fonts, url_fetcher=fetcher)
        for text in [*(text for _, text in styles.sheets), TOGETHER]
    ]
    bodies = "".join(_divisions(units, folios, specimen))
    head = '<html lang="en" dir="ltr"><head><title>Report</title></head>'
    source = HTML(string=f"{head}<body>{bodies}</body></html>", url_fetcher=fetcher)
    content = source.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/a-3a")
    return place(content, {key: slide for unit in units for key, slide in unit.slides.items()})


def _pages(sample: Compiled, report: Report, units: Sequence[Unit]) -> Iterator[int]:
    """The pages of some units in our file, without the empty leaf before page 1."""
    first = [sample.pdf.destinations[unit.id.encode()] for unit in report.units]
    for unit, start, end in zip(
        report.units, first, [*first[1:], len(sample.pdf.pages)], strict=True
    ):
        if unit in units:
            yield from (n for n in range(start, end) if sample.pdf.pages[n].strip())


def _divisions(units: Sequence[Unit], folios: dict[str, str], specimen: str) -> Iterator[str]:
    for unit in units:
        document = print_document(unit, folios, specimen)
        body = document[document.index("<body") : document.index("</body>")]
        opening = re.sub(r'<body class="', '<div class="unit ', body, count=1)
        yield f"{opening.replace('<body', '<div', 1)}</div>"


def test_every_character_stands_where_weasyprint_sets_it(
    sample: Compiled, report: Report, styles: Styles
) -> None:
    usual = styles.of(report.units[0])
    units = [unit for unit in report.units if styles.of(unit) == usual]
    assert len(units) > 0.7 * len(report.units)
    numbers = list(_pages(sample, report, units))
    ours = pypdfium2.PdfDocument(sample.output / "report.pdf")
    theirs = pypdfium2.PdfDocument(plain(sample, units, usual, report.specimen))
    assert len(numbers) == len(theirs)
    for number, their in zip(numbers, theirs, strict=True):
        folio = len(sample.pdf.labels[number]) if number > 1 else 0
        placed, expected = list(_characters(ours[number])), list(_characters(their))
        assert len(placed) - folio == len(expected), f"page {number + 1}"
        for (text, x, y), (same, left, bottom) in zip(placed, expected, strict=False):
            assert text == same, f"page {number + 1}"
            assert abs(x - left) < 0.06, f"page {number + 1}: {text}"
            assert abs(y - bottom) < 0.06, f"page {number + 1}: {text}"


def test_the_file_is_hardly_larger_than_weasyprints(
    sample: Compiled, report: Report, styles: Styles
) -> None:
    theirs = plain(sample, report.units, styles, report.specimen)
    assert (sample.output / "report.pdf").stat().st_size <= 1.15 * len(theirs)


def _characters(page: pypdfium2.PdfPage) -> Iterator[tuple[str, float, float]]:
    """Every character of a page with its place in points."""
    text = page.get_textpage()
    for index in range(text.count_chars()):
        character = text.get_text_range(index, 1)
        # A hyphen at the end of a line is read as a soft one in ours.
        if character.strip() and character not in "-\u2010\u00ad\u0002\ufffe":
            yield character, *text.get_charbox(index)[:2]

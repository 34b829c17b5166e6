"""The sample set unit by unit, against WeasyPrint's own setting of all units in one document."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pypdfium2
import pytest
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from report.assets import PRINT_STYLES, stylesheets, template_folders
from report.drawing import Draughtsman
from report.merge import merge
from report.placing import place
from report.press import Fetcher
from report.printform import print_document
from report.unit import Report
from tests.conftest import CACHE, Compiled

pytestmark = [pytest.mark.xdist_group("whole"), pytest.mark.heavy]

TOGETHER = ".unit { break-before: page; counter-reset: footnote }"


@pytest.fixture(scope="module")
def whole(sample: Compiled) -> bytes:
    """What plain WeasyPrint makes of the sample: tagged, with the slides and folios we print."""
    styles = stylesheets(sample.folder, PRINT_STYLES)
    draughtsman = Draughtsman(styles, sample.folder, CACHE, "en")
    report = merge(sample.event, sample.folder, template_folders(sample.folder), draughtsman.draw)
    folios = {
        name.decode(): sample.pdf.labels[page] for name, page in sample.pdf.destinations.items()
    }
    fetcher, fonts = Fetcher(sample.folder), FontConfiguration()
    sheets = [
        CSS(string=text, font_config=fonts, url_fetcher=fetcher)
        for text in [*(text for _, text in styles), TOGETHER]
    ]
    bodies = "".join(_divisions(report, folios))
    html = f'<html lang="en"><head><title>Report</title></head><body>{bodies}</body></html>'
    source = HTML(string=html, url_fetcher=fetcher)
    content: bytes = source.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/a-3a")
    return place(content, {k: s for unit in report.units for k, s in unit.slides.items()})


def _divisions(report: Report, folios: dict[str, str]) -> Iterator[str]:
    for unit in report.units:
        document = print_document(unit, folios, report.specimen)
        body = document[document.index("<body") : document.index("</body>")]
        opening = re.sub(r'<body class="', '<div class="unit ', body, count=1)
        yield f"{opening.replace('<body', '<div', 1)}</div>"


def test_every_character_stands_where_weasyprint_sets_it(sample: Compiled, whole: bytes) -> None:
    ours = pypdfium2.PdfDocument(sample.output / "report.pdf")
    theirs = pypdfium2.PdfDocument(whole)
    # The leaf before page 1 is ours alone.
    filled = [n for n, text in enumerate(sample.pdf.pages) if text.strip()]
    assert len(filled) == len(theirs)
    for number, their in zip(filled, theirs, strict=True):
        folio = len(sample.pdf.labels[number]) if number > 1 else 0
        placed, expected = list(_characters(ours[number])), list(_characters(their))
        assert len(placed) - folio == len(expected), f"page {number + 1}"
        for (text, x, y), (same, left, bottom) in zip(placed, expected, strict=False):
            assert text == same, f"page {number + 1}"
            assert abs(x - left) < 0.06, f"page {number + 1}: {text}"
            assert abs(y - bottom) < 0.06, f"page {number + 1}: {text}"


def test_the_file_is_hardly_larger_than_weasyprints(sample: Compiled, whole: bytes) -> None:
    assert (sample.output / "report.pdf").stat().st_size <= 1.15 * len(whole)


def _characters(page: pypdfium2.PdfPage) -> Iterator[tuple[str, float, float]]:
    """Every character of a page with its place in points."""
    text = page.get_textpage()
    for index in range(text.count_chars()):
        character = text.get_text_range(index, 1)
        # A hyphen at the end of a line is read as a soft one in ours.
        if character.strip() and character not in "-\u2010\u00ad\u0002\ufffe":
            yield character, *text.get_charbox(index)[:2]

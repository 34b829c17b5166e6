"""Sheets for a printer, as a printer looks at them: boxes, marks, and colour beyond the edge."""

from __future__ import annotations

import shutil
from pathlib import Path

import page as page_validation
import pikepdf
import pypdfium2
import pytest
from typer.testing import CliRunner

from report.cli import app
from report.compilation import compile_report
from report.formats import Format
from tests.conftest import CACHE, PROJECT, Compiled
from tests.reading import Reading

MILLIMETRE = 72 / 25.4
SLUG = 12 * MILLIMETRE
SCALE = 4
"""Pixels a point at which sheets are looked at."""

WHITE = (255, 255, 255)

pytestmark = pytest.mark.heavy


def sheets(
    sample: Compiled, home: Path, only: Format = Format.PDF, unit: str | None = None
) -> Path:
    outcome = compile_report(
        sample.folder, home, CACHE, frozenset({only}), unit=unit, for_print=True
    )
    (path,) = outcome.outputs
    return path


@pytest.fixture(scope="module")
def printed(sample: Compiled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = sheets(sample, tmp_path_factory.mktemp("print"))
    assert path.name == "report-print.pdf"
    return path


class Sheet:
    """A sheet that lies before its reader; places are in points from the corner of the page."""

    def __init__(self, path: Path, number: int):
        with pypdfium2.PdfDocument(path) as document:
            self.picture = document[number].render(scale=SCALE).to_pil().convert("RGB")

    def colour(self, x: float, y: float) -> tuple[int, int, int]:
        """The darkest colour about a place, `y` being told from the upper edge of the page."""
        column, row = (round((value + SLUG) * SCALE) for value in (x, y))
        area = self.picture.crop((column - 2, row - 2, column + 3, row + 3))
        return min((colour for _, colour in area.getcolors()), key=sum)


def boxes(path: Path, name: str) -> list[list[float]]:
    """A box of every page: left, bottom, right and top in points."""
    with pikepdf.open(path) as pdf:
        return [[float(edge) for edge in page.obj[name]] for page in pdf.pages]


def test_each_sheet_says_where_its_page_is_cut_and_how_far_it_goes_on(
    printed: Path, sample: Compiled
) -> None:
    trims = boxes(sample.output / "report.pdf", "/MediaBox")
    assert boxes(printed, "/TrimBox") == [pytest.approx(trim, abs=0.01) for trim in trims]
    for box, by in (("/BleedBox", 3 * MILLIMETRE), ("/MediaBox", SLUG), ("/CropBox", SLUG)):
        around = [
            [left - by, bottom - by, right + by, top + by] for left, bottom, right, top in trims
        ]
        assert boxes(printed, box) == [pytest.approx(each, abs=0.01) for each in around]


@pytest.mark.parametrize("number", [0, 20])
def test_crop_marks_stand_at_the_corners_and_keep_off_the_page(printed: Path, number: int) -> None:
    sheet = Sheet(printed, number)
    width, height = 210 * MILLIMETRE, 297 * MILLIMETRE
    off, bleed = 7.5 * MILLIMETRE, 2 * MILLIMETRE
    for x, out in ((0, -1), (width, 1)):
        for y, up in ((0, -1), (height, 1)):
            for mark in ((x + out * off, y), (x, y + up * off)):
                assert sum(sheet.colour(*mark)) < 500, mark
            assert sheet.colour(x + out * off, y + up * off) == WHITE
    # Where the paper is cut, nothing is drawn but what a cover has there.
    assert sheet.colour(width + bleed, 0) == WHITE
    assert sheet.colour(width / 2, height + bleed) == WHITE


def test_colour_at_the_edge_goes_on_beyond_it(printed: Path) -> None:
    sheet, beyond = Sheet(printed, 0), 3 * MILLIMETRE
    accent = sheet.colour(6 * MILLIMETRE, 100)
    assert accent == (0x17, 0x49, 0x6F)
    for y in (-beyond, 100, 297 * MILLIMETRE + beyond):
        assert sheet.colour(-beyond, y) == accent


def test_the_pages_are_those_of_the_report(printed: Path, sample: Compiled) -> None:
    pdf = Reading(printed)
    assert pdf.pages == sample.pdf.pages
    assert pdf.labels == sample.pdf.labels
    assert pdf.spoken == sample.pdf.spoken


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_they_are_accessible_and_fit_for_archives(printed: Path, profile: str) -> None:
    found = page_validation.validate_pdf(printed, profile=profile).failures
    # The validator is mistaken about streams that end in a carriage return.
    assert [f.message for f in found if "STREAM-LENGTH" not in f.rule_id] == []


def test_offprints_and_the_programme_can_be_printed_too(sample: Compiled, tmp_path: Path) -> None:
    mayor = sheets(sample, tmp_path, unit="2-dialogue/03-mayor-member-state-c")
    assert mayor.name == "2-dialogue-03-mayor-member-state-c-print.pdf"
    booklet = sheets(sample, tmp_path, Format.PROGRAMME)
    assert booklet.name == "programme-print.pdf"
    a5 = [0, 0, 148 * MILLIMETRE, 210 * MILLIMETRE]
    assert boxes(booklet, "/TrimBox")[0] == pytest.approx(a5, abs=0.01)
    for path in (mayor, booklet):
        assert Sheet(path, 0).colour(-3 * MILLIMETRE, 100) == (0x17, 0x49, 0x6F)


def test_each_volume_is_printed_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PROJECT / "tests/events/minimal", tmp_path / "event"))
    shutil.copytree(PROJECT / "tests/events/several-volumes", folder, dirs_exist_ok=True)
    with (folder / "event.yaml").open("a") as file:
        file.write("languages: [en, fr]\n")
    outcome = compile_report(
        folder,
        tmp_path / "out",
        CACHE,
        frozenset({Format.PDF}),
        language="fr",
        for_print=True,
    )
    assert [path.name for path in outcome.outputs] == [
        *("report-1-print.fr.pdf", "report-2-print.fr.pdf")
    ]
    assert all("Cooperation" in Reading(path).pages[0] for path in outcome.outputs)


def test_what_has_no_pages_is_not_printed() -> None:
    result = CliRunner().invoke(app, ["--print", "--only", "docx"])
    assert result.exit_code == 2
    assert "--print is of what has pages: pdf or programme, not docx" in result.stderr

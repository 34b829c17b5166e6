"""Offprints: a part of the report by itself, as readers get it."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import lxml.html
import page as page_validation
import pikepdf
import pypdfium2
import pytest

from report.compilation import Outcome, compile_report
from report.formats import OFFPRINTS, Format
from report.unit import NoSuchUnitError
from tests.conftest import CACHE, PROJECT, Compiled
from tests.reading import Reading, letters

MAYOR = "2-dialogue/03-mayor-member-state-c"

pytestmark = pytest.mark.heavy


def offprint(sample: Compiled, home: Path, unit: str, *formats: Format) -> Outcome:
    forms = frozenset(formats or OFFPRINTS)
    return compile_report(sample.folder, home, CACHE, forms, jobs=1, unit=unit)


@pytest.fixture(scope="module")
def made(sample: Compiled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("offprint")
    outcome = offprint(sample, home, MAYOR)
    assert {path.name for path in outcome.outputs} == {
        f"2-dialogue-03-mayor-member-state-c.{form}" for form in ("pdf", "html", "docx")
    }
    return home / "2-dialogue-03-mayor-member-state-c"


def pages_of(sample: Compiled, unit: str) -> list[int]:
    """The indexes of a unit's pages in the whole report: up to where the next begins."""
    names = {
        name.decode("utf-8", "replace"): page for name, page in sample.pdf.destinations.items()
    }
    first = names[unit]
    units = sorted(
        {names[s.id] for s in sample.event.statements} | {names["2-dialogue/discussion"]}
    )
    following = next(page for page in units if page > first)
    return list(range(first, following))


def test_its_pages_are_those_of_the_report(made: Path, sample: Compiled) -> None:
    pdf = Reading(made.with_suffix(".pdf"))
    there = pages_of(sample, MAYOR)
    assert pdf.pages[-len(there) :] == [sample.pdf.pages[page] for page in there]
    assert pdf.labels[-len(there) :] == [sample.pdf.labels[page] for page in there]
    # Left pages stay left pages.
    assert (len(pdf.pages) - len(there)) % 2 == there[0] % 2


def test_its_cover_says_how_to_cite_it(made: Path, sample: Compiled) -> None:
    pdf = Reading(made.with_suffix(".pdf"))
    first, last = (sample.pdf.labels[pages_of(sample, MAYOR)[n]] for n in (0, -1))
    cover = " ".join(pdf.pages[0].split())
    assert f"Pages {first}–{last} of the comprehensive report" in cover
    cited = (
        "Mayor, Member State C, in United Nations Counter-Terrorism Implementation Task Force"
        " Office, The Secretary-General’s Symposium on International Counter-Terrorism Cooperation"
        " (Part 2): comprehensive report (edition 1, provisional, specimen, Rapporteur, 2011),"
        f" pp. {first}–{last}."
    )
    assert letters(cited) in letters(cover)
    page = lxml.html.parse(made.with_suffix(".html")).getroot()
    assert letters(cited) in letters(page.text_content())
    bibtex = next(pre.text_content() for pre in page.iter("pre"))
    assert bibtex.startswith("@incollection{mayor-member-state-2011,")
    assert f"pages = {{{first}--{last}}}" in bibtex


def test_links_to_other_parts_lead_into_the_report_beside_it(made: Path) -> None:
    files = {
        str(note.A.F)
        for page in pikepdf.open(made.with_suffix(".pdf")).pages
        for note in page.get("/Annots", ())
        if "/A" in note and note.A.S == "/GoToR"
    }
    assert files == {"report.pdf"}
    page = lxml.html.parse(made.with_suffix(".html")).getroot()
    ids = {element.get("id") for element in page.iter() if element.get("id")}
    links = [link.get("href") for link in page.iter("a")]
    assert any(href == "report.html#finding-2" for href in links)
    assert [href for href in links if href.startswith("#") and href[1:] not in ids] == []
    with zipfile.ZipFile(made.with_suffix(".docx")) as archive:
        word = archive.read("word/document.xml").decode()
    bookmarks = set(re.findall(r'<w:bookmarkStart[^>]*w:name="([^"]*)"', word))
    assert set(re.findall(r'w:anchor="([^"]*)"', word)) <= bookmarks
    assert "Minister of Education" not in word


def test_links_within_it_stay_within_it(sample: Compiled, tmp_path: Path) -> None:
    offprint(sample, tmp_path, "2-dialogue", Format.PDF)
    pdf = Reading(tmp_path / "2-dialogue.pdf")
    notes = [note for page in pdf.pdf.pages for note in page.get("/Annots", ())]
    inside = {bytes(note.Dest) for note in notes if "/Dest" in note}
    outside = {bytes(note.A.D) for note in notes if "/A" in note and note.A.S == "/GoToR"}
    assert inside
    assert inside <= set(pdf.destinations)
    assert outside
    assert not outside & set(pdf.destinations)


def test_a_session_has_all_that_belongs_to_it(sample: Compiled, tmp_path: Path) -> None:
    offprint(sample, tmp_path, "2-dialogue", Format.PDF, Format.HTML)
    pdf = Reading(tmp_path / "2-dialogue.pdf")
    names = {name.decode("utf-8", "replace"): n for name, n in sample.pdf.destinations.items()}
    there = sample.pdf.pages[names["2-dialogue"] : names["3-law-enforcement"]]
    assert pdf.pages[-len(there) :] == there
    page = lxml.html.parse(tmp_path / "2-dialogue.html").getroot()
    said = [s.id for s in sample.event.statements if s.id.startswith("2-dialogue/")]
    assert said
    assert {element.get("id") for element in page.iter()} >= {*said, "2-dialogue/discussion"}
    assert "3-law-enforcement" not in {element.get("id") for element in page.iter()}


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_it_is_accessible_and_fit_for_archives(made: Path, profile: str) -> None:
    path = made.with_suffix(".pdf")
    found = page_validation.validate_pdf(path, profile=profile).failures
    # The validator is mistaken about streams that end in a carriage return.
    assert [f.message for f in found if "STREAM-LENGTH" not in f.rule_id] == []


def test_the_text_of_a_mirrored_cover_stands_beside_its_bar(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PROJECT / "tests/events/minimal", tmp_path / "event"))
    with (folder / "event.yaml").open("a") as file:
        file.write("language: ar\n")
    forms = frozenset({Format.PDF})
    outcome = compile_report(
        folder, tmp_path / "out", CACHE, forms, jobs=1, unit="1-opening/01-minister"
    )
    with pypdfium2.PdfDocument(outcome.outputs[0]) as document:
        cover = document[0]
        text = cover.get_textpage()
        edges = [text.get_rect(number) for number in range(text.count_rects())]
        bar = cover.get_width() - 12 * 72 / 25.4
    assert len(edges) >= 4
    assert all(left > 0 and right < bar for left, _, right, _ in edges)


def test_front_matter_keeps_its_numerals(sample: Compiled, tmp_path: Path) -> None:
    offprint(sample, tmp_path, "foreword", Format.PDF)
    pdf = Reading(tmp_path / "foreword.pdf")
    label = dict(zip(sample.pdf.labels, sample.pdf.pages, strict=True))
    assert pdf.labels[1] == "vi"
    assert pdf.pages[1] == label["vi"]


def test_a_part_that_is_not_there_is_told_with_the_nearest(
    sample: Compiled, tmp_path: Path
) -> None:
    with pytest.raises(NoSuchUnitError, match=f"did you mean `{MAYOR}`"):
        offprint(sample, tmp_path, "2-dialogue/03-mayor-state-c", Format.HTML)
    assert list(tmp_path.iterdir()) == []

"""Linking: the finished PDF read back by page and by structure, and judged by validators."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from itertools import takewhile
from pathlib import Path

import page
import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Name, Object, Pdf
from PIL import Image

from report.attachment import Attachment
from report.fragment import Store
from report.link import DanglingLinkError, link
from report.printform import print_document
from report.resources import file_digest
from report.typeset import Styles, Typeset, typeset
from report.unit import Paging, Report, Unit
from tests import synthetic
from tests.reading import Reading, characters, letters

VERAPDF = Path(__file__).parents[2] / "shared/verapdf/validate"


@dataclass(frozen=True)
class Linked:
    """A report, and the PDF that it was linked to."""

    report: Report
    typeset: Typeset
    path: Path

    @cached_property
    def reading(self) -> Reading:
        return Reading(self.path)

    @property
    def pdf(self) -> Pdf:
        return self.reading.pdf


def linked(report: Report, folder: Path, name: str, styles: Styles | None = None) -> Linked:
    pressed = typeset(report, styles or synthetic.styles(), folder / "cache", jobs=1)
    path = folder / name
    path.write_bytes(link(report, pressed, folder / "cache"))
    return Linked(report, pressed, path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("link")


@pytest.fixture(scope="module")
def small(folder: Path) -> Linked:
    """Return a small report: cover, contents, and four statements."""
    return linked(synthetic.small_report(), folder, "small.pdf")


@pytest.fixture(scope="module")
def pictured(folder: Path) -> Linked:
    """Return a report of two units with the same photograph, and an odd number of pages before."""
    events = folder / "event"
    (events / "media").mkdir(parents=True)
    Image.linear_gradient("L").convert("RGB").save(events / "media/hall.png")
    images = {"media/hall.png": file_digest(events / "media/hall.png")}
    figure = (
        '<figure><img src="media/hall.png" alt="The conference hall">'
        "<figcaption>The hall</figcaption></figure>"
    )
    units = [
        synthetic.cover(),
        *(replace(synthetic.statement(n, 1, extra=figure), images=images) for n in (1, 2)),
    ]
    units[1] = replace(units[1], html=units[1].html.replace("#s1-2", "#s2-1"))
    units[2] = replace(units[2], html=units[2].html.replace("#s1-2", "#s1-1"))
    return linked(synthetic.report(*units, folder=events), folder, "pictured.pdf")


@pytest.fixture(scope="module")
def large(folder: Path) -> Linked:
    """Return a report of twenty statements."""
    return linked(synthetic.small_report(20), folder, "large.pdf")


# Validators


@pytest.mark.parametrize("name", ["small", "pictured", "large"])
@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_page_validation_finds_nothing(
    name: str, profile: str, request: pytest.FixtureRequest
) -> None:
    verdict = page.validate_pdf(request.getfixturevalue(name).path, profile=profile)
    assert [f"{f.rule_id}: {f.message}" for f in verdict.failures] == []
    assert verdict.is_compliant


@pytest.mark.heavy
@pytest.mark.skipif(not VERAPDF.exists(), reason="veraPDF is not beside the project")
@pytest.mark.skipif(shutil.which("java") is None, reason="veraPDF needs Java")
def test_verapdf_finds_nothing(small: Linked, pictured: Linked, large: Linked) -> None:
    files = [str(each.path) for each in (small, pictured, large)]
    run = subprocess.run(
        [VERAPDF, "ua1,3a", *files], capture_output=True, text=True, check=False, timeout=300
    )
    assert run.returncode == 0, run.stdout
    assert run.stdout.count(": compliant") == 2 * len(files)


def test_qpdf_finds_nothing(small: Linked, pictured: Linked, large: Linked) -> None:
    for each in (small, pictured, large):
        assert each.pdf.check_pdf_syntax() == []


# Pages, labels, folios


def test_pages_are_labelled_and_stamped_alike(small: Linked) -> None:
    labels = small.reading.labels
    assert labels[:4] == ["i", "ii", "1", "2"]
    for number in small.typeset.pagination.stamped:
        assert small.reading.pages[number].split()[-1] == labels[number]


def test_the_cover_shows_no_folio(small: Linked) -> None:
    assert "".join(small.reading.pages[0].split()) == "ReportoftheSymposium"


def test_a_blank_page_makes_page_1_a_recto(pictured: Linked) -> None:
    assert pictured.reading.labels[:3] == ["i", "ii", "1"]
    assert pictured.reading.pages[1] == ""
    assert "Statement 1" in pictured.reading.pages[2]


def test_folios_are_on_the_outer_side(small: Linked) -> None:
    with pypdfium2.PdfDocument(small.path) as document:
        for number in small.typeset.pagination.stamped:
            sheet = document[number]
            text = sheet.get_textpage()
            left, bottom, _, _ = text.get_charbox(text.count_chars() - 1)
            # The index of a recto is even, as its folio is odd.
            assert (left > sheet.get_width() / 2) == (number % 2 == 0)
            assert bottom < 57


def test_running_heads_are_those_of_the_unit(small: Linked) -> None:
    first = small.typeset.pagination.starts[2]
    assert "Speaker 1" in small.reading.pages[first]
    assert "Speaker 2" not in small.reading.pages[first]


# Links


def test_links_between_units_lead_to_their_place(small: Linked) -> None:
    folios = small.typeset.folios
    for entry in small.pdf.pages[1].obj.Annots:
        name = str(entry.Dest)
        assert small.reading.labels[small.reading.destinations[name.encode()]] == folios[name]
        assert str(entry.Contents).startswith(f"Statement {name[1:]}")


def test_links_say_what_they_lead_to_and_are_printed(small: Linked) -> None:
    links = [link for sheet in small.pdf.pages[2:] for link in sheet.obj.get("/Annots", ())]
    assert {str(each.Contents) for each in links} == {"the second paragraph of statement 1"}
    assert {int(each.F) for each in links} == {4}


def test_a_link_that_leads_nowhere_is_an_error(folder: Path) -> None:
    unit = Unit("x", "chapter", "X", '<p><a href="#nowhere">x</a></p>', "en", Paging.BODY)
    with pytest.raises(DanglingLinkError, match="nowhere"):
        linked(synthetic.report(unit), folder, "dangling.pdf")


def test_bookmarks_nest(small: Linked) -> None:
    assert small.reading.bookmarks == [
        (0, "Report of the Symposium", 0),
        (0, "Contents", 1),
        *((1, f"Statement {n}", start) for n, start in _starts(small)),
        (2, "Rich text", small.reading.destinations[b"rich"]),
    ]


def _starts(whole: Linked) -> list[tuple[int, int]]:
    return list(enumerate(whole.typeset.pagination.starts[2:], start=1))


# Structure


def elements(whole: Linked, kind: str) -> list[str]:
    return [element.text for element in whole.reading.elements if element.kind == kind]


def test_all_text_is_read_in_order(large: Linked) -> None:
    """What the structure says is what the HTML of the units says, head to tail."""
    said = letters(large.reading.spoken)
    place = 0
    for n in range(1, 20):
        unit = next(u for u in large.report.units if u.id == f"1-opening/s{n}")
        text = letters(_text_of(unit.html))
        found = said.find(text, place)
        assert found >= 0, unit.id
        place = found + len(text)


def _text_of(html: str) -> str:
    from lxml.html import fragment_fromstring

    return str(fragment_fromstring(html, create_parent=True).text_content())


def test_words_are_told_apart_and_whole_over_the_ends_of_lines(small: Linked) -> None:
    said = [text.translate(_HYPHENS) for text in elements(small, "P")]
    for n in range(1, 7):
        sentences = _text_of(f"{n}. {synthetic.SENTENCE * (2 + n % 3)}").strip()
        assert [" ".join(text.split()) for text in said].count(sentences) >= 1


_HYPHENS = dict.fromkeys(map(ord, "\u00ad\u2010\ufffe\x02"))


def test_statements_are_articles_with_one_heading(small: Linked) -> None:
    assert len(elements(small, "Art")) == 4
    assert elements(small, "H2") == [f"Statement {n}" for n in range(1, 5)]


def test_a_paragraph_over_two_pages_is_one_paragraph(small: Linked) -> None:
    assert len(elements(small, "P")) == sum(
        unit.html.count("<p") - unit.html.count('<li id="fn') for unit in small.report.units
    )
    assert any(len(set(_pages(element))) == 2 for element in _all(small.pdf, "P"))


def test_a_table_over_two_pages_is_one_table_whose_header_is_read_once(small: Linked) -> None:
    assert len(elements(small, "Table")) == 1
    assert elements(small, "THead") == ["Pillar Measures"]
    assert sum("Measures" in text for text in small.reading.pages) == 2
    assert len(elements(small, "TR")) == 41


def test_header_cells_tell_what_they_head(small: Linked) -> None:
    scopes = [str(cell.A.Scope) for cell in _all(small.pdf, "TH")]
    assert scopes == ["/Column", "/Column", *["/Row"] * 40]


def test_lists_have_items_labels_and_numbering(small: Linked) -> None:
    numbering = [str(item.A.ListNumbering) for item in _all(small.pdf, "L") if "/A" in item]
    assert numbering == ["/Disc", "/Decimal"]
    assert "Term" in elements(small, "Lbl")
    assert "Description" in elements(small, "LBody")


def test_notes_follow_their_call_and_have_an_id(small: Linked) -> None:
    (note,) = _all(small.pdf, "Note")
    assert letters(elements(small, "Note")[0]) == "1Thetextofthenote"
    assert small.pdf.Root.StructTreeRoot.IDTree.Kids[0].Names[0] == note.ID
    assert letters("A sentence with a note 1 1. The text of the note. in it.") in letters(
        small.reading.spoken
    )


def test_contents_are_tagged_as_such(small: Linked) -> None:
    assert len(elements(small, "TOC")) == 1
    assert [letters(text) for text in elements(small, "TOCI")] == [
        f"Statement{n}{small.typeset.folios[f's{n}']}" for n in range(1, 5)
    ]


def test_languages_and_expansions(small: Linked) -> None:
    assert [str(e.Lang) for e in _all(small.pdf, "BlockQuote")] == ["fr"]
    spans = _all(small.pdf, "Span")
    assert [str(e.get("/E", e.get("/Lang"))) for e in spans] == ["United Nations", "de"]
    assert all(str(e.Lang) == "en" for e in _all(small.pdf, "Art"))


def test_figures_have_alternatives_places_and_captions(pictured: Linked) -> None:
    figures = _all(pictured.pdf, "Figure")
    assert [str(figure.Alt) for figure in figures] == ["The conference hall"] * 2
    assert elements(pictured, "Caption") == ["The hall"] * 2
    left, bottom, right, top = map(float, figures[0].A.BBox)
    assert right - left == pytest.approx(192)
    assert 0 < bottom < top < 595


def _all(pdf: Pdf, kind: str) -> list[Object]:
    return [e for e in _below(pdf.Root.StructTreeRoot) if e.get("/S") == Name("/" + kind)]


def _below(element: Object) -> Iterator[Object]:
    for kid in element.get("/K", ()):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            yield from _below(kid)


def _pages(element: Object) -> Iterator[object]:
    for kid in element.K:
        own = kid.get("/Pg", element.Pg) if isinstance(kid, Dictionary) else element.Pg
        yield own.objgen


# Resources


def test_each_face_is_embedded_once(large: Linked) -> None:
    programs = [o for o in _streams(large.pdf) if "/Length1" in o]
    fonts = {str(o.BaseFont) for o in large.pdf.objects if _is(o, "/Type0")}
    assert len(programs) == len(fonts)
    assert len({font.partition("+")[2] for font in fonts}) == len(fonts)


def test_an_image_of_two_units_is_there_once(pictured: Linked) -> None:
    images = [o for o in _streams(pictured.pdf) if o.get("/Subtype") == Name.Image]
    assert len(images) == 1


def test_there_is_one_colour_profile(large: Linked) -> None:
    assert len([o for o in _streams(large.pdf) if "/N" in o and "/First" not in o]) == 1


def _streams(pdf: Pdf) -> list[Object]:
    return [o for o in pdf.objects if isinstance(o, pikepdf.Stream)]


def _is(item: object, subtype: str) -> bool:
    return isinstance(item, Dictionary) and item.get("/Subtype") == Name(subtype)


# Metadata and attachments


def test_metadata_agree(small: Linked) -> None:
    information = small.pdf.docinfo
    with small.pdf.open_metadata() as xmp:
        assert xmp["dc:title"] == str(information.Title) == small.report.title
        assert xmp["dc:creator"] == [str(information.Author)]
        assert xmp["pdf:Keywords"] == str(information.Keywords) == "test, report"
        assert xmp["xmp:CreateDate"] == "2011-09-19T00:00:00Z"
        assert str(information.CreationDate) == "D:20110919000000Z"
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == (
            "3", "A", "1",
        )  # fmt: skip


def test_a_face_counts_as_used_though_its_subset_is_kept(small: Linked, folder: Path) -> None:
    """Otherwise it is what a full cache gives up first, and the next glyph is nowhere."""
    program = Store(folder / "cache").path(small.typeset.units[0].faces()[0].program)
    os.utime(program, (0, 0))
    link(small.report, small.typeset, folder / "cache", [Attachment("a", b"", "text/plain", "")])
    assert program.stat().st_mtime > 0


def test_attachments_are_associated_files(small: Linked, folder: Path) -> None:
    file = Attachment("report.json", b"{}", "application/json", "The report as data", "Data")
    content = link(small.report, small.typeset, folder / "cache", [file])
    with pikepdf.open(BytesIO(content)) as pdf:
        assert pdf.attachments["report.json"].get_file().read_bytes() == b"{}"
        assert [str(entry.AFRelationship) for entry in pdf.Root.AF] == ["/Data"]
    verdict = page.validate_pdf_bytes(content, profile="3a")
    assert [f.message for f in verdict.failures] == []


# Against WeasyPrint on the whole document


@pytest.fixture(scope="module")
def whole(large: Linked, folder: Path) -> bytes:
    """What WeasyPrint makes of all units in one document, folios aside."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from report.press import Fetcher

    fetcher, fonts = Fetcher(folder), FontConfiguration()
    sheets = [
        CSS(string=css, font_config=fonts, url_fetcher=fetcher)
        for _, css in synthetic.styles(
            ".unit { break-before: page; counter-reset: footnote }"
        ).sheets
    ]
    folios = large.typeset.folios
    bodies = "".join(_as_division(print_document(unit, folios)) for unit in large.report.units)
    html = (
        f'<html lang="en" dir="ltr"><head><title>Report</title></head><body>{bodies}</body></html>'
    )
    source = HTML(string=html, url_fetcher=fetcher)
    document: bytes = source.write_pdf(
        stylesheets=sheets, font_config=fonts, pdf_variant="pdf/a-3a"
    )
    return document


def _as_division(document: str) -> str:
    body = document[document.index("<body") : document.index("</body>")]
    kind = body.partition('class="')[2].partition('"')[0]
    return body.replace(f'<body class="{kind}"', f'<div class="unit {kind}"', 1) + "</div>"


@pytest.mark.heavy
def test_text_stands_where_weasyprint_sets_it_in_the_whole_document(
    large: Linked, whole: bytes
) -> None:
    ours, theirs = pypdfium2.PdfDocument(large.path), pypdfium2.PdfDocument(whole)
    assert len(ours) == len(theirs)
    stamped = set(large.typeset.pagination.stamped)
    for number, (our, their) in enumerate(zip(ours, theirs, strict=True)):
        folio = len(large.typeset.pagination.label(number)) if number in stamped else 0
        placed = list(_characters(our))
        expected = list(_characters(their))
        assert len(placed) - folio == len(expected)
        for (text, x, y), (same, left, bottom) in zip(placed, expected, strict=False):
            # Our hyphens at the ends of lines are soft, which pdfium tells in this way.
            assert (same if text == "\ufffe" else text) == same
            assert (x, y) == (pytest.approx(left, abs=0.05), pytest.approx(bottom, abs=0.05))


def _characters(sheet: pypdfium2.PdfPage) -> list[tuple[str, float, float]]:
    return [(character, left, bottom) for character, (left, bottom, *_) in characters(sheet)]


def test_the_file_is_no_larger_than_weasyprints(large: Linked, whole: bytes) -> None:
    assert large.path.stat().st_size <= 1.15 * len(whole)


def test_a_changed_word_leaves_the_bytes_of_other_units_as_they_are(
    large: Linked, folder: Path
) -> None:
    last = large.report.units[-1]
    changed = replace(last, html=last.html.replace("Description", "Explanation"))
    after = linked(synthetic.with_unit(large.report, changed), folder, "changed.pdf")
    both = zip(large.path.read_bytes(), after.path.read_bytes(), strict=False)
    same = bytes(old for old, _ in takewhile(lambda pair: pair[0] == pair[1], both))
    untouched = large.typeset.pagination.starts[10]
    with Pdf.open(large.path) as pdf:
        page = pdf.pages[untouched].obj.Contents[0].read_raw_bytes()
    assert "Explanation" in "".join(after.reading.pages)
    assert page in same


def test_what_looks_like_a_reference_in_a_text_stays_as_it_is(folder: Path) -> None:
    link_text = '<p><a href="#s1" title="12 0 R (and 13 0 R)">On 14 0 R</a></p>'
    html = synthetic.statement(1, 2, extra=link_text).html.replace("#s1-2", "#s1-1")
    unit = replace(synthetic.statement(1), html=html.replace("Statement 1", "On (5 0 R"))
    made = linked(synthetic.report(unit), folder, "references.pdf")
    said = [str(annotation.Contents) for page in made.pdf.pages for annotation in page.Annots]
    assert "12 0 R (and 13 0 R)" in said
    assert made.reading.bookmarks == [(0, "On (5 0 R", 0)]
    assert made.pdf.check_pdf_syntax() == []

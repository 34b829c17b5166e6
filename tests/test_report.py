"""The sample report, read as its readers read it."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Iterator

import lxml.html
import pypdfium2
import pytest
from PIL import ImageChops

from report.markup import Text
from tests.conftest import Compiled
from tests.reading import letters


def test_the_sample_compiles_without_any_problem(sample: Compiled) -> None:
    assert sample.outcome.diagnostics == ()
    assert sample.outcome.pages == len(sample.pdf.pages) >= 60


def test_every_word_of_every_text_is_in_the_pdf_in_its_order(sample: Compiled) -> None:
    spoken = letters(sample.pdf.spoken).casefold()
    for identity, text in sample.event.texts.items():
        for run in _runs_in_order(text, spoken, sample.event.acronyms):
            pytest.fail(f"{identity}: not in its place: {run}")


def test_every_word_of_every_text_is_in_the_page_in_its_order(sample: Compiled) -> None:
    shown = letters(lxml.html.fromstring(sample.page).text_content()).casefold()
    for identity, text in sample.event.texts.items():
        for run in _runs_in_order(text, shown, sample.event.acronyms):
            pytest.fail(f"{identity}: not in its place: {run}")


def test_footnotes_are_in_the_pdf(sample: Compiled) -> None:
    spoken = letters(sample.pdf.spoken).casefold()
    notes = [note for text in sample.event.texts.values() for note in _notes(text)]
    assert len(notes) >= 8
    assert [note for note in notes if letters(note).casefold() not in spoken] == []


def test_texts_come_in_the_order_of_the_event(sample: Compiled) -> None:
    places = [
        sample.pdf.destinations[statement.id.encode()] for statement in sample.event.statements
    ]
    assert places == sorted(places)
    assert len(set(places)) == len(places), "each statement begins a page"


def test_contents_print_the_folio_of_the_page_where_each_heading_stands(
    sample: Compiled,
) -> None:
    entries = [element for element in sample.pdf.elements if element.kind == "TOCI"]
    bookmarks = {_plain(title): page for _, title, page in sample.pdf.bookmarks}
    checked = 0
    for entry in entries:
        title, folio = re.fullmatch(r"(.*?)[ .\s]*([ivxlc]+|\d+)", entry.text).groups()
        page = sample.pdf.labels.index(folio)
        assert (
            letters(title).casefold() in letters(sample.pdf.pages[page]).casefold()
            or (bookmarks.get(_plain(title)) == page)
            or _stands_there(sample, title, page)
        ), f"{title} is not on page {folio}"
        checked += 1
    assert checked >= len(sample.event.statements) + len(sample.event.sessions)


def _stands_there(sample: Compiled, title: str, page: int) -> bool:
    """A speaker's entry names office and affiliation, which stand on lines of their own."""
    text = letters(sample.pdf.pages[page]).casefold()
    return all(letters(part).casefold() in text for part in re.split(r", |\. ", title))


_PAGE_WIDTH = 595.3
_FOOT = 90
_HEAD = 70


def test_folios_stand_on_the_outer_side(sample: Compiled) -> None:
    left, right = (0, _PAGE_WIDTH / 4 + 20), (_PAGE_WIDTH * 3 / 4, _PAGE_WIDTH)
    shown = [n for n, text in enumerate(sample.pdf.pages) if text.strip() and n > 1]
    assert len(shown) >= 60
    for page in shown:
        outer, inner = (right, left) if page % 2 == 0 else (left, right)
        assert sample.pdf.zone(page, outer[0], 0, outer[1], _FOOT) == sample.pdf.labels[page]
        assert sample.pdf.zone(page, inner[0], 0, inner[1], _FOOT) == ""


def test_page_labels_are_roman_and_then_arabic_from_one_on_a_recto(sample: Compiled) -> None:
    labels = sample.pdf.labels
    first = labels.index("1")
    assert first % 2 == 0
    assert labels[:2] == ["i", "ii"]
    assert labels[first:] == [str(n + 1) for n in range(len(labels) - first)]


def test_bookmarks_show_parts_statements_and_their_headings(sample: Compiled) -> None:
    levels = {level for level, _, _ in sample.pdf.bookmarks}
    titles = [title for _, title, _ in sample.pdf.bookmarks]
    assert levels == {0, 1, 2}
    assert "Chairman\u2019s Summary" in titles
    assert "Ban Ki-moon" in titles
    pages = [page for _, _, page in sample.pdf.bookmarks]
    assert pages == sorted(pages)


def test_every_link_in_the_pdf_leads_somewhere(sample: Compiled) -> None:
    targets = [
        annotation.Dest if "/Dest" in annotation else annotation.A.get("/D")
        for page in sample.pdf.pdf.pages
        for annotation in page.get("/Annots", [])
        if "/Dest" in annotation or annotation.A.S == "/GoTo"
    ]
    known = sample.pdf.destinations
    assert len(targets) > 100
    assert [t for t in targets if bytes(t) not in known] == []


def test_no_link_carries_a_private_address(sample: Compiled) -> None:
    addresses = [
        str(annotation.A.URI)
        for page in sample.pdf.pdf.pages
        for annotation in page.get("/Annots", [])
        if "/A" in annotation and annotation.A.S == "/URI"
    ]
    assert "https://undocs.org/A/RES/60/288" in addresses
    assert {address.partition(":")[0] for address in addresses} == {"https"}


def test_every_page_of_a_specimen_says_so(sample: Compiled) -> None:
    line = letters("Specimen: illustrative text, not the words of any speaker")
    blank = [n for n, text in enumerate(sample.pdf.pages) if not text.strip()]
    unmarked = [
        n for n, text in enumerate(sample.pdf.pages) if line not in letters(text) and n not in blank
    ]
    assert unmarked == []
    assert len(blank) <= 1, "only the leaf before page 1 may be blank"


def test_the_foot_is_as_black_on_pages_with_a_folio_as_on_others(sample: Compiled) -> None:
    with pypdfium2.PdfDocument(sample.output / "report.pdf") as document:
        pages = [document[number].render(scale=2).to_pil() for number in (1, 2)]
    # Below the text, without the outer corner, where the folio stands.
    imprint, contents = (page.crop((280, 1510, 900, 1600)) for page in pages)
    assert ImageChops.difference(imprint, contents).getbbox() is None
    assert min(imprint.convert("L").tobytes()) < 200


def test_running_heads_carry_session_and_speaker(sample: Compiled) -> None:
    for session in sample.event.sessions:
        for statement in session.statements:
            page = sample.pdf.destinations[statement.id.encode()]
            text = letters(sample.pdf.pages[page])
            assert letters(f"Session {session.number}. {session.heading}") in text
            assert letters(", ".join(statement.byline)) in text


def test_the_lines_of_titles_and_running_heads_are_alike(sample: Compiled) -> None:
    page = next(page for page in sample.pdf.pages if "My unit has thirty-one staff" in page)
    lines = page.split("\r\n")
    assert "Unit, Member State G" in lines
    assert "Intelligence Unit" in lines
    programme = next(page for page in sample.pdf.pages if "13:00\u201315:00" in page)
    assert "and capacity building efforts" in programme.split("\r\n")
    presentation = next(page for page in sample.pdf.pages if "Two Flags: Lessons" in page)
    assert "Joint Border-Management Project" in presentation.split("\r\n")


def test_no_heading_is_stranded_at_the_foot_of_a_page(sample: Compiled) -> None:
    headings = {
        letters(element.text) for element in sample.pdf.elements if re.match(r"H\d", element.kind)
    }
    assert len(headings) > 50
    last_lines = [letters(sample.pdf.last_line(n, _FOOT)) for n in range(len(sample.pdf.pages))]
    # A page that holds nothing but its title ends in it.
    full = [n for n, text in enumerate(sample.pdf.pages) if len(text) > 1000]
    assert [n for n in full if last_lines[n] in headings] == []


def test_no_statement_leaves_its_last_line_alone_on_a_page(sample: Compiled) -> None:
    starts = sorted({page for _, _, page in sample.pdf.bookmarks})
    for statement in sample.event.statements:
        first = sample.pdf.destinations[statement.id.encode()]
        last = next(page for page in starts if page > first) - 1
        assert len(sample.pdf.lines(last, _FOOT, _HEAD)) > 1, statement.id


def test_lines_have_the_measure_that_reads_well(sample: Compiled) -> None:
    """60 to 75 characters (Bringhurst, The Elements of Typographic Style, 2.1.2: 66 is ideal)."""
    full = [
        len(line.strip())
        for statement in sample.event.statements
        for line in sample.pdf.lines(sample.pdf.destinations[statement.id.encode()], _FOOT, _HEAD)
    ]
    # Lines that end a paragraph, and headings, are shorter: the longer half is what fills a line.
    assert 60 <= statistics.median(sorted(full)[len(full) // 2 :]) <= 75


def _runs_in_order(text: Text, haystack: str, acronyms: Iterable[str]) -> Iterator[str]:
    """The runs of text that do not follow one another in what was read."""
    place = 0
    for run in _runs(text, acronyms):
        found = haystack.find(letters(run).casefold(), place)
        if found < 0:
            yield run
        else:
            place = found


def _runs(text: Text, acronyms: Iterable[str]) -> Iterator[str]:
    """The text between references, numbers and notes, which the medium sets in its own way.

    A run ends after an acronym too, since what it stands for may be added there.
    """
    acronym = re.compile(rf"(\b(?:{'|'.join(acronyms)})\b)")
    root = lxml.html.fragment_fromstring(text.html, create_parent="div")
    for note in root.iterfind(".//div[@class='footnote']"):
        note.drop_tree()
    for number in root.iterfind(".//span[@class='number']"):
        number.text = ""
    for call in root.iterfind(".//a[@class='footnote-ref']"):
        call.text = ""
    return (part for run in root.itertext() for part in acronym.split(run) if letters(part))


def _notes(text: Text) -> Iterator[str]:
    root = lxml.html.fragment_fromstring(text.html, create_parent="div")
    for back in root.iterfind(".//a[@class='footnote-backref']"):
        back.drop_tree()
    for note in root.iterfind(".//div[@class='footnote']//li"):
        yield note.text_content()


def _plain(title: str) -> str:
    return letters(title).casefold()

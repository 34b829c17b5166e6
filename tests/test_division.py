"""Long units: typeset in parts, which read as one."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import page as page_validation
import pytest
from lxml import etree
from lxml.html import fragment_fromstring

from benchmarks.events import make_event
from report import compilation, division
from report.assets import PRINT_STYLES, stylesheets
from report.compilation import compile_report, examine
from report.division import divide
from report.formats import Format
from report.unit import Paging, Report, Unit
from tests.conftest import CACHE, PROJECT, Compiled
from tests.reading import Reading

pytestmark = pytest.mark.heavy

HEAD = 75
"""Points at the head of a page, in which its running head is."""

SHORT = 6000
"""From so many characters on, all that lists the sample's texts is long."""


@pytest.fixture(scope="module")
def made(sample: Compiled, tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """The sample as it comes out when its contents, lists and indexes are long."""
    output = tmp_path_factory.mktemp("divided")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(division, "LONG", SHORT)
        forms = frozenset({Format.PDF, Format.EPUB})
        outcome = compile_report(sample.folder, output, CACHE, forms)
        compile_report(sample.folder, output, CACHE, frozenset({Format.PDF}), unit="participants")
    return Compiled(sample.folder, output, outcome)


def merged(folder: Path) -> Report:
    event, _ = examine(folder, CACHE)
    assert event
    return compilation.merged(event, folder, CACHE, stylesheets(folder, PRINT_STYLES))


def words(html: str) -> str:
    return " ".join(fragment_fromstring(html, create_parent="div").text_content().split())


def unit(html: str) -> Unit:
    return Unit("listed", "list", "List", f"<section>{html}</section>", "en", Paging.BODY)


def test_parts_have_each_word_and_each_place_once_and_are_alike_in_length(tmp_path: Path) -> None:
    folder = make_event(tmp_path, 25, PROJECT / "statements")
    states = "".join(f"  - entity: Member State {n}\n" for n in range(1, 4001))
    (folder / "participants.yaml").write_text(f"governments:\n{states}", encoding="utf-8")
    units = {unit.kind: unit for unit in merged(folder).units}
    whole, parts = units["participants"], divide(units["participants"])
    assert len(parts) > 2
    assert words("".join(part.html for part in parts)) == words(whole.html)
    ids = re.findall(r'\sid="[^"]*"', "".join(part.html for part in parts))
    assert ids == re.findall(r'\sid="[^"]*"', whole.html)
    lengths = [len(part.html) for part in parts]
    assert max(lengths) < min(1.1 * division.LONG, 1.1 * min(lengths))
    assert [part.continues for part in parts] == ["", *["participants"] * (len(parts) - 1)]
    assert len({part.id for part in parts}) == len(parts)


def test_nothing_is_long_of_an_event_of_four_hundred_statements(tmp_path: Path) -> None:
    report = merged(make_event(tmp_path, 400, PROJECT / "statements"))
    assert division.divided(report) == report


def test_nothing_is_parted_from_what_heads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(division, "LONG", 300)
    item = "<li data-divide>A name</li>"
    heading = "<h3 data-divide>A letter</h3>"
    whole = unit(f"<h2>List</h2>{f'{heading}<ul>{item * 2}</ul>' * 9}")
    parts = divide(whole)
    assert len(parts) > 4
    for part in parts:
        elements = list(fragment_fromstring(part.html, create_parent="div").iter())
        assert elements[-1].tag == "li"
    assert words("".join(part.html for part in parts)) == words(whole.html)


def test_a_table_goes_on_under_its_head_and_the_head_of_the_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(division, "LONG", 500)
    head = "<colgroup><col></colgroup><thead><tr><th>Number</th></tr></thead>"
    group = "<tbody data-divide><tr><th scope='rowgroup'>{0}</th></tr>{1}</tbody>"
    rows = "".join(f"<tr data-divide><td>{n}</td></tr>" for n in range(10))
    html = f"<table>{head}{group.format('First', rows)}{group.format('Second', rows)}</table>"
    parts = [fragment_fromstring(part.html) for part in divide(unit(html))]
    assert len(parts) > 1
    for part in parts:
        (table,) = part
        assert [child.tag for child in table][:2] == ["colgroup", "thead"]
        for body in table.findall("tbody"):
            assert body[0].find("th") is not None
            assert len(body) > 1
    numbers = [cell.text for part in parts for cell in part.iter("td")]
    assert numbers == [str(n) for n in (*range(10), *range(10))]


def test_without_a_place_to_divide_it_a_long_unit_stays_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(division, "LONG", 100)
    whole = unit("<p>A text that its author wrote as one.</p>" * 20)
    assert divide(whole) == (whole,)


def test_the_report_says_the_same_in_the_same_order(made: Compiled, sample: Compiled) -> None:
    assert len(made.pdf.pages) > len(sample.pdf.pages) + 10
    for kind in ("TOCI", "H2", "H3", "P", "LI", "TD", "Figure"):
        assert said(made.pdf, kind) == said(sample.pdf, kind)
    assert [entry[:2] for entry in made.pdf.bookmarks] == [
        entry[:2] for entry in sample.pdf.bookmarks
    ]
    assert set(made.pdf.destinations) == set(sample.pdf.destinations)


def said(reading: Reading, kind: str) -> list[str]:
    """What elements say without numbers, since those of pages are others."""
    texts = (element.text for element in reading.elements if element.kind == kind)
    return ["".join(filter(str.isalpha, text)) for text in texts]


def test_every_link_prints_the_folio_of_the_page_to_which_it_leads(made: Compiled) -> None:
    entries = list(links(made.pdf, "contents", "acronyms"))
    assert len(entries) > len(made.event.statements)
    folios = [link for link in links(made.pdf, "subjects", "figures") if link[0].isdecimal()]
    assert len(folios) > 100
    for says, page in (*entries, *folios):
        assert re.search(rf"(?<!\d){made.pdf.labels[page]}$|[^ivx]{made.pdf.labels[page]}$", says)


def span(reading: Reading, unit: str, following: str) -> range:
    """The indexes of a unit's pages: up to where the next begins."""
    return range(*(reading.destinations[name.encode()] for name in (unit, following)))


def links(reading: Reading, unit: str, following: str) -> Iterator[tuple[str, int]]:
    """What each link on a unit's pages says, and the page to which it leads."""
    for number in span(reading, unit, following):
        for link in reading.pdf.pages[number].get("/Annots", ()):
            yield str(link.Contents), reading.destinations[str(link.Dest).encode()]


def test_every_part_has_the_running_head_and_begins_a_page(made: Compiled) -> None:
    pages = span(made.pdf, "participants", "recommendations")
    assert len(pages) == len(divided_at(made, "participants"))
    heads = {made.pdf.zone(page, 0, 842 - HEAD, 595, 842) for page in pages}
    assert len(heads) == 1
    assert heads.pop().endswith("Participants")


def divided_at(made: Compiled, unit: str) -> list[str]:
    return [name for name in made.outcome.reasons if re.fullmatch(rf"{unit}(/part-\d+)?", name)]


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_it_is_accessible_and_fit_for_archives(made: Compiled, profile: str) -> None:
    found = page_validation.validate_pdf(made.output / "report.pdf", profile=profile).failures
    # The validator is mistaken about streams that end in a carriage return.
    assert [f.message for f in found if "STREAM-LENGTH" not in f.rule_id] == []


def test_the_pages_of_the_e_book_are_those_of_the_print(made: Compiled) -> None:
    with zipfile.ZipFile(made.output / "report.epub") as book:
        files = {name: book.read(name) for name in book.namelist() if name.endswith(".xhtml")}
    marks = (
        mark.get("aria-label")
        for name in sorted(files, key=lambda name: int(re.search(r"\d+|$", name)[0] or 0))
        for mark in etree.fromstring(files[name]).iterfind(".//*[@role='doc-pagebreak']")
    )
    printed = zip(made.pdf.labels, made.pdf.pages, strict=True)
    assert list(marks) == [label for label, text in printed if text.strip()]


def test_an_offprint_has_the_pages_of_all_parts(made: Compiled) -> None:
    offprint = Reading(made.output / "participants.pdf")
    there = span(made.pdf, "participants", "recommendations")
    assert offprint.pages[-len(there) :] == [made.pdf.pages[page] for page in there]
    assert offprint.labels[-len(there) :] == [made.pdf.labels[page] for page in there]

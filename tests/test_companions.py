"""Two parts of one event, each an event of its own: Part 2 cites and quotes what Part 1 said."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import lxml.html
import page as page_validation
import pytest

from report import rules
from report.check import check
from report.companion import BadCompanion, read_companion
from report.compilation import compile_report
from report.diagnostics import Diagnostic
from report.formats import Format
from report.load import load
from tests.conftest import CACHE
from tests.reading import Reading
from tests.test_diagnostics import EVENTS
from tests.test_volumes import Volumes, build, links, new_event

pytestmark = pytest.mark.heavy

SESSION = "1-opening/session.md"
SUMMARY = "1-opening/chairmans-summary.md"
MINISTER = "part-1:1-opening/01-minister"
SAID = "We ask all States to meet every year."


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what Part 1 was made as: an event in two volumes."""
    folder = new_event(tmp_path_factory.mktemp("part-1"))
    replace(folder / "event.yaml", "part: 2", "part: 1")
    made = build(folder)
    assert made.outcome.diagnostics == ()
    return made.output


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def second_part(home: Path, first: Path, file: str = "part-1/report") -> Path:
    """An event that has the data of Part 1, and cites it in its summary and in a discussion."""
    folder = Path(shutil.copytree(EVENTS / "minimal", home / "event"))
    shutil.copy(first / "report.json", folder / "part-1.json")
    named = f"{{data: part-1.json{f', file: {file}' if file else ''}}}"
    with (folder / "event.yaml").open("a") as event:
        event.write(f"part: 2\ncompanions:\n  part-1: {named}\n")
    replace(
        folder / SESSION,
        "[@1-opening/01-minister:2]",
        "[@1-opening/01-minister:2; @part-1:2-dialogue/01-mayor:1-2; @part-1:1-opening]",
    )
    with (folder / SUMMARY).open("a") as summary:
        summary.write(
            f'\nIn 2010 the Minister said "{SAID[:-1]}" [@part-1:1-opening/01-minister:2].\n'
        )
    replace(folder / SUMMARY, "evidence: 1-opening/01-minister:2", "evidence: part-1:foreword:1")
    return folder


def spoken(reading: Reading) -> str:
    """All that the PDF says, words that were divided at the end of a line made whole."""
    return " ".join(reading.spoken.replace("\x02", "").split())


def told(folder: Path) -> list[Diagnostic]:
    event, found = load(folder)
    assert event
    return [*found, *check(event)]


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory, first: Path) -> Volumes:
    made = build(second_part(tmp_path_factory.mktemp("part-2"), first))
    assert made.outcome.diagnostics == ()
    return made


def test_what_is_cited_is_named_with_its_part_and_volume(second: Volumes) -> None:
    said = spoken(Reading(second.output / "report.pdf"))
    assert "(Minister, Member State A, Part 1, vol. I, para. 2)" in said
    assert "Mayor, Member State A, Part 1, vol. II, paras. 1\u20132" in said
    assert "Session 1, discussion, Part 1, vol. I)" in said
    assert "Meetings build trust. (Foreword, Part 1, vol. I, para. 1)" in said


def test_links_of_the_pdf_lead_into_the_volumes_of_the_other_part(
    second: Volumes, first: Path
) -> None:
    led = {(link.file, link.name) for link in links(Reading(second.output / "report.pdf"))}
    out = {(file, name) for file, name in led if file}
    assert out == {
        ("part-1/report-1.pdf", "foreword:1"),
        ("part-1/report-1.pdf", "1-opening"),
        ("part-1/report-1.pdf", "1-opening/01-minister:2"),
        ("part-1/report-2.pdf", "2-dialogue/01-mayor:1"),
    }
    for file, name in out:
        assert name.encode() in Reading(first / Path(file).name).destinations


def test_links_of_the_page_lead_into_the_page_of_the_other_part(
    second: Volumes, first: Path
) -> None:
    led = {link.get("href") for link in second.page.iterfind(".//a[@class='reference']")}
    out = {href.removeprefix("part-1/report.html#") for href in led if not href.startswith("#")}
    assert out == {"foreword:1", "1-opening", "1-opening/01-minister:2", "2-dialogue/01-mayor:1"}
    there = lxml.html.parse(first / "report.html").getroot()
    assert out <= {element.get("id") for element in there.iterfind(".//*[@id]")}


def test_without_a_file_what_is_cited_is_named_and_no_link(tmp_path: Path, first: Path) -> None:
    made = build(second_part(tmp_path, first, file=""))
    reading = Reading(made.output / "report.pdf")
    assert "Minister, Member State A, Part 1, vol. I, para. 2" in spoken(reading)
    assert [link for link in links(reading) if link.file] == []
    led = [link.get("href") for link in made.page.iterfind(".//a[@class='reference']")]
    assert led
    assert all(href.startswith("#") for href in led)


def test_links_of_the_site_lead_there_from_its_folder_and_a_book_has_none(
    tmp_path: Path, first: Path
) -> None:
    folder, output = second_part(tmp_path, first), tmp_path / "dist"
    formats = frozenset({Format.SITE, Format.EPUB})
    made = compile_report(folder, output, CACHE, formats, jobs=1)
    assert made.diagnostics == ()
    led = {
        (output / page.parent / link.get("href").partition("#")[0]).resolve()
        for page in output.rglob("*.html")
        for link in lxml.html.parse(page).getroot().iterfind(".//a[@class='reference']")
        if "part-1" in link.get("href")
    }
    assert led == {output.resolve() / "part-1/report.html"}
    with zipfile.ZipFile(output / "report.epub") as book:
        text = b"".join(book.read(name) for name in book.namelist() if name.endswith(".xhtml"))
    assert b"Minister, Member State A, Part 1" in text
    assert b"part-1/report" not in text


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_the_pdf_is_accessible_and_fit_for_archives(second: Volumes, profile: str) -> None:
    path = second.output / "report.pdf"
    assert page_validation.validate_pdf(path, profile=profile).failures == []


def test_the_data_name_the_other_part_and_lead_to_it(second: Volumes) -> None:
    data = json.loads((second.output / "report.json").read_bytes())
    assert data["companions"] == [
        {"name": "part-1", "title": "Symposium on Cooperation (Part 1)", "part": 1}
    ]
    assert {"source": "finding-1", "target": "part-1:foreword:1"} in data["evidence"]


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        (":2-dialogue/01-mayor:1-2", ":2-dialogue/01-mayer:2", "E302", "no text `part-1:2-dial"),
        (":2-dialogue/01-mayor:1-2", ":2-dialogue/01-mayor:99", "E303", "no paragraph 99"),
        ("part-1:2-dialogue/01-mayor", "part-3:2-dialogue/01-mayor", "E318", "called `part-3`"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told(
    tmp_path: Path, first: Path, old: str, new: str, code: str, message: str
) -> None:
    folder = second_part(tmp_path, first)
    replace(folder / SESSION, old, new)
    (found,) = told(folder)
    assert found.rule.code == code
    assert message in found.message
    assert "part-1" in found.hint or code == "E303"


def test_a_quotation_of_the_other_part_is_compared_with_it(tmp_path: Path, first: Path) -> None:
    folder = second_part(tmp_path, first)
    replace(folder / SUMMARY, 'meet every year"', 'meet twice a year"')
    (found,) = told(folder)
    assert found.rule is rules.MISQUOTED
    assert "{-twice-} {+every+} {-a-} year" in found.message


def test_a_new_edition_of_the_other_part_is_seen_where_it_was_cited(
    tmp_path: Path, first: Path
) -> None:
    from report.acceptance import lock

    folder = second_part(tmp_path, first)
    event, _ = load(folder)
    assert event
    (folder / SUMMARY.replace(".md", ".lock")).write_text(lock(event))
    assert told(folder) == []
    replace(folder / "part-1.json", "The host thanks all", "The host thanks everybody")
    (found,) = told(folder)
    assert found.rule is rules.CITED_TEXT_CHANGED
    assert "part-1:foreword" in found.message


@pytest.mark.parametrize(("status", "code"), [("withheld", "E314"), ("draft", "W315")])
def test_no_conclusion_rests_on_what_the_other_part_withholds(
    tmp_path: Path, first: Path, status: str, code: str
) -> None:
    folder = second_part(tmp_path, first)
    replace(folder / SUMMARY, "part-1:foreword:1", MINISTER)
    replace(folder / SUMMARY, f'"{SAID[:-1]}"', "this")
    data = json.loads((folder / "part-1.json").read_bytes())
    data["statements"][0]["status"] = status
    (folder / "part-1.json").write_text(json.dumps(data))
    assert [found.rule.code for found in told(folder)] == [code]


def test_words_that_the_other_part_withholds_are_not_quoted(tmp_path: Path, first: Path) -> None:
    folder = second_part(tmp_path, first)
    replace(
        folder / SUMMARY, "[@part-1:1-opening/01-minister:2]", "[@part-1:1-opening/01-minister]"
    )
    data = json.loads((folder / "part-1.json").read_bytes())
    data["statements"][0] |= {"status": "withheld", "paragraphs": []}
    (folder / "part-1.json").write_text(json.dumps(data))
    assert [found.rule for found in told(folder)] == [rules.WITHHELD_QUOTED]


def test_references_into_data_that_cannot_be_read_are_not_told_again(
    tmp_path: Path, first: Path
) -> None:
    folder = second_part(tmp_path, first)
    (folder / "part-1.json").unlink()
    (found,) = told(folder)
    assert found.rule is rules.BAD_COMPANION
    assert "No such file" in found.message


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"[" * 100_000,
        b'{"version": 2}',
        b'{"version": 1, "title": 7}',
    ],
)
def test_data_of_no_report_are_refused(data: bytes) -> None:
    with pytest.raises(BadCompanion):
        read_companion(data)


def test_hostile_data_are_text(tmp_path: Path, first: Path) -> None:
    folder = second_part(tmp_path, first)
    data = json.loads((folder / "part-1.json").read_bytes())
    data["statements"][0]["byline"] = "<script>alert(1)</script>\x00 & [@x]"
    (folder / "part-1.json").write_text(json.dumps(data))
    output = tmp_path / "dist"
    made = compile_report(folder, output, CACHE, frozenset({Format.HTML}))
    assert made.diagnostics == ()
    page = (output / "report.html").read_text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\ufffd &amp; [@x], Part 1, vol.\u00a0I" in page
    assert "<script>alert" not in page


def test_names_of_texts_that_no_report_has_are_refused(first: Path) -> None:
    data = json.loads((first / "report.json").read_bytes())
    data["statements"][0]["id"] = 'a b/"onclick'
    with pytest.raises(BadCompanion, match="not the name of a text"):
        read_companion(json.dumps(data).encode())


def test_a_release_states_which_data_it_was_made_with(tmp_path: Path, first: Path) -> None:
    from report.release.manifest import media

    folder = second_part(tmp_path, first)
    event, _ = load(folder)
    assert event
    assert "part-1.json" in media([event], folder)

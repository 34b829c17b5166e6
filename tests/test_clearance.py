"""Clearance as readers and editors meet it: marks on drafts, and not a word of what is withheld."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import lxml.html
import page as page_validation
import pikepdf
import pytest
import weasyprint
from PIL import Image

from report.check import check
from report.compilation import Outcome, compile_report
from report.diagnostics import Diagnostic
from report.formats import Format
from report.load import load
from tests.conftest import CACHE, PROJECT
from tests.reading import Reading, letters

MINIMAL = PROJECT / "tests" / "events" / "minimal"
STATEMENT = "1-opening/01-minister.md"
SESSION = "1-opening/session.md"
SUMMARY = "1-opening/chairmans-summary.md"
SECRET = "1-opening/02-envoy.md"

ENVOY = """\
---
speaker: Special Envoy
function: Speaking for the coast
affiliation: Member State A
category: governments
kind: presentation
title: Quixotic title
language: fr
minutes: 7
key_points: [Quixotic point]
slides: media/quixotic.pdf
slides_alt: Quixotic slides
recommendations:
  - {text: Quixotic States should row., level: national, paragraph: 1, id: rowing}
status: cleared
---
## Quixotic heading

The quixotic paragraph cites A/RES/99/77777 and QXTZZV, in English. [^1] [Quixotic link](https://quixotic.example/)

![Quixotic picture](../media/quixotic.png "Quixotic caption")

| Quixotic column |
| --- |
| quixotic cell |

Table: Quixotic table

*[QXTZZV]: Quixotic term

The QXTZZV ends the text.

[^1]: Quixotic note.
"""

CLOSING = """\
---
kind: closing
title: Closing
chair: Chairman, United Nations entity B
time: 12:00-13:00
---
The Envoy was heard [@1-opening/02-envoy:1; @1-opening/02-envoy:2; @1-opening/01-minister:1].
"""


@pytest.fixture
def event(tmp_path: Path) -> Path:
    return new_event(tmp_path)


def new_event(home: Path) -> Path:
    """The minimal event with a second statement, whose every text has one word: quixotic."""
    folder = Path(shutil.copytree(MINIMAL, home / "event"))
    (folder / SECRET).write_text(ENVOY)
    (folder / "2-closing").mkdir()
    (folder / "2-closing/session.md").write_text(CLOSING)
    with Image.new("RGB", (40, 30), (12, 200, 40)) as image:
        image.save(folder / "media/quixotic.png")
    slide = "<style>@page { size: 16cm 9cm }</style><h1>Quixotic slide</h1>"
    weasyprint.HTML(string=slide).write_pdf(folder / "media/quixotic.pdf")
    append(folder, "event.yaml", "acronyms: {QXTZZV: Quietly Explained}")
    append(folder, "event.yaml", "subjects: [{term: rowers, variants: [quixotic]}, speaker]")
    text = (folder / "event.yaml").read_text()
    parts = "at-a-glance, map, recommendations, speakers, documents, subjects, figures]"
    (folder / "event.yaml").write_text(re.sub(r"(?m)^(body: .*)\]$", rf"\1, {parts}", text))
    return folder


@dataclass(frozen=True)
class Built:
    """An event, compiled: what came of it, and where."""

    outcome: Outcome
    output: Path

    @cached_property
    def pdf(self) -> Reading:
        return Reading(self.output / "report.pdf")

    @cached_property
    def page(self) -> Any:
        return lxml.html.parse(self.output / "report.html").getroot()

    @cached_property
    def data(self) -> Any:
        return json.loads((self.output / "report.json").read_text())


def compiled(folder: Path, name: str = "out") -> Built:
    output = folder.parent / name
    outcome = compile_report(folder, output, CACHE, frozenset(Format), jobs=1)
    assert outcome.outputs or outcome.failed
    return Built(outcome, output)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clearance")


@pytest.fixture(scope="module")
def open_report(home: Path) -> Built:
    """The event as it is, every text of it printed."""
    return compiled(new_event(home), "open")


@pytest.fixture(scope="module")
def cut_report(home: Path, open_report: Built) -> Built:
    """The event with the second statement withheld, built with the cache of the whole one."""
    assert open_report.outcome.outputs
    folder = home / "event"
    state(folder, SECRET, "status: withheld")
    append(folder, SUMMARY, "They were {{ statements | map(attribute='title') | join('; ') }}")
    # The terms of the index and of the acronyms are the event's own words.
    told = (folder / "event.yaml").read_text()
    (folder / "event.yaml").write_text(re.sub("acronyms: .*\n|subjects: .*\n", "", told))
    return compiled(folder, "cut")


@pytest.fixture(scope="module")
def draft_report(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The event with a statement of several pages and a session as drafts, one under embargo."""
    folder = new_event(tmp_path_factory.mktemp("drafts"))
    body = "\n".join(
        f"\nParagraph {n}. " + "We were glad to be here again. " * 12 for n in range(9)
    )
    append(folder, STATEMENT, body)
    for name in (STATEMENT, SESSION):
        state(folder, name, "status: draft")
    state(folder, SECRET, "status: cleared\nembargo: 2011-09-20T09:00-04:00")
    return compiled(folder)


def append(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(f"{(folder / name).read_text()}{text}\n")


def state(folder: Path, name: str, line: str) -> None:
    """Put a line at the head of a file, in the place of its status if it has one."""
    text = re.sub(r"(?m)^status: .*\n", "", (folder / name).read_text())
    (folder / name).write_text(text.replace("---\n", f"---\n{line}\n", 1))


def found(folder: Path) -> list[Diagnostic]:
    event, problems = load(folder)
    assert event
    return [*problems, *check(event)]


def told(folder: Path) -> set[tuple[str, str]]:
    return {(d.rule.code, str(d.place)) for d in found(folder)}


# Withheld


def everything(path: Path) -> Iterator[str]:
    """All that an output holds: its bytes, and of a PDF every string and stream, and its text."""
    yield path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".pdf":
        reading = Reading(path)
        yield from reading.pages
        yield reading.spoken
        for item in reading.pdf.objects:
            yield from _strings(item)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                part = archive.read(name).decode("utf-8", "replace")
                yield from (name, part, re.sub(r"<[^>]*>", "", part))


def _strings(item: Any) -> Iterator[str]:
    """The keys, names, strings and streams of an object, without what it only refers to."""
    if isinstance(item, pikepdf.Stream):
        yield from _decoded(item)
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        entries = dict(item.items())
        yield from entries
        parts = list(entries.values())
    elif isinstance(item, pikepdf.Array):
        parts = list(item)
    else:
        parts = []
        yield str(item)
    for part in parts:
        if not (isinstance(part, pikepdf.Object) and part.is_indirect):
            yield from _strings(part)


def _decoded(stream: pikepdf.Stream) -> Iterator[str]:
    try:
        data = stream.read_bytes()
    except pikepdf.PdfError:
        # Of pictures, whose filters pikepdf leaves alone.
        data = stream.read_raw_bytes()
    yield data.decode("latin-1")
    yield data.decode("utf-16-be", "replace")


SECRETS = ("quixotic", "qxtzzv", "statesshouldrow")
SYMBOL = "99/77777"
WITHOUT_TEXT = {"report.schema.json", "report.bib", "programme.pdf", "programme.html"}
"""Outputs in which no statement's text is printed."""


def leaks(output: Path) -> set[tuple[str, str]]:
    """The outputs that hold a word of the secret statement, and that word."""
    return {
        (path.relative_to(output).parts[0], secret)
        for path in output.rglob("*")
        if path.is_file()
        for text in everything(path)
        for secret in (*SECRETS, SYMBOL)
        if secret in (text if secret == SYMBOL else letters(text).casefold())
    }


def test_a_statement_that_is_cleared_is_in_every_output(open_report: Built) -> None:
    texts = {path.name for path in open_report.output.iterdir()} - WITHOUT_TEXT
    assert leaks(open_report.output) == set(product(texts, (*SECRETS, SYMBOL)))


def test_no_word_of_a_withheld_statement_is_in_any_output(cut_report: Built) -> None:
    outputs = cut_report.outcome.outputs
    made = {path.relative_to(cut_report.output).parts[0] for path in outputs}
    assert len(made) == len(frozenset(Format) - {Format.PROGRAMME}) + len(WITHOUT_TEXT)
    assert leaks(cut_report.output) == set()


def test_a_withheld_statement_keeps_its_place_and_its_speaker(cut_report: Built) -> None:
    unit = cut_report.page.get_element_by_id("1-opening/02-envoy")
    assert " ".join(unit.text_content().split()) == (
        "Presentation Special Envoy Speaking for the coast Member State A"
        " Delivered in French, 7 minutes Text not available"
    )
    pdf = cut_report.pdf
    own = next(text for text in pdf.pages if "Text not available" in text)
    assert "Special Envoy" in own
    assert any(title.startswith("Special Envoy") for _, title, _ in pdf.bookmarks)
    contents = next(text for text in pdf.pages if text.startswith("Contents"))
    assert "Special Envoy, Member State A" in contents
    assert "Not for distribution" not in cut_report.page.text_content()
    listed = cut_report.data["statements"][1]
    assert listed["id"] == "1-opening/02-envoy"
    assert (listed["status"], listed["paragraphs"], listed["words"]) == ("withheld", [], 0)
    assert [text.id for text in cut_report.outcome.restricted] == ["1-opening/02-envoy"]


def test_references_into_a_withheld_text_lead_to_its_place(cut_report: Built) -> None:
    discussion = cut_report.page.get_element_by_id("2-closing/summary")
    links = discussion.iterfind(".//a[@class='reference']")
    assert [(link.get("href"), link.text) for link in links] == [
        ("#1-opening/02-envoy", "Special Envoy, Member State A"),
        ("#1-opening/01-minister:1", "Minister, Member State A, para.\u00a01"),
    ]
    assert b"1-opening/02-envoy" in cut_report.pdf.destinations
    assert b"1-opening/02-envoy:1" not in cut_report.pdf.destinations
    edge = {"source": "2-closing:1", "target": "1-opening/02-envoy"}
    assert edge in cut_report.data["references"]


def test_a_withheld_discussion_and_summary_leave_no_word(event: Path) -> None:
    for name in (SESSION, SUMMARY):
        state(event, name, "status: withheld")
    built = compiled(event)
    page = built.page.text_content()
    for text in (page, "".join(built.pdf.pages), json.dumps(built.data)):
        # Of the discussion, of a finding, of the summary.
        for words in ("agreed with the speaker", "Meetings build trust", "as the Minister asked"):
            assert letters(words) not in letters(text)
        # The statement's own recommendation stays.
        assert letters("States should meet every year") in letters(text)
    assert page.count("Text not available") == 2


def test_what_a_withheld_text_may_not_be_used_for(event: Path) -> None:
    state(event, STATEMENT, "status: withheld")
    append(event, "foreword.md", '\nThey were "glad to be here" [@1-opening/01-minister:1].')
    assert told(event) == {
        ("E314", f"{SUMMARY}:6:15"),
        ("E316", "foreword.md:6:12"),
    }
    built = compiled(event)
    assert built.outcome.failed
    assert not built.output.exists()


def test_a_conclusion_that_rests_on_a_draft(event: Path) -> None:
    state(event, STATEMENT, "status: draft")
    (problem,) = found(event)
    assert (problem.rule.code, str(problem.place)) == ("W315", f"{SUMMARY}:6:15")
    assert not problem.is_error
    assert "is a draft" in problem.message


# Drafts and embargoes


def test_a_draft_is_marked_on_each_of_its_pages_and_on_no_other(draft_report: Built) -> None:
    pdf = draft_report.pdf
    places = ("1-opening/01-minister", "1-opening/02-envoy", "1-opening/discussion", "2-closing")
    opener = pdf.destinations[b"1-opening"]
    first, second, discussion, closing = (pdf.destinations[place.encode()] for place in places)
    assert second - first > 1
    words = [" ".join(text.split()) for text in pdf.pages]
    drafts = [n for n, text in enumerate(words) if "Draft, not cleared for distribution" in text]
    assert drafts == [opener, *range(first, second), *range(discussion, closing)]
    assert all(re.search(r"(?m)^Draft\r?$", pdf.pages[n]) for n in drafts)
    embargoed = [n for n, text in enumerate(words) if "Embargoed until 20 September 2011" in text]
    assert embargoed == list(range(second, discussion))
    assert "Not for distribution: 3 texts in this report are not cleared" in words[0]


def test_the_mark_is_no_part_of_the_text(draft_report: Built) -> None:
    assert "We are glad to be here." in draft_report.pdf.spoken
    assert "Draft" not in draft_report.pdf.spoken
    for profile in ("ua1", "3a"):
        path = draft_report.output / "report.pdf"
        assert page_validation.validate_pdf(path, profile=profile).failures == []


def test_the_page_has_a_banner_and_says_it_at_each_draft(draft_report: Built) -> None:
    (banner,) = draft_report.page.iterfind("body/header[@class='banner']")
    expected = "Not for distribution: 3 texts in this report are not cleared"
    assert banner.text_content().strip() == expected
    notices = draft_report.page.iterfind(".//main//p[@class='notice']")
    draft = "Draft, not cleared for distribution"
    assert {notice.getparent().get("id"): notice.text for notice in notices} == {
        "cover": expected,
        "1-opening": draft,
        "1-opening/01-minister": draft,
        "1-opening/02-envoy": "Embargoed until 20\u00a0September\u00a02011, 09:00 (UTC-04:00)",
        "1-opening/discussion": draft,
    }


def test_a_text_that_says_nothing_of_its_status_is_not_marked(open_report: Built) -> None:
    assert open_report.outcome.restricted == ()
    assert "not cleared" not in "".join(open_report.pdf.pages)
    assert not list(open_report.page.iterfind(".//p[@class='notice']"))


@pytest.mark.parametrize("line", ["embargo: 2011-09-20", "embargo: tomorrow", "status: secret"])
def test_a_status_or_moment_that_is_not_understood(event: Path, line: str) -> None:
    state(event, STATEMENT, line)
    problem = next(d for d in found(event) if d.place.file == STATEMENT)
    assert (problem.rule.code, problem.place.line) == ("E105", 2)
    assert "2011-09-20T09:00-04:00" in problem.hint or "cleared" in problem.message

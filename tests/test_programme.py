"""The programme booklet, as it is handed out before the event."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import lxml.html
import page as page_validation
import pytest

from report.compilation import Outcome, compile_report, examine
from report.formats import Format
from tests.conftest import CACHE, PROJECT, Compiled
from tests.reading import Reading, letters

MINIMAL = PROJECT / "tests/events/minimal"


def compiled(folder: Path, home: Path, language: str = "") -> Outcome:
    forms = frozenset({Format.PROGRAMME})
    return compile_report(folder, home / "out", CACHE, forms, language=language, jobs=1)


@pytest.fixture(scope="module")
def booklet(sample: Compiled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("programme")
    outcome = compiled(sample.folder, home)
    assert {path.name for path in outcome.outputs} == {"programme.pdf", "programme.html"}
    return home / "out"


@pytest.fixture
def event(tmp_path: Path) -> Path:
    """An event before it takes place: nobody has sent a text, nor is there any list or summary."""
    folder = Path(shutil.copytree(MINIMAL, tmp_path / "event"))
    for name in ("participants.yaml", "foreword.md", "1-opening/chairmans-summary.md"):
        (folder / name).unlink()
    shutil.rmtree(folder / "media")
    for name in ("1-opening/01-minister.md", "1-opening/session.md"):
        head = (folder / name).read_text().split("---\n")[1]
        (folder / name).write_text(f"---\n{head}---\n")
    return folder


def test_it_tells_times_chairs_and_speakers(booklet: Path, sample: Compiled) -> None:
    pdf = Reading(booklet / "programme.pdf")
    said = letters(pdf.spoken)
    for session in sample.event.sessions:
        assert letters(f"{session.title} Chair {session.chair}") in said
        assert letters(str(session.time)) in said
    for statement in sample.event.statements:
        assert letters(f"{statement.speaker}, {statement.affiliation}") in said
    assert letters("Comprehensive report") not in said
    assert letters("Not for distribution") not in said
    assert [title for level, title, _ in pdf.bookmarks if level == 0] == [
        *("Programme", "Speakers", "Practical information")
    ]


def test_speakers_are_told_once_with_portrait_and_biography(
    booklet: Path, sample: Compiled
) -> None:
    page = lxml.html.parse(booklet / "programme.html").getroot()
    names = [heading.text for heading in page.iterfind(".//section[@class]/h3")]
    listed = [s.speaker for s in sample.event.statements]
    assert set(listed) <= set(names)
    assert len(names) == len({(s.speaker, s.affiliation) for s in sample.event.statements})
    mayor = page.get_element_by_id("2-dialogue/03-mayor-member-state-c")
    assert "An engineer of waterways by profession" in mayor.text_content()
    assert "Session 2, 10:15–11:30" in mayor.text_content()
    assert mayor.find("img").get("alt") == "Portrait: Mayor"


def test_no_word_of_a_statement_is_in_it(booklet: Path, sample: Compiled) -> None:
    said = " ".join(Reading(booklet / "programme.pdf").spoken.split())
    html = (booklet / "programme.html").read_text()
    for statement in sample.event.statements:
        for words in (statement.text.paragraphs[0][:40], *statement.key_points):
            assert words not in said
            assert words not in html


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_it_is_accessible_and_fit_for_archives(booklet: Path, profile: str) -> None:
    found = page_validation.validate_pdf(booklet / "programme.pdf", profile=profile).failures
    # The validator is mistaken about streams that end in a carriage return.
    assert [f.message for f in found if "STREAM-LENGTH" not in f.rule_id] == []


def test_it_is_made_before_any_statement_has_come_in(event: Path, tmp_path: Path) -> None:
    _, found = examine(event, CACHE)
    assert {"E106", "E203"} & {d.rule.code for d in found if d.is_error}
    outcome = compiled(event, tmp_path)
    assert outcome.diagnostics == ()
    said = " ".join(Reading(tmp_path / "out/programme.pdf").spoken.split())
    assert "Minister" in said


@pytest.mark.heavy
def test_it_is_in_each_language_of_the_event(tmp_path: Path) -> None:
    outcome = compiled(PROJECT / "gallery/event", tmp_path, "all")
    assert outcome.diagnostics == ()
    said = letters(Reading(tmp_path / "out/programme.ru.pdf").spoken)
    for words in (
        *("Мэр Государство-член А Заседание 2", "мэр портового города", "Практическая информация"),
        *("Председатель, Ассоциация портовых городов", "до полуночи"),
    ):
        assert letters(words) in said, words
    assert not re.search("[a-z]{4}", said)


def test_only_what_concerns_it_counts(event: Path, tmp_path: Path) -> None:
    statement = event / "1-opening/01-minister.md"
    head = statement.read_text()
    statement.write_text(head + "See [@9-nowhere/01-nobody:1] and ![](nothing.png).\n")
    assert compiled(event, tmp_path).diagnostics == ()
    statement.write_text(head.replace("speaker:", "speeker:"))
    told = {(d.rule.code, d.place.file) for d in compiled(event, tmp_path).diagnostics}
    assert ("E103", "1-opening/01-minister.md") in told


def test_what_is_wrong_with_the_booklet_is_told(event: Path, tmp_path: Path) -> None:
    statement = event / "1-opening/01-minister.md"
    statement.write_text(
        statement.read_text().replace("---\n", "---\nportrait: media/none.jpg\n", 1)
    )
    more = "booklet: [practical, practical, programme, absent]\n"
    (event / "event.yaml").write_text((event / "event.yaml").read_text() + more)
    (event / "practical.md").write_text("---\ntitle: Practical\n---\nSee [@1-opening:4].\n")
    (event / "programme.md").write_text("---\ntitle: Programme\n---\nAgain.\n")
    outcome = compiled(event, tmp_path)
    assert outcome.outputs == ()
    told = {(d.rule.code, d.place.file, d.place.line) for d in outcome.diagnostics}
    order = len((event / "event.yaml").read_text().splitlines())
    assert told == {
        ("E401", "1-opening/01-minister.md", 2),
        ("E209", "event.yaml", order),
        ("E212", "event.yaml", order),
        ("E310", "practical.md", 4),
    }

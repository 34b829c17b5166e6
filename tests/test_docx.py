"""The Word form as a word processor reads it."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PIL import Image

from report.compilation import compile_report
from report.formats import Format
from report.wordtext import bookmark
from tests.conftest import CACHE, PROJECT, Compiled

MINIMAL = PROJECT / "tests/events/minimal"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
KEYNOTE = "1-opening/01-secretary-general"


@dataclass(frozen=True)
class Word:
    """A .docx opened for reading."""

    content: bytes

    @cached_property
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    @cached_property
    def document(self) -> Any:
        return self.part("word/document.xml")

    def part(self, name: str) -> Any:
        return etree.fromstring(self.parts[name])

    @cached_property
    def paragraphs(self) -> list[Any]:
        return list(self.document.iter(f"{W}p"))

    @cached_property
    def bookmarks(self) -> dict[str, Any]:
        """The start of each bookmark by its name, which no other has."""
        starts = list(self.document.iter(f"{W}bookmarkStart"))
        named = {start.get(f"{W}name"): start for start in starts}
        assert len(named) == len(starts)
        return named

    def styled(self, style: str) -> list[str]:
        """The texts of the paragraphs with a style."""
        return [words(p) for p in self.paragraphs if style_of(p) == style]

    def paragraph(self, anchor: str) -> Any:
        """The paragraph in which an anchor's bookmark begins, or the first after it."""
        start = self.bookmarks[bookmark(anchor)]
        within = next(start.iterancestors(f"{W}p"), None)
        return within if within is not None else next(start.itersiblings(f"{W}p"))


def words(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def style_of(paragraph: Any) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else str(found.get(f"{W}val"))


def compiled(folder: Path, home: Path) -> Word:
    outcome = compile_report(folder, home, CACHE, frozenset({Format.DOCX}), jobs=1)
    assert outcome.outputs == (home / "report.docx",), outcome.diagnostics
    return Word((home / "report.docx").read_bytes())


@pytest.fixture(scope="module")
def word(sample: Compiled, tmp_path_factory: pytest.TempPathFactory) -> Word:
    home = tmp_path_factory.mktemp("word")
    return compiled(sample.folder, home)


def test_headings_form_the_tree_of_the_report(word: Word, sample: Compiled) -> None:
    assert word.styled("Title") == ["The Secretary-General’s Symposium on International"
                                    " Counter-Terrorism Cooperation"]  # fmt: skip
    parts, speakers = word.styled("Heading1"), word.styled("Heading2")
    assert {"Contents", "Foreword", "Chairman’s Summary", "Participants"} <= set(parts)
    assert [session.title for session in sample.event.sessions][1] in " ".join(parts)
    assert [s.speaker for s in sample.event.statements if s.speaker not in speakers] == []
    levels = [int(style_of(p)[-1]) for p in word.paragraphs if style_of(p).startswith("Heading")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_paragraph_is_a_bookmark_that_its_anchor_names(word: Word, sample: Compiled) -> None:
    for identity, text in sample.event.texts.items():
        for number, paragraph in enumerate(text.paragraphs, start=1):
            found = word.paragraph(f"{identity}:{number}")
            assert style_of(found) == "NumberedParagraph", (identity, number)
            assert words(found)[:15].strip() in paragraph or words(found) == "\u00a0"
    assert all(len(name) <= 40 and name[0].isalpha() for name in word.bookmarks)


def test_numbers_of_paragraphs_are_word_s_own_and_begin_anew_in_each_text(word: Word) -> None:
    """So no number stands in a text that somebody corrects."""
    numbering = word.part("word/numbering.xml")
    lists = set()
    for name in (KEYNOTE, "foreword"):
        ids = {
            word.paragraph(f"{name}:{number}").find(f"{W}pPr/{W}numPr/{W}numId").get(f"{W}val")
            for number in (1, 2, 3)
        }
        assert len(ids) == 1
        lists |= ids
    assert len(lists) == 2
    for number in lists:
        listing = next(n for n in numbering.iter(f"{W}num") if n.get(f"{W}numId") == number)
        assert listing.find(f"{W}lvlOverride/{W}startOverride").get(f"{W}val") == "1"
    assert words(word.paragraph(f"{KEYNOTE}:1")).startswith("Welcome to the United Nations.")


def test_footnotes_are_footnotes(word: Word) -> None:
    calls = list(word.document.iter(f"{W}footnoteReference"))
    notes = {note.get(f"{W}id"): note for note in word.part("word/footnotes.xml")}
    first = next(word.paragraph(f"{KEYNOTE}:1").iter(f"{W}footnoteReference"))
    assert words(notes[first.get(f"{W}id")]).strip().startswith("Specimen text, composed for this")
    assert {call.get(f"{W}id") for call in calls} == notes.keys() - {"0", "-1"}


def test_items_of_lists_keep_their_numbers(tmp_path: Path) -> None:
    event = Path(shutil.copytree(MINIMAL, tmp_path / "event"))
    with (event / "1-opening/01-minister.md").open("a", encoding="utf-8") as file:
        file.write("\n3. Third point.\n7. Seventh point.\n8. Eighth point.\n")
    outcome = compile_report(event, tmp_path, CACHE, frozenset({Format.DOCX}), jobs=1)
    assert outcome.outputs, outcome.diagnostics
    word = Word((tmp_path / "report.docx").read_bytes())
    lists = [
        paragraph.find(f".//{W}numId").get(f"{W}val")
        for paragraph in word.paragraphs
        if "".join(paragraph.itertext()).endswith(" point.")
    ]
    numbering = word.part("word/numbering.xml")
    starts = [
        numbering.find(f"{W}num[@{W}numId='{each}']//{W}startOverride").get(f"{W}val")
        for each in dict.fromkeys(lists)
    ]
    assert (starts, lists.count(lists[-1])) == (["3", "7"], 2)


def test_links_lead_to_places_in_the_file_or_to_the_web(word: Word) -> None:
    links = list(word.document.iter(f"{W}hyperlink"))
    within = [name for link in links if (name := link.get(f"{W}anchor"))]
    assert len(within) > 100
    assert [name for name in within if name not in word.bookmarks] == []
    relations = word.part("word/_rels/document.xml.rels")
    outside = [r for r in relations if r.get("TargetMode") == "External"]
    assert outside
    assert all(r.get("Type").endswith("/hyperlink") for r in outside)
    assert all(r.get("Target").startswith("https://") for r in outside)


def test_tables_have_header_rows_and_pictures_say_what_they_show(word: Word) -> None:
    timetable = next(t for t in word.document.iter(f"{W}tbl") if words(t).startswith("Time"))
    header = timetable.find(f"{W}tr/{W}trPr/{W}tblHeader")
    assert header is not None
    pictures = list(word.document.iter("{*}docPr"))
    assert len(pictures) > 15
    assert all(picture.get("descr") for picture in pictures)
    assert any(p.get("descr").startswith("Bar chart. Statements by session") for p in pictures)
    media = {name: data for name, data in word.parts.items() if name.startswith("word/media/")}
    for data in media.values():
        with Image.open(io.BytesIO(data)) as image:
            assert image.format in ("PNG", "JPEG", "GIF")
    assert "base64" not in word.parts["word/document.xml"].decode()


def test_each_part_begins_on_a_page_of_its_own(word: Word) -> None:
    for identity in ("foreword", "1-opening", KEYNOTE, "1-opening/discussion", "participants"):
        assert word.paragraph(identity).find(f"{W}pPr/{W}pageBreakBefore") is not None, identity


def test_changes_are_tracked_from_the_start(word: Word) -> None:
    assert word.part("word/settings.xml").find(f"{W}trackRevisions") is not None


def test_the_file_describes_itself(word: Word) -> None:
    core = word.part("docProps/core.xml")
    told = {etree.QName(element).localname: element.text for element in core}
    assert told["title"].startswith("The Secretary-General’s Symposium")
    assert told["language"] == "en"
    assert told["created"] == told["modified"] == "2011-12-12T00:00:00Z"
    defaults = word.part("word/styles.xml").find(f".//{W}docDefaults//{W}lang")
    assert defaults.get(f"{W}val") == "en"


def test_languages_and_directions_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "event"
    copy(folder)
    statement = folder / "1-opening/01-minister.md"
    head = statement.read_text().partition("\n---\n")[0]
    body = "نشكركم على هذه الدعوة.\n\nشكرا.\n\n## أولا\n\n- ثانيا\n"
    statement.write_text(f"{head}\nlanguage: ar\n---\n{body}")
    word = compiled(folder, tmp_path / "out")
    said = word.paragraph("1-opening/01-minister:1")
    assert words(said) == "نشكركم على هذه الدعوة."
    assert said.find(f"{W}pPr/{W}bidi") is not None
    assert {run.get(f"{W}val") for run in said.iter(f"{W}lang")} == {"ar"}
    # A list that is a paragraph itself has its number on a line of its own.
    listed = word.paragraph("1-opening/01-minister:3")
    assert listed.find(f"{W}pPr/{W}numPr") is not None
    assert words(listed) == "\u00a0"
    assert words(word.paragraphs[word.paragraphs.index(listed) + 1]) == "ثانيا"


def test_columns_of_a_table_run_as_its_words_do(tmp_path: Path) -> None:
    folder = copy(tmp_path / "event")
    arabic = "السنة", "العدد", "الأولى"
    statement = folder / "1-opening/01-minister.md"
    head = statement.read_text().partition("\n---\n")[0]
    statement.write_text(f"{head}\nlanguage: ar\n---\nأولا\n\nثانيا\n\n{table(arabic)}")
    with (folder / "foreword.md").open("a") as foreword:
        foreword.write(f"\n{table('ABC')}")
    tables = compiled(folder, tmp_path / "out").document.iter(f"{W}tbl")
    set_up = {words(each): [part.tag for part in each.find(f"{W}tblPr")] for each in tables}
    assert set_up["".join(arabic)][:2] == [f"{W}tblStyle", f"{W}bidiVisual"]
    assert f"{W}bidiVisual" not in set_up["ABC"]


def table(cells: Iterable[str]) -> str:
    """A table in Markdown of three cells, and one that is empty."""
    return "| {} | {} |\n| --- | --- |\n| {} | |\n".format(*cells)


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    copy(tmp_path / "event")
    first = compiled(tmp_path / "event", tmp_path / "a")
    assert first == compiled(tmp_path / "event", tmp_path / "b")


def test_an_event_has_its_own_colours_and_styles(tmp_path: Path) -> None:
    folder = copy(tmp_path / "event")
    (folder / "styles/reference/word").mkdir(parents=True)
    own = (PROJECT / "styles/tokens.css").read_text()
    (folder / "styles/tokens.css").write_text(own.replace("--accent: #17496f", "--accent: #336600"))
    styles = (PROJECT / "styles/reference/word/styles.xml").read_text()
    (folder / "styles/reference/word/styles.xml").write_text(
        styles.replace('w:val="23"', 'w:val="28"')
    )
    word = compiled(folder, tmp_path / "out")
    made = word.part("word/styles.xml")
    by_id = {style.get(f"{W}styleId"): style for style in made.iter(f"{W}style")}
    assert by_id["Heading1"].find(f".//{W}color").get(f"{W}val") == "336600"
    assert by_id["Affiliation"].find(f".//{W}sz").get(f"{W}val") == "28"
    assert by_id["Heading1"].find(f".//{W}rFonts").get(f"{W}ascii") == "Arial"


def copy(folder: Path) -> Path:
    return Path(shutil.copytree(MINIMAL, folder))

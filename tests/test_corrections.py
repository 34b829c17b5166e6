"""Corrections: a Word file comes back, is compared with the texts, and what is wanted is made."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from report.compilation import compile_report
from report.desk.corrections import correct
from report.desk.proposal import Proposal, Returned, State
from report.desk.refusal import Refused
from report.desk.returned import read_returned, sent_edition
from report.formats import Format
from report.load import load
from tests.conftest import CACHE, PROJECT, Compiled
from tests.redlining import Redlined, said
from tests.terminal import run
from tests.waiting import PATIENCE

MINIMAL = PROJECT / "tests/events/minimal"
DEPUTY = "1-opening/02-deputy"
MINISTER = "1-opening/01-minister"
TEXT = """\
---
speaker: Deputy   # as on the list
affiliation: Member State A
category: governments
---
We are *very glad* to be here[^1], as A/RES/60/288 asks.

Second line with "quotes" and a reference [@1-opening/01-minister:2] -- and a dash.
It goes on in a line of its own, since    nobody wraps lines alike.

## A heading

- first item
- second **item**

> A quotation of
> some length.

| a | b |
| --- | --- |
| one | two |

The end of `it`; see <https://example.org/>.

[^1]: A note at the foot.
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the event, and the Word file that is made of it."""
    home = tmp_path_factory.mktemp("corrections")
    folder = Path(shutil.copytree(MINIMAL, home / "event"))
    (folder / f"{DEPUTY}.md").write_text(TEXT)
    made = compile_report(folder, home, CACHE, frozenset({Format.DOCX}), jobs=1)
    assert made.diagnostics == ()
    return home


@pytest.fixture
def event(home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(home / "event", tmp_path / "event"))


@pytest.fixture
def sent(home: Path) -> Redlined:
    return Redlined((home / "report.docx").read_bytes())


def returned(event: Path, redlined: Redlined) -> Returned:
    read, _ = load(event)
    assert read
    return read_returned(redlined.content, sent_edition(redlined.content, read))


def proposals(event: Path, redlined: Redlined) -> tuple[Proposal, ...]:
    return returned(event, redlined).proposals


def make(event: Path, redlined: Redlined) -> list[str]:
    """Make everything that is proposed; what could not be made, with the reason."""
    read, _ = load(event)
    assert read
    edition = sent_edition(redlined.content, read)
    done = correct(event, edition, read_returned(redlined.content, edition).proposals)
    return [reason for _, reason in done.failed]


def body(event: Path, identity: str = DEPUTY) -> str:
    return (event / f"{identity}.md").read_text()


def test_a_file_without_changes_proposes_nothing(event: Path, sent: Redlined) -> None:
    found = returned(event, sent)
    assert (found.proposals, found.remarks, found.absent) == ((), (), ())
    assert found.is_complete


def test_a_change_is_told_with_its_place_words_author_and_moment(
    event: Path, sent: Redlined
) -> None:
    sent.change(sent.paragraph(f"{DEPUTY}:2"), "line", "row")
    (found,) = proposals(event, sent)
    assert (found.number, found.file, found.paragraph) == (1, f"{DEPUTY}.md", 2)
    assert found.name == "Deputy, Member State A"
    assert (found.before, found.old, found.new) == ("Second", "line", "row")
    assert found.after.startswith("with “quotes”")
    assert [(h.author, h.date) for h in found.hands] == [("Jane Doe", "2011-12-12T14:05:00Z")]
    assert found.state is State.OPEN


def test_a_change_that_nobody_tracked_is_found_too(event: Path, sent: Redlined) -> None:
    sent.change(sent.paragraph(f"{DEPUTY}:2"), "line", "row", tracked=False)
    (found,) = proposals(event, sent)
    assert (found.old, found.new, found.hands) == ("line", "row", ())
    assert make(event, sent) == []
    assert "Second row with" in body(event)


Change = Callable[[Redlined], None]


def changed(place: str, further: int, old: str, new: str) -> Change:
    return lambda file: file.change(file.paragraph(place, further), old, new)


def inserted(place: str, after: str, new: str) -> Change:
    return lambda file: file.insert(file.paragraph(place), after, new)


# What the reader of the file does; what becomes of the Markdown.
WORDS = [
    (changed(f"{DEPUTY}:1", 0, "very", "really"), "*very glad* to", "*really glad* to"),
    (changed(f"{DEPUTY}:1", 0, "very ", ""), "*very glad* to", "*glad* to"),
    (changed(f"{DEPUTY}:1", 0, " glad", ""), "*very glad* to", "*very* to"),
    (changed(f"{DEPUTY}:1", 0, "very glad ", ""), "are *very glad* to", "are to"),
    (changed(f"{DEPUTY}:1", 0, "We are", "You were"), "We are *very", "You were *very"),
    (changed(f"{DEPUTY}:1", 0, "We are ", ""), "We are *very", "*very"),
    (inserted(f"{DEPUTY}:1", "glad", ", indeed,"), "glad* to", "glad*, indeed, to"),
    (inserted(f"{DEPUTY}:1", "are", " all"), "are *very", "are all *very"),
    (inserted(f"{DEPUTY}:1", "here", " again"), "here[^1],", "here again[^1],"),
    (changed(f"{DEPUTY}:1", 0, "asks", "asked"), "60/288 asks", "60/288 asked"),
    (changed(f"{DEPUTY}:1", 0, "288", "297"), "A/RES/60/288", "A/RES/60/297"),
    (changed(f"{DEPUTY}:2", 0, "“quotes”", "words"), 'with "quotes" and', "with words and"),
    (
        changed(f"{DEPUTY}:2", 0, "and a dash. It", "or two; it"),
        "-- and a dash.\nIt",
        "-- or two; it",
    ),
    (inserted(f"{DEPUTY}:2", "dash", "ing end"), "a dash.", "a dashing end."),
    (inserted(f"{DEPUTY}:2", "own", " kind"), "own, since    nobody", "own kind, since    nobody"),
    (changed(f"{DEPUTY}:2", 0, "lines ", ""), "wraps lines alike", "wraps alike"),
    (changed(f"{DEPUTY}:2", 0, "nobody", "*nobody* [sic]"), "nobody", r"\*nobody\* [sic]"),
    (changed(f"{DEPUTY}:2", 1, "heading", "title"), "## A heading", "## A title"),
    (changed(f"{DEPUTY}:3", 1, "item", "entry"), "- first item", "- first entry"),
    (changed(f"{DEPUTY}:3", 2, "item", "entry"), "second **item**", "second **entry**"),
    (changed(f"{DEPUTY}:3", 3, "some", "great"), "> some length", "> great length"),
    (changed(f"{DEPUTY}:3", 8, "two", "three"), "| one | two |", "| one | three |"),
    (changed(f"{DEPUTY}:4", 0, "it", "that"), "`it`", "`that`"),
    (lambda file: file.change_note(1, "foot", "end"), "at the foot.", "at the end."),
]


@pytest.mark.parametrize(("change", "old", "new"), WORDS, ids=[f"{w[1]} > {w[2]}" for w in WORDS])
def test_only_the_words_change_in_the_file(
    event: Path, sent: Redlined, change: Change, old: str, new: str
) -> None:
    before = body(event)
    assert old in before
    change(sent)
    assert make(event, sent) == []
    assert body(event) == before.replace(old, new, 1)
    # What is made is proposed no more, and making it again changes nothing.
    assert {found.state for found in proposals(event, sent)} == {State.MADE}
    assert make(event, sent) == []
    assert body(event) == before.replace(old, new, 1)


def test_texts_of_every_kind_are_corrected(event: Path, sent: Redlined) -> None:
    sent.change(sent.paragraph("foreword:1"), "all who", "those who")
    sent.change(sent.paragraph("1-opening:1"), "agreed", "disagreed")
    sent.change(sent.paragraph("1-opening/chairmans-summary:1"), "asked", "demanded")
    assert make(event, sent) == []
    assert "thanks those who" in body(event, "foreword")
    assert "A disagreed with the speaker [@1-opening" in body(event, "1-opening/session")
    summary = body(event, "1-opening/chairmans-summary")
    assert "had {{ sessions | length }} session, as the Minister demanded\n[@1-op" in summary


def test_all_changes_of_a_paragraph_are_made_together(event: Path, sent: Redlined) -> None:
    first = sent.paragraph(f"{DEPUTY}:1")
    for old, new in (("We", "You"), ("very", "really"), ("be here", "stay"), ("asks", "asked")):
        sent.change(first, old, new)
    assert make(event, sent) == []
    assert "You are *really glad* to stay[^1], as A/RES/60/288 asked." in body(event)


def test_line_ends_and_the_byte_order_mark_stay(event: Path, sent: Redlined) -> None:
    file = event / f"{DEPUTY}.md"
    before = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()
    file.write_bytes(before)
    file.chmod(0o640)
    sent.change(sent.paragraph(f"{DEPUTY}:2"), "line", "row")
    assert make(event, sent) == []
    assert file.read_bytes() == before.replace(b"Second line", b"Second row")
    assert file.stat().st_mode & 0o777 == 0o640


# What cannot be made without a person; a part of the reason.
BY_HAND: list[tuple[Change, str]] = [
    (lambda f: f.add_paragraph(f.paragraph(f"{DEPUTY}:2"), "A new one."), "a paragraph is added"),
    (lambda f: f.delete_paragraph(f.paragraph(f"{DEPUTY}:2")), "whole paragraph is taken out"),
    (lambda f: f.split(f.paragraph(f"{DEPUTY}:2"), "quotes"), "the paragraph is divided"),
    (lambda f: f.join(f.paragraph(f"{MINISTER}:1")), "joined with the next"),
    (changed(f"{DEPUTY}:2", 0, "reference (Minister, Member", "link (Member"), "a reference"),
    (changed(f"{DEPUTY}:2", 0, "para.\u00a02", "page 1"), "a reference"),
    (changed("1-opening/chairmans-summary:1", 2, "build", "make"), "front matter"),
    (changed("1-opening/chairmans-summary:1", 0, "1 session", "2 sessions"), "have changed"),
    (changed(f"{MINISTER}:1", -3, "Minister", "Prime Minister"), "stand in no text"),
]


@pytest.mark.parametrize(("change", "reason"), BY_HAND, ids=map(str, range(len(BY_HAND))))
def test_what_only_a_person_can_change_is_told_and_no_file_changes(
    event: Path, sent: Redlined, change: Change, reason: str
) -> None:
    before = {path: path.read_bytes() for path in event.rglob("*") if path.is_file()}
    change(sent)
    found = proposals(event, sent)
    assert found
    assert all(each.state is State.BY_HAND for each in found)
    assert all(reason in told for told in make(event, sent))
    assert {path: path.read_bytes() for path in event.rglob("*") if path.is_file()} == before


def test_the_words_of_a_new_paragraph_are_told(event: Path, sent: Redlined) -> None:
    sent.add_paragraph(sent.paragraph(f"{MINISTER}:1"), "We thank the host.")
    (found,) = proposals(event, sent)
    assert (found.file, found.paragraph, found.old) == (f"{MINISTER}.md", 1, "")
    assert found.new == "We thank the host."
    assert [hand.author for hand in found.hands] == ["Jane Doe"]


def test_a_paragraph_that_has_changed_meanwhile_is_left_alone(event: Path, sent: Redlined) -> None:
    file = event / f"{DEPUTY}.md"
    file.write_text(TEXT.replace("Second line with", "Another sentence has"))
    sent.change(sent.paragraph(f"{DEPUTY}:2"), "line", "row")
    sent.change(sent.paragraph(f"{DEPUTY}:1"), "asks", "asked")
    before = file.read_text()
    assert ["have changed in the file since" in reason for reason in make(event, sent)] == [True]
    assert file.read_text() == before.replace("288 asks", "288 asked")


def test_a_change_elsewhere_in_the_paragraph_does_not_stand_in_the_way(
    event: Path, sent: Redlined
) -> None:
    file = event / f"{DEPUTY}.md"
    file.write_text(TEXT.replace("nobody wraps", "no one wraps"))
    sent.change(sent.paragraph(f"{DEPUTY}:2"), "line", "row")
    assert make(event, sent) == []
    assert "Second row with" in file.read_text()
    assert "no one wraps" in file.read_text()


def test_paragraphs_that_moved_are_found_by_their_words(event: Path, sent: Redlined) -> None:
    file = event / f"{DEPUTY}.md"
    file.write_text(TEXT.replace("We are *very", "A new paragraph, written since.\n\nWe are *very"))
    sent.change(sent.paragraph(f"{DEPUTY}:2"), "line", "row")
    assert make(event, sent) == []
    assert "Second row with" in file.read_text()


def test_a_text_that_is_gone_is_said(event: Path, sent: Redlined) -> None:
    (event / f"{DEPUTY}.md").rename(event / "1-opening/03-deputy.md")
    sent.change(sent.paragraph(f"{DEPUTY}:2"), "line", "row")
    (found,) = proposals(event, sent)
    assert (found.state, found.reason) == (State.BY_HAND, "the event has no such text any more")


def test_comments_are_listed_with_their_place(event: Path, sent: Redlined) -> None:
    sent.comment(sent.paragraph(f"{DEPUTY}:4"), "Is this so?")
    found = returned(event, sent)
    assert found.proposals == ()
    (remark,) = found.remarks
    assert (remark.name, remark.paragraph, remark.words) == (
        "Deputy, Member State A", 4, "Is this so?",
    )  # fmt: skip
    assert remark.hand.author == "Jane Doe"


def test_without_what_was_sent_tracked_changes_are_told(event: Path, sent: Redlined) -> None:
    del sent.parts["customXml/item1.xml"]
    sent.change(sent.paragraph(f"{DEPUTY}:2"), "line", "row")
    sent.change(sent.paragraph(f"{DEPUTY}:1"), "asks", "asked", tracked=False)
    found = returned(event, sent)
    assert not found.is_complete
    assert [(each.old, each.new) for each in found.proposals] == [("line", "row")]
    assert make(event, sent) == []
    assert "Second row" in body(event)


def test_a_file_that_has_one_statement_only_says_nothing_of_the_others(
    event: Path, sent: Redlined
) -> None:
    kept = {sent.paragraph(f"{MINISTER}:{n}") for n in (1, 2)}
    sent.change(sent.paragraph(f"{MINISTER}:1"), "glad", "happy")
    for paragraph in list(sent.document.iter("{*}p")):
        if paragraph not in kept:
            paragraph.getparent().remove(paragraph)
    found = returned(event, sent)
    assert [(each.old, each.new) for each in found.proposals] == [("glad", "happy")]
    assert DEPUTY in found.absent


@pytest.mark.heavy
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_what_libreoffice_saved_is_understood(event: Path, sent: Redlined, tmp_path: Path) -> None:
    sent.change(sent.paragraph(f"{DEPUTY}:2"), "line", "row")
    sent.change(sent.paragraph(f"{DEPUTY}:3", 2), "item", "entry")
    sent.comment(sent.paragraph(f"{DEPUTY}:4"), "Is this so?")
    (tmp_path / "sent.docx").write_bytes(sent.content)
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"),
            *("--convert-to", "docx", "--outdir", tmp_path / "saved", tmp_path / "sent.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    saved = Redlined((tmp_path / "saved/sent.docx").read_bytes())
    found = returned(event, saved)
    assert found.is_complete
    assert [(each.old, each.new, each.hands[0].author) for each in found.proposals] == [
        ("line", "row", "Jane Doe"),
        ("item", "entry", "Jane Doe"),
    ]
    assert [remark.words for remark in found.remarks] == ["Is this so?"]
    assert make(event, saved) == []
    assert body(event) == TEXT.replace("Second line", "Second row").replace(
        "second **item**", "second **entry**"
    )


@pytest.mark.heavy
def test_a_word_in_each_paragraph_of_the_sample_is_changed_and_nothing_else(
    sample: Compiled, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(sample.folder, tmp_path / "event"))
    made = compile_report(folder, tmp_path, CACHE, frozenset({Format.DOCX}))
    file = Redlined(made.outputs[0].read_bytes())
    assert proposals(folder, file) == ()
    loaded, _ = load(folder)
    assert loaded
    read = sent_edition(file.content, loaded)
    numbers = [(s.id, n) for s in read.statements for n, _ in enumerate(s.text.paragraphs, 1)]
    for identity, number in numbers:
        paragraph = file.paragraph(f"{identity}:{number}")
        # Where a table has the number, the paragraph that bears it has no words.
        if first := re.search(r"\w{3,}", said(paragraph)):
            file.change(paragraph, first[0], "Changed")
    assert make(folder, file) == []
    for statement in read.statements:
        assert statement.origin.document
        name = statement.origin.document.source.name
        before = (sample.folder / name).read_text().splitlines()
        after = (folder / name).read_text().splitlines()
        differing = [
            n for n, pair in enumerate(zip(before, after, strict=True)) if len({*pair}) > 1
        ]
        changed = sum(identity == statement.id for identity, _ in numbers)
        assert changed - 1 <= len(differing) <= changed
        assert all("Changed" in after[n] for n in differing)


def test_what_comes_back_of_an_edition_is_made_in_its_language(event: Path, tmp_path: Path) -> None:
    with (event / "event.yaml").open("a") as matter:
        matter.write("languages: [en, fr]\n")
    original = (event / f"{DEPUTY}.md").read_text()
    loaded, _ = load(event)
    assert loaded
    paragraphs = len(loaded.texts[DEPUTY].paragraphs)
    french = "\n\n".join(f"Le paragraphe {n}, en une « phrase »." for n in range(paragraphs))
    (event / f"{DEPUTY}.fr.md").write_text(f"---\ntitle: Les ports\n---\n{french}\n")
    made = compile_report(event, tmp_path, CACHE, frozenset({Format.DOCX}), jobs=1, language="fr")
    file = Redlined(made.outputs[0].read_bytes())
    file.change(file.paragraph(f"{DEPUTY}:2"), "phrase", "ligne")
    assert make(event, file) == []
    assert "Le paragraphe 1, en une « ligne »." in body(event, f"{DEPUTY}.fr")
    assert body(event) == original


def test_a_file_of_somebody_s_own_is_refused(event: Path) -> None:
    read, _ = load(event)
    assert read
    path = next((PROJECT.parent / "shared/docx").glob("pandoc-notes.docx"), None)
    if path is None:
        pytest.skip("no foreign Word file is at hand")
    with pytest.raises(Refused) as refused:
        read_returned(path.read_bytes(), read)
    assert refused.value.rule.code == "E815"


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d>&e;</d>'
HOSTILE = {
    "empty": (lambda _: b"", "E802"),
    "no-zip": (lambda _: b"a statement", "E802"),
    "cut-short": (lambda data: data[: len(data) // 2], "E802"),
    "no-document": (lambda _: packed({"a.xml": b"<a/>"}), "E802"),
    "not-xml": (lambda _: packed({"word/document.xml": b"<w:document"}), "E802"),
    "entity": (lambda _: packed({"word/document.xml": ENTITY}), "E804"),
    "bomb": (lambda _: packed({"word/document.xml": b" " * 250_000_000}), "E804"),
    "outside": (lambda _: packed({"../word/document.xml": b"<a/>"}), "E804"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_damaged_or_hostile_file_gives_one_diagnostic(
    home: Path, tmp_path: Path, name: str
) -> None:
    shutil.copytree(home / "event", tmp_path / "event")
    spoil, code = HOSTILE[name]
    (tmp_path / "back.docx").write_bytes(spoil((home / "report.docx").read_bytes()))
    done = command(tmp_path, "back.docx")
    assert done.returncode == 1
    assert done.stderr.count("error[") == 1
    assert f"error[{code}]" in done.stderr
    assert "Traceback" not in done.stderr


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("corrections", *arguments, "--event", "event", folder=folder)


def test_the_command_lists_makes_and_refuses(event: Path, sent: Redlined, tmp_path: Path) -> None:
    sent.change(sent.paragraph(f"{DEPUTY}:2"), "line", "row")
    sent.change(sent.paragraph(f"{DEPUTY}:1"), "asks", "asked")
    sent.change(sent.paragraph(f"{MINISTER}:1"), "glad", "happy")
    sent.delete_paragraph(sent.paragraph(f"{MINISTER}:2"))
    (tmp_path / "back.docx").write_bytes(sent.content)
    listed = command(tmp_path, "back.docx")
    assert listed.returncode == 0
    assert "para. 2: Second {-line-} {+row+} with “quotes”" in listed.stdout
    assert "(Jane Doe, 2011-12-12 14:05)" in listed.stdout
    assert "by hand: the whole paragraph is taken out" in listed.stdout
    assert "4 changes proposed: 3 open, 1 by hand" in listed.stderr
    assert body(event) == TEXT
    numbers = {line.split()[0]: line for line in listed.stdout.splitlines() if "para." in line}
    happy = next(number for number, line in numbers.items() if "happy" in line)
    row = next(number for number, line in numbers.items() if "row" in line)
    done = command(tmp_path, "back.docx", "--apply", row, "--refuse", happy)
    assert done.returncode == 0
    assert done.stdout == f"made {row}: {DEPUTY}.md, para. 2\nrefused {happy}\n"
    assert body(event) == TEXT.replace("Second line", "Second row")
    again = command(tmp_path, "back.docx", "--list")
    assert "4 changes proposed: 1 open, 1 made, 1 by hand, 1 refused" in again.stderr
    assert "made already" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--apply", "9"), 2, "there is no change 9"),
        (("--apply", "one"), 2, "`one` is no number"),
        (("--apply", "1", "--refuse", "1"), 2, "made and refused at once"),
        (("--apply", "2"), 1, "not made 2: 1-opening/01-minister.md, para. 2: the whole"),
    ],
)
def test_what_cannot_be_done_is_said(
    event: Path, sent: Redlined, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    sent.change(sent.paragraph(f"{MINISTER}:1"), "glad", "happy")
    sent.delete_paragraph(sent.paragraph(f"{MINISTER}:2"))
    (tmp_path / "back.docx").write_bytes(sent.content)
    before = body(event, MINISTER)
    done = command(tmp_path, "back.docx", *arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert body(event, MINISTER) == before


def test_on_a_terminal_each_change_is_asked_for(
    event: Path, sent: Redlined, tmp_path: Path
) -> None:
    sent.change(sent.paragraph(f"{MINISTER}:1"), "glad", "happy")
    sent.change(sent.paragraph(f"{MINISTER}:2"), "every year", "twice a year")
    sent.change(sent.paragraph("foreword:1"), "all", "those")
    (tmp_path / "back.docx").write_bytes(sent.content)
    said = on_a_terminal(tmp_path, "back.docx", answers="y\nn\nq\n")
    assert "Make this change?" in said
    assert "refused 2" in said
    assert "thanks those who" in body(event, "foreword")
    assert "glad to be here" in body(event, MINISTER)
    assert "every year" in body(event, MINISTER)


def on_a_terminal(folder: Path, *arguments: str, answers: str) -> str:
    """What a command says on a terminal on which these answers are typed."""
    import pty

    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, PROJECT / "build.py", "corrections", *arguments, "--event", "event"],
        cwd=folder,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "COLUMNS": "200", "TERM": "dumb"},
    )
    os.close(follower)
    os.write(leader, answers.encode())
    said = b""
    try:
        while chunk := os.read(leader, 4096):
            said += chunk
    except OSError:
        pass
    assert process.wait(PATIENCE) == 0
    os.close(leader)
    return said.decode()

"""Every malformed event gives diagnostics that a person can act on, and never a traceback.

Each folder in `tests/events` but `minimal` holds only the files in which it differs from that one.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from report import rules
from report.check import check
from report.diagnostics import Diagnostic, Place, Rule, Severity, as_json, as_text, in_order
from report.load import load
from report.model import Event

EVENTS = Path(__file__).parent / "events"
STATEMENT = "1-opening/01-minister.md"
SESSION = "1-opening/session.md"
SUMMARY = "1-opening/chairmans-summary.md"


@pytest.fixture
def event(tmp_path: Path) -> Path:
    """A copy of the minimal event, to be spoilt."""
    return Path(shutil.copytree(EVENTS / "minimal", tmp_path / "event"))


def examine(folder: Path) -> tuple[Event | None, tuple[Diagnostic, ...]]:
    found, diagnostics = load(folder)
    return found, in_order((*diagnostics, *(check(found) if found else ())))


def examine_overlaid(name: str, event: Path) -> tuple[Event | None, tuple[Diagnostic, ...]]:
    shutil.copytree(EVENTS / name, event, dirs_exist_ok=True)
    return examine(event)


def told(folder: Path) -> list[tuple[str, str]]:
    """The codes and places of all that is wrong."""
    return [(d.rule.code, str(d.place)) for d in examine(folder)[1]]


def marked(place: Place) -> str:
    """The characters under the caret."""
    return place.excerpt[place.column - 1 : place.column - 1 + place.width]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("02-Minister.MD", "call it 02-Minister.md, with the small letters"),
        ("minister.Md", "call it 02-minister.md"),
        ("Session.MD", "call it session.md"),
        ("04-x.md.txt", "call it 04-x.md,"),
        ("04-x.text", "`python build.py import`, or call it 04-x.md"),
        ("01-x.docm", "`python build.py import`, or save it as plain text with the name 02-x.md"),
        ("04-x.pdf", "`python build.py import`"),
        (
            "04-x.pages",
            "save it as .docx, and make a statement of it with `python build.py import`",
        ),
    ],
)
def test_what_may_be_a_statement_is_not_left_out_in_silence(
    event: Path, name: str, hint: str
) -> None:
    (event / "1-opening" / name).write_text("Thank you.")
    (problem,) = examine(event)[1]
    assert (problem.rule.code, str(problem.place)) == ("W210", f"1-opening/{name}:1:1")
    assert hint in problem.hint


def test_a_deck_that_a_statement_shows_is_not_left_out(event: Path) -> None:
    (event / "1-opening" / "slides.pdf").write_bytes(b"%PDF-1.7")
    statement = event / STATEMENT
    named = "slides: 1-opening/slides.pdf\nslides_alt: The harbour\nspeaker:"
    statement.write_text(statement.read_text().replace("speaker:", named))
    assert told(event) == []


@pytest.mark.parametrize(
    ("picture", "hint"),
    [
        ("media/a.jpg", "write ../media/a.jpg:"),
        ("media/b.jpg", "into the folder media/"),
        ("../media/a.jpg \u201cThe harbour\u201d", "straight quotation marks"),
        ("../media/l\u2019an.jpg", "into the folder media/"),
        (f"none/{'a' * 300}", "into the folder media/"),
    ],
)
def test_a_picture_that_is_not_found_tells_what_is_wrong_with_its_name(
    event: Path, picture: str, hint: str
) -> None:
    (event / "media").mkdir(exist_ok=True)
    (event / "media" / "a.jpg").write_bytes(b"")
    with (event / STATEMENT).open("a") as statement:
        statement.write(f"\n![Harbour]({picture})\n")
    (problem,) = examine(event)[1]
    assert problem.rule.code == "E401"
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("file", "right", "wrong", "message"),
    [
        (
            *("event.yaml", "front:", "acronyms: [UN, EU]\nfront:"),
            "`acronyms`: keys with values are expected here",
        ),
        (
            *(SUMMARY, "evidence: 1-opening/01-minister:2", "evidence: [1-opening/01-minister: 2]"),
            "`evidence`: a reference is one text, with no space after its colon",
        ),
    ],
)
def test_what_is_wrong_with_a_value_is_said_in_plain_words(
    event: Path, file: str, right: str, wrong: str, message: str
) -> None:
    path = event / file
    path.write_text(path.read_text().replace(right, wrong, 1))
    assert [problem.message for problem in examine(event)[1]] == [message]


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("02 minister.md", "02-minister.md"),
        ("01 minister.md", "02-minister.md"),
        ("20110919.md", "02-name.md"),
    ],
)
def test_the_number_that_is_proposed_is_free(event: Path, name: str, proposed: str) -> None:
    (event / "1-opening" / name).write_text("Thank you.")
    (problem,) = examine(event)[1]
    assert f"for example, {proposed}:" in problem.hint


def test_the_minimal_event_is_without_fault(event: Path) -> None:
    assert told(event) == []


# Folder; code, place, characters under the caret; parts of the message and of the hint.
CASES = [
    # Files and encodings.
    ("empty-file", "E101", f"{STATEMENT}:1:1", "", "the file is empty", "a line ---"),
    ("bytes-not-utf8", "E003", f"{STATEMENT}:11:10", "\ufffd", "`ä`", "encoding UTF-8"),
    ("bytes-utf16", "E003", f"{STATEMENT}:1:1", "", "UTF-16", "encoding UTF-8"),
    ("bytes-of-word", "E003", f"{STATEMENT}:1:1", "", "a Word document", "open it in Word"),
    ("nul-character", "E007", "participants.yaml:7:1", "\0", "U+0000", "may be no text"),
    ("control-character", "E007", f"{STATEMENT}:11:12", "\x0b", "U+000B", "Word writes it"),
    ("statement-is-a-folder", "E002", "1-opening/02-deputy.md:1:1", "", "a folder", "a text file"),
    (
        "statement-in-word",
        "W210",
        "1-opening/02-deputy.docx:1:1",
        "",
        "left out",
        "build.py import",
    ),
    # YAML.
    ("yaml-colon-in-value", "E004", f"{STATEMENT}:3:19", ":", "this colon", "in quotes"),
    ("yaml-indented-with-tab", "E004", f"{STATEMENT}:8:1", "\t", "a tab", "with spaces"),
    ("yaml-nested-without-end", "E004", f"{STATEMENT}:5:42", "", "too many lists", "quote"),
    ("key-given-twice", "E005", f"{STATEMENT}:6:1", "speaker", "twice", "in line 2"),
    # Front matter.
    ("front-matter-missing", "E101", f"{STATEMENT}:1:1", "W", "does not begin", "a line ---"),
    ("front-matter-unclosed", "E102", f"{STATEMENT}:1:1", "---", "is not closed", "line ---"),
    ("front-matter-only-opened", "E102", f"{STATEMENT}:1:1", "---", "is not closed", "line ---"),
    ("statement-empty", "E106", f"{STATEMENT}:10:1", "", "nothing follows", "below the second"),
    ("key-missing", "E104", f"{STATEMENT}:1:1", "---", "`affiliation` is missing", "`affiliation"),
    ("key-empty", "E104", f"{STATEMENT}:3:1", "affiliation", "is empty", "after the colon"),
    ("key-unknown", "E103", f"{STATEMENT}:5:1", "minuts", "`minuts`", "did you mean `minutes`?"),
    ("key-misspelt", "E103", f"{STATEMENT}:3:1", "affilation", "`affilation`", "`affiliation`?"),
    # Values.
    ("text-in-place-of-list", "E105", "event.yaml:4:13", "Host organization", "a list", "`- `"),
    ("word-in-place-of-number", "E105", f"{STATEMENT}:5:10", "six", "a whole number", "digits"),
    ("date-not-understood", "E105", "event.yaml:2:7", "19 September 2011", "`date`", "2011-09-19"),
    ("date-of-no-day", "E105", "event.yaml:2:7", "2011-09-31", "`date`", "no such day"),
    ("time-not-understood", "E105", f"{SESSION}:5:7", "10 to 11", "`time`", "10:15-11:30"),
    ("choice-not-known", "E105", f"{STATEMENT}:4:11", "goverment", "media", "`governments`?"),
    # Order and identity.
    ("dates-reversed", "E213", "event.yaml:3:11", "2011-09-18", "ends on", "end_date"),
    ("part-unknown", "E209", "event.yaml:9:19", "forward", "no file forward.md", "programme"),
    ("part-named-twice", "E212", "event.yaml:10:8", "foreword", "named twice", "once"),
    ("part-in-two-volumes", "E212", "event.yaml:14:12", "participants", "named twice", "once"),
    ("order-beside-volumes", "E215", "event.yaml:9:1", "front", "no volume", "move them"),
    ("session-left-out", "E216", "2-dialogue/session.md:1:1", "---", "leaves out", "`2-dialogue`"),
    ("statements-with-one-number", "E201", f"{STATEMENT}:1:1", "", "01-deputy.md", "its own"),
    ("sessions-with-one-number", "E201", "1-welcome/session.md:1:1", "", "1-opening", "its own"),
    (
        "statement-without-number",
        "W202",
        "1-opening/deputy minister.md:1:1",
        "",
        "left out",
        "02-deputy-minister.md",
    ),
    (
        "name-with-space",
        "E211",
        "1-opening/02-deputy minister.md:1:1",
        "",
        "a space",
        "02-deputy-minister.md",
    ),
    ("pillar-given-twice", "E203", "event.yaml:9:9", "trust", "already, in line 7", "its own"),
    ("pillar-unknown", "E206", f"{SESSION}:6:9", "thrust", "no pillar", "`trust`?"),
    (
        "chair-unknown",
        "E205",
        f"{SESSION}:4:8",
        "Chairwoman, United Nations entity B",
        "not among the participants",
        "`Chairman, United Nations entity B`?",
    ),
    (
        "participant-unknown",
        "W207",
        f"{SESSION}:7:9",
        "Member State Z",
        "not in the list",
        "`Member State A`?",
    ),
    (
        "session-of-photograph-unknown",
        "E204",
        "media/photographs.yaml:6:14",
        "1-openning",
        "no session",
        "`1-opening`?",
    ),
    # Pictures.
    ("image-missing", "E401", f"{STATEMENT}:13:1", "![", "media/Hall.png", "case of its letters"),
    ("image-without-alternative", "E402", f"{STATEMENT}:13:1", "![", "no alternative", "brackets"),
    ("image-not-an-image", "E403", f"{STATEMENT}:13:1", "![", "media/notes.png", "PNG or JPEG"),
    ("image-cut-short", "E403", f"{STATEMENT}:13:1", "![", "to its end", "PNG or JPEG"),
    ("image-outside", "E403", f"{STATEMENT}:13:1", "![", "outside", "the folder media/"),
    ("image-of-the-web", "E403", f"{STATEMENT}:13:1", "![", "no file of the event", "media/"),
    # References and evidence.
    (
        "reference-to-unknown-text",
        "E302",
        f"{SESSION}:9:40",
        "[@1-opening/01-ministre:2]",
        "no text `1-opening/01-ministre`",
        "`1-opening/01-minister`?",
    ),
    (
        "reference-to-unknown-paragraph",
        "E303",
        f"{SESSION}:9:40",
        "[@1-opening/01-minister:3]",
        "no paragraph 3: 1-opening/01-minister has 2 paragraphs",
        "margin",
    ),
    (
        "reference-malformed",
        "E301",
        f"{SESSION}:9:40",
        "[@1-opening/01-minister:two]",
        "`two` is not the number of a paragraph",
        "[@2-dialogue/03-mayor:4]",
    ),
    (
        "reference-not-closed",
        "E301",
        f"{SESSION}:9:40",
        "[@1-opening/01-minister:2.",
        "not closed with `]`",
        "backslash",
    ),
    (
        "companion-damaged",
        "E317",
        "event.yaml:12:18",
        "part-1.json",
        "part-1.json cannot be used as the data of another report: language: Field required",
        "copy the report.json",
    ),
    ("companion-outside", "E317", "event.yaml:12:18", "../part-1/report.json", "outside", "copy"),
    (
        "companion-unknown",
        "E318",
        f"{SESSION}:9:40",
        "[@part-1:1-opening/01-minister:2]",
        "no other report is called `part-1`",
        "under `companions`",
    ),
    ("link-to-a-file", "E309", f"{SESSION}:9:42", "01-minister.md", "leads to nothing", "https"),
    ("note-called-nowhere", "E319", f"{SESSION}:12:1", "[^2]", "no call", "after the words"),
    ("call-of-no-note", "E320", f"{SESSION}:9:22", "[^2]", "no such note", "`[^2]: what it"),
    (
        "row-with-too-many-cells",
        "E321",
        f"{SESSION}:14:1",
        "| 2 | May | Geneva |",
        "row 2 has 3 cells, and its table has 2 columns",
        "give the head",
    ),
    (
        "line-taken-for-a-definition",
        "E323",
        f"{SESSION}:11:1",
        "[The Chair]:",
        "printed nowhere",
        "a backslash",
    ),
    ("row-in-no-table", "E322", f"{SESSION}:10:1", "| A | B |", "is in none", "an empty line"),
    (
        "evidence-malformed",
        "E301",
        f"{SUMMARY}:6:15",
        "paragraph 2 of the Minister",
        "is not the name of a text",
        "2-dialogue/03-mayor:4",
    ),
    (
        "finding-without-evidence",
        "W304",
        f"{SUMMARY}:4:5",
        "text: Meetings build trust.",
        "no evidence",
        "`evidence:`",
    ),
    # Expressions.
    (
        "expression-with-unknown-name",
        "E501",
        f"{SUMMARY}:8:19",
        "{{ sesions | length }}",
        "there is no value `sesions`",
        "did you mean `sessions`?",
    ),
    (
        "expression-not-well-formed",
        "E501",
        f"{SUMMARY}:8:19",
        "{{ sessions | length of }}",
        "not well formed",
        "{{ sessions | length }}",
    ),
    ("expression-not-closed", "E501", f"{SUMMARY}:8:19", "", "it is not closed", "with }}"),
    (
        "reference-after-expression",
        "E303",
        f"{SUMMARY}:8:51",
        "[@1-opening/01-minister:9]",
        "no paragraph 9",
        "margin",
    ),
]


@pytest.mark.parametrize(
    ("name", "code", "place", "under", "message", "hint"), CASES, ids=[case[0] for case in CASES]
)
def test_one_thing_is_wrong_and_told_at_its_place(
    event: Path, name: str, code: str, place: str, under: str, message: str, hint: str
) -> None:
    _, (found,) = examine_overlaid(name, event)
    assert (found.rule.code, str(found.place)) == (code, place)
    assert message in found.message
    assert hint in found.hint
    if under:
        assert marked(found.place) == under


def test_every_folder_is_in_a_test() -> None:
    elsewhere = {"minimal", "bom-and-crlf", "many-problems", "several-volumes", "yaml-alias"}
    folders = {folder.name for folder in EVENTS.iterdir() if folder.is_dir()}
    assert folders == elsewhere | {case[0] for case in CASES}


def test_all_problems_of_all_files_are_told_at_once_by_place(event: Path) -> None:
    shutil.copytree(EVENTS / "many-problems", event, dirs_exist_ok=True)
    assert told(event) == [
        ("E105", f"{STATEMENT}:5:10"),
        ("E401", f"{STATEMENT}:11:24"),
        ("E104", "event.yaml:1:1"),
        ("E103", "participants.yaml:1:1"),
    ]


def test_anchor_and_alias_are_both_refused_and_nothing_follows(event: Path) -> None:
    shutil.copytree(EVENTS / "yaml-alias", event, dirs_exist_ok=True)
    assert told(event) == [("E006", f"{STATEMENT}:2:10"), ("E006", f"{STATEMENT}:3:14")]


def test_byte_order_marks_and_windows_line_ends_change_nothing(event: Path, tmp_path: Path) -> None:
    plain, _ = load(shutil.copytree(event, tmp_path / "plain"))
    found, diagnostics = examine_overlaid("bom-and-crlf", event)
    assert diagnostics == ()
    assert found
    assert plain
    assert {name: text.html for name, text in found.texts.items()} == {
        name: text.html for name, text in plain.texts.items()
    }
    for name in ("title", "date", "venue", "pillars", "participants", "front", "body"):
        assert getattr(found, name) == getattr(plain, name)


# What is missing from the folder


def test_the_folder_or_its_event_is_missing(event: Path, tmp_path: Path) -> None:
    assert told(tmp_path / "nowhere")[0] == ("E001", "event.yaml:1:1")
    (event / "event.yaml").unlink()
    assert told(event) == [("E001", "event.yaml:1:1")]


def test_a_file_in_place_of_the_folder(event: Path) -> None:
    assert ("E002", "event.yaml:1:1") in told(event / "event.yaml")


def test_there_is_no_session(event: Path) -> None:
    shutil.rmtree(event / "1-opening")
    assert ("E208", "event.yaml:1:1") in told(event)


def test_a_session_without_its_file(event: Path) -> None:
    (event / SESSION).unlink()
    found, diagnostics = examine(event)
    assert [(d.rule.code, str(d.place)) for d in diagnostics] == [("E001", f"{SESSION}:1:1")]
    assert "kind, title, chair and time" in diagnostics[0].hint
    assert found


def test_a_session_whose_name_has_no_number(event: Path) -> None:
    shutil.copytree(event / "1-opening", event / "welcome")
    assert told(event) == [("W202", "welcome:1:1")]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("participants.yaml", ("E001", "participants.yaml:1:1")),
        ("foreword.md", ("E209", "event.yaml:9:19")),
        (SUMMARY, ("E001", "event.yaml:10:19")),
        ("media/hall.png", ("E401", "media/photographs.yaml:2:11")),
    ],
)
def test_a_file_is_missing(event: Path, file: str, expected: tuple[str, str]) -> None:
    (event / file).unlink()
    assert told(event) == [expected]


@pytest.mark.parametrize("file", ["event.yaml", "participants.yaml", "foreword.md", SESSION])
@pytest.mark.parametrize("data", [b"", b"\n", b"---", b"---\n---\n", b"\xff", b"- a", b"\0"])
def test_files_with_next_to_nothing(event: Path, file: str, data: bytes) -> None:
    (event / file).write_bytes(data)
    found = examine(event)[1]
    assert found
    assert {d.place.file for d in found} == {file}


def test_two_summaries(event: Path) -> None:
    (event / "2-closing").mkdir()
    shutil.copy(event / SUMMARY, event / "2-closing")
    shutil.copy(event / SESSION, event / "2-closing")
    assert told(event) == [("E203", "2-closing/chairmans-summary.md:1:1")]


def test_a_text_that_the_report_leaves_out(event: Path) -> None:
    text = (event / "event.yaml").read_text().replace(", sessions, photographs", "")
    (event / "event.yaml").write_text(text)
    assert ("E310", f"{SUMMARY}:9:1") in told(event)


@pytest.mark.parametrize(("kept", "codes"), [(1.0, []), (0.6, ["E403"])])
def test_a_photograph_is_read_to_its_end(event: Path, kept: float, codes: list[str]) -> None:
    with Image.new("RGB", (64, 48), "grey") as image:
        image.save(event / "media/hall.jpg", quality=90)
    data = (event / "media/hall.jpg").read_bytes()
    for after in (b"", b"what the camera writes after the picture"):
        cut = data[: int(len(data) * kept)] + (after if kept == 1 else b"")
        (event / "media/hall.jpg").write_bytes(cut)
        listed = (event / "media/photographs.yaml").read_text().replace("hall.png", "hall.jpg")
        (event / "media/photographs.yaml").write_text(listed)
        assert [code for code, _ in told(event)] == codes


@pytest.mark.parametrize("side", [9_000, 20_000])
def test_a_picture_of_too_many_pixels_is_not_opened(event: Path, side: int) -> None:
    data = bytearray((event / "media/hall.png").read_bytes())
    data[16:24] = side.to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    (event / "media/hall.png").write_bytes(data)
    _, (found,) = examine(event)
    assert "too many pixels" in found.message
    assert "3000 pixels" in found.hint


# What cannot be opened, and what leads out of the folder


def test_links_that_lead_out_of_the_folder_are_not_followed(event: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("---\ntitle: Secret\n---\nSecret words.\n")
    shutil.copy(event / "media/hall.png", tmp_path / "secret.png")
    for inside, outside in (("foreword.md", "secret.md"), ("media/hall.png", "secret.png")):
        (event / inside).unlink()
        (event / inside).symlink_to(tmp_path / outside)
    found, diagnostics = examine(event)
    assert [d.rule.code for d in diagnostics] == ["E002", "E403"]
    assert found
    assert not found.pictures
    assert "foreword" not in found.texts


def test_links_that_lead_in_circles_or_nowhere(event: Path) -> None:
    for name in ("foreword.md", "media/hall.png", SESSION):
        (event / name).unlink()
    (event / "foreword.md").symlink_to("foreword.md")
    (event / "media/hall.png").symlink_to("hall.png")
    (event / SESSION).symlink_to("nowhere.md")
    assert [code for code, _ in told(event)] == ["E001", "E002", "E403"]


def test_pipes_are_not_waited_for(event: Path) -> None:
    for name in ("foreword.md", "media/hall.png"):
        (event / name).unlink()
        os.mkfifo(event / name)
    assert [code for code, _ in told(event)] == ["E002", "E403"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may open everything")
def test_what_may_not_be_opened(event: Path) -> None:
    (event / "foreword.md").chmod(0)
    (event / "1-opening").chmod(0)
    codes = [code for code, _ in told(event)]
    (event / "1-opening").chmod(0o700)
    assert "E002" in codes


def test_a_file_that_the_system_refuses(event: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_bytes = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name in ("foreword.md", "hall.png"):
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert told(event) == [("E002", "foreword.md:1:1"), ("E403", "media/photographs.yaml:2:11")]


def test_names_that_are_not_utf8_can_be_printed(event: Path) -> None:
    shutil.copy(event / STATEMENT, os.fsencode(event / "1-opening") + b"/02-\xe9.md")
    _, diagnostics = examine(event)
    assert [d.rule.code for d in diagnostics if d.is_error] == ["E211"]
    assert "\n".join(map(as_text, diagnostics)).encode()
    assert as_json(diagnostics).encode()


# No problem follows from another


def test_a_refused_statement_is_still_checked_and_still_referred_to(event: Path) -> None:
    text = (event / STATEMENT).read_text().replace("minutes: 6", "minutes: six")
    (event / STATEMENT).write_text(text + "\nSee [@foreword:7] and ![](gone.png).\n")
    (event / SUMMARY).write_text((event / SUMMARY).read_text().replace(":2]", ":8]"))
    assert told(event) == [
        ("E105", f"{STATEMENT}:5:10"),
        ("E303", f"{STATEMENT}:15:5"),
        ("E401", f"{STATEMENT}:15:23"),
        ("E303", f"{SUMMARY}:9:1"),
    ]


def test_an_unreadable_statement_or_list_causes_no_further_problem(event: Path) -> None:
    (event / STATEMENT).write_bytes(b"\xff")
    (event / "participants.yaml").write_text("governments: [\n")
    assert told(event) == [("E003", f"{STATEMENT}:1:1"), ("E004", "participants.yaml:1:14")]


# Expressions


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("sessions | length", "1"),
        ("event.date", "19 September 2011"),
        ("event.venue | upper", "CITY HALL"),
        ("sessions[0].time", "10:00–11:00"),
        ("statements | map(attribute='speaker') | join(', ')", "Minister"),
        ("2 * 3 + 1", "7"),
        ("'[@nowhere] *x* <b>'", "[@nowhere] *x* <b>"),
    ],
)
def test_expressions_have_values(event: Path, expression: str, value: str) -> None:
    text = (event / SUMMARY).read_text().replace("sessions | length", expression)
    (event / SUMMARY).write_text(text)
    found, diagnostics = examine(event)
    assert diagnostics == ()
    assert found
    assert found.summary
    assert f"had {value} session" in found.summary.text.paragraphs[0].replace("\u2019", "'")


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "not well formed"),
        ("sessions", "a list"),
        ("event", "a list or has keys"),
        ("event.vanue", "no value `vanue`"),
        ("sessions[9].title", "no value"),
        ("event.symbol", "it is empty"),
        ("event.end_date", "it is empty"),
        ("sessions | lenght", "no `| lenght`"),
        ("sessions + 1", "do not fit together"),
        ("range(9)", "more than an expression may do"),
        ("event.title.upper()", "more than an expression may do"),
        ("'x' * 999999999", "more than an expression may do"),
        ("9 ** 9 ** 9 ** 9", "more than an expression may do"),
        ("'%999999999d' % 1", "more than an expression may do"),
        ("'x' | center(999999999)", "no `| center`"),
        ("event.__class__.__mro__", "more than an expression may do"),
        ("''.__class__.__base__.__subclasses__()", "cannot be filled in"),
        ("sessions | map(attribute='__class__') | join", "cannot be filled in"),
        ("1 / 0", "do not fit together"),
        ("{{ 1 }}", "not well formed"),
    ],
)
def test_expressions_without_a_value_are_told(event: Path, expression: str, message: str) -> None:
    text = (event / SUMMARY).read_text().replace("sessions | length", expression)
    (event / SUMMARY).write_text(text)
    _, (found, *_) = examine(event)
    assert found.rule is rules.BAD_EXPRESSION
    assert str(found.place) == f"{SUMMARY}:8:19"
    assert message in found.message
    assert found.hint


# Any bytes


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode), st.integers(0, 3))
@example(b"---\nspeaker: x\n---\n[@\x02]", 0)
@example(b"---\nchair: x\n---\n{{ {{ }} {% }} {{", 3)
@settings(
    deadline=None,
    max_examples=80,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_bytes_in_any_file_raise(event: Path, data: bytes, which: int) -> None:
    path = event / (STATEMENT, SESSION, "event.yaml", SUMMARY)[which]
    before = path.read_bytes()
    try:
        path.write_bytes(data)
        assert any(d.is_error for d in examine(event)[1])
        # And after well-formed front matter, where the body is read too.
        path.write_bytes(before + data)
        for diagnostic in examine(event)[1]:
            assert as_text(diagnostic)
    finally:
        path.write_bytes(before)


# How a diagnostic is shown

EXAMPLE = Rule("E001", Severity.ERROR, "example")


def shown(place: Place, message: str = "is odd") -> list[str]:
    return as_text(Diagnostic(EXAMPLE, place, message, "mend it")).split("\n")


def test_as_a_person_sees_it() -> None:
    assert shown(Place("event.yaml", 12, 4, 3, "a: bcd")) == [
        "error[E001]: is odd",
        "  --> event.yaml:12:4",
        "   |",
        "12 | a: bcd",
        "   |    ^^^",
        "   = help: mend it",
    ]


def test_without_a_line_there_is_no_caret() -> None:
    assert shown(Place("event.yaml")) == [
        "error[E001]: is odd",
        " --> event.yaml:1:1",
        "  = help: mend it",
    ]


@pytest.mark.parametrize(
    ("excerpt", "column", "width", "line", "caret"),
    [
        ("\t\tabc", 3, 3, "  abc", "  ^^^"),
        ("\u4e2d\u6587\uff1aabc", 4, 3, "\u4e2d\u6587\uff1aabc", "      ^^^"),
        ("a\u4e2d\u6587b", 2, 2, "a\u4e2d\u6587b", " ^^^^"),
        ("re\u0301sume\u0301: x", 10, 1, "re\u0301sume\u0301: x", "       ^"),
        ("abc", 4, 1, "abc", "   ^"),
        ("abc", 99, 9, "abc", "   ^"),
        ("\x1b[31mred\u202e", 1, 1, "\ufffd[31mred\ufffd", "^"),
        ("caf\udce9", 4, 1, "caf\ufffd", "   ^"),
    ],
)
def test_the_caret_stands_under_its_word(
    excerpt: str, column: int, width: int, line: str, caret: str
) -> None:
    assert shown(Place("x.md", 1, column, width, excerpt))[3:5] == [f"1 | {line}", f"  | {caret}"]


@pytest.mark.parametrize("column", [1, 50, 101, 400, 795, 800])
def test_of_a_long_line_the_part_around_the_caret_is_shown(column: int) -> None:
    excerpt = "".join(f"{number:4}_" for number in range(160))
    place = Place("x.md", 1, column, 4, excerpt)
    _, _, _, line, caret, _ = shown(place)
    assert len(line) <= 4 + 102
    assert len(caret) <= len(line)
    start = caret.index("^")
    assert line[start : start + caret.count("^")] == marked(place)


def test_a_message_stays_on_its_line() -> None:
    assert shown(Place("x.md"), "one\ntwo\tthree")[0] == "error[E001]: one two three"


def test_as_editors_tools_read_it() -> None:
    found = Diagnostic(EXAMPLE, Place("x.md", 2, 4, 3, "a: bcd"), "is odd \u2013 é", "mend it")
    assert json.loads(as_json([found])) == [
        {
            "severity": "error",
            "code": "E001",
            "file": "x.md",
            "line": 2,
            "column": 4,
            "width": 3,
            "message": "is odd \u2013 é",
            "hint": "mend it",
        }
    ]


def test_problems_are_sorted_by_place_and_told_once() -> None:
    second = Diagnostic(EXAMPLE, Place("a.md", 10, 1), "b", "")
    first = Diagnostic(EXAMPLE, Place("a.md", 9, 1), "a", "")
    assert in_order([second, first, second]) == (first, second)


def test_every_rule_has_a_code_of_its_own_that_tells_its_severity() -> None:
    codes = [rule.code for rule in rules.RULES]
    assert len(set(codes)) == len(codes)
    for rule in rules.RULES:
        assert rule.code[0] == {"error": "E", "warning": "W"}[rule.severity]
        assert not rule.title.endswith(".")

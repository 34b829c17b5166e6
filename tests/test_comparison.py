"""What changed between two editions: as a list, and as the corrigendum that readers get."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import lxml.html
import pytest
from PIL import Image

from report.load import load
from report.quota import quota
from report.release.alignment import align, runs
from report.release.comparison import Change, Comparison, Difference, Kind, compare
from report.release.corrigendum import corrigendum, files
from tests.conftest import CACHE
from tests.reading import Reading, letters
from tests.terminal import run

EVENT = {
    "event.yaml": """\
title: Talks
date: 2011-09-19
venue: Hall 1
organizers: [Office]
edition: {number: 1, date: 2011-12-12, status: provisional}
front: []
body: [chairmans-summary, sessions]
""",
    "participants.yaml": """\
governments: [{entity: State A, representatives: [Minister, Mayor]}]
""",
    "1-opening/session.md": """\
---
{kind: opening, title: Opening, chair: "Minister, State A", time: 10:15-11:30}
---
""",
    "1-opening/01-minister.md": """\
---
speaker: Minister
affiliation: State A
category: governments
minutes: 5
key_points: [Roads matter, Schools matter]
recommendations:
  - {text: Share what is known, level: regional, paragraph: 1}
---
The first paragraph tells of two new roads that were built across the northern provinces.

## On schools

The second paragraph tells of schools, and of the teachers who came to them from far away.

The third paragraph is about ports, and nobody who was there will forget what was said of them.
""",
    "1-opening/02-mayor.md": """\
---
speaker: Mayor
affiliation: State A
category: governments
---
A city is a small State, and its Mayor is asked about everything that happens in the street.
""",
    "2-closing/session.md": """\
---
{kind: closing, title: Closing, chair: "Minister, State A", time: 14:00-15:00}
---
""",
    "2-closing/chairmans-summary.md": """\
---
chair: Minister, State A
findings: [{text: Roads were built, evidence: "1-opening/01-minister:1"}]
---
It was a good day [@1-opening/01-minister:2].
""",
}
MINISTER = "1-opening/01-minister.md"


def write(folder: Path, event: dict[str, str]) -> Path:
    for name, text in event.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


Compare = Callable[[dict[str, str]], Comparison]


@pytest.fixture
def compared(tmp_path: Path) -> Compare:
    """Compare the event above with another."""

    def compare_with(event: dict[str, str]) -> Comparison:
        old, _ = load(write(tmp_path / "old", EVENT))
        new, _ = load(write(tmp_path / "new", event))
        assert old
        assert new
        return compare(old, new)

    return compare_with


def edited(file: str, *replaced: tuple[str, str]) -> dict[str, str]:
    """The event with some words of a file replaced."""
    text = EVENT[file]
    for words, others in replaced:
        assert words in text
        text = text.replace(words, others)
    return EVENT | {file: text}


def only(comparison: Comparison) -> tuple[Difference, Change]:
    """The one change of a comparison, and the part in which it is."""
    (difference,) = comparison.differences
    (change,) = difference.changes
    return difference, change


def test_an_event_does_not_differ_from_itself(compared: Compare) -> None:
    assert compared(EVENT).differences == ()


def test_a_reworded_paragraph_is_told_with_its_words(compared: Compare) -> None:
    difference, change = only(compared(edited(MINISTER, ("two new roads", "three new roads"))))
    assert difference.name == "Minister, State A"
    assert (change.kind, change.label) == (Kind.CHANGED, "Paragraph 1")
    assert [(r.old.strip(), r.new.strip()) for r in change.runs if not r.stays] == [
        ("two", "three")
    ]


def test_an_added_paragraph_renumbers_no_other(compared: Compare) -> None:
    text = "Before all I thank the host of this meeting and the city that received us."
    _, change = only(compared(edited(MINISTER, ("---\nThe first", f"---\n{text}\n\nThe first"))))
    assert (change.kind, change.label, change.new) == (Kind.ADDED, "Paragraph 1", text)


def test_a_removed_paragraph_and_a_changed_heading(compared: Compare) -> None:
    third = EVENT[MINISTER].split("\n\n")[-1]
    event = edited(MINISTER, ("\n\n" + third, "\n"), ("## On schools", "## Of schools"))
    (difference,) = compared(event).differences
    assert [(change.kind, change.label) for change in difference.changes] == [
        (Kind.CHANGED, "Heading above paragraph 2"),
        (Kind.REMOVED, "Paragraph 3"),
    ]


def test_paragraphs_that_change_places_are_moved(compared: Compare) -> None:
    *head, heading, second, third = EVENT[MINISTER].rstrip().split("\n\n")
    moved = "\n\n".join((*head, third, heading, second)) + "\n"
    (difference,) = compared(EVENT | {MINISTER: moved}).differences
    told = {(change.kind, change.label) for change in difference.changes}
    assert (Kind.MOVED, "Paragraph 2 (was: Paragraph 3)") in told
    assert {kind for kind, _ in told} == {Kind.MOVED}


def test_a_paragraph_that_went_to_another_statement_is_told_in_both(compared: Compare) -> None:
    third = EVENT[MINISTER].split("\n\n")[-1]
    event = edited(MINISTER, ("\n\n" + third, "\n"))
    event["1-opening/02-mayor.md"] += "\n" + third
    left, came = compared(event).differences
    assert left.changes[0].label == "Mayor, State A, Paragraph 2 (was: Paragraph 3)"
    assert came.changes[0].label == "Paragraph 2 (was: Minister, State A, Paragraph 3)"
    assert left.changes[0].kind is came.changes[0].kind is Kind.MOVED


def test_values_of_the_front_matter_are_compared_by_key(compared: Compare) -> None:
    event = edited(MINISTER, ("minutes: 5", "minutes: 7"), ("Roads matter, ", ""))
    (difference,) = compared(event).differences
    assert [(c.kind, c.label, c.old, c.new) for c in difference.changes] == [
        (Kind.CHANGED, "Minutes", "5", "7"),
        (Kind.REMOVED, "Key points", "Roads matter", ""),
    ]


def test_an_embargo_is_told_with_its_hour_and_values_with_the_quotes_of_their_language(
    tmp_path: Path,
) -> None:
    for name, hour in (("old", "09"), ("new", "17")):
        event = edited(MINISTER, ("minutes: 5", f"embargo: 2011-09-20T{hour}:00-04:00"))
        event["event.yaml"] += "language: fr\n"
        event["event.yaml"] = event["event.yaml"].replace("Hall 1", f'Salle "{hour}"')
        write(tmp_path / name, event)
    told = run("diff", "old", "new", folder=tmp_path).stdout
    assert "20\xa0septembre\xa02011 à {-9-} {+17+} h\xa000 (UTC-04:00)" in told
    assert "Salle «\xa0{-09-} {+17+} »" in told


def test_a_picture_is_told_where_it_is_shown(tmp_path: Path) -> None:
    write(tmp_path / "old", edited(MINISTER, ("On schools", "On schools\n\n![School](school.png)")))
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    for name, width in (("old", 40), ("new", 50)):
        with Image.new("RGB", (width, 30)) as image:
            image.save(tmp_path / name / "1-opening/school.png")
    told = run("diff", "old", "new", folder=tmp_path).stdout.splitlines()
    assert told[0] == "Minister, State A"
    assert told[1].startswith("  changed  Picture 1-opening/school.png: {-40-} {+50+} by 30 pixels")
    assert len(told) == 2


def test_findings_and_recommendations_are_told_by_number(compared: Compare) -> None:
    event = edited(MINISTER, ("level: regional", "level: national"))
    summary = "2-closing/chairmans-summary.md"
    event |= edited(summary, ("Roads were built", "Many roads were built")) | {
        MINISTER: event[MINISTER]
    }
    (difference,) = compared(event).differences
    assert difference.name == "Findings and recommendations"
    assert [change.label for change in difference.changes] == [
        *("Finding\xa01", "Recommendation\xa01")
    ]
    assert "Many roads were built (Minister, State A, para.\u00a01)" in difference.changes[0].new
    assert "National level" in difference.changes[1].new


def test_a_renamed_file_is_the_same_statement(compared: Compare) -> None:
    event = edited(MINISTER, ("two new roads", "three new roads"))
    event = {name: text.replace("01-minister", "01-delegate") for name, text in event.items()}
    event["1-opening/01-delegate.md"] = event.pop(MINISTER)
    difference, change = only(compared(event))
    assert (difference.kind, difference.name) == (Kind.CHANGED, "Minister, State A")
    assert change.label == "Paragraph 1"


def test_statements_that_change_places_are_moved(compared: Compare) -> None:
    event = {name: text.replace("01-minister", "07-minister") for name, text in EVENT.items()}
    event["1-opening/07-minister.md"] = event.pop(MINISTER)
    (difference,) = compared(event).differences
    assert difference.kind is Kind.MOVED
    assert difference.changes == ()


def test_a_statement_may_go_to_another_session(compared: Compare) -> None:
    event = dict(EVENT)
    event["2-closing/01-mayor.md"] = event.pop("1-opening/02-mayor.md")
    (difference,) = compared(event).differences
    assert (difference.kind, difference.name) == (Kind.MOVED, "Mayor, State A")


def test_a_statement_comes_and_another_goes_without_its_words(compared: Compare) -> None:
    event = dict(EVENT)
    del event["1-opening/02-mayor.md"]
    event["1-opening/03-rector.md"] = (
        EVENT["1-opening/02-mayor.md"].split("\n---")[0].replace("Mayor", "Rector")
        + "\n---\nWhat a university can do for peace is to go on teaching.\n"
    )
    told = {difference.name: difference for difference in compared(event).differences}
    assert told["Mayor, State A"].kind is Kind.REMOVED
    assert told["Mayor, State A"].changes == ()
    assert told["Rector, State A"].kind is Kind.ADDED
    assert "teaching" in told["Rector, State A"].changes[-1].new


def test_what_stays_in_place_is_no_move() -> None:
    pairs = align(["a one", "b two", "c three"], ["c three", "a one", "x", "b two"])
    assert [(pair.old, pair.new, pair.is_moved) for pair in pairs] == [
        (2, 0, True),
        (0, 1, False),
        (1, 3, False),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("One two three.", "One two four.", [("three", "four")]),
        ("On 1,000.5 metres", "On 1,000.6 metres", [("1,000.5", "1,000.6")]),
        ("和平与安全", "和平和安全", [("与", "和")]),
        ("Roads", "Roads and ports", [("", "and ports")]),
        (
            "He spoke of war in the far north",
            "He spoke of peace and trade in all lands of the south",
            [("war in the far north", "peace and trade in all lands of the south")],
        ),
    ],
)
def test_the_words_that_differ(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    found = runs(old, new)
    assert [(r.old.strip(), r.new.strip()) for r in found if not r.stays] == expected
    assert "".join(r.new for r in found).split() == new.split()


def test_a_long_report_is_aligned_whole() -> None:
    texts = [
        f"Paragraph {n} speaks of matter {n * 7919 % 10007} at length. " * 8 for n in range(4000)
    ]
    pairs = align(texts, [text.replace("length", "some length") for text in texts])
    assert len(pairs) == len(texts)


def test_a_long_table_of_few_different_rows_is_aligned_in_no_time() -> None:
    rows = [f"Yes, {n * n % 3}" for n in range(4000)]
    with quota(5):
        pairs = align(["First", *rows, "Last"], ["One", *rows[:2000], *rows[2001:], "End"])
    assert len(pairs) >= 3999
    assert not any(pair.is_moved for pair in pairs)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corrigendum between two editions."""
    folder = tmp_path_factory.mktemp("corrigendum")
    event = edited(MINISTER, ("two new roads", "three new roads"), ("minutes: 5", "minutes: 7"))
    event["event.yaml"] = event["event.yaml"].replace(
        "number: 1, date: 2011-12-12, status: provisional", "number: 2, date: 2012-03-01"
    )
    del event["1-opening/02-mayor.md"]
    old, _ = load(write(folder / "old", EVENT))
    new, _ = load(write(folder / "new", event))
    assert old
    assert new
    names = ("edition 1", "edition 2")
    report = corrigendum(compare(old, new), new, folder / "new", names)
    for name, content in files(report, CACHE).items():
        (folder / name).write_bytes(content)
    return folder


def test_the_corrigendum_marks_words_by_elements_that_are_spoken(written: Path) -> None:
    page = lxml.html.parse(str(written / "corrigendum.html")).getroot()
    section = next(s for s in page.iter("section") if s.findtext("h2") == "Minister, State A")
    deleted = [element.text_content() for element in section.iter("del")]
    added = [element.text_content() for element in section.iter("ins")]
    assert deleted == ["deleted: 5", "deleted: two"]
    assert added == ["added: 7", "added: three"]
    assert "across the northern provinces" in section.text_content()


def test_a_withdrawn_statement_is_named_only(written: Path) -> None:
    page = (written / "corrigendum.html").read_text(encoding="utf-8")
    assert "Mayor, State A" in page
    assert "small State" not in page


def test_the_corrigendum_is_read_aloud_from_its_pdf(written: Path) -> None:
    pdf = Reading(written / "corrigendum.pdf")
    spans = [e for e in pdf.pdf.objects if isinstance(e, type(pdf.pdf.Root)) and "/Alt" in e]
    told = {str(span.Alt): str(span.A.TextDecorationType) for span in spans}
    assert told["deleted: two"] == "/LineThrough"
    assert told["added: three"] == "/Underline"
    assert "tells of two three new roads" in " ".join("".join(pdf.pages).split())
    assert [title for _, title, _ in pdf.bookmarks] == [
        *("The event", "Minister, State A", "Mayor, State A")
    ]
    assert str(pdf.pdf.docinfo.Title) == "Corrigendum: Talks"


def test_words_of_another_direction_keep_theirs_in_a_corrigendum(tmp_path: Path) -> None:
    arabic = ("organizers: [Office]", "organizers: [Office]\nlanguage: ar\ndigits: arabic_indic")
    old = edited("event.yaml", arabic, ("Hall 1", "القاعة 1"))
    new = old | {
        "event.yaml": old["event.yaml"].replace("القاعة 1", "القاعة (see map, page) رقم 25")
    }
    write(tmp_path / "old", old)
    write(tmp_path / "new", new)
    run("diff", "old", "new", "-o", "out", folder=tmp_path)
    page = lxml.html.parse(str(tmp_path / "out/corrigendum.html")).getroot()
    (venue,) = (p for p in page.iter("p") if "see map" in p.text_content())
    assert [bdi.text for bdi in venue.iter("bdi")] == ["see map, page"]
    assert "٢٥" in venue.text_content()


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Editor", "-c", "user.email=editor@example.org")
    subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True)


def test_diff_compares_revisions_and_folders(tmp_path: Path) -> None:
    event = write(tmp_path / "reports" / "talks", EVENT)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "First edition")
    write(event, edited(MINISTER, ("two new roads", "three new roads")))
    told = run("diff", "HEAD", "reports/talks", "-e", "reports/talks", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines() == [
        "Minister, State A",
        "  changed  Paragraph 1: The first paragraph tells of {-two-} {+three+} new roads that were"
        " built across \u2026",
    ]
    assert "1 part of the report: 1 changed" in told.stderr
    assert {path.name for path in tmp_path.iterdir()} == {".git", "reports"}
    same = run("diff", "HEAD", "HEAD", "-e", event, folder=tmp_path)
    assert (same.returncode, same.stdout, same.stderr) == (0, "", "Nothing changed.\n")


def test_diff_writes_the_corrigendum_where_it_is_told(tmp_path: Path) -> None:
    write(tmp_path / "old", EVENT)
    write(tmp_path / "new", edited(MINISTER, ("two new roads", "three new roads")))
    told = run("diff", "old", "new", "-o", "out", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *("corrigendum.pdf", "corrigendum.html")
    }


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("no-such", "old"), 2, "no-such is neither a folder nor a git revision of old"),
        (("--help-me", "old"), 2, "No such option"),
        (("old", "broken"), 1, "Not compared: broken has errors."),
        (("french", "old", "-l", "fr"), 2, "old: the event has no edition in `fr`"),
    ],
)
def test_what_cannot_be_compared(
    tmp_path: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    write(tmp_path / "old", EVENT)
    write(tmp_path / "broken", EVENT | {MINISTER: "No front matter"})
    french = ("title: Talks", "title: Talks\nlanguages: [en, fr]")
    write(tmp_path / "french", edited("event.yaml", french))
    told = run("diff", *arguments, "-e", "old", folder=tmp_path)
    assert told.returncode == code
    assert message in told.stderr


def test_a_folder_that_is_not_there_is_told_where_there_is_no_event(tmp_path: Path) -> None:
    write(tmp_path / "old", EVENT)
    told = run("diff", "old", "olld", folder=tmp_path)
    assert told.returncode == 2
    assert (
        "olld is no folder; for a revision, name the event's folder with --event DIR" in told.stderr
    )


def printed(folder: Path, new: str = "new") -> tuple[str, str]:
    """What is told of the old edition and another: in the terminal, and on the page."""
    told = run("diff", "old", new, "-o", "out", folder=folder)
    assert told.returncode == 0, told.stderr
    return told.stdout, (folder / "out/corrigendum.html").read_text(encoding="utf-8")


def test_the_words_of_a_withheld_statement_are_not_printed_again(
    tmp_path: Path,
) -> None:
    picture = ("On schools", "On schools\n\n![School](ruins.png)")
    write(tmp_path / "old", edited(MINISTER, picture))
    event = edited(MINISTER, ("minutes: 5", "minutes: 5\nstatus: withheld"), picture)
    for name in ("old", "new"):
        (tmp_path / name / "1-opening").mkdir(parents=True, exist_ok=True)
        with Image.new("RGB", (40, 30)) as image:
            image.save(tmp_path / name / "1-opening/ruins.png")
    summary = "2-closing/chairmans-summary.md"
    event[summary] = "---\nchair: Minister, State A\n---\nIt was a good day.\n"
    write(tmp_path / "new", event)
    for text in printed(tmp_path):
        assert "withheld" in text
        assert "ruins" not in text
        assert "Share what is known" not in text
        assert "northern provinces" not in text
        assert "Roads matter" not in text


RECOMMENDS = "recommendations: [{text: Parliaments should share what they know, level: national}]"


def test_no_recommendation_takes_the_place_of_one_in_words_that_are_withdrawn(
    tmp_path: Path,
) -> None:
    write(tmp_path / "old", EVENT)
    write(tmp_path / "withheld", edited(MINISTER, ("minutes: 5", "minutes: 5\nstatus: withheld")))
    gone = dict(EVENT)
    del gone[MINISTER]
    write(tmp_path / "gone", gone)
    summary = f"---\nchair: Minister, State A\n{RECOMMENDS}\n---\nIt was a good day.\n"
    for new in ("withheld", "gone"):
        write(tmp_path / new, {"2-closing/chairmans-summary.md": summary})
        for text in printed(tmp_path, new):
            assert "Parliaments should share what they know" in text
            assert "Share what is known" not in text
            told = ("Recommendation\xa01: removed", "removed  Recommendation\xa01")
            assert any(line in text for line in told)


def test_the_words_of_a_withheld_summary_are_not_printed_again(tmp_path: Path) -> None:
    write(tmp_path / "old", EVENT)
    summary = ("chair: Minister, State A", "chair: Minister, State A\nstatus: withheld")
    write(tmp_path / "new", edited("2-closing/chairmans-summary.md", summary))
    for text in printed(tmp_path):
        assert "withheld" in text
        assert "good day" not in text
        assert "Roads were built" not in text


@pytest.mark.parametrize(
    ("mark", "word", "notice"),
    [
        ("status: draft\nembargo: 2999-01-01T09:00Z", "Draft", "Embargoed until 1 January 2999"),
        ("embargo: 2999-01-01T09:00Z", "Embargo", "Embargoed until 1 January 2999"),
    ],
)
def test_words_that_are_not_cleared_are_marked(
    tmp_path: Path, mark: str, word: str, notice: str
) -> None:
    old = edited(MINISTER, ("minutes: 5", f"minutes: 5\n{mark}"))
    new = old | {MINISTER: old[MINISTER].replace("two new roads", "three new roads")}
    write(tmp_path / "old", old)
    write(tmp_path / "new", new)
    told = run("diff", "old", "new", "-o", "out", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    page = lxml.html.parse(str(tmp_path / "out/corrigendum.html")).getroot()
    notices = [p.text_content() for p in page.find_class("notice")]
    assert notices[0] == "Not for distribution: 1 text in this report is not cleared"
    assert letters(notice) in letters(notices[1])
    printed = "".join(Reading(tmp_path / "out/corrigendum.pdf").pages)
    assert letters(notice) in letters(printed)
    assert word in printed.split()


def test_a_draft_s_recommendation_is_marked_and_no_words_of_others(tmp_path: Path) -> None:
    old = edited(MINISTER, ("minutes: 5", "minutes: 5\nstatus: draft"))
    write(tmp_path / "old", old)
    wish = old[MINISTER].replace("Share what is known", "Share what is not known")
    write(tmp_path / "new", old | {MINISTER: wish})
    mayor = "1-opening/02-mayor.md"
    write(tmp_path / "other", old | {mayor: old[mayor].replace("small State", "small world")})
    pages = []
    for new in ("new", "other"):
        run("diff", "old", new, "-o", "out", folder=tmp_path)
        pages.append((tmp_path / "out/corrigendum.html").read_text(encoding="utf-8"))
    assert "Draft, not cleared for distribution" in pages[0]
    assert "not cleared" not in pages[1]

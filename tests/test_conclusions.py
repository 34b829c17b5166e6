"""Conclusions: what they rest on can be followed and back, and their numbers are given once."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import lxml.html
import pikepdf
import pytest

from report.acceptance import is_accepted
from report.compilation import examine
from report.conclusions import Conclusion, conclude
from report.model import Event, Level
from tests.conftest import CACHE, Compiled
from tests.terminal import run
from tests.test_diagnostics import EVENTS, told

SUMMARY = "1-opening/chairmans-summary.md"
MINISTER = "1-opening/01-minister.md"
LOCK = "1-opening/chairmans-summary.lock"

HEAD = """\
---
chair: Chairman, United Nations entity B
findings:
  - text: Meetings build trust.
    pillar: trust
    evidence: 1-opening/01-minister:2
recommendations:
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EVENTS / "minimal", tmp_path / "event"))


def recommend(folder: Path, *wishes: str) -> None:
    """Give the Chairman's Summary these recommendations, each `text | further keys`."""
    entries = (wish.partition(" | ") for wish in wishes)
    listed = "".join(
        f"  - text: {text}\n    level: national\n    evidence: 1-opening/01-minister:1\n"
        + "".join(f"    {key}\n" for key in keys.split("; ") if key)
        for text, _, keys in entries
    )
    (folder / SUMMARY).write_text(f"{HEAD}{listed}---\nAll was said [@1-opening/01-minister:2].\n")


def read(folder: Path) -> Event:
    event, _ = examine(folder, CACHE)
    assert event
    return event


def recommendations(folder: Path) -> dict[str, Conclusion]:
    return {wish.text: wish for wish in conclude(read(folder)).recommendations}


def numbers(folder: Path) -> dict[str, int]:
    return {text: wish.number for text, wish in recommendations(folder).items()}


def accept(folder: Path) -> None:
    done = run("accept", "--event", folder, folder=folder.parent)
    assert (done.returncode, done.stderr) == (0, f"Accepted: {folder / LOCK}\n")


# Merging


def test_what_a_speaker_asks_for_stands_among_the_chairman_s_recommendations(folder: Path) -> None:
    recommend(folder, "Train border guards.")
    wishes = recommendations(folder)
    assert list(wishes) == ["States should meet every year.", "Train border guards."]
    ministers, chairmans = wishes.values()
    assert (chairmans.is_chairmans, chairmans.speakers) == (True, ())
    assert (ministers.is_chairmans, ministers.speakers) == (False, ("1-opening/01-minister",))
    assert [str(target) for target in ministers.evidence] == ["1-opening/01-minister:2"]


def test_same_as_makes_one_of_two_with_all_who_made_it_and_all_its_evidence(folder: Path) -> None:
    recommend(folder, "Meet every year. | id: meet")
    text = (folder / MINISTER).read_text()
    (folder / MINISTER).write_text(text.replace("paragraph: 2", "paragraph: 2\n    same_as: meet"))
    (wish,) = recommendations(folder).values()
    assert (wish.text, wish.level) == ("Meet every year.", Level.NATIONAL)
    assert (wish.is_chairmans, wish.speakers) == (True, ("1-opening/01-minister",))
    assert [str(target) for target in wish.evidence] == [
        "1-opening/01-minister:1",
        "1-opening/01-minister:2",
    ]
    assert told(folder) == []


def test_a_paragraph_that_the_chairman_cites_is_not_cited_twice(folder: Path) -> None:
    recommend(folder, "Meet every year. | id: meet")
    summary = folder / SUMMARY
    cited = "1-opening/01-minister:1"
    summary.write_text(summary.read_text().replace(f"evidence: {cited}", f"evidence: {cited}-2"))
    text = (folder / MINISTER).read_text()
    (folder / MINISTER).write_text(text.replace("paragraph: 2", "paragraph: 2\n    same_as: meet"))
    (wish,) = recommendations(folder).values()
    assert [str(target) for target in wish.evidence] == ["1-opening/01-minister:1-2"]


def test_two_that_are_nearly_the_same_are_reported_until_they_are_joined(folder: Path) -> None:
    recommend(folder, "States should meet each year.")
    assert told(folder) == [("W308", f"{MINISTER}:7:11")]
    recommend(folder, "Train border guards.")
    assert told(folder) == []


def test_they_are_grouped_by_pillar_and_by_level(folder: Path) -> None:
    recommend(folder, "Train border guards.", "Publish reports. | pillar: trust")
    assert list(recommendations(folder)) == [
        "Publish reports.",
        "States should meet every year.",
        "Train border guards.",
    ]


# Numbers, once and for all


def test_one_that_is_inserted_renumbers_none_that_was_accepted(folder: Path) -> None:
    recommend(folder, "Train border guards.")
    before = numbers(folder)
    accept(folder)
    recommend(folder, "Publish reports. | pillar: trust", "Train border guards.")
    after = numbers(folder)
    assert {text: after[text] for text in before} == before
    assert after["Publish reports."] == max(before.values()) + 1


def test_the_number_of_one_that_is_gone_is_never_given_again(folder: Path) -> None:
    recommend(folder, "Train border guards.", "Publish reports.")
    gone = numbers(folder)["Publish reports."]
    accept(folder)
    recommend(folder, "Train border guards.")
    accept(folder)
    recommend(folder, "Train border guards.", "Open an academy.")
    assert numbers(folder)["Open an academy."] > gone


def test_one_that_is_reworded_keeps_its_number(folder: Path) -> None:
    recommend(folder, "Train the guards of all borders.", "Publish reports.")
    number = numbers(folder)["Train the guards of all borders."]
    accept(folder)
    recommend(folder, "Train the guards of all our borders.", "Publish reports.")
    assert numbers(folder)["Train the guards of all our borders."] == number


# The lock


def test_a_cited_paragraph_that_changes_is_told_until_it_is_accepted_again(folder: Path) -> None:
    accept(folder)
    assert is_accepted(read(folder))
    text = (folder / MINISTER).read_text()
    (folder / MINISTER).write_text(text.replace("to meet every year.\n", "to meet twice a year.\n"))
    assert not is_accepted(read(folder))
    assert {code for code, _ in told(folder)} == {"W305"}
    accept(folder)
    assert told(folder) == []


def test_a_change_of_what_is_not_cited_is_nobody_s_concern(folder: Path) -> None:
    accept(folder)
    text = (folder / MINISTER).read_text()
    (folder / MINISTER).write_text(text.replace("We are glad", "We are happy"))
    assert told(folder) == []
    assert is_accepted(read(folder))


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("We ask all States - yes, “all” - to meet.", set()),
        ("We ask all States \u2014 yes,\u00a0'all'\u00a0\u2014 to  meet.", set()),
        ("We ask all States, yes, “all” - to meet.", {"W305"}),
        ("We ask all states - yes, “all” - to meet.", {"W305"}),
    ],
)
def test_other_dashes_spaces_and_quotation_marks_are_no_change(
    folder: Path, written: str, codes: set[str]
) -> None:
    head, _, _ = (folder / MINISTER).read_text().rpartition("We ask")
    (folder / MINISTER).write_text(f'{head}We ask all States – yes, "all" – to meet.\n')
    accept(folder)
    (folder / MINISTER).write_text(f"{head}{written}\n")
    assert {code for code, _ in told(folder)} == codes


def test_nothing_is_accepted_while_there_are_errors(folder: Path) -> None:
    text = (folder / SUMMARY).read_text()
    (folder / SUMMARY).write_text(text.replace("minister:2]", "minister:9]"))
    done = run("accept", "--event", folder, folder=folder.parent)
    assert done.returncode == 1
    assert "E303" in done.stderr
    assert not (folder / LOCK).exists()


# From a recommendation to the speaker's sentence and back, in both media


def resting(sample: Compiled) -> list[tuple[str, str]]:
    """Each conclusion of the sample with every paragraph on which it rests, as anchors."""
    return [
        (conclusion.anchor, target.anchor)
        for conclusion in conclude(sample.event)
        for target in conclusion.evidence
        if target.ranges
    ]


def test_every_conclusion_of_the_sample_rests_on_paragraphs(sample: Compiled) -> None:
    resting_ones = {conclusion for conclusion, _ in resting(sample)}
    assert resting_ones == {conclusion.anchor for conclusion in conclude(sample.event)}


def test_in_the_pdf_one_clicks_from_a_conclusion_to_what_was_said_and_back(
    sample: Compiled,
) -> None:
    links: dict[str, set[int]] = {}
    for number, page in enumerate(sample.pdf.pdf.pages):
        for annotation in page.get("/Annots", ()):
            if "/Dest" in annotation:
                links.setdefault(_name(annotation.Dest), set()).add(number)
    places = {name.decode(): page for name, page in sample.pdf.destinations.items()}
    for conclusion, paragraph in resting(sample):
        # Either may go over to the next page.
        there = {places[conclusion], places[conclusion] + 1}
        here = {places[paragraph], places[paragraph] + 1}
        assert links[paragraph] & there, f"no way from {conclusion} to {paragraph}"
        assert links[conclusion] & here, f"no way back from {paragraph} to {conclusion}"


def _name(target: pikepdf.Object) -> str:
    return bytes(target).decode()


def test_on_the_page_one_clicks_from_a_conclusion_to_what_was_said_and_back(
    sample: Compiled,
) -> None:
    root = lxml.html.document_fromstring(sample.page.encode())
    places = {element.get("id"): element for element in root.iterfind(".//*[@id]")}
    for conclusion, paragraph in resting(sample):
        out = {link.get("href") for link in places[conclusion].iterfind(".//a[@class='reference']")}
        assert f"#{paragraph}" in out
        back = places[paragraph].findall(".//span[@class='cited']/a")
        assert f"#{conclusion}" in {link.get("href") for link in back}


def test_marks_beside_the_text_say_where_the_summary_cites_it(sample: Compiled) -> None:
    said = " ".join(sample.pdf.spoken.replace("\x02", "").split())
    marks = re.findall(
        r"Cited in Chairman\u2019s Summary, ((?:finding|recommendation|way|para)\S*)", said
    )
    assert len(marks) >= len({paragraph for _, paragraph in resting(sample)})


def test_a_number_stays_in_the_line_of_what_it_counts(sample: Compiled) -> None:
    spaces = re.findall(r"(?:finding|recommendation|way forward)(\s)\d", sample.page)
    assert set(spaces) == {"\u00a0"}

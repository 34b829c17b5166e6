"""The model: what an editor may write for each kind of value, and that nothing changes after."""

from __future__ import annotations

import datetime
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from report.model import (
    Category,
    Date,
    Delegation,
    EventMatter,
    EvidenceList,
    Finding,
    Hours,
    Identifier,
    Language,
    Participants,
    SessionMatter,
    Statement,
    StatementKind,
    StatementMatter,
    Time,
)
from report.reference import Reference


def read(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value)


def reason(kind: Any, value: object) -> str:
    """Why a value is refused."""
    with pytest.raises(ValidationError) as caught:
        read(kind, value)
    return str(caught.value.errors()[0]["msg"])


def test_a_date_is_year_month_day() -> None:
    assert read(Date, "2011-09-19") == datetime.date(2011, 9, 19)
    assert read(Date, " 2012-02-29 ") == datetime.date(2012, 2, 29)


@pytest.mark.parametrize(
    "written", ["2011", "20110919", "0", "1316390400", "19/09/2011", "2011-9-19", "2011-W38-1", ""]
)
def test_no_other_form_is_taken_for_a_date(written: str) -> None:
    assert "year-month-day" in reason(Date, written)


def test_a_day_that_does_not_exist() -> None:
    assert "no such day" in reason(Date, "2011-02-29")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("10:15-11:30", "10:15\u201311:30"),
        ("9.05 \u2013 9.50", "09:05\u201309:50"),
        ("0:00-23:59", "00:00\u201323:59"),
    ],
)
def test_hours(written: str, shown: str) -> None:
    assert str(read(Time, written)) == shown


@pytest.mark.parametrize("written", ["10", "10:15", "10:15-24:00", "10:60-11:00", "a-b", "1-2-3"])
def test_what_are_no_hours(written: str) -> None:
    assert "two times of the day" in reason(Time, written)


@pytest.mark.parametrize("written", ["11:30-10:15", "10:15-10:15"])
def test_hours_that_count_backwards(written: str) -> None:
    assert "later than the first" in reason(Time, written)


@given(st.integers(0, 1438), st.integers(1, 1439))
@settings(deadline=None, max_examples=60, derandomize=True)
def test_hours_are_read_back_as_they_are_shown(start: int, length: int) -> None:
    hours = Hours(start=start, end=min(1439, start + length))
    assert Hours.parse(str(hours)) == hours


def test_identifiers_and_languages() -> None:
    assert read(Identifier, "human-rights_2") == "human-rights_2"
    for written in ("human rights", "-x", "", "x\n", "caf\u00e9"):
        assert "letters, digits and hyphens" in reason(Identifier, written)
    assert read(Language, "zh-Hant") == "zh-Hant"
    for written in ("English", "EN", "e", "fr_FR"):
        assert "code of a language" in reason(Language, written)


def test_one_piece_of_evidence_needs_no_list() -> None:
    expected = (Reference("1-a/01-b", ((4, 4),)),)
    assert read(EvidenceList, "1-a/01-b:4") == expected
    assert read(EvidenceList, ["1-a/01-b:4"]) == expected


STATEMENT = {"speaker": "Minister", "affiliation": "Member State A", "category": "governments"}


def test_records_are_frozen_and_know_no_other_key() -> None:
    statement = StatementMatter.model_validate(STATEMENT)
    with pytest.raises(ValidationError):
        statement.speaker = "Deputy"
    assert reason(StatementMatter, STATEMENT | {"minuts": "6"}).startswith("Extra inputs")


def test_a_text_is_taken_without_the_spaces_around_it() -> None:
    assert StatementMatter.model_validate(STATEMENT | {"speaker": " A "}).speaker == "A"
    assert "at least 1" in reason(StatementMatter, STATEMENT | {"speaker": "  "})


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_names_with_accents_are_the_same_however_they_are_typed(typed: str) -> None:
    state = unicodedata.normalize(typed, "Côte d’Été")
    statement = StatementMatter.model_validate(
        {"speaker": state, "affiliation": state, "category": "governments"}
    )
    session = SessionMatter.model_validate(
        {"kind": "opening", "title": "T", "time": "9:00-10:00", "chair": state, "floor": [state]}
    )
    listed = Delegation.model_validate({"entity": state, "representatives": [{"fr": state}]})
    names = (statement.speaker, statement.affiliation, session.chair, *session.floor)
    assert {*names, listed.entity, *listed.representatives} == {"C\u00f4te d’\u00c9t\u00e9"}


def test_what_may_be_left_out() -> None:
    statement = StatementMatter.model_validate(STATEMENT)
    assert statement.kind is StatementKind.STATEMENT
    assert (statement.language, statement.minutes, statement.key_points) == ("en", None, ())
    event = EventMatter.model_validate(
        {"title": "T", "date": "2011-09-19", "venue": "V", "organizers": ["O"]}
    )
    assert event.front == ("contents", "acronyms")
    assert "sessions" in event.body


def test_a_session_has_a_kind_title_chair_and_time() -> None:
    with pytest.raises(ValidationError) as caught:
        SessionMatter.model_validate({})
    assert {error["loc"][0] for error in caught.value.errors()} == {
        "kind",
        "title",
        "chair",
        "time",
    }


def test_a_conclusion_may_rest_on_nothing_yet() -> None:
    assert Finding.model_validate({"text": "Trust grows."}).evidence == ()


def test_participants_by_category() -> None:
    participants = Participants.model_validate(
        {
            "media": [{"entity": "Broadcaster A"}],
            "governments": [{"entity": "Member State A", "representatives": ["Minister"]}],
        }
    )
    categories = [category for category, _ in participants.by_category()]
    assert categories == [Category.GOVERNMENTS, Category.MEDIA]
    assert participants.entities == {"Broadcaster A", "Member State A"}
    assert participants.representatives == {"Minister, Member State A"}


@pytest.mark.parametrize(
    ("extra", "byline"),
    [
        ({}, "Minister, Member State A"),
        ({"kind": "keynote"}, "Minister, Member State A"),
        ({"kind": "keynote", "speaker": "Ban Ki-moon", "function": "S.-G."}, "Ban Ki-moon"),
    ],
)
def test_how_references_name_a_statement(extra: dict[str, str], byline: str) -> None:
    matter = StatementMatter.model_validate(STATEMENT | extra)
    assert Statement.model_construct(**dict(matter)).byline == tuple(byline.split(", "))

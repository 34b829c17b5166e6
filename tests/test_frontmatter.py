"""Changing values in front matter: what is wanted is there, and all else is as it was."""

from itertools import pairwise

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from report.desk.frontmatter import CannotChangeError, changed

MATTER = """\
# who speaks
speaker: 'Minister'   # guessed
affiliation: Member State A

minutes: 6 # by the clock
title: >-
  A title that goes
  on
key_points:
  # the first
  - One.
  - Two. # doubtful
  - Three.
recommendations:
  - text: Meet.
    level: national # or regional

  # the second
  - text: Meet again.
    level: regional
floor: [A, "B, C"]
"""


@pytest.mark.parametrize(
    ("values", "before", "after"),
    [
        ({"minutes": "7"}, "minutes: 6 #", "minutes: 7 #"),
        ({"speaker": "King's Envoy"}, "'Minister'   #", "'King''s Envoy'   #"),
        ({"affiliation": "State: A"}, "Member State A", '"State: A"'),
        ({"title": "A title"}, "  A title that goes\n  on\n", "  A title\n"),
        ({"key_points": ["One.", "Two!", "Three."]}, "Two. #", "Two! #"),
        ({"key_points": ["One.", "Three."]}, "  - Two. # doubtful\n", ""),
        ({"key_points": ["One.", "Two.", "Three.", "Four."]}, "Three.\n", "Three.\n  - Four.\n"),
        (
            {"recommendations": [{"text": "Meet.", "level": "regional"}, {"text": "Go."}]},
            "national # or regional\n\n  # the second\n  - text: Meet again.\n"
            "    level: regional\n",
            "regional # or regional\n\n  # the second\n  - text: Go.\n",
        ),
        ({"minutes": None}, "minutes: 6 # by the clock\n", ""),
        ({"language": "fr"}, 'floor: [A, "B, C"]\n', 'floor: [A, "B, C"]\nlanguage: fr\n'),
        ({"floor": ["A"]}, 'floor: [A, "B, C"]\n', "floor:\n  - A\n"),
    ],
)
def test_only_what_changes_is_written_anew(
    values: dict[str, object], before: str, after: str
) -> None:
    assert MATTER.count(before) == 1
    assert changed(MATTER, values) == MATTER.replace(before, after)  # type: ignore[arg-type]


def test_the_same_values_change_nothing() -> None:
    assert changed(MATTER, yaml.load(MATTER, Loader=yaml.BaseLoader)) == MATTER


BIOGRAPHIES = """\
biography:
  en: >
    A teacher
    of history.
  fr: >
    Professeur
    d'histoire.
recommendations:
  - text: >
      Meet
      soon.
    level: national
  - text: >
      Meet
      again.
    level: regional
"""


def test_a_text_that_only_line_breaks_tell_from_what_stands_there_stays() -> None:
    wanted = {"en": "A teacher of physics.", "fr": "Professeur d'histoire."}
    assert changed(BIOGRAPHIES, {"biography": wanted}) == BIOGRAPHIES.replace(
        ">\n    A teacher\n    of history.", ">-\n    A teacher of physics."
    )
    first = {"text": "Meet soon.", "level": "regional"}
    second = {"text": "Meet again.", "level": "regional"}
    assert changed(BIOGRAPHIES, {"recommendations": [first, second]}) == BIOGRAPHIES.replace(
        "national", "regional"
    )
    assert changed(BIOGRAPHIES, {"recommendations": [second]}) == BIOGRAPHIES.replace(
        "  - text: >\n      Meet\n      soon.\n    level: national\n", ""
    )


def test_empty_front_matter_takes_its_first_key() -> None:
    assert changed("", {"title": "A"}) == "title: A\n"
    assert changed("# nothing yet\n", {"title": "A"}) == "# nothing yet\ntitle: A\n"


def test_front_matter_on_one_line_is_left_to_its_author() -> None:
    with pytest.raises(CannotChangeError):
        changed("{speaker: A, minutes: 6}\n", {"minutes": "7"})


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40) | (
    st.sampled_from(["a: b", "- x", "#c", "it's", '"q"', "x " * 70, " lead", "trail ", "[a", "*s"])
)
RECORDS = st.dictionaries(st.sampled_from(["text", "level", "id"]), TEXTS, min_size=1)
VALUES = st.none() | TEXTS | st.lists(TEXTS, max_size=4) | st.lists(RECORDS, max_size=3)
KEYS = st.sampled_from(["speaker", "title", "key_points", "recommendations", "floor", "new"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=3), max_size=3))
def test_any_values_are_read_back_and_comments_elsewhere_stay(changes: list[dict]) -> None:
    matter = MATTER
    wanted = yaml.load(MATTER, Loader=yaml.BaseLoader)
    for values in changes:
        matter = changed(matter, values)
        wanted = {k: v for k, v in {**wanted, **values}.items() if v is not None}
    assert yaml.load(matter, Loader=yaml.BaseLoader) == wanted
    kept = ["# who speaks\n", "affiliation: Member State A\n", "minutes: 6 # by the clock\n"]
    places = [matter.index(line) for line in kept]
    assert all(one < other for one, other in pairwise(places))

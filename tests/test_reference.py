"""References: what is written is what is meant, and what is not understood is said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report.reference import MARK, MalformedReference, Reference, parse, parse_one

STEADY = settings(deadline=None, max_examples=200, derandomize=True)


@pytest.mark.parametrize(
    ("text", "target", "ranges", "anchor"),
    [
        ("2-dialogue/03-mayor", "2-dialogue/03-mayor", (), "2-dialogue/03-mayor"),
        ("2-dialogue/03-mayor:4", "2-dialogue/03-mayor", ((4, 4),), "2-dialogue/03-mayor:4"),
        ("background:4-6,9", "background", ((4, 6), (9, 9)), "background:4"),
        ("[@background: 4 \u2013 6 , 9]", "background", ((4, 6), (9, 9)), "background:4"),
        ("@background:2-2", "background", ((2, 2),), "background:2"),
        (" background ", "background", (), "background"),
        ("part-1:2-dialogue/03", "part-1:2-dialogue/03", (), "part-1:2-dialogue/03"),
        ("part-1:2-a/03:4-5", "part-1:2-a/03", ((4, 5),), "part-1:2-a/03:4"),
        ("part-1:foreword:2", "part-1:foreword", ((2, 2),), "part-1:foreword:2"),
    ],
)
def test_one_reference(
    text: str, target: str, ranges: tuple[tuple[int, int], ...], anchor: str
) -> None:
    found = parse_one(text)
    assert found == Reference(target, ranges)
    assert found.anchor == anchor


def test_several_references_in_one_mark() -> None:
    assert [str(one) for one in parse("2-dialogue:3; @background:2\u20134")] == [
        "2-dialogue:3",
        "background:2-4",
    ]
    assert list(parse_one("a:2-4,9").paragraphs) == [2, 3, 4, 9]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the name of a text is missing"),
        ("a;", "the name of a text is missing"),
        (":4", "the name of a text is missing"),
        ("a b", "`a b` is not the name of a text"),
        ("a/", "`a/` is not the name of a text"),
        ("a:", "the number of a paragraph is missing after the colon"),
        ("a/b:x", "`x` is not the number of a paragraph"),
        ("a:1:2", "`1:2` is not the number of a paragraph"),
        ("a:4,", "`` is not the number of a paragraph"),
        ("a:12345", "`12345` is not the number of a paragraph"),
        ("a:0", "paragraphs are counted from 1"),
        ("a:6-4", "`6-4` counts backwards"),
        ("x y" * 99, "\u2026` is not the name of a text"),
    ],
)
def test_what_is_no_reference_is_said(text: str, reason: str) -> None:
    with pytest.raises(MalformedReference) as caught:
        parse(text)
    assert reason in str(caught.value)
    assert len(str(caught.value)) < 100


def test_a_mark_may_be_broken_over_lines_but_not_nested() -> None:
    assert [match[1] for match in MARK.finditer("x [@a:1;\n@b] [@c [@d]]")] == ["a:1;\n@b", "d"]


names = st.from_regex(r"[\w.-]{1,9}(/[\w.-]{1,9}){0,2}", fullmatch=True)
ranges = st.tuples(st.integers(1, 9999), st.integers(0, 99)).map(
    lambda pair: (pair[0], min(9999, sum(pair)))
)
references = st.builds(Reference, names, st.lists(ranges, max_size=3).map(tuple))


@given(st.lists(references, min_size=1, max_size=3))
@STEADY
def test_what_is_written_out_is_read_back(several: list[Reference]) -> None:
    assert parse("; ".join(map(str, several))) == tuple(several)


@given(st.text() | st.text(st.sampled_from("a/:-,;[]@ 19\u2013\u0663\n"), max_size=20))
@STEADY
def test_any_text_gives_references_or_is_malformed(text: str) -> None:
    try:
        found = parse(text)
    except MalformedReference as error:
        assert str(error)
    else:
        assert parse("; ".join(map(str, found))) == found

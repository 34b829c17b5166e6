"""Reading: every value knows its place, and whatever the bytes are, nothing is ever raised."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from report import rules
from report.diagnostics import Diagnostic, Place
from report.limits import USUAL
from report.source import (
    Document,
    Source,
    Unreadable,
    parse_document,
    parse_yaml,
    read,
)

STEADY = settings(deadline=None, max_examples=150, derandomize=True)


def document(text: str) -> Document:
    found, diagnostics = parse_document(Source("x.md", text))
    assert diagnostics == ()
    return found


def problem(text: str) -> Diagnostic:
    """The one problem of a text that has one."""
    try:
        _, diagnostics = parse_document(Source("x.md", text))
    except Unreadable as error:
        return error.diagnostic
    (only,) = diagnostics
    return only


def marked(place: Place) -> str:
    """The characters under the caret."""
    return place.excerpt[place.column - 1 : place.column - 1 + place.width]


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("title: Initiative #3 for youth", "#3 for youth"),
        ("title:   #3 for youth ", "#3 for youth"),
        ("title:\n  - Initiative\t#3", "#3"),
        ("title:\n  - #3\n  - b", "#3"),
        ("title: {en: Initiative #3\n  }", "#3"),
    ],
)
def test_what_a_number_sign_takes_from_a_value_is_told(line: str, lost: str) -> None:
    found = problem(f"---\nspeaker: A\n{line}\nkind: b\n---\nBody\n")
    assert (found.rule.code, marked(found.place)) == ("W008", lost)
    assert f"`{lost}` is lost" in found.message
    assert "quotes" in found.hint


@pytest.mark.parametrize(
    "value", ["A  # guessed", "'A #3'", "A#3", "A #", "A ## b", "A #--- b", "\n  #3 of them\n  A"]
)
def test_comments_are_comments(value: str) -> None:
    document(f"---\n#3\ntitle: {value}\n  #4\n---\nBody\n")


def test_keys_values_and_body_have_their_places() -> None:
    found = document("---\ntitle: A report\nfloor:\n  - B\n  - {entity: C}\n---\nThe body\nends.\n")
    matter = found.matter
    assert matter.data == {"title": "A report", "floor": ["B", {"entity": "C"}]}
    assert matter.place("title") == Place("x.md", 2, 8, 8, "title: A report")
    assert matter.keys["title",] == Place("x.md", 2, 1, 5, "title: A report")
    assert matter.place("floor", 0) == Place("x.md", 4, 5, 1, "  - B")
    assert marked(matter.place("floor", 1, "entity")) == "C"
    assert found.body_line == 7
    assert found.place_in_body(found.body.index("ends"), 4) == Place("x.md", 8, 1, 4, "ends.")


def test_the_place_of_what_is_absent_is_that_of_what_is_around_it() -> None:
    matter = document("---\npillars:\n  - id: one\n    title:\n---\n").matter
    assert str(matter.place("pillars", 0, "text")) == "x.md:3:5"
    assert marked(matter.place("pillars", 0, "title")) == "title"
    assert str(matter.place("nothing")) == "x.md:1:1"


@pytest.mark.parametrize("value", ["10:15", "No", "1e3", "2011-09-19", "~", "0o17", "Yes"])
def test_a_value_is_the_text_that_was_written(value: str) -> None:
    assert document(f"---\nkey: {value}\n---\n").matter.data == {"key": value}


def test_a_key_with_nothing_after_it_is_absent_but_an_empty_text_is_not() -> None:
    matter = document("---\nempty:\nquoted: ''\nlist:\n  -\n---\n").matter
    assert matter.data == {"quoted": "", "list": [""]}
    assert ("empty",) in matter.keys


def test_line_breaks_that_only_yaml_knows_do_not_shift_the_lines_that_follow() -> None:
    found = document("---\na: x\u2028  y\nb: z\u0085  w\nc: last\n---\nbody")
    assert str(found.matter.place("c")) == "x.md:4:4"


def test_a_value_of_several_lines_is_marked_on_its_first() -> None:
    assert marked(document("---\na: one\n  two\n---\n").matter.place("a")) == "one"
    assert marked(document("---\na: >\n  two\n---\n").matter.place("a")) == ">"


@pytest.mark.parametrize(
    ("yaml_text", "place", "message", "hint"),
    [
        ("a: b: c", "2:5", "this colon makes a second key", "put the value in quotes"),
        ("a: b\n c: d", "3:3", "this colon makes a second key", "check the indentation"),
        ("\ta: b", "2:1", "a tab stands here", "indent with spaces"),
        ("a:\n\tb: c", "3:1", "a tab stands here", "indent with spaces"),
        ("a: b\n\tc: d", "3:1", "a tab stands here", "indent with spaces"),
        ("a: b\nfoo bar\nc: d", "3:1", "this line has no colon", "write `key: value`"),
        ("a: b\nfoo bar", "3:1", "this line has no colon", "write `key: value`"),
        ("a: 'x", "2:4", "the quotation mark that opens here", "close it"),
        ('a: "x\nb: c', "2:4", "the quotation mark that opens here", "close it"),
        ('a: "b" c', "2:8", "text follows a closing quotation mark", "the whole value in quotes"),
        ('a: "x\\q"', "2:6", "a backslash between double quotes", "use single quotes"),
        ("a: [b", "2:4", "the list that opens here", "`]` at the end"),
        ("a: [", "2:4", "something is missing after this", "is closed"),
        ("a: {b", "2:4", "what opens here with `{`", "`}` at the end"),
        ("a: *Emphasis* here", "2:4", "a value cannot begin with `*`", "in quotes"),
        ("a: &Co. here", "2:4", "a value cannot begin with `&`", "in quotes"),
        ("a: @x", "2:4", "a value cannot begin with `@`", "in quotes"),
        ("a: `x`", "2:4", "a value cannot begin with a backtick", "in quotes"),
        ("a: - b", "2:4", "a list cannot begin on the line of its key", "on the next line"),
        ("a: |x\n b", "2:4", "nothing may follow this sign", "on the next line"),
        ("a:\n  - b\n c: d", "4:2", "this does not belong", "exactly below"),
        ("a:\n  - b\n  c: d", "4:3", "this line is not an item", "begin it with `- `"),
        ("- a\n- b", "2:1", "keys with values are expected here", "`key: value`"),
        ("a text", "2:1", "keys with values are expected here", "`key: value`"),
        ("%x", "2:1", "a line cannot begin with `%`", "in quotes"),
        ("? [a]\n: b", "2:3", "a key must be a word", "quotes"),
    ],
)
def test_bad_yaml_is_told_in_plain_words_at_its_place(
    yaml_text: str, place: str, message: str, hint: str
) -> None:
    found = problem(f"---\n{yaml_text}\n---\nbody\n")
    assert found.rule is rules.BAD_YAML
    assert str(found.place) == f"x.md:{place}"
    assert message in found.message
    assert hint in found.hint


@pytest.mark.parametrize("sign", ["*x", "&x y", "!x y"])
def test_what_yaml_would_take_for_a_mark_of_its_own_is_refused(sign: str) -> None:
    found = problem(f"---\nkey: {sign}\n---\n")
    assert found.rule is rules.ALIAS
    assert str(found.place) == "x.md:2:6"
    assert found.hint == "put the value in quotes"


def test_aliases_multiply_nothing() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 40))
    _, found = parse_document(Source("x.md", f"---\nl0: &l0 x\n{levels}\n---\n"))
    assert {diagnostic.rule for diagnostic in found} == {rules.ALIAS}


@pytest.mark.parametrize("opening", ["- ", "[", "{a: ", "? "])
def test_no_nesting_exhausts_the_stack(opening: str) -> None:
    found = problem(f"---\nkey:\n  {opening * 50_000}\n---\n")
    assert found.rule is rules.BAD_YAML
    assert found.place.line == 3


def test_a_second_set_of_keys_is_not_overlooked() -> None:
    with pytest.raises(Unreadable) as caught:
        parse_yaml(Source("event.yaml", "a: b\n---\nc: d\n"))
    assert str(caught.value.diagnostic.place) == "event.yaml:2:1"


def test_a_key_given_twice_keeps_its_first_value() -> None:
    found, (twice,) = parse_document(Source("x.md", "---\na: 1\na: {b: 2}\nc: 3\n---\n"))
    assert found.matter.data == {"a": "1", "c": "3"}
    assert twice.rule is rules.DUPLICATE_KEY
    assert str(twice.place) == "x.md:3:1"
    assert twice.hint == "keep this one or that in line 2"


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("", "1:1", "begin the file with a line ---"),
        ("\n\n", "1:1", "begin the file with a line ---"),
        ("A text\n", "1:1", "begin the file with a line ---"),
        ("\u2014\ntitle: x\n\u2014\n", "1:1", "exactly three hyphens"),
        ("\n---\ntitle: x\n---\n", "2:1", "the very first line"),
        ("----\ntitle: x\n----\n", "1:1", "exactly three hyphens"),
    ],
)
def test_what_has_no_front_matter(text: str, place: str, hint: str) -> None:
    found = problem(text)
    assert found.rule is rules.NO_FRONT_MATTER
    assert str(found.place) == f"x.md:{place}"
    assert hint in found.hint


@pytest.mark.parametrize("text", ["---", "---\n", "---\ntitle: x\n\nA text\n", "---\n--- \t-\n"])
def test_front_matter_that_is_not_closed(text: str) -> None:
    found = problem(text)
    assert found.rule is rules.UNCLOSED_FRONT_MATTER
    assert found.place == Place("x.md", 1, 1, 3, "---")


@pytest.mark.parametrize(
    ("data", "place", "message", "hint"),
    [
        (b"one\ntwo \x93x\x94", "2:5", "`\u201c`", "UTF-8"),
        ("\u00e9\u4e2d\r\nab\u00e9".encode() + b"\xe9", "2:4", "0xe9", "UTF-8"),
        ("---\n".encode("utf-16"), "1:1", "UTF-16", "UTF-8"),
        (b"PK\x03\x04\x14\x00\x06\x00\xff", "1:1", "Word document", "save it as plain text"),
        (b"\x00\x01\x02", "1:1", "U+0000", "may be no text"),
        (b"a\x0bb\x0bc", "1:2", "U+000B cannot stand in a text, here and 1 more", "empty line"),
        ("ab\n\ufeffc".encode(), "2:1", "U+FEFF", "delete it"),
    ],
)
def test_bytes_that_are_no_text(
    tmp_path: Path, data: bytes, place: str, message: str, hint: str
) -> None:
    (tmp_path / "x.md").write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        read(tmp_path / "x.md", "x.md")
    found = caught.value.diagnostic
    assert str(found.place) == f"x.md:{place}"
    assert message in found.message
    assert hint in found.hint


def test_byte_order_mark_and_every_kind_of_line_end_are_accepted(tmp_path: Path) -> None:
    for data in (b"\xef\xbb\xbfa\nb\nc", b"a\r\nb\r\nc", b"a\rb\rc", b"\xef\xbb\xbfa\r\nb\rc"):
        (tmp_path / "x.md").write_bytes(data)
        assert read(tmp_path / "x.md", "x.md").text == "a\nb\nc"


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "file").write_bytes(b"")
    with (tmp_path / "large").open("wb") as large:
        large.truncate(USUAL.file_bytes + 1)
    for name in ("pipe", "folder", "loop", "large", "file/below", "n\0ul", "x" * 300):
        with pytest.raises(Unreadable) as caught:
            read(tmp_path / name, name)
        assert caught.value.diagnostic.rule is rules.UNREADABLE, name
    with pytest.raises(Unreadable) as caught:
        read(tmp_path / "absent", "absent", "write it")
    assert caught.value.diagnostic.rule is rules.MISSING_FILE
    assert caught.value.diagnostic.hint == "write it"


words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
values = st.lists(words, max_size=4).map(" ".join)


@given(st.dictionaries(words, values | st.lists(values, max_size=3), max_size=5), st.text())
@STEADY
def test_any_mapping_of_texts_comes_back_with_its_places(
    data: dict[str, str | list[str]], body: str
) -> None:
    matter = yaml.safe_dump(data, allow_unicode=True, default_style="'", width=10_000)
    found = document(f"---\n{matter}---\n{body}")
    assert found.matter.data == data
    assert found.body == body
    for key, value in data.items():
        place = found.matter.keys[key,]
        assert marked(place) == f"'{key.replace(chr(39), chr(39) * 2)}'"
        for index, item in enumerate([value] if isinstance(value, str) else value):
            path = (key,) if isinstance(value, str) else (key, index)
            quoted = f"'{item.replace(chr(39), chr(39) * 2)}'"
            assert marked(found.matter.place(*path)) == quoted


@given(st.binary() | st.text().map(str.encode))
@example(b"---\n!<tag:x> a: \xc2\x85b\n---")
@example(b"---\n? \n---\n")
@example(b"---\na: b\n...\n%YAML 1.1\n---\n")
@STEADY
def test_any_bytes_give_a_document_or_say_why_not(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.md"
    path.write_bytes(data)
    lines: list[str] = []
    try:
        source = read(path, "any.md")
        lines = source.text.split("\n")
        found, diagnostics = parse_document(source)
    except Unreadable as error:
        diagnostics = (error.diagnostic,)
    else:
        assert source.text.endswith(found.body)
    for diagnostic in diagnostics:
        assert diagnostic.message
        assert diagnostic.hint
        if lines:
            assert diagnostic.place.excerpt == lines[diagnostic.place.line - 1]


yaml_signs = st.text(st.sampled_from("ab:-?[]{},&*!|>'\"%@`#\n\t \\~.<=é\u2028"), max_size=40)


@given(yaml_signs)
@example("a: !")
@example("a: |\n\n\tb")
@example("? ? ?")
@example("...\na")
@settings(deadline=None, max_examples=500, derandomize=True)
def test_any_signs_between_the_fences_give_a_document_or_say_why_not(matter: str) -> None:
    try:
        found, diagnostics = parse_document(Source("x.md", f"---\n{matter}\n---\nbody"))
    except Unreadable as error:
        diagnostics = (error.diagnostic,)
    else:
        assert found.matter.place() == Place("x.md", 1, 1, 3, "---")
    for diagnostic in diagnostics:
        assert 1 <= diagnostic.place.line <= matter.count("\n") + 3
        assert diagnostic.place.column <= len(diagnostic.place.excerpt) + 1

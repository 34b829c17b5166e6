"""Quotations are compared word for word with what was said."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import lxml.html
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from report import rules
from report.check import check
from report.compilation import compile_report
from report.diagnostics import Diagnostic, Rule, as_text
from report.edition import edition
from report.formats import Format
from report.load import load
from report.markup import Text
from report.model import Event
from report.quotation import quotations
from report.quotation_checks import check_quotations
from report.source import Source, parse_document
from report.wording import Wording, pieces
from tests.conftest import CACHE, PROJECT

STEADY = settings(deadline=None, max_examples=50, derandomize=True)

PARTICIPANTS = "media:\n  - entity: A\n    representatives: [X]\n"
EVENT = "title: T\ndate: 2011-09-19\nvenue: V\norganizers: [O]\nbody: [sessions]\n"
SESSION = "---\nkind: thematic\ntitle: S\nchair: C\ntime: 10:00-11:00\n---\n"
STATEMENT = "---\nspeaker: X\naffiliation: A\ncategory: media\nlanguage: {}\n---\n"

MAYOR = """\
I was told to ask for *a programme*. I did not ask.

In my city the appeal was a lift home -- and we had "created" the demand for it
ourselves[^1]. Nobody's school was open after four o'clock, and 1,250 of the young people had
nowhere else to go.

Prevention is well-known work; it's slow. Who pays for it?

[^1]: The bus stopped at six.
"""


def loaded(files: Mapping[str, str], folder: Path) -> Event:
    """The event of these files."""
    for name, text in {"participants.yaml": PARTICIPANTS, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    event, problems = load(folder)
    assert event and not [p for p in problems if p.is_error], problems
    return event


def event_of(files: Mapping[str, str], folder: Path) -> tuple[Diagnostic, ...]:
    """What the check says of an event of these files."""
    return tuple(check_quotations(loaded(files, folder)))


def found(citing: str, said: str = MAYOR, language: str = "en", **more: str) -> list[Diagnostic]:
    """What is wrong with the quotations in a discussion that cites the statement `said`."""
    files = {
        "event.yaml": EVENT,
        "1-one/session.md": SESSION + citing,
        "1-one/01-mayor.md": STATEMENT.format(language) + said,
    }
    others = {f"1-one/{name}.md": STATEMENT.format("en") + text for name, text in more.items()}
    with tempfile.TemporaryDirectory() as folder:
        return list(event_of(files | others, Path(folder)))


def only(diagnostics: list[Diagnostic]) -> Diagnostic:
    (one,) = diagnostics
    return one


def marked(diagnostic: Diagnostic) -> str:
    """The characters under the caret."""
    place = diagnostic.place
    return place.excerpt[place.column - 1 : place.column - 1 + place.width]


@pytest.mark.parametrize(
    "quoted",
    [
        '"In my city the appeal was a lift home" [@1-one/01-mayor:2]',
        '"in my city the appeal was a lift home." [@1-one/01-mayor:2]',
        '"The appeal was a lift home," [@1-one/01-mayor:2] she said.',
        '"The appeal was a lift home". [@1-one/01-mayor:2]',
        "“The appeal was a lift home”[@1-one/01-mayor:2]",
        "‘The appeal was a lift home’ [@1-one/01-mayor:2]",
        "'Nobody's school was open after four o'clock' [@1-one/01-mayor:2]",
        "‘Nobody’s school was open after four o’clock’ [@1-one/01-mayor:2]",
        "« The appeal was a lift home » [@1-one/01-mayor:2]",
        "„The appeal was a lift home“ [@1-one/01-mayor:2]",
        "»The appeal was a lift home« [@1-one/01-mayor:2]",
        "「The appeal was a lift home」[@1-one/01-mayor:2]",
        "*“The appeal was a lift home”* [@1-one/01-mayor:2]",
        '("The appeal was a lift home") [@1-one/01-mayor:2]',
        '"a lift home—and we had ‘created’ the demand for it ourselves" [@1-one/01-mayor:2]',
        "“a lift home – and we had 'created' the demand” [@1-one/01-mayor:2]",
        "“a lift home --- and we had “created” the demand” [@1-one/01-mayor:2]",
        '"a lift home - and we had "created" the demand" [@1-one/01-mayor:2]',
        '"the demand for\nit **ourselves**" [@1-one/01-mayor:2]',
        '"the demand for it ourselves.[^2] Nobody\'s school" [@1-one/01-mayor:2]\n\n[^2]: A note.',
        '"ask for a programme" [@1-one/01-mayor:1]',
        '"Prevention is well‑known work" [@1-one/01-mayor:3]',
        '"Who pays for it?" [@1-one/01-mayor:3]',
        '"1,250 of the young&nbsp;people" [@1-one/01-mayor:2]',
        '"ourselves. Nobody\'s school" [@1-one/01-mayor:1-3]',
        '"I did not ask. In my city" [@1-one/01-mayor:1-2]',
        '"a lift home" [@1-one/01-mayor:1,2]',
        '"a lift home" [@1-one/01-mayor]',
        '"a lift home" [@1-one/01-mayor:3; @1-one/01-mayor:2]',
        '"a lift home" [@1-one/01-mayor:3]\n[@1-one/01-mayor:2]',
    ],
)
def test_what_was_said_may_be_written_in_every_usual_way(quoted: str) -> None:
    assert len(list(quotations(quoted))) == 1
    assert found(f"A delegation recalled: {quoted}\n") == []


@pytest.mark.parametrize(
    "quoted",
    [
        "In my city […] we had created",
        "In my city […] we had 'created' [...] nowhere else to go",
        "[…] the appeal was a lift home [. . .]",
        "In [the capital] the appeal was a lift home",
        "In my city [the capital] the appeal was",
        "[T]he appeal was a lift home",
        "[i]n my city the appeal was",
        "the appeal[s] was a lift home",
        "the appeal was a lift [sic] home",
        "of the young [people of this city] had nowhere [to go]",
    ],
)
def test_omissions_and_insertions_are_understood(quoted: str) -> None:
    problems = found(f'"{quoted}" [@1-one/01-mayor:2]\n')
    # The words 'created' stand in quotation marks in the source.
    assert [p.rule for p in problems] == ([rules.MISQUOTED] if "had created" in quoted else [])


@pytest.mark.parametrize(
    "quoted",
    [
        "The appeal was a ride home",
        "The appeal was a home",
        "The appeal was not a lift home",
        "the appeal was a lift home, and we",
        "the Appeal was a lift home",
        "1,260 of the young people",
        "people had nowhere […] In my city",
        "In my city [it] ourselves",
        "a lift homes",
        "lift home and",
        "ppeal was a lift hom",
        "pays for it",
        "I did not ask. In my city",
    ],
)
def test_other_words_are_an_error(quoted: str) -> None:
    problem = only(found(f'He said: "{quoted}" [@1-one/01-mayor:2]\n'))
    assert problem.rule is rules.MISQUOTED and problem.is_error
    assert marked(problem) == quoted


def test_a_question_is_no_assertion() -> None:
    problem = only(found('"It\'s slow?" [@1-one/01-mayor:3]\n'))
    assert "it's slow{-?-}" in problem.message.replace("’", "'").lower()


def test_the_nearest_passage_is_shown_with_the_difference() -> None:
    problem = only(found('"the appeal was just a ride" [@1-one/01-mayor:2]\n'))
    shown = """\
error[E311]: this is not what 1-one/01-mayor:2 says: the appeal was {-just-} a {-ride-} {+lift+}
 --> 1-one/session.md:7:2
  |
7 | "the appeal was just a ride" [@1-one/01-mayor:2]
  |  ^^^^^^^^^^^^^^^^^^^^^^^^^^
  = help: {-…-} is only in the quotation, {+…+} only in the source; […] stands for words left out"""
    assert as_text(problem) == shown


def test_words_left_out_in_silence_are_shown() -> None:
    quoted = '"In my city the appeal was a lift home and the demand for it ourselves"'
    problem = only(found(f"{quoted} [@1-one/01-mayor:2]\n"))
    assert "a lift home {+–+} and {+we had “created”+} the demand for it ourselves" in (
        problem.message
    )


def test_only_the_part_of_a_long_quotation_that_differs_is_shown() -> None:
    said = " ".join(f"w{n}" for n in range(400))
    problem = only(found(f'"{said.replace("w300", "x")}" [@1-one/01-mayor:1]\n', said))
    assert "w299 {-x-} {+w300+} w301" in problem.message
    assert len(problem.message) < 500


def test_words_in_another_order_are_shown_as_such() -> None:
    problem = only(found('"nowhere else to go […] in my city" [@1-one/01-mayor:2]\n'))
    assert problem.message == "1-one/01-mayor:2 says “In my city”, but not in this order"


def test_when_nothing_is_like_it_nothing_is_shown() -> None:
    problem = only(found('"Ships sail at dawn" [@1-one/01-mayor:2]\n'))
    assert problem.message == "1-one/01-mayor:2 says nothing like this"


def test_the_statement_that_does_say_it_is_named() -> None:
    said = "Thank you.\n\nShips sail at dawn, as a rule.\n"
    problem = only(found('"Ships sail at dawn" [@1-one/01-mayor:2]\n', **{"02-captain": said}))
    assert problem.hint == "the words stand in [@1-one/02-captain:2]: cite that paragraph"


def test_another_paragraph_that_does_say_it_is_named() -> None:
    problem = only(found('"Who pays for it?" [@1-one/01-mayor:1]\n'))
    assert problem.hint == "the words stand in [@1-one/01-mayor:3]: cite that paragraph"


def test_a_text_that_misquotes_is_not_named_as_the_source() -> None:
    citing = 'We heard: "Ships sail at dawn" [@1-one/01-mayor:2].\n'
    problem = only(found("", **{"02-captain": citing}))
    assert problem.place.file == "1-one/02-captain.md"
    assert "02-captain" not in problem.hint


@pytest.mark.parametrize(
    ("block", "is_said"),
    [
        ("> In my city the appeal was\n> a lift home.\n>\n> -- [@1-one/01-mayor:2]\n", True),
        ("> In my city the appeal was a lift home.\n> — The Mayor [@1-one/01-mayor:2]\n", True),
        ("> In my city the appeal was\na lift home. [@1-one/01-mayor:2]\n", True),
        ("> In my city the appeal was a lift home. [@1-one/01-mayor:2].\n", True),
        ("> I did not ask.\n>\n> In my city the appeal\n\n> -- [@1-one/01-mayor:1-2]\n", True),
        ('> "In my city […] a lift home."\n>\n> -- [@1-one/01-mayor:2]\n', True),
        ("> In our city the appeal\n>\n> -- [@1-one/01-mayor:2]\n", False),
        ("> In our city the appeal\n> [@1-one/01-mayor:2]\n", False),
    ],
)
def test_block_quotations_are_compared(block: str, is_said: bool) -> None:
    problems = found(f"The Mayor said:\n\n{block}\nNobody replied.\n")
    assert [p.rule for p in problems] == ([] if is_said else [rules.MISQUOTED])
    if not is_said:
        assert problems[0].place.line == 9
        assert marked(problems[0]) == "In our city the appeal"


def test_a_block_of_the_authors_own_words_is_no_quotation() -> None:
    block = '> The Mayor spoke of "a lift home" [@1-one/01-mayor:2], and left.\n'
    assert found(block) == []
    assert [q.text for q in quotations(block)] == ["a lift home"]


@pytest.mark.parametrize(
    "text",
    [
        'The report "Uniting against terrorism" was recalled [@1-one/01-mayor:2].',
        "The States' [@1-one/01-mayor:2] view.",
        '`"not said" [@1-one/01-mayor:2]`',
        'Some say "never said". Others [@1-one/01-mayor:2] do not.',
        "> Never said.\n\n[@1-one/01-mayor:2] is what was said.",
        '- "never said"\n- [@1-one/01-mayor:2]',
        '"[…]" [@1-one/01-mayor:2]',
    ],
)
def test_other_words_in_quotation_marks_are_nobodys(text: str) -> None:
    assert found(text + "\n") == []


@pytest.mark.parametrize("marks", ['""', "''", "“”", "‘’", "«»", "„“", "「」"])
def test_a_quotation_begins_at_the_nearest_mark(marks: str) -> None:
    begin, end = marks
    text = f"A {begin}term{end} and {begin}another term{end} [@1-one/01-mayor:1]\n"
    assert [quotation.text for quotation in quotations(text)] == ["another term"]


def test_two_quotations_in_one_sentence_are_two() -> None:
    text = 'Some "did not ask" [@1-one/01-mayor:1], others "never asked" [@1-one/01-mayor:1].\n'
    assert marked(only(found(text))) == "never asked"


def test_a_quotation_without_a_beginning_is_told() -> None:
    problem = only(found("A delegation said: a lift home” [@1-one/01-mayor:2].\n"))
    assert problem.rule is rules.UNOPENED_QUOTATION and not problem.is_error
    assert marked(problem) == "”"


def test_references_that_lead_nowhere_are_left_to_their_own_check() -> None:
    text = '"A" [@1-one/01-mayor:9], "b" [@nowhere:1], "c" [@1-one/01-mayor:2-x].\n'
    assert found(text) == []


FRENCH = "Nous avions nous-mêmes créé la demande.\n"


def test_a_translated_quotation_is_not_compared() -> None:
    for text in (
        '"We made the demand" (translated) [@1-one/01-mayor:1].',
        '"We made the demand." (Translated) [@1-one/01-mayor:1]',
        '"We made the demand" [@1-one/01-mayor:1] (translated)',
        '"We made\nthe demand"\n(translated)\n[@1-one/01-mayor:1]',
        "> We made the demand.\n>\n> -- [@1-one/01-mayor:1] (translated)",
        "> We made the demand. (translated)\n>\n> -- The Mayor [@1-one/01-mayor:1]",
        "> We made the demand.\n>\n> -- The Mayor (translated) [@1-one/01-mayor:1]",
        '"Nous avions nous-mêmes créé la demande" [@1-one/01-mayor:1]',
    ):
        assert found(text + "\n", FRENCH, "fr") == []


def test_a_translation_without_its_mark_is_an_error() -> None:
    problem = only(found('"We made the demand" [@1-one/01-mayor:1]\n', FRENCH, "fr"))
    assert problem.rule is rules.UNMARKED_TRANSLATION and problem.is_error
    assert "(translated)" in problem.hint


def test_the_mark_does_not_excuse_from_comparing_one_language() -> None:
    text = '"We made the demand" (translated) [@1-one/01-mayor:1]\n'
    assert only(found(text, language="en-GB")).rule is rules.MISQUOTED


def test_chinese_is_compared_by_characters() -> None:
    said = "主席先生，我們的城市要求的只是一程回家的車。\n"
    citing = "「城市要求的只是一程」[@1-one/01-mayor:1]"
    other = "「城市要求的不是一程」[@1-one/01-mayor:1]"
    files = {"event.yaml": EVENT + "language: zh\n"}
    for text, rule in ((citing, None), (other, rules.MISQUOTED)):
        with tempfile.TemporaryDirectory() as folder:
            problems = event_of(
                files
                | {
                    "1-one/session.md": SESSION + text,
                    "1-one/01-mayor.md": STATEMENT.format("zh") + said,
                },
                Path(folder),
            )
        assert [p.rule for p in problems] == ([rule] if rule else [])


def test_every_kind_of_text_is_checked(tmp_path: Path) -> None:
    wrong = 'It was "never said" [@1-one/01-mayor:1].'
    summary = f"""\
---
chair: C
findings:
  - text: >-
      The speaker found that it was "never
      said" [@1-one/01-mayor:1] by anyone.
    evidence: 1-one/01-mayor:2
  - text: It ended with "never said".
    evidence: 1-one/01-mayor:2
  - text: It ended with "a lift home".
    evidence: 1-one/01-mayor:2
  - text: The "so-called" appeal.
    evidence: 1-one/01-mayor:2
---
In {{{{ sessions | length }}}} sessions, {wrong}
"""
    wish = f"recommendations:\n  - level: national\n    text: '{wrong}'\n---\n"
    problems = event_of(
        {
            "event.yaml": EVENT.replace("[sessions]", "[sessions, chairmans-summary, note]"),
            "note.md": f"---\ntitle: N\n---\n{wrong}\n",
            "1-one/session.md": SESSION + wrong,
            "1-one/01-mayor.md": STATEMENT.format("en") + MAYOR,
            "1-one/02-other.md": STATEMENT.format("en").removesuffix("---\n") + wish + wrong,
            "1-one/chairmans-summary.md": summary,
        },
        tmp_path,
    )
    assert all(problem.rule is rules.MISQUOTED for problem in problems)
    assert sorted((p.place.file, p.place.line, marked(p)) for p in problems) == [
        ("1-one/02-other.md", 8, "never said"),
        ("1-one/02-other.md", 10, "never said"),
        ("1-one/chairmans-summary.md", 5, "never"),
        ("1-one/chairmans-summary.md", 8, "never said"),
        ("1-one/chairmans-summary.md", 15, "never said"),
        ("1-one/session.md", 7, "never said"),
        ("note.md", 4, "never said"),
    ]


def test_references_in_conclusions_lead_to_what_they_quote(tmp_path: Path) -> None:
    loaded(
        {
            "event.yaml": EVENT.replace("[sessions]", "[chairmans-summary, sessions]"),
            "1-one/session.md": SESSION.replace("chair: C", "chair: X, A"),
            "1-one/01-mayor.md": STATEMENT.format("en") + MAYOR,
            "1-one/chairmans-summary.md": """\
---
chair: X, A
findings:
  - text: The "appeal was a lift home" [@1-one/01-mayor:2] & no more.
    evidence: 1-one/01-mayor:1
---
> The appeal was a lift home.
>
> -- [@1-one/01-mayor:2]
""",
        },
        tmp_path,
    )
    outcome = compile_report(tmp_path, tmp_path, CACHE, frozenset({Format.HTML}))
    assert outcome.diagnostics == ()
    page = lxml.html.parse(str(tmp_path / "report.html")).getroot()
    (finding,) = page.xpath("//li[@id='finding-1']/p")
    assert finding.text_content().startswith(
        "The “appeal was a lift home” (X, A, para.\u00a02) & no more."
    )
    (attribution,) = page.xpath("//blockquote/p[last()]")
    assert attribution.text_content() == "– X, A, para.\u00a02"
    links = [*finding.xpath("a/@href"), *attribution.xpath("a/@href")]
    assert links == ["#1-one/01-mayor:2"] * 2
    assert len(page.xpath("//*[@id='1-one/01-mayor:2']")) == 1


@pytest.mark.parametrize(
    ("mark", "rule"),
    [
        ("1-one/01-mayor:9", rules.UNKNOWN_PARAGRAPH),
        ("1-one/02-mayor:1", rules.UNKNOWN_REFERENCE),
        ("1-one/01-mayor:x", rules.BAD_REFERENCE),
    ],
)
def test_references_in_recommendations_lead_somewhere(
    mark: str, rule: Rule, tmp_path: Path
) -> None:
    wish = f"recommendations:\n  - level: national\n    text: Do so [@{mark}].\n---\n"
    files = {
        "event.yaml": EVENT,
        "1-one/session.md": SESSION,
        "1-one/01-mayor.md": STATEMENT.format("en").removesuffix("---\n") + wish + MAYOR,
    }
    assert rule in [problem.rule for problem in check(loaded(files, tmp_path))]


# What a passage may look like when a person copies it.

WORDS = (
    "peace",
    "law",
    "States'",
    "well-being",
    "it's",
    "the",
    "Strategy",
    "café",
    "3.5",
    "A/60/825",
)
SIGNS = ("", "", "", ",", ";", " --", " “so”", "?")
PARAGRAPH = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(SIGNS)), min_size=4)
VARIANTS = {
    "'": "'’",
    "“": "“\"‘'«„",
    "”": "”\"’'»“",
    "-": "-‐‑",
    " ": (" ", "\u00a0", "  ", "\n", "\u2009"),
    "é": ("é", "e\u0301"),
    "--": ("--", "—", "–", "---"),
}


@STEADY
@given(PARAGRAPH, st.data())
def test_a_passage_copied_with_typographic_variants_passes(
    paragraph: list[tuple[str, str]], data: st.DataObject
) -> None:
    said = [word + sign for word, sign in paragraph]
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(said) - 1)] * 2)))
    passage = " ".join(said[first : last + 1])
    copied = re.sub(
        r"--|['“”\-é ]", lambda sign: data.draw(st.sampled_from(VARIANTS[sign[0]])), passage
    )
    if data.draw(st.booleans()):
        copied = copied[0].swapcase() + copied[1:]
    citing = f"> {copied}\n>\n> -- [@1-one/01-mayor:1]\n".replace("\n> \n", "\n")
    assert found(citing, " ".join(said)) == []
    if not set(copied) & set("'\"“”‘’«»„"):
        inline = f"It was said: “{copied}” [@1-one/01-mayor:1].\n"
        assert len(list(quotations(inline))) == 1
        assert found(inline, " ".join(said)) == []


@STEADY
@given(PARAGRAPH, st.integers(0), st.sampled_from(["change", "drop", "add"]))
@example([("the", "")] * 6, 3, "change")
def test_a_changed_word_fails(paragraph: list[tuple[str, str]], index: int, change: str) -> None:
    words = [word for word, _ in paragraph]
    said = " ".join(words)
    index %= len(words)
    changed = words.copy()
    if change == "change":
        changed[index] = "otherwise"
    elif change == "add":
        changed.insert(index, "otherwise")
    else:
        del changed[index]
        assume(" ".join(changed) not in said)
        assume(0 < index < len(words) - 1)
    problem = only(found(f"> {' '.join(changed)} [@1-one/01-mayor:1]\n", said))
    assert problem.rule is rules.MISQUOTED
    mark = r"\{[-+]" if change == "drop" else r"\{-[^}]*otherwise"
    assert re.search(mark, problem.message) or "nothing like" in problem.message


@STEADY
@given(st.text("\"'“”‘’«»„「」[]@…. >-*_\\`a\n(:1)", max_size=60))
def test_no_signs_make_it_fail(text: str) -> None:
    for quotation in quotations(text + ' "a" [@1-one/01-mayor:1] ' + text):
        assert 0 <= quotation.offset < 2 * len(text) + 40
        assert quotation.reference


# Time.


@pytest.mark.parametrize("wrong", [False, True])
def test_two_hundred_quotations_of_four_hundred_statements(tmp_path: Path, wrong: bool) -> None:
    files = {"event.yaml": EVENT, "1-one/session.md": SESSION}
    event = loaded(files | {"1-one/01-x.md": STATEMENT.format("en") + "A.\n"}, tmp_path)
    (session,) = event.sessions
    (first,) = session.statements
    statements, citing = [], SESSION
    for number in range(1, 401):
        words = [f"word{(n * number) % 997}" for n in range(1000)]
        paragraphs = tuple(" ".join(words[at : at + 100]) for at in range(0, 1000, 100))
        text = Text("", paragraphs, (), ())
        statements.append(first.model_copy(update={"id": f"1-one/{number}-x", "text": text}))
        if number % 2:
            copied = " ".join([*words[420:440], "otherwise" * wrong, *words[440:450]])
            citing += f'We heard: "{copied}" [@1-one/{number}-x:5].\n\n'
    document, _ = parse_document(Source("1-one/session.md", citing))
    origin = session.origin.model_copy(update={"document": document})
    session = session.model_copy(update={"statements": tuple(statements), "origin": origin})
    whole = event.model_copy(update={"sessions": (session,)})
    assert len(list(check_quotations(whole))) == 200 * wrong


HOSTILE = {
    "openings": lambda n: "“" * n,
    "closings": lambda n: "a” " * n + "[@1-one/01-mayor:1]",
    "unopened": lambda n: "a” [@1-one/01-mayor:1] " * n,
    "nested": lambda n: "“" * n + "a" + "” [@1-one/01-mayor:1]" * n,
    "mixed": lambda n: "「" * n + "a" + "”" * n + " [@1-one/01-mayor:1]",
    "brackets": lambda n: '"' + "a [b] " * n + '" [@1-one/01-mayor:1]',
    "omissions": lambda n: '"' + "a […] " * n + '" [@1-one/01-mayor:1]',
    "open brackets": lambda n: '"' + "[a" * n + '" [@1-one/01-mayor:1]',
    "spaces": lambda n: '"a"' + " " * n + "b [@1-one/01-mayor:1]",
    "empty lines": lambda n: "> a" + "\n> " * n + "[@1-one/01-mayor:1]",
    "long": lambda n: '"' + "a b " * n + '" [@1-one/01-mayor:1]',
    "many": lambda n: "".join(f'"a b{i}" [@1-one/01-mayor:1] ' for i in range(n // 20)),
    "dots": lambda n: '"' + ". " * n + '" [@1-one/01-mayor:1]',
    "tags": lambda n: '"' + "<a " * n + '" [@1-one/01-mayor:1]',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_quotations_come_to_an_end(name: str) -> None:
    # At this size, work that grew with the square of the text would take hours.
    text = HOSTILE[name](20_000)
    wording = Wording(["a b " * 20_000 + "c"])
    found = list(quotations(text))
    for quotation in found:
        wording.difference(pieces(quotation.text))
    assert all(0 <= quotation.offset < len(text) for quotation in found)


# The sample.


def test_the_sample_quotes_word_for_word() -> None:
    event, _ = load(PROJECT / "statements")
    assert event and event.summary and event.summary.origin.document
    for language in event.editions:
        assert list(check_quotations(edition(event, language))) == []
    assert len(list(quotations(event.summary.origin.document.body))) >= 4

"""Explanations: every code has one, and its example is true."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from report import rules
from report.acceptance import lock
from report.check import check
from report.diagnostics import Example, Rule
from report.explanation import explain, find, listing, page
from report.load import load
from report.release.release import obstacles_to_release
from report.rules import RULES
from tests.conftest import PROJECT
from tests.terminal import run

MINIMAL = PROJECT / "tests" / "events" / "minimal"
STATEMENT = "1-opening/01-minister.md"
SESSION = "1-opening/session.md"
SUMMARY = "1-opening/chairmans-summary.md"
NOW = datetime(2026, 1, 1, tzinfo=UTC)

ELSEWHERE = {
    "E003": "bytes of another encoding, in tests of diagnostics",
    "E208": "an event without sessions, in tests of diagnostics",
    "E215": "volumes and what stands in them, in tests of diagnostics",
    "E216": "a session more, in tests of diagnostics",
    "E317": "the data of another report, in tests of diagnostics",
    "W108": "only with --speaking-time, in tests of speaking time",
    "W110": "only when typeset, in tests of glyphs",
    "W111": "only when typeset, in tests of glyphs",
    "W218": "translations, in tests of editions",
    "W219": "translations, in tests of editions",
    "W221": "only with --language, in tests of editions",
    "E901": "only when typeset, in tests of limits",
    "E902": "only when typeset, in tests of limits",
    "E903": "only when typeset, in tests of limits",
}
"""Codes whose example no few lines can be, and where they are tested."""

DOCUMENTS = re.compile("E40[4-8]|W409|[EW]8..")
"""Codes of decks and of imported files, whose examples tell of documents: tested with those."""

STATUS = "status: cleared\n"
PREPARED: dict[str, dict[str, str]] = {
    "E304": {"event.yaml": "evidence: required\n"},
    "E312": {STATEMENT: "language: fr\n"},
    "E316": {STATEMENT: "status: withheld\n"},
    "W601": {
        "event.yaml": "front: [contents, acronyms, foreword]\nacronyms: {UN: United Nations}\n"
    },
    "E701": {SESSION: STATUS, SUMMARY: STATUS},
}
"""What else must be so for an example to be wrong: keys at the heads of files."""

ACCEPTED = {"W305", "W306", "E703"}
"""Codes of a Chairman's Summary that was accepted before."""


@pytest.fixture
def event(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINIMAL, tmp_path / "event"))


def codes(folder: Path) -> set[str]:
    event, found = load(folder)
    told = {d.rule.code for d in (*found, *(check(event) if event else ()))}
    return told | ({d.rule.code for d in obstacles_to_release(event, NOW)} if event else set())


def prepare(folder: Path, code: str) -> None:
    for name, keys in PREPARED.get(code, {}).items():
        for line in keys.splitlines():
            write(folder / name, placed((folder / name).read_text(), line, line))
    if code in ACCEPTED:
        read, _ = load(folder)
        assert read
        write(folder / SUMMARY.replace(".md", ".lock"), lock(read))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def placed(text: str, right: str, lines: str) -> str:
    """The text of a file with the lines of an example where the right ones belong."""
    if right in text:
        return text.replace(right, lines, 1)
    if not (key := re.match(r" *[a-z_]+:", right)):
        return f"{text}\n{lines}\n"
    entry = re.compile(rf"^{key[0]}.*\n(?:(?: |- ).*\n)*", re.MULTILINE)
    if entry.search(text):
        return entry.sub(lambda _: f"{lines}\n", text, count=1)
    return text.replace("---\n", f"---\n{lines}\n", 1) if "---\n" in text else f"{text}{lines}\n"


def lay_out(folder: Path, example: Example, listed: str) -> None:
    """Make the folder hold those of an example's files that are listed, and none of the others."""
    names = {*example.wrong.splitlines(), *example.right.splitlines()}
    for name in names - set(listed.splitlines()):
        (folder / name).unlink(missing_ok=True)
    for name in listed.splitlines():
        if name.endswith("/"):
            (folder / name).mkdir()
        elif not (folder / name).exists():
            shutil.copy(folder / STATEMENT, folder / name)


def with_example(folder: Path, rule: Rule, lines: str) -> set[str]:
    example = rule.example
    assert example
    prepare(folder, rule.code)
    if example.file:
        path = folder / example.file
        write(path, placed(path.read_text(), example.right, lines))
    else:
        lay_out(folder, example, lines)
    return codes(folder)


IN_LINES = [r for r in RULES if r.code not in ELSEWHERE and not DOCUMENTS.fullmatch(r.code)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_explains_itself(rule: Rule) -> None:
    assert rule.example
    for text in (rule.title, rule.means, rule.why, rule.mend, rule.example.right):
        assert text.strip()
    assert rule.example.wrong != rule.example.right
    assert not rule.title.endswith(".")
    for text in (rule.means, rule.why, rule.mend):
        assert text.endswith((".", "?"))
    told = explain(rule)
    assert told.startswith(f"{rule.severity}[{rule.code}]: {rule.title}\n")
    assert all(part in told for part in ("Why it matters: ", "Wrong", "Right", "What to do: "))


@pytest.mark.parametrize("rule", IN_LINES, ids=lambda rule: rule.code)
def test_the_example_gives_the_diagnostic_and_its_mend_does_not(rule: Rule, event: Path) -> None:
    assert rule.example
    other = Path(shutil.copytree(event, event.with_name("other")))
    assert rule.code in with_example(event, rule, rule.example.wrong)
    assert rule.code not in with_example(other, rule, rule.example.right)


def test_codes_are_unique_and_begin_with_their_severity() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.code[0] == rule.severity[0].upper()
    named = [name for name, value in vars(rules).items() if isinstance(value, Rule)]
    assert len(named) == len(RULES)


def test_the_command_explains_a_code_in_any_case(tmp_path: Path) -> None:
    result = run("explain", "e302", folder=tmp_path)
    assert result.returncode == 0
    assert result.stdout.rstrip("\n") == explain(rules.UNKNOWN_REFERENCE)
    assert find("E302") is rules.UNKNOWN_REFERENCE


def test_the_command_lists_all_codes(tmp_path: Path) -> None:
    result = run("explain", folder=tmp_path)
    assert result.returncode == 0
    assert result.stdout.splitlines() == listing().splitlines()
    assert {line.partition("  ")[0] for line in result.stdout.splitlines()} == {
        rule.code for rule in RULES
    }


def test_a_code_that_there_is_not(tmp_path: Path) -> None:
    result = run("explain", "E999", folder=tmp_path)
    assert result.returncode == 2
    assert "there is no code E999" in result.stderr


def test_the_page_of_problems_is_current() -> None:
    written = (PROJECT / "docs/problems.md").read_text(encoding="utf-8")
    assert written == page(), "run `make docs`"
    assert [f'<a id="{rule.code.lower()}">' in written for rule in RULES] == [True] * len(RULES)

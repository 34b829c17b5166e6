"""SECURITY.md promises nothing that no test shows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.conftest import PROJECT

TESTS = PROJECT / "tests"
PROMISES = (PROJECT / "SECURITY.md").read_text(encoding="utf-8").partition("## What is promised")[2]
ROWS = [
    tuple(cell.strip() for cell in row.strip("|").split(" | "))
    for row in re.findall(r"(?m)^\|.*\|$", PROMISES)
    if not re.fullmatch(r"\|( promise | --- )\|.*", row)
]

_NAME = re.compile(r"`(?:(test_\w+\.py)(?:::)?)?(test_\w+|\w+)?`")


def named(shown: str) -> Iterator[tuple[str, str]]:
    """The tests that a cell names, by file and function; the first names the file of the others."""
    file = ""
    for match in _NAME.finditer(shown):
        file = match[1] or file
        yield file, match[2] or ""


def functions(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}


def test_there_are_promises() -> None:
    assert len(ROWS) > 40
    assert {len(row) for row in ROWS} == {2}


@pytest.mark.parametrize(("promise", "shown"), ROWS)
def test_every_promise_names_tests_that_exist(promise: str, shown: str) -> None:
    tests = list(named(shown))
    assert tests, promise
    for file, function in tests:
        known = functions(file)
        assert function in known if function else any(name.startswith("test_") for name in known)

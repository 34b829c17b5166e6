"""A pattern that was compiled once is what it was, in each process that finds it kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from re import _compiler  # type: ignore[attr-defined]

import pytest

from report import patterns
from tests.conftest import PROJECT

MODULE = r"""
import re
WORD = re.compile(r"(?P<first>[A-Z\u00c0-\u00de])(?:\w|-)*(?=\s|$)", re.MULTILINE)
BYTES = re.compile(rb"[^\x00-\x7f]+")
SPACED = re.compile(r"a  b  # a note", re.X | re.I)
"""

ASKED = r"""
import re, sys
from report import patterns
kept = patterns.install("patterns")
import stated
re.compile("of an event: " + "y" * 3)
kept.keep()
for each in (stated.WORD, stated.BYTES, stated.SPACED):
    print(each.pattern, each.flags, each.groups, dict(each.groupindex))
print(stated.WORD.findall("One two\nÉtat-Major x"), stated.BYTES.sub(b"?", "né".encode()))
print(bool(stated.SPACED.fullmatch("AB")))
print(sorted(str(pattern) for pattern, _ in kept._kept if "event" in str(pattern)))
"""

COUNTED = """
import re
from re import _compiler
parse, parsed = _compiler._parser.parse, []
_compiler._parser.parse = lambda p, *others: (parsed.append(p), parse(p, *others))[1]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stated.py").write_text(MODULE, encoding="utf-8")
    return tmp_path


def said(folder: Path, code: str) -> str:
    """What a process says that keeps bytecode in a folder, where its modules are."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "kept")}
    environment["PYTHONPATH"] = os.pathsep.join((str(folder), str(PROJECT)))
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    told = subprocess.run(
        [sys.executable, "-c", code], check=True, env=environment, capture_output=True, text=True
    )
    return told.stdout


def test_patterns_that_are_kept_are_those_that_are_compiled(folder: Path) -> None:
    compiled = said(folder, ASKED)
    assert said(folder, ASKED) == compiled
    assert "['O', 'É']" in compiled


def test_what_is_kept_is_not_compiled_again(folder: Path) -> None:
    code = ASKED.replace("import stated\n", f"{COUNTED}import stated\n") + "print(parsed)"
    stated = said(folder, code).splitlines()[-1]
    assert "a  b" in stated
    assert said(folder, code).splitlines()[-1] == "['of an event: yyy']"


def test_patterns_made_of_an_events_words_are_not_kept(folder: Path) -> None:
    assert said(folder, ASKED).splitlines()[-1] == "[]"


@pytest.mark.parametrize("content", [b"", b"\xff", b"N"])
def test_what_is_kept_may_be_anything(folder: Path, content: bytes) -> None:
    compiled = said(folder, ASKED)
    (file,) = folder.glob("kept/**/patterns.*.kept")
    file.write_bytes(content)
    assert said(folder, ASKED) == compiled


def test_a_pattern_is_compiled_as_ever_where_it_is_no_text() -> None:
    found = patterns.Patterns("none")
    tree = _compiler._parser.parse("a|b", 0)
    assert found.compile(tree).fullmatch("b")
    assert found.compile("a|b", 0).fullmatch("b")

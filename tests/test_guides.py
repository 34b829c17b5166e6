"""The guides, walked as they are written: every file is made, every command run, every answer read.

A fenced block is a step. One that names a file is that file's content. `sh` are commands, and words
after it tell what they need: `fails` (that they do), `clears` (that the editor has cleared every
text), `copies A B` (that the editor has copied a folder). `text` is what the last command says,
among other things.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer

from report.cli import app
from tests.conftest import CACHE, PROJECT
from tests.terminal import run

GUIDES = ("editors.md", "designers.md")


@dataclass(frozen=True)
class Step:
    """A fenced block of a guide: its first line, what stands after the fence, what is in it."""

    line: int
    told: tuple[str, ...]
    text: str


def steps(guide: Path) -> Iterator[Step]:
    text = guide.read_text(encoding="utf-8")
    for block in re.finditer(r"^```(\w.*)\n((?s:.*?))^```$", text, re.MULTILINE):
        yield Step(text.count("\n", 0, block.start()) + 1, tuple(block[1].split()), block[2])


def prepare(words: tuple[str, ...], folder: Path) -> None:
    """Do what the guide asks of the editor besides."""
    if "clears" in words:
        for file in folder.glob("*/[0-9]*/*.md"):
            text = re.sub(r"^status: .*\n", "", file.read_text(encoding="utf-8"), flags=re.M)
            file.write_text(text.replace("---\n", "---\nstatus: cleared\n", 1), encoding="utf-8")
    if "copies" in words:
        source, target = words[words.index("copies") + 1 :]
        shutil.copytree(folder / source, folder / target)


@pytest.mark.heavy
@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_can_be_walked(name: str, tmp_path: Path) -> None:
    (tmp_path / ".cache").symlink_to(CACHE)
    said = ""
    for step in steps(PROJECT / "docs" / name):
        kind, *words = step.told
        if kind == "sh":
            prepare(tuple(words), tmp_path)
            for command in step.text.splitlines():
                program, build, *typed = shlex.split(command)
                assert (program, build) == ("python", "build.py"), command
                done = run(*typed, folder=tmp_path)
                said = done.stdout + done.stderr
                expected = 1 if "fails" in words else 0
                assert done.returncode == expected, f"{name}:{step.line}: {command}\n{said}"
        elif kind == "text":
            assert _bare(step.text) in _bare(said), f"{name}:{step.line}: but it says\n{said}"
        elif words:
            file = tmp_path / words[0]
            file.parent.mkdir(exist_ok=True)
            file.write_text(step.text, encoding="utf-8")


_NAMED = re.compile(r"(?:^ {4,}|`|^)python build\.py([^`\n]*?)(?: {2,}.*)?(?:\\|`|$)", re.MULTILINE)
"""A command amid a text, or on a line of its own, where two spaces lead to what it is for."""


@pytest.mark.parametrize(
    "page", ["README.md", "CHANGELOG.md", *(f"docs/{name}" for name in (*GUIDES, "reference.md"))]
)
def test_there_is_every_command_and_option_that_is_named(page: str) -> None:
    named = _NAMED.findall((PROJECT / page).read_text(encoding="utf-8"))
    assert named
    for line in named:
        words, command = shlex.split(line), typer.main.get_command(app)
        while commands := getattr(command, "commands", None):
            command = commands[words.pop(0) if words and words[0][0] != "-" else "build"]
        known = {name for option in command.params for name in option.opts} | {"--help"}
        used = {word for word in words if word.startswith("-")}
        assert used <= known, f"{page}: python build.py{line}"


def _bare(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())

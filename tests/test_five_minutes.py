"""The README's five minutes, walked as they are written, from a Word file to a released PDF."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.reading import Reading

DOCUMENT = PROJECT.parent / "shared" / "docx" / "poi-IllustrativeCases.docx"


def commands() -> list[list[str]]:
    """The command lines of the five minutes, in their order."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    walk = readme.split("## Your own event in five minutes")[1].split("\n## ")[0]
    lines = re.findall(r"^ {7}python (build\.py .+)$", walk.replace("\\\n", " "), re.MULTILINE)
    return [shlex.split(line) for line in lines]


def run(folder: Path, command: list[str]) -> str:
    program, *arguments = command
    done = subprocess.run(
        [sys.executable, PROJECT / program, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def confirm(event: Path) -> None:
    """What the editor does by hand: statements confirmed and cleared, an edition named."""
    for file in event.glob("[0-9]*/*.md"):
        text = file.read_text(encoding="utf-8")
        text = re.sub(r"  # (guessed|not found in the file: write it here)$", "", text, flags=re.M)
        text = text.replace("status: draft", "status: cleared")
        file.write_text(text, encoding="utf-8")
    with (event / "event.yaml").open("a", encoding="utf-8") as file:
        file.write("edition: {number: 1, date: 2026-12-31, status: final}\n")


def text_of(pdf: Path) -> str:
    return " ".join(" ".join(Reading(pdf).pages).split())


@pytest.mark.heavy
@pytest.mark.skipif(not DOCUMENT.exists(), reason=f"{DOCUMENT} is not there")
def test_a_word_file_becomes_a_released_report(tmp_path: Path) -> None:
    shutil.copy(DOCUMENT, tmp_path / "speech.docx")
    walk = commands()
    assert [command[1] for command in walk] == [
        "new", "new", "new", "import", "check", "--event", "accept", "release",
    ]  # fmt: skip
    for command in walk[:6]:
        run(tmp_path, command)
    assert "not cleared for distribution" in text_of(tmp_path / "dist" / "report.pdf")
    confirm(tmp_path / "my-event")
    for command in walk[6:]:
        run(tmp_path, command)
    released = text_of(tmp_path / "dist" / "release-1" / "report.pdf")
    assert "Patrick is single, employed as a waiter" in released
    assert "not cleared for distribution" not in released

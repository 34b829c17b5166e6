"""Slides made with an office program, turned into PDF by LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from functools import cache
from pathlib import Path

from report import rules
from report.deck import DeckRefused

_TOLD_WITHIN = 60
"""Seconds in which the program tells its release; started for the first time it is slow."""

_PROGRAMS = ("soffice", "libreoffice")


@cache
def _release_of(program: str) -> str:
    try:
        told = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            timeout=_TOLD_WITHIN,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip()


def release() -> str:
    """The release of LibreOffice that is installed, or nothing."""
    program = _program()
    return _release_of(program) if program else ""


def _program() -> str | None:
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def convert(file: Path, name: str, seconds: int) -> Path:
    """Convert a file to PDF beside it, in so many seconds; `name` is what messages call it.

    Macros do not run and nothing is fetched: the program gets a fresh profile, in which both are
    off. Raises `DeckRefused`.
    """
    program = _program()
    if not program:
        raise DeckRefused(
            rules.NO_CONVERTER,
            f"the deck {name} cannot be converted: LibreOffice is not installed",
            "install LibreOffice Impress, or save the deck as PDF and name that file",
        )
    profile = (file.parent / "profile").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", "pdf:impress_pdf_Export", "--outdir", str(file.parent), str(file)]
    if not _finished(command, seconds):
        raise DeckRefused(
            rules.BAD_DECK,
            f"LibreOffice takes more than {seconds} seconds to convert the deck {name}",
            "save the deck as PDF and name that file, or allow more seconds (`deck_seconds` under"
            " `limits` in event.yaml)",
        )
    made = file.with_suffix(".pdf")
    if not made.exists():
        raise DeckRefused(
            rules.BAD_DECK,
            f"LibreOffice cannot read the deck {name}",
            "see whether the file opens, or save the deck as PDF and name that file",
        )
    return made


def _finished(command: list[str], seconds: int) -> bool:
    """Run a program, with all that it starts, for so many seconds at most."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return False
    return True

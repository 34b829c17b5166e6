"""Opening a source in the editor of whoever works at this desk, at its line."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path


class CannotOpenError(Exception):
    """A source that cannot be opened; the message says why, for the editor."""


_LINE = {
    "code": "-g {file}:{line}",
    "codium": "-g {file}:{line}",
    "subl": "{file}:{line}",
    "zed": "{file}:{line}",
    "kate": "-l {line} {file}",
    "notepadqq": "-l {line} {file}",
    "mousepad": "-l {line} {file}",
    "xed": "+{line} {file}",
}
"""How programs are told the line, where it is not as POSIX has it for vi: `+LINE FILE`."""


def editor(given: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """The command that opens a source, with `{file}` and `{line}` in it; empty when none is known.

    `given` comes first, then what `VISUAL` and `EDITOR` name, then the desktop's own choice.
    """
    command = given or environment.get("VISUAL") or environment.get("EDITOR") or ""
    if not command:
        return "xdg-open {file}" if shutil.which("xdg-open") else ""
    if "{file}" in command:
        return command
    name = Path(shlex.split(command)[0]).name
    return f"{command} {_LINE.get(name, '+{line} {file}')}"


def source_file(folder: Path, name: str) -> Path:
    """The file of the event that a name stands for.

    Raises `CannotOpenError` for what is no file of the event, hidden ones included.
    """
    root = folder.resolve()
    try:
        file = (root / name).resolve()
        inside = file.is_relative_to(root) and file.is_file()
    # A loop of links is a RuntimeError before Python 3.13; a NUL in the name a ValueError.
    except (OSError, RuntimeError, ValueError):
        inside = False
    if not inside or any(part.startswith(".") for part in file.relative_to(root).parts):
        raise CannotOpenError("this is no file of the event")
    return file


def start(command: str, file: Path, line: int) -> None:
    """Start the editor with a file at a line, and do not wait for it.

    No shell reads the command: whatever a file is called, it is one argument. Raises
    `CannotOpenError` when there is no such program.
    """
    if not command:
        raise CannotOpenError("no editor is known: start with --editor 'code -g {file}:{line}'")
    words = [
        word.replace("{file}", str(file)).replace("{line}", str(line))
        for word in shlex.split(command)
    ]
    try:
        subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise CannotOpenError(f"{words[0]} cannot be started: {error.strerror}") from None

"""Pandoc, which reads and writes the files of word processors, in a sandbox and within limits.

It sees one folder and what is in it, has a limit of time and of memory, and asks no network.
"""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path

_HEAP_EXHAUSTED = 251
_LARGEST_FILES = 300_000_000


class PandocError(Exception):
    """Pandoc that failed; the message is what it said last, which may be nothing."""


class PandocLimitError(PandocError):
    """Pandoc that was stopped at a limit; the message says what it did."""


class NoPandocError(Exception):
    """A machine without pandoc."""

    def __init__(self) -> None:
        super().__init__("pandoc is missing: pip install pypandoc_binary")


def pandoc(arguments: Sequence[str], folder: Path, *, seconds: int, memory: str) -> bytes:
    """Run pandoc in a folder, and return what it wrote to its standard output.

    `memory` is the size of its heap, such as 1g. Raises `PandocError` and `NoPandocError`.
    """
    command = [_program(), "+RTS", f"-M{memory}", "-RTS", "--sandbox", "--quiet", *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
            preexec_fn=partial(_limit, seconds),
        )
    except subprocess.TimeoutExpired:
        raise PandocLimitError(f"took more than {seconds} seconds") from None
    if done.returncode == _HEAP_EXHAUSTED or done.returncode < 0:
        raise PandocLimitError("took too much memory or time")
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise PandocError(said[-1] if said else "")
    return done.stdout


def _program() -> str:
    # Imported here because few commands need it.
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError):
        raise NoPandocError from None


def _limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILES, _LARGEST_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

"""The terminal: commands as an editor types them, on a pipe, and what they say and end with."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from subprocess import CompletedProcess

from typer.testing import CliRunner

from report.cli import app
from tests.waiting import PATIENCE

BUILD = Path(__file__).parent.parent / "build.py"
PLAIN = {"NO_COLOR": "1", "COLUMNS": "200"}
"""What makes a command say the same wherever the tests run."""


def run(*arguments: str | Path, folder: Path) -> CompletedProcess[str]:
    """Run `build.py` in a folder, in this process, which has the program loaded already.

    What it raises is raised here: a command that ends with a traceback fails its test.
    """
    typed = [*map(str, arguments)]
    with chdir(folder):
        done = CliRunner().invoke(
            app, typed, prog_name=BUILD.name, env=PLAIN, catch_exceptions=False
        )
    return CompletedProcess(typed, done.exit_code, done.stdout, done.stderr)


def run_alone(*arguments: str | Path, folder: Path) -> CompletedProcess[str]:
    """Run `build.py` in a folder, in a process of its own."""
    return subprocess.run(
        [sys.executable, BUILD, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        env=os.environ | PLAIN,
    )

"""An event as it was: its folder at a revision that git keeps."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


class RevisionError(Exception):
    """A revision that cannot be had; the message says why."""


@contextmanager
def event_at(name: str, event: Path) -> Iterator[Path]:
    """The folder that `name` means: a folder of this name, or the event's at this git revision.

    What git keeps is put into a temporary folder for as long as the context lasts. Raises
    `RevisionError` when there is neither.
    """
    if Path(name).is_dir():
        yield Path(name)
        return
    with TemporaryDirectory(prefix="rapporteur-") as folder:
        archive = _git(event, "archive", "--format=zip", _commit(name, event))
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            files.extractall(folder)
        yield Path(folder)


def _commit(name: str, event: Path) -> str:
    try:
        commit = _git(
            event, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )
    except RevisionError:
        raise RevisionError(f"{name} is neither a folder nor a git revision of {event}") from None
    return commit.decode().strip()


def _git(event: Path, *arguments: str) -> bytes:
    """What git answers in the event's folder; there `archive` gives that folder alone."""
    try:
        done = subprocess.run(["git", "-C", event, *arguments], capture_output=True, check=True)
    except FileNotFoundError:
        raise RevisionError("git is needed to compare revisions: install it") from None
    except subprocess.CalledProcessError as error:
        raise RevisionError(error.stderr.decode(errors="replace").strip()) from None
    return done.stdout

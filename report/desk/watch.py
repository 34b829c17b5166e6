"""Watching: which of the files that a report is made of have changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from watchfiles import awatch

from report.assets import template_folders

_QUIET = 15
"""Milliseconds without another change after which a change is told: a save is often several."""

_LONGEST = 300
"""Milliseconds after which a change is told even if there is no end to them."""

_LOOKS = (("templates",), ("styles",))
"""The folders of an event of which nothing is read but how it looks."""

_KEPT_BESIDE = ("~", ".swp", ".tmp")
"""How names end of files that text editors keep beside others."""


async def changes(folder: Path) -> AsyncIterator[bool]:
    """Yield after each change to a file of the event, or to the report's templates and styles.

    Tells whether what the event says may have changed, and not only how it looks.
    """
    root = folder.resolve()
    own = template_folders(folder)[-1]
    watched = [path.resolve() for path in (folder, own, own.with_name("styles")) if path.is_dir()]
    async for changed in awatch(
        *watched,
        watch_filter=lambda _change, path: _matters(Path(path), watched),
        debounce=_LONGEST,
        step=_QUIET,
    ):
        yield any(_says(Path(path), root) for _, path in changed)


def _says(file: Path, root: Path) -> bool:
    """Whether a file is part of what an event says."""
    return file.is_relative_to(root) and file.relative_to(root).parts[:1] not in _LOOKS


def _matters(file: Path, watched: Sequence[Path]) -> bool:
    """Whether a file may be part of the report.

    What text editors keep beside others is not, nor what lies in a hidden folder: in the event's
    own folder the cache does, to which every composition writes. Nor are compiled templates.
    """
    below = (file.relative_to(root).parts for root in watched if file.is_relative_to(root))
    hidden = any(name.startswith(".") or name == "__pycache__" for name in next(below, ()))
    return not (hidden or file.name.startswith(("~", "#")) or file.name.endswith(_KEPT_BESIDE))

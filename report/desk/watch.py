"""Watching: which of the files that a report is made of have changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import Change, awatch

from report.assets import template_folders

_QUIET = 15
"""Milliseconds without another change after which a change is told: a save is often several."""

_LONGEST = 300
"""Milliseconds after which a change is told even if there is no end to them."""


async def changes(folder: Path) -> AsyncIterator[None]:
    """Yield after each change to a file of the event, or to the report's templates and styles."""
    own = template_folders(folder)[-1]
    watched = (folder, own, own.with_name("styles"))
    async for _ in awatch(
        *(path for path in watched if path.is_dir()),
        watch_filter=_matters,
        debounce=_LONGEST,
        step=_QUIET,
    ):
        yield


def _matters(_change: Change, path: str) -> bool:
    """Whether a file may be part of the report: not those that text editors keep beside others."""
    name = Path(path).name
    return not (name.startswith((".", "~", "#")) or name.endswith(("~", ".swp", ".tmp")))

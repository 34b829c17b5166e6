"""Workers: processes that typeset, started once and early.

A worker takes most of a second to load the typesetter, about as long as it takes to read an event
of hundreds of statements; so that is begun before anything is read, where there will be work.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path

from report.fragment import LEDGER

_SHARED = ["weasyprint", "lxml.html", "pikepdf", "pydantic", "uharfbuzz"]
"""Libraries that workers share. The process they fork from finds only those of site-packages."""


def cores() -> int:
    """Return how many processes can work at once."""
    return len(os.sched_getaffinity(0))


def are_awaited(folder: Path, cache: Path) -> bool:
    """Whether a file of the event is newer than the last build, as far as the clock can tell."""
    ledger = cache / LEDGER
    if not ledger.exists():
        return True
    built = ledger.stat().st_mtime
    files = (Path(root) / name for root, _, names in os.walk(folder) for name in names)
    return any(file.lstat().st_mtime > built for file in files)


def preload() -> None:
    """Start the process from which workers fork, and do not wait until it has its libraries."""
    _context()
    forkserver.ensure_running()


def pool(jobs: int) -> ProcessPoolExecutor:
    """Return a pool of workers that share one start of WeasyPrint."""
    # What all workers share is not looked through for garbage, nor copied to be marked.
    return ProcessPoolExecutor(jobs, mp_context=_context(), initializer=gc.freeze)


def warm_pool(styles: tuple[tuple[str, str], ...], folder: Path, jobs: int) -> ProcessPoolExecutor:
    """Return a pool of which one worker gets ready while its caller goes on with other work."""
    workers = pool(jobs)
    workers.submit(_get_ready, styles, folder)
    return workers


def _get_ready(styles: tuple[tuple[str, str], ...], folder: Path) -> None:
    from report.press import press

    press(styles, folder)


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_SHARED)
    return context

"""A job for the press: what the process that plans the typesetting hands to the one that does it.

It stands apart from the press so that whoever plans does not load the typesetter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from pathlib import Path

from report.failure import Failure, failure
from report.fragment import TypesetUnit
from report.limits import USUAL, Limits
from report.unit import Unit
from report.workers import Crew


@dataclass(frozen=True, slots=True)
class Job:
    """All that typesetting one unit needs, fit to be sent to another process."""

    unit: Unit
    key: str
    folios: Mapping[str, str]
    specimen: str
    styles: tuple[tuple[str, str], ...]
    folder: Path
    cache: Path
    limits: Limits = USUAL


def do(job: Job) -> TypesetUnit | Failure:
    """Typeset a unit in this process, which loads the typesetter with its first."""
    from report.press import run

    return run(job)


def do_apart(work: Callable[[Job], TypesetUnit | Failure], job: Job) -> TypesetUnit | Failure:
    """Typeset a unit in a process that has nothing else to do, so that its death is laid to it."""
    with Crew(1) as crew:
        try:
            return crew.submit(work, job).result()
        except BrokenExecutor as error:
            return failure(job.unit.id, error, job.limits)

"""A quota of time and memory for one piece of work, such as typesetting one unit.

What exceeds it is interrupted where it stands, by an exception, so that the process goes on with
the next piece. A library that is deep in foreign code cannot be interrupted; a worker process has
itself ended then, and whoever waits for it finds it gone.
"""

from __future__ import annotations

import faulthandler
import os
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

_MEGABYTE = 1_000_000
_PATIENCE = 2
"""How many times its seconds a worker may take to react to the interruption."""
_AGAIN = 0.25
"""After which part of its seconds what goes on nevertheless is interrupted again."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """The seconds and the megabytes of memory that reading or typesetting one part may take."""

    seconds: int = 120
    megabytes: int = 2_000


USUAL = Allowance()
"""What it may take where an event states nothing."""


class OutOfTimeError(BaseException):
    """The work took all the seconds that it was given.

    No `Exception`, as libraries catch those and go on.
    """


@contextmanager
def quota(seconds: float, megabytes: float | None = None, *, dies: bool = False) -> Iterator[None]:
    """Give what is done inside so many seconds, and megabytes beyond what the process has now.

    Raises `OutOfTimeError` or `MemoryError`. The former is raised again and again until the work
    ends, as Python drops an exception that comes while a finalizer or a foreign library's callback
    runs. With `dies`, which is for workers, the process ends when it does not react. Only the main
    thread can be interrupted: in others time is not limited.
    """
    within = nullcontext() if megabytes is None else _memory(megabytes)
    with within, _time(seconds, dies=dies):
        yield


@contextmanager
def _time(seconds: float, *, dies: bool) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    at_work = True

    def interrupt(_signal: int, _frame: object) -> None:
        if at_work:
            raise OutOfTimeError(f"it takes more than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds * _AGAIN)
    if dies:
        nowhere = _nowhere()
        faulthandler.dump_traceback_later(seconds * _PATIENCE, exit=True, file=nowhere)
    try:
        yield
    finally:
        at_work = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if dies:
            faulthandler.cancel_dump_traceback_later()
            os.close(nowhere)


def _nowhere() -> int:
    return os.open(os.devnull, os.O_WRONLY)


@contextmanager
def _memory(megabytes: float) -> Iterator[None]:
    in_use = _data_size()
    if in_use is None:
        yield
        return
    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    allowed = in_use + int(megabytes * _MEGABYTE)
    if most != resource.RLIM_INFINITY:
        allowed = min(allowed, most)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def _data_size() -> int | None:
    """Bytes of private memory that the process has (proc(5), VmData), where the system tells."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return None
    line = next((line for line in status.splitlines() if line.startswith("VmData:")), None)
    return int(line.split()[1]) * 1024 if line else None

"""Workers: processes that typeset, started once and early.

A worker takes most of a second to load the typesetter, about as long as it takes to read an event
of hundreds of statements; so that is begun before anything is read, where there will be work.
"""

from __future__ import annotations

import atexit
import gc
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import suppress
from functools import cache
from itertools import islice
from multiprocessing import Pipe, get_context, parent_process
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from report.environ import safe_path, short_names, uninterrupted, variable
from report.fragment import Excerpt, Store, TypesetUnit, ledger_key

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext

    # Most of what these need is loaded while the workers start.
    from report.failure import Failure
    from report.job import Job
    from report.pool import Pool

_SHARED = ["report.preloaded"]
"""What is loaded in the process that workers fork from."""

_MODULES = str(Path(__file__).parents[1])
"""The folder in which that process finds it: of ours, it is told no other."""

_GARBAGE = 1_000_000
"""So many new objects let a process look for garbage that leaves typesetting to others: what it
makes it mostly keeps, and a report of two thousand statements takes no more memory for it."""

_Piece = TypeVar("_Piece")
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")

_PATIENCE = 2
"""Seconds in which all that a process had open is closed when it is gone: it takes a moment."""

_LIFE = 400
"""Units after which workers give way to new ones: the typesetter never gives back some 60 kB of
each, since it does not release the lists of features (small capitals, figures) of its lines."""


def cores() -> int:
    """Return how many processes can work at once."""
    return len(os.sched_getaffinity(0))


def changed(folder: Path, cache: Path) -> Iterator[Path]:
    """Yield the files of an event that are newer than its last build, as far as the clock tells.

    They are all of them when there has been none.
    """
    ledger = Store(cache).path(ledger_key(folder))
    built = ledger.stat().st_mtime if ledger.exists() else 0
    files = (Path(root) / name for root, _, names in os.walk(folder) for name in names)
    return (file for file in files if file.lstat().st_mtime > built)


def preload() -> None:
    """Start the process from which workers fork, and do not wait until it has its libraries."""
    _context()


def leave_garbage() -> None:
    """Look for garbage more seldom from now on, in a process that leaves typesetting to others.

    Typesetting is what makes garbage; to look for it takes a twentieth of what else there is to do.
    """
    gc.set_threshold(_GARBAGE)


class Hands(Executor):
    """An executor that says how many `jobs` it does at a time."""

    jobs: int


class Crew(Hands):
    """Workers that are there as long as there is work, though one of them may die of it.

    A worker's death is the end of all that its crew has in hand: `BrokenExecutor` is what comes of
    that. The next piece of work finds new workers.
    """

    def __init__(self, jobs: int) -> None:
        """Have so many workers, started with the first piece of work."""
        self.jobs = jobs
        self._hiring = Lock()
        self._pool: Pool | None = None
        self._handed_out = 0
        self._starting: Thread | None = None
        self._first: Job | None = None
        self._begun: Future[Any] | None = None

    def get_ready(self, first: Job) -> None:
        """Start a worker, unless one was, which warms up with a job while the caller goes on."""
        if self._first is None:
            self._first = first
            # The process that workers fork from does not answer before it has its libraries.
            self._starting = Thread(target=self._warm_up, args=(first,))
            self._starting.start()

    def has_begun(self, key: str) -> bool:
        """Whether the job with which a worker warms up is this one."""
        return self._first is not None and self._first.key == key

    def _warm_up(self, first: Job) -> None:
        # Where no process can be started, whoever has work for one is told. `RuntimeError`, of
        # which `BrokenExecutor` is one, tells that nobody has any more.
        with suppress(OSError, RuntimeError):
            self._begun = self._submit(warm_up, first)
            wait([self._begun])

    def submit(
        self, work: Callable[_Given, _Result], /, *args: _Given.args, **kwargs: _Given.kwargs
    ) -> Future[_Result]:
        """Have a worker do something, but a job that one has begun with no second time."""
        if self._starting is not None:
            # It is warm sooner than another one, for which there may be nothing else to do.
            self._starting.join()
        if self._begun is not None and work is do and args == (self._first,):
            return self._begun
        return self._submit(work, *args, **kwargs)

    def _submit(
        self, work: Callable[_Given, _Result], /, *args: _Given.args, **kwargs: _Given.kwargs
    ) -> Future[_Result]:
        with self._hiring:
            if self._handed_out == _LIFE * self.jobs:
                self._dismiss()
            self._handed_out += 1
            try:
                return self._workers().submit(work, *args, **kwargs)
            except BrokenExecutor:
                self._dismiss()
                return self._workers().submit(work, *args, **kwargs)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the workers; when this process is interrupted, amid what they do."""
        if kind is KeyboardInterrupt and self._pool is not None:
            self._pool.kill()
        self.shutdown()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers, once they have done what is in hand."""
        if self._starting is not None:
            self._starting.join()
        with self._hiring:
            if self._pool is not None:
                self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _workers(self) -> Pool:
        if self._pool is None:
            self._pool = pool(self.jobs)
        return self._pool

    def _dismiss(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()
        self._pool, self._handed_out = None, 0


def do(job: Job) -> TypesetUnit | Failure:
    """Typeset a unit in this process, which loads the typesetter with its first."""
    from report.press import run

    return run(job)


def do_excerpt(job: Job, before: TypesetUnit, page: int) -> Excerpt | TypesetUnit | Failure:
    """Typeset one page of a unit in this process, as `press.run_excerpt` does."""
    from report.press import run_excerpt

    return run_excerpt(job, before, page)


def do_apart(work: Callable[[Job], TypesetUnit | Failure], job: Job) -> TypesetUnit | Failure:
    """Typeset a unit in a process that has nothing else to do, so that its death is laid to it."""
    with Crew(1) as crew:
        try:
            return crew.submit(work, job).result()
        except BrokenExecutor as error:
            from report.failure import failure

            return failure(job.unit.id, error, job.allowance)


def each_done(
    executor: Executor,
    work: Callable[[_Piece], _Result],
    pieces: Iterable[_Piece],
    at_once: int,
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[tuple[_Piece, Future[_Result]]]:
    """Yield each piece of work when it is done, with what came of it.

    Few are in hand at once, so that a worker's death leaves few to suspect; the next piece is taken
    when there is a hand for it. `meanwhile` is called whenever there is nothing to do but wait.
    """
    waiting = iter(pieces)
    running: dict[Future[_Result], _Piece] = {}
    while True:
        for piece in islice(waiting, at_once - len(running)):
            running[executor.submit(work, piece)] = piece
        if not running:
            return
        if meanwhile:
            meanwhile()
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            yield running.pop(future), future


def pool(jobs: int) -> Pool:
    """Return a pool of workers that share one start of WeasyPrint."""
    # Imported here, as a build without changes has no workers.
    from report.pool import Pool

    return Pool(jobs, _context(), initializer=_begin, initargs=(_scratch(), _life()[0]))


def _begin(scratch: str, life: Connection) -> None:
    Thread(target=_end_with_parent, args=(scratch, life), daemon=True).start()


def _end_with_parent(scratch: str, life: Connection) -> None:
    """End this process when its parent is gone, even one that was killed and could not say so."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        # A worker that was started as what it forked from died is unknown to a parent that goes on.
        if life.poll(_PATIENCE):
            rmtree(scratch, ignore_errors=True)
        os._exit(1)


def warm_up(first: Job) -> TypesetUnit | Failure:
    """Typeset a unit, and spare what it leaves loaded from the search for garbage.

    That search goes through all that WeasyPrint has read of styles and fonts: it takes a third of
    the time of a small unit.
    """
    gc.disable()
    try:
        return do(first)
    finally:
        gc.freeze()
        gc.enable()


@cache
def _scratch() -> str:
    """The folder for what workers leave: they end without a chance to remove it."""
    folder = mkdtemp(prefix="rapporteur-")
    atexit.register(rmtree, folder, ignore_errors=True)
    return folder


@cache
def _life() -> tuple[Connection, Connection]:
    """A pipe through which nothing is sent: its first end can be read once this process is gone."""
    return Pipe(duplex=False)


def _context() -> ForkServerContext:
    from multiprocessing import forkserver, resource_tracker

    context = get_context("forkserver")
    context.set_forkserver_preload(_SHARED)
    scratch = variable("TMPDIR", _scratch())
    with safe_path(), variable("PYTHONPATH", _MODULES), scratch, short_names():
        # Where it is started along with the other, that can be interrupted.
        resource_tracker.ensure_running()
        with uninterrupted():
            forkserver.ensure_running()
    return context

"""An archive: the reports of many events, made by one crew of workers and kept up to date.

The units of all events are typeset by one executor. Beside it, processes read, merge and link the
events, each the next that is waiting; what is wrong with one event concerns no other.
"""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from report.archive import upkeep
from report.archive.relay import Exchange, Relay
from report.archive.upkeep import Record
from report.compilation import Outcome, compile_report
from report.diagnostics import Diagnostic
from report.formats import Format
from report.fragment import Store
from report.load import EVENT_FILE
from report.resources import file_digest
from report.trouble import in_words
from report.workers import Crew, Hands, cores, each_done

_UNITS_OF_AN_EVENT = 4
"""Of how many units, typeset at a time, an event takes care."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for, of every event alike: where reports go, in which forms and language."""

    output: Path
    cache: Path
    formats: frozenset[Format]
    keep_going: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What became of one event. `trouble` is what stopped it, if no text is to blame for that."""

    event: str
    pages: int = 0
    statements: int = 0
    warnings: int = 0
    errors: int = 0
    seconds: float = 0.0
    diagnostics: tuple[Diagnostic, ...] = ()
    trouble: str = ""
    was_up_to_date: bool = False

    @property
    def failed(self) -> bool:
        """Whether there is no report, or one from which something is missing."""
        return bool(self.errors or self.trouble)


@dataclass(frozen=True, slots=True)
class _Task:
    """One event of an order: its name and folder, the key of its record, and the record if any."""

    name: str
    folder: Path
    order: Order
    key: str
    record: Record | None

    @property
    def output(self) -> Path:
        return self.order.output / self.name


def events(archive: Path) -> dict[str, Path]:
    """The folders of an archive's events by their names: their paths from the archive's folder."""
    found = {}
    for folder, folders, names in os.walk(archive):
        folders[:] = sorted(each for each in folders if each[0] != ".")
        if EVENT_FILE in names:
            event = Path(folder)
            found[event.relative_to(archive).as_posix()] = event
            # An event holds no other.
            folders.clear()
    return dict(sorted(found.items()))


def side_by_side(jobs: int) -> int:
    """How many events to have in hand when so many units are typeset at a time.

    Most of its time an event waits for its units.
    """
    return max(cores(), jobs // _UNITS_OF_AN_EVENT)


def compile_archive(
    folders: dict[str, Path], order: Order, executor: Hands, at_once: int
) -> Iterator[Compiled]:
    """Compile events by name and folder, so many at once, and yield each when it is done.

    The report of an event goes to the folder of its name in the output. Raises `ConnectionError`
    when an executor that is elsewhere is lost.
    """
    stale: list[_Task] = []
    with ThreadPoolExecutor(at_once) as readers:
        tasks = readers.map(lambda name: _task(name, folders[name], order), folders)
        for task in tasks:
            if task.record:
                yield _up_to_date(task, task.record)
            else:
                stale.append(task)
    suspects: list[_Task] = []
    with Exchange(executor) as exchange, Crew(at_once) as crew:
        work = partial(_compile, exchange.address, executor.jobs)
        for task, done in each_done(crew, work, stale, at_once):
            try:
                yield done.result()
            except BrokenExecutor:
                suspects.append(task)
        for task in suspects:
            yield _compile_apart(work, task)


def _task(name: str, folder: Path, order: Order) -> _Task:
    """An event as a task, and what is known of its report."""
    output = order.output / name
    key = upkeep.stamp(folder, output, order.cache, (sorted(order.formats), order.language))
    return _Task(name, folder, order, key, upkeep.read(key, output, Store(order.cache)))


def _compile_apart(work: Callable[[_Task], Compiled], task: _Task) -> Compiled:
    """Compile an event in a process of its own, so that its death is laid to the event."""
    with Crew(1) as crew:
        try:
            return crew.submit(work, task).result()
        except BrokenExecutor:
            reason = "the process that compiled it ended: it took too much, or was ended"
            return Compiled(task.name, trouble=reason)


def _compile(address: str, jobs: int, task: _Task) -> Compiled:
    """Compile an event, and keep a record of its report."""
    start = time.perf_counter()
    try:
        outcome = _outcome(address, jobs, task)
    except ConnectionError:
        raise
    # Whatever stops one event must not stop the others.
    except Exception as error:
        return Compiled(task.name, trouble=in_words(error) or traceback.format_exc())
    store = Store(task.order.cache)
    # Somebody may have changed a file meanwhile.
    if not outcome.failed and _task(task.name, task.folder, task.order).key == task.key:
        upkeep.write(task.key, _record(outcome, task.output), store)
    return _compiled(task.name, outcome, time.perf_counter() - start)


def _outcome(address: str, jobs: int, task: _Task) -> Outcome:
    order = task.order
    with Relay(address) as executor:
        return compile_report(
            task.folder,
            task.output,
            order.cache,
            order.formats,
            language=order.language,
            executor=executor,
            jobs=jobs,
            keep_going=order.keep_going,
        )


def _record(outcome: Outcome, output: Path) -> Record:
    files = {path.relative_to(output).as_posix(): file_digest(path) for path in outcome.outputs}
    return Record(files, outcome.pages, outcome.statements, len(outcome.diagnostics))


def _compiled(name: str, outcome: Outcome, seconds: float) -> Compiled:
    errors = sum(found.is_error for found in outcome.diagnostics)
    return Compiled(
        name,
        outcome.pages,
        outcome.statements,
        len(outcome.diagnostics) - errors,
        errors,
        seconds,
        outcome.diagnostics,
    )


def _up_to_date(task: _Task, record: Record) -> Compiled:
    return Compiled(
        task.name, record.pages, record.statements, record.warnings, was_up_to_date=True
    )

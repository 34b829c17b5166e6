"""What one unit costs at each station of its way, measured on this machine.

All times are seconds of processor time, so that other work on the machine hardly counts. The
stations are those of `build --all --scheduler`: some processes read, merge and link events; the one
that knows the cluster passes units on; the scheduler finds a worker for each, which typesets it.
"""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle, islice, zip_longest
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.events import make_event
from benchmarks.measurement import processor_time
from report.archive.relay import Exchange, Relay
from report.assets import PRINT_STYLES, stylesheets
from report.cluster.cluster import Cluster
from report.cluster.parcel import pack
from report.compilation import examine, merged
from report.fragment import Store, TypesetUnit
from report.job import Job
from report.link import link
from report.typeset import Styles, digest, typeset

PROJECT = Path(__file__).parent.parent
SIZES = (50, 400)
"""Statements of the events from which is told what an event costs, and what each statement adds."""

_CARRIED = 2000
"""Units that are carried to a worker and back, to measure what that costs."""


@dataclass(frozen=True, slots=True)
class Line:
    """What something costs for an event: in any case, and for each statement more."""

    base: float
    slope: float

    def at(self, statements: int) -> float:
        """The seconds for an event of so many statements."""
        return self.base + self.slope * statements


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of one core.

    `units` are those of an event of `SIZES[-1]` statements but for the few that print page numbers:
    these are typeset when the others are done, and take `settling` in their rounds. `passing`,
    `scheduling` and `working` are what a unit costs where it is passed on, where it is assigned,
    and, besides being typeset, in its worker. `there` and `back` are the mean bytes of a unit on
    its way to a worker, and of its pages on their way back.
    """

    units: tuple[float, ...]
    settling: Line
    planning: Line
    linking: Line
    pages: Line
    passing: float
    scheduling: float
    working: float
    there: float = 0.0
    back: float = 0.0


def measure(folder: Path) -> Costs:
    """Measure everything, in a folder for what is made on the way."""
    small, large = (_event(size, folder / str(size)) for size in SIZES)
    passing, scheduling, working = _carrying(large.jobs, folder / "cluster")
    return Costs(
        units=large.units,
        settling=_line(small.settling, large.settling),
        planning=_line(small.planning, large.planning),
        linking=_line(small.linking, large.linking),
        pages=_line(small.pages, large.pages),
        passing=passing + _relaying(large.jobs),
        scheduling=scheduling,
        working=working,
        there=mean(len(pickle.dumps((pack(job)[0], {}))) for job in large.jobs),
        back=mean(map(_returning, large.jobs)),
    )


def _returning(job: Job) -> int:
    """The bytes of a typeset unit on its way back from a worker."""
    content = Store(job.cache).read(job.key)
    assert content is not None
    return len(content)


def _line(small: float, large: float) -> Line:
    slope = (large - small) / (SIZES[1] - SIZES[0])
    return Line(max(0.0, small - slope * SIZES[0]), slope)


@dataclass(frozen=True, slots=True)
class _Event:
    """What was measured of one event."""

    units: tuple[float, ...]
    settling: float
    planning: float
    linking: float
    pages: int
    jobs: tuple[Job, ...]


def _event(statements: int, folder: Path) -> _Event:
    """Compile an event in this process, with a look at the clock at each station."""
    event_folder = make_event(folder / "event", statements, PROJECT / "statements")
    cache, watch = folder / "cache", _Watch()
    start = time.process_time()
    event, _ = examine(event_folder, cache)
    assert event
    sheets = stylesheets(event_folder, PRINT_STYLES)
    report = merged(event, event_folder, cache, sheets)
    made = typeset(report, Styles(sheets), cache, executor=watch, jobs=1)
    planned = time.process_time()
    link(report, made, cache)
    late = {unit.id for unit in report.units if unit.prints_folios}
    plain = {unit.id for unit in report.units} - late
    return _Event(
        units=tuple(seconds for name in plain for seconds in watch.seconds[name]),
        # Those of one round are typeset side by side.
        settling=sum(max(r) for r in _rounds(watch.seconds, plain)),
        planning=planned - start - watch.total,
        linking=time.process_time() - planned,
        pages=made.pages,
        jobs=tuple(watch.jobs[name] for name in plain),
    )


def _rounds(seconds: dict[str, list[float]], plain: set[str]) -> Iterator[tuple[float, ...]]:
    late = (times for name, times in seconds.items() if name not in plain)
    yield from zip_longest(*late, fillvalue=0.0)


class _Watch(Executor):
    """Does everything at once, in this process, and notes how long it took."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.jobs: dict[str, Job] = {}

    @property
    def total(self) -> float:
        return sum(sum(times) for times in self.seconds.values())

    def submit(self, work: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        (job,) = args
        start = time.process_time()
        future: Future[Any] = Future()
        future.set_result(work(job))
        self.seconds[job.unit.id].append(time.process_time() - start)
        self.jobs[job.unit.id] = job
        return future


# Carrying


def echo(job: Job) -> TypesetUnit:
    """Keep pages that are there already, in the place of typesetting some."""
    pages = b"%PDF-1.7 " + b"x" * 13_000
    unit = TypesetUnit(job.unit.id, job.key, 2, {}, (), (), {})
    return Store(job.cache).keep(unit, (), (), pages)


def _carrying(jobs: Sequence[Job], folder: Path) -> tuple[float, float, float]:
    """What a unit costs here, in the scheduler and in its worker, when it is not typeset."""
    with _machines(folder) as (address, scheduler, worker), Cluster(address) as cluster:
        _carry(cluster, jobs, 100)
        before = time.process_time(), processor_time(scheduler), processor_time(worker)
        _carry(cluster, jobs, _CARRIED)
        after = time.process_time(), processor_time(scheduler), processor_time(worker)
    here, there, beyond = ((b - a) / _CARRIED for a, b in zip(before, after, strict=True))
    return here, there, beyond


def _carry(executor: Executor, jobs: Sequence[Job], count: int) -> None:
    """Have jobs done, each a new one, as many at once as a build would."""
    waiting = [executor.submit(echo, job) for job in _different(jobs, count)]
    for future in waiting:
        future.result()


def _different(jobs: Sequence[Job], count: int) -> Iterator[Job]:
    for number, job in enumerate(islice(cycle(jobs), count)):
        yield replace(job, key=digest([number, count]))


def _relaying(jobs: Sequence[Job]) -> float:
    """What a unit costs that another process has typeset by this one's executor."""
    with Exchange(_Parrot()) as exchange, Relay(exchange.address) as relay:
        start = time.process_time()
        _carry(relay, jobs, _CARRIED)
        return (time.process_time() - start) / _CARRIED


class _Parrot(Executor):
    """Has always done already what it is asked for."""

    def submit(self, _work: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        (job,) = args
        future: Future[Any] = Future()
        future.set_result(TypesetUnit(job.unit.id, job.key, 2, {}, (), (), {}))
        return future


@contextmanager
def _machines(folder: Path) -> Iterator[tuple[str, int, int]]:
    """A scheduler and a worker, each a process: the address, and the numbers of the processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    scheduler = _start(
        "dask_scheduler", folder / "scheduler", "--host", "127.0.0.1", "--port", port
    )
    worker = _start("dask_worker", folder / "worker", address, "--nthreads", "1", "--no-nanny")
    try:
        yield address, scheduler.pid, worker.pid
    finally:
        for process in (worker, scheduler):
            process.kill()
            process.wait()


def _start(program: str, folder: Path, *options: str) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True)
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{program}", *options, "--no-dashboard"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

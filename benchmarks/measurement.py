"""Measuring a command: wall and processor time, and the memory of its processes.

Linux only: memory is read from /proc while the command runs.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY_SECONDS = 0.2
"""Looking costs time on the same cores, and peaks are remembered by the kernel."""

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run, or the medians of several: times in seconds, memory in bytes.

    `largest` is the peak resident set of the largest process, `together` the peak of what all
    processes have at one time, shared memory counted once (the proportional set size).
    """

    wall: float
    cpu: float
    largest: int
    together: int


class CommandFailedError(RuntimeError):
    """A measured command that did not end well."""


def measure(command: Sequence[str], folder: Path) -> Measurement:
    """Run a command once in a folder.

    Raises `CommandFailedError` with the end of what it said when it fails.
    """
    start = time.perf_counter()
    before = _waited_for()
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=_user(),
    )
    watch = _Watch(process.pid)
    watch.start()
    output, _ = process.communicate()
    wall = time.perf_counter() - start
    watch.stop()
    if process.returncode:
        raise CommandFailedError(f"{' '.join(command)}\n{output[-2000:]}")
    # What the kernel adds up is exact, but lacks workers for which the command did not wait.
    cpu = max(watch.cpu, _waited_for() - before)
    return Measurement(wall, cpu, watch.largest, watch.together)


def _user() -> dict[str, str]:
    """The environment of a user, whose Python keeps the bytecode of every module."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def median(runs: Iterable[Measurement]) -> Measurement:
    """The median of each figure over several runs."""
    listed = tuple(runs)
    return Measurement(
        statistics.median(run.wall for run in listed),
        statistics.median(run.cpu for run in listed),
        int(statistics.median(run.largest for run in listed)),
        int(statistics.median(run.together for run in listed)),
    )


def processor_time(pid: int) -> float:
    """The seconds that a process and its descendants, as far as they live, have taken so far."""
    return sum(map(_cpu, _family(pid)))


def _waited_for() -> float:
    """The processor time of all children that have ended, in seconds."""
    times = os.times()
    return times.children_user + times.children_system


class _Watch(threading.Thread):
    """Looks at a process and all its descendants until told to stop."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self._seconds: dict[int, float] = {}
        self.largest = 0
        self.together = 0

    @property
    def cpu(self) -> float:
        """What all processes took up to when each was last seen."""
        return sum(self._seconds.values())

    def run(self) -> None:
        while not self._ended.wait(_EVERY_SECONDS):
            family = _family(self._pid)
            self._seconds |= {pid: taken for pid in family if (taken := _cpu(pid))}
            self.largest = max([self.largest, *(_field(pid, "status", "VmHWM") for pid in family)])
            sizes = (_field(pid, "smaps_rollup", "Pss") for pid in family)
            self.together = max(self.together, sum(sizes))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _family(root: int) -> list[int]:
    """A process and its descendants."""
    parents = {int(entry.name): _parent(entry) for entry in Path("/proc").glob("[0-9]*")}
    family = [root]
    for member in family:
        family += [pid for pid, parent in parents.items() if parent == member]
    return family


def _parent(process: Path) -> int:
    fields = _status(process)
    return int(fields[1]) if fields else 0


def _cpu(pid: int) -> float:
    """The seconds that a process has taken so far, in user and system mode."""
    fields = _status(Path(f"/proc/{pid}"))
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0


def _status(process: Path) -> list[str]:
    """The fields of a process after its name, or none when it has ended meanwhile."""
    try:
        # The name is in parentheses and may hold anything, spaces too.
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _field(pid: int, file: str, name: str) -> int:
    """A size that the kernel tells of a process, in bytes; 0 when it has ended meanwhile."""
    try:
        text = Path(f"/proc/{pid}/{file}").read_text()
    except OSError:
        return 0
    for line in text.splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return 0

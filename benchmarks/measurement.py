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

_EVERY_SECONDS = 0.05


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
    before = os.times()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    watch = _Watch(process.pid)
    watch.start()
    output, _ = process.communicate()
    wall = time.perf_counter() - start
    watch.stop()
    after = os.times()
    if process.returncode:
        raise CommandFailedError(f"{' '.join(command)}\n{output[-2000:]}")
    cpu = (
        after.children_user - before.children_user + after.children_system - before.children_system
    )
    return Measurement(wall, cpu, watch.largest, watch.together)


def median(runs: Iterable[Measurement]) -> Measurement:
    """The median of each figure over several runs."""
    listed = tuple(runs)
    return Measurement(
        statistics.median(run.wall for run in listed),
        statistics.median(run.cpu for run in listed),
        int(statistics.median(run.largest for run in listed)),
        int(statistics.median(run.together for run in listed)),
    )


class _Watch(threading.Thread):
    """Looks at a process and all its descendants until told to stop."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.largest = 0
        self.together = 0

    def run(self) -> None:
        while not self._ended.wait(_EVERY_SECONDS):
            family = _family(self._pid)
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
    try:
        # The name before it is in parentheses and may hold anything, spaces too.
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


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

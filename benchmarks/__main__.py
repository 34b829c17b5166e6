"""`make bench`: measure this compiler and its peers side by side, and write results.md.

Every figure is a median of several runs in fresh processes, but for the warm build, which is
measured inside one process as a live preview would run it. `--sizes` takes other sizes of event.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks import events
from benchmarks.measurement import CommandFailedError, Measurement, measure, median
from benchmarks.peers import Peer, peers, prepare
from benchmarks.results import Result, write

PROJECT = Path(__file__).parent.parent
SAMPLE = PROJECT / "statements"
SIZES = (50, 400, 2000)
RUNS = 3
LONG = 20.0
"""Seconds from which on a command is run once only."""

_BUILD = (sys.executable, str(PROJECT / "build.py"), "-e", "event", "--only", "pdf", "-q")
_WARM = (sys.executable, "-m", "benchmarks.warm")


def main() -> None:
    """Measure all sizes and write results.md and results.svg beside this file."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, metavar="N")
    sizes = parser.parse_args().sizes
    with tempfile.TemporaryDirectory(prefix="rapporteur-bench-") as name:
        results = [result for size in sizes for result in _measure(size, Path(name) / str(size))]
    write(results, Path(__file__).parent)


def _measure(size: int, folder: Path) -> Iterator[Result]:
    event = events.make_event(folder / "event", size, SAMPLE)
    yield from _own(size, event, folder)
    prepare(event, folder)
    for peer in peers(folder):
        yield _peer(size, peer, folder)


def _own(size: int, event: Path, folder: Path) -> Iterator[Result]:
    def nothing() -> None:
        pass

    def forget() -> None:
        shutil.rmtree(folder / ".cache", ignore_errors=True)

    cases: tuple[tuple[str, Callable[[], None]], ...] = (
        ("cold", forget),
        ("nothing changed", nothing),
        ("one word changed", lambda: events.change_a_word(event)),
        ("one page added to the first statement", lambda: events.add_a_page(event, SAMPLE)),
    )
    for name, before in cases:
        _say(f"{size} statements: {name}")
        measured = _repeated(_BUILD, folder, before)
        yield Result.of(size, f"Rapporteur, {name}", measured, folder / "dist/report.pdf")
    _say(f"{size} statements: one word changed, warm")
    seconds = _warm_seconds(event, folder)
    yield Result(size, "Rapporteur, one word changed, warm process", wall=seconds)


def _repeated(
    command: Sequence[str], folder: Path, before: Callable[[], None] = lambda: None
) -> Measurement:
    """The medians of three runs; of one only when it takes long, as its figures hardly vary."""
    measured: list[Measurement] = []
    while len(measured) < RUNS and not (measured and measured[0].wall > LONG):
        before()
        measured.append(measure(command, folder))
    return median(measured)


def _warm_seconds(event: Path, folder: Path) -> float:
    """The median time of a build after a word changed, in a process that has built before."""
    told = subprocess.run(
        (*_WARM, str(event), str(folder)), cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return float(json.loads(told.stdout)["seconds"])


def _peer(size: int, peer: Peer, folder: Path) -> Result:
    _say(f"{size} statements: {peer.name}")
    if peer.missing:
        return Result(size, peer.name, note=f"not installed: {peer.missing}")
    try:
        measured = _repeated(peer.command, folder)
    except CommandFailedError as error:
        return Result(size, peer.name, note=f"failed: {str(error).strip().splitlines()[-1]}")
    return Result.of(size, peer.name, measured, folder / peer.output)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

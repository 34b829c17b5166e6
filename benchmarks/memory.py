"""`python -m benchmarks.memory`: how much more memory an event takes that is five times as large.

Builds the PDF of events of 400 and 2,000 statements from nothing, and writes memory.md.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.events import make_event
from benchmarks.measurement import Measurement, measure
from benchmarks.results import machine

PROJECT = Path(__file__).parent.parent
SMALL, LARGE = 400, 2000

MOST = 1.5
"""The most that the large event may take, as a share of what the small one takes."""

_BUILD = (sys.executable, str(PROJECT / "build.py"), "-e", "event", "--only", "pdf", "-q")


def main() -> None:
    """Measure both, write memory.md beside this file, and fail when the large takes too much."""
    with tempfile.TemporaryDirectory(prefix="rapporteur-memory-") as folder:
        measured = {size: _build(size, Path(folder) / str(size)) for size in (SMALL, LARGE)}
    page = "\n".join(_page(measured)) + "\n"
    Path(__file__).with_name("memory.md").write_text(page, encoding="utf-8")
    print(page, end="")
    sys.exit(max(_shares(measured)) > MOST)


def _build(size: int, folder: Path) -> Measurement:
    make_event(folder / "event", size, PROJECT / "statements")
    return measure(_BUILD, folder)


def _page(measured: Mapping[int, Measurement]) -> Iterator[str]:
    yield "# Memory"
    yield ""
    yield f"{machine()} `python -m benchmarks.memory` makes this page."
    yield ""
    yield "Peaks of resident memory in megabytes while the PDF is made from nothing: of the largest"
    yield "process, and of all processes at one time, where what they share counts once. The aim is"
    yield f"that five times the statements take no more than {MOST} times the memory."
    yield ""
    yield "| statements | largest process | all together | seconds |"
    yield "| ---: | ---: | ---: | ---: |"
    for size, each in measured.items():
        largest, together = each.largest / 1e6, each.together / 1e6
        yield f"| {size:,} | {largest:.0f} | {together:.0f} | {each.wall:.0f} |"
    largest, together = _shares(measured)
    yield f"| {LARGE:,} to {SMALL:,} | {largest:.2f} | {together:.2f} | |"


def _shares(measured: Mapping[int, Measurement]) -> tuple[float, float]:
    small, large = measured[SMALL], measured[LARGE]
    return large.largest / small.largest, large.together / small.together


if __name__ == "__main__":
    main()

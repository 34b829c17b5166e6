"""Builds in one process after a word changed, as a live preview makes them; prints the median."""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from benchmarks.events import change_a_word
from report.compilation import compile_report
from report.formats import Format

_BUILDS = 5


def main() -> None:
    """Measure the event and folder that the command line names."""
    event, folder = Path(sys.argv[1]), Path(sys.argv[2])
    seconds = []
    for _ in range(_BUILDS + 1):
        change_a_word(event)
        start = time.perf_counter()
        compile_report(event, folder / "dist", folder / ".cache", frozenset({Format.PDF}), jobs=1)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": statistics.median(seconds[1:])}))


if __name__ == "__main__":
    main()

"""What was measured, as a table with ratios, and as a plot."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pikepdf

from benchmarks.measurement import Measurement

WHOLE = "WeasyPrint, whole document"
TYPST = "Typst"
COLD = "Rapporteur, cold"


@dataclass(frozen=True, slots=True)
class Result:
    """What one engine took for one size of event; a figure that was not measured is None.

    Times in seconds, memory and file size in bytes.
    """

    size: int
    engine: str
    wall: float | None = None
    cpu: float | None = None
    largest: int | None = None
    together: int | None = None
    bytes: int | None = None
    pages: int | None = None
    note: str = ""

    @classmethod
    def of(cls, size: int, engine: str, measured: Measurement, output: Path) -> Result:
        """A result with the size and pages of the file that came out."""
        with pikepdf.open(output) as pdf:
            pages = len(pdf.pages)
        return cls(
            size,
            engine,
            measured.wall,
            measured.cpu,
            measured.largest,
            measured.together,
            output.stat().st_size,
            pages,
        )


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio to reach: one figure of one engine against that of another."""

    name: str
    figure: str
    ours: str
    theirs: str
    most: float


GOALS = (
    Goal("cold, wall, against plain WeasyPrint", "wall", COLD, WHOLE, 0.5),
    Goal("cold, largest process, against plain WeasyPrint", "largest", COLD, WHOLE, 0.3),
    Goal(
        "one word changed, wall, against Typst cold",
        "wall",
        "Rapporteur, one word changed",
        TYPST,
        0.25,
    ),
    Goal(
        "one word changed, wall, against plain WeasyPrint",
        "wall",
        "Rapporteur, one word changed",
        WHOLE,
        0.03,
    ),
    Goal(
        "nothing changed, wall, against plain WeasyPrint",
        "wall",
        "Rapporteur, nothing changed",
        WHOLE,
        0.015,
    ),
    Goal("file size against plain WeasyPrint", "bytes", COLD, WHOLE, 1.15),
)


def write(results: Sequence[Result], folder: Path) -> None:
    """Write `results.md` and `results.svg`, and print the ratios."""
    text = "\n".join(
        [
            "# Measurements",
            "",
            machine(),
            "",
            "Wall and processor time in seconds, memory and files in megabytes. `largest` is the"
            " peak of the largest process, `together` that of all processes at one time. Medians"
            " of three runs; what takes longer than twenty seconds is run once.",
            "",
            *_table(results),
            "",
            "## Ratios",
            "",
            *_ratios(results),
            "",
            "![Wall time by size of event](results.svg)",
            "",
        ]
    )
    profile = folder / "profile.md"
    if profile.exists():
        text += "\n" + profile.read_text(encoding="utf-8")
    (folder / "results.md").write_text(text, encoding="utf-8")
    _plot(results, folder / "results.svg")
    print("\n".join(_ratios(results)))


def _table(results: Sequence[Result]) -> list[str]:
    rows = [
        "| statements | engine | wall | cpu | largest | together | file | pages | |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for r in results:
        figures = (
            _seconds(r.wall),
            _seconds(r.cpu),
            _megabytes(r.largest),
            _megabytes(r.together),
            _megabytes(r.bytes),
            str(r.pages or ""),
        )
        rows.append(f"| {r.size} | {r.engine} | {' | '.join(figures)} | {r.note} |")
    return rows


def _ratios(results: Sequence[Result]) -> list[str]:
    rows = ["| statements | ratio | reached | at most |", "| ---: | --- | ---: | ---: |"]
    found = {(r.size, r.engine): r for r in results}
    for size in sorted({r.size for r in results}):
        for goal in GOALS:
            ratio = _ratio(found.get((size, goal.ours)), found.get((size, goal.theirs)), goal)
            rows.append(f"| {size} | {goal.name} | {ratio} | {goal.most} |")
    small, large = found.get((400, COLD)), found.get((2000, COLD))
    if small and large and small.largest and large.largest:
        ratio = f"{large.largest / small.largest:.2f}"
        rows.append(f"| 2000 | cold, largest process, against 400 statements | {ratio} | 1.5 |")
    warm = found.get((400, "Rapporteur, one word changed, warm process"))
    if warm and warm.wall:
        rows.append(f"| 400 | one word changed, warm process, seconds | {warm.wall:.2f} | 0.3 |")
    return rows


def _ratio(ours: Result | None, theirs: Result | None, goal: Goal) -> str:
    mine = getattr(ours, goal.figure, None)
    other = getattr(theirs, goal.figure, None)
    return f"{mine / other:.3f}" if mine and other else "not measured"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _megabytes(value: int | None) -> str:
    return "" if value is None else f"{value / 1e6:.1f}"


def machine() -> str:
    """What was measured on, and with which programs."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    engines = ", ".join(f"{name} {_version(name)}" for name in ("weasyprint", "typst", "pikepdf"))
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y} with {len(os.sched_getaffinity(0))} cores of"
        f" {_processor()}, {memory:.0f} GiB, {platform.system()} {platform.release()}, Python"
        f" {platform.python_version()}, {engines}."
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"


def _plot(results: Sequence[Result], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "rapporteur"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5), layout="constrained")
    for engine in dict.fromkeys(r.engine for r in results):
        points = [(r.size, r.wall) for r in results if r.engine == engine and r.wall]
        if points:
            axes.plot(*zip(*points, strict=True), marker="o", label=engine)
    axes.set(xscale="log", yscale="log", xlabel="statements", ylabel="seconds")
    axes.legend(fontsize="small", frameon=False)
    axes.grid(visible=True, alpha=0.3)
    figure.savefig(path, metadata={"Date": None})

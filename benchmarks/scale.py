"""`python -m benchmarks.scale`: what becomes of 200,000 statements on 1 to 256 workers.

Nobody here has so many machines. So what a unit costs at each station is measured (`costs`), and
the way of all units through the stations is simulated: an archive of events, as it is compiled by
`build --all --scheduler`, and for comparison one report of everything. Writes scale.md, scale.svg.
"""

from __future__ import annotations

import heapq
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, cycle, islice, pairwise
from pathlib import Path
from statistics import median

from benchmarks.costs import SIZES, Costs, measure
from benchmarks.results import machine
from report.archive.archive import side_by_side

STATEMENTS = 200_000
WORKERS = (1, 2, 4, 8, 16, 32, 64, 128, 256)

PLANNING, PASSING, SCHEDULING, TYPESETTING = STATIONS = (
    "reading and linking",
    "passing on",
    "the scheduler",
    "typesetting",
)
_NEARLY = 0.9
"""The share of the time from which on a station is the limit."""

_WORTH = 1.3
"""How many times as fast twice the workers must be to be of use."""


@dataclass(frozen=True, slots=True)
class Case:
    """How the statements come, and on how many cores events are read and linked."""

    name: str
    events: int
    cores: int

    @property
    def statements(self) -> int:
        """Those of one event."""
        return STATEMENTS // self.events


CASES = (
    Case("500 events of 400 statements, read and linked on 16 cores", 500, 16),
    Case("500 events of 400 statements, read and linked on 2 cores", 500, 2),
    Case("one report of 200,000 statements", 1, 1),
)


@dataclass(frozen=True, slots=True)
class Run:
    """What a simulation came to: the seconds, and for which share of them each station worked."""

    workers: int
    seconds: float
    busy: Mapping[str, float]


def simulate(costs: Costs, case: Case, workers: int) -> Run:
    """Send every unit of a case through the stations, and tell how long that takes."""
    return _Simulation(costs, case, workers).run()


class _Station:
    """Hands that take up one piece of work after the other, in the order in which they come."""

    def __init__(self, hands: int) -> None:
        self.hands = hands
        self.worked = 0.0
        self._free = [0.0] * hands

    def done(self, now: float, seconds: float) -> float:
        """When a piece of work is done that comes now. Work must come in the order of time."""
        end = max(now, self._free[0]) + seconds
        heapq.heapreplace(self._free, end)
        self.worked += seconds
        return end


_Happening = Callable[[int, float], None]


class _Simulation:
    """All that happens, one thing after the other: always the earliest that is to happen."""

    def __init__(self, costs: Costs, case: Case, workers: int) -> None:
        self._costs = costs
        self._case = case
        self._stations = {
            PLANNING: _Station(case.cores),
            PASSING: _Station(1),
            SCHEDULING: _Station(1),
            TYPESETTING: _Station(workers),
        }
        self._agenda: list[tuple[float, int, _Happening, int, float]] = []
        self._ticks = count()
        self._left = [0] * case.events
        self._waiting = iter(range(case.events))
        self._now = 0.0

    def run(self) -> Run:
        workers = self._stations[TYPESETTING].hands
        for event in islice(self._waiting, max(self._case.cores, side_by_side(workers))):
            self._begin(event)
        while self._agenda:
            self._now, _, happening, event, cost = heapq.heappop(self._agenda)
            happening(event, cost)
        busy = {name: each.worked / each.hands for name, each in self._stations.items()}
        return Run(workers, self._now, {name: each / self._now for name, each in busy.items()})

    def _at(self, station: str, seconds: float, then: _Happening, event: int, cost: float) -> None:
        """Have a station work for some seconds, and let something happen when that is done."""
        end = self._stations[station].done(self._now, seconds)
        heapq.heappush(self._agenda, (end, next(self._ticks), then, event, cost))

    def _begin(self, event: int) -> None:
        seconds = self._costs.planning.at(self._case.statements)
        self._at(PLANNING, seconds, self._planned, event, 0.0)

    def _planned(self, event: int, _: float) -> None:
        measured = self._costs.units
        number = len(measured) * self._case.statements // SIZES[-1]
        self._left[event] = number
        # The biggest first.
        for cost in sorted(islice(cycle(measured), number), reverse=True):
            self._at(PASSING, self._costs.passing, self._passed, event, cost)

    def _passed(self, event: int, cost: float) -> None:
        self._at(SCHEDULING, self._costs.scheduling, self._assigned, event, cost)

    def _assigned(self, event: int, cost: float) -> None:
        self._at(TYPESETTING, cost + self._costs.working, self._typeset, event, 0.0)

    def _typeset(self, event: int, _: float) -> None:
        self._left[event] -= 1
        if not self._left[event]:
            # Few units, in rounds: the event waits, and hardly anybody works.
            end = self._now + self._costs.settling.at(self._case.statements)
            heapq.heappush(self._agenda, (end, next(self._ticks), self._settled, event, 0.0))

    def _settled(self, event: int, _: float) -> None:
        seconds = self._costs.linking.at(self._case.statements)
        self._at(PLANNING, seconds, self._linked, event, 0.0)

    def _linked(self, _event: int, _: float) -> None:
        following = next(self._waiting, None)
        if following is not None:
            self._begin(following)


def main() -> None:
    """Measure, simulate, and write scale.md and scale.svg beside this file."""
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="rapporteur-scale-") as folder:
        costs = measure(Path(folder))
    runs = {case: [simulate(costs, case, workers) for workers in WORKERS] for case in CASES}
    here = Path(__file__).parent
    (here / "scale.md").write_text("\n".join(_page(costs, runs, before)), encoding="utf-8")
    _plot(runs, here / "scale.svg")


def _page(costs: Costs, runs: Mapping[Case, Sequence[Run]], load: float) -> Iterator[str]:
    yield "# 200,000 statements on 1 to 256 workers"
    yield ""
    yield "What a unit costs is measured. How units fare on many machines is simulated, since there"
    yield "were not so many. `python -m benchmarks.scale` makes this page."
    yield ""
    yield f"{machine()} The load of the machine was {load:.1f} when this began."
    yield ""
    yield "## What was measured"
    yield ""
    yield "Processor time, from events of 50 and 400 statements of about two pages each:"
    yield ""
    yield from _measured(costs)
    yield ""
    yield "## What follows"
    yield ""
    yield "An archive takes the way of `build --all --scheduler`; the time is that until the last"
    yield "report is linked. The network is not simulated: a unit has on average"
    there, back = round(costs.there / 1000), round(costs.back / 1000)
    yield f"{there} kB on its way to a worker, and {back} kB on its way back."
    yield ""
    for case, each in runs.items():
        yield f"- {case.name[0].upper()}{case.name[1:]}: {_time(each[0].seconds)} with one worker,"
        yield f"  {_time(each[-1].seconds)} with {each[-1].workers}. {_conclusion(each)}"
    for case, each in runs.items():
        yield ""
        yield f"### {case.name[0].upper()}{case.name[1:]}"
        yield ""
        yield from _table(each)
    yield ""
    yield "![Time by number of workers](scale.svg)"
    yield ""


def _measured(costs: Costs) -> Iterator[str]:
    size = SIZES[-1]
    mean = sum(costs.units) / len(costs.units)
    yield "| what | seconds |"
    yield "| --- | ---: |"
    yield f"| typesetting a unit: mean of {len(costs.units)} | {mean:.3f} |"
    yield f"| the same: median | {median(costs.units):.3f} |"
    yield f"| passing a unit on to the scheduler, and its pages back | {costs.passing:.4f} |"
    yield f"| the scheduler, for a unit | {costs.scheduling:.4f} |"
    yield f"| a worker, for a unit besides typesetting it | {costs.working:.4f} |"
    for name, line in (
        ("reading, checking and merging an event, and looking for its units", costs.planning),
        ("contents and lists, which wait for page numbers, in rounds", costs.settling),
        ("linking a report", costs.linking),
    ):
        yield f"| {name}: of {size} statements | {line.at(size):.2f} |"
        yield f"| the same: for each statement more | {line.slope:.4f} |"
    yield f"| linking: for each page more | {costs.linking.slope / costs.pages.slope:.4f} |"


def _table(runs: Sequence[Run]) -> Iterator[str]:
    yield f"| workers | time | times as fast | {' | '.join(f'{name} works' for name in STATIONS)} |"
    yield f"| ---: | ---: | ---: |{' ---: |' * len(STATIONS)}"
    for run in runs:
        busy = " | ".join(f"{run.busy[name]:.0%}" for name in STATIONS)
        faster = runs[0].seconds / run.seconds
        yield f"| {run.workers} | {_time(run.seconds)} | {faster:.1f} | {busy} |"


def _conclusion(runs: Sequence[Run]) -> str:
    """From how many workers on more of them are of no use, and why."""
    for run, more in pairwise(runs):
        if run.seconds / more.seconds < _WORTH:
            return f"More than {run.workers} workers are of little use: {_limit(more)}."
    return "The workers are the limit throughout."


def _limit(run: Run) -> str:
    station = max(STATIONS, key=lambda name: run.busy[name])
    if run.busy[station] >= _NEARLY:
        return f"{station} takes all the time"
    return "one thing has to wait for the other, such as linking for the last page"


def _time(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"


def _plot(runs: Mapping[Case, Sequence[Run]], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "rapporteur"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5), layout="constrained")
    first = next(iter(runs.values()))[0].seconds
    ideal = [first / workers / 3600 for workers in WORKERS]
    axes.plot(WORKERS, ideal, color="0.6", linestyle="--", label="workers that never wait")
    for case, each in runs.items():
        axes.plot(WORKERS, [run.seconds / 3600 for run in each], marker="o", label=case.name)
    axes.set(xscale="log", yscale="log", xlabel="workers", ylabel="hours")
    axes.set_xticks(WORKERS, [str(workers) for workers in WORKERS], minor=False)
    axes.minorticks_off()
    axes.legend(fontsize="small", frameon=False)
    axes.grid(visible=True, alpha=0.3)
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()

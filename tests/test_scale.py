"""The simulation of many workers: what it must come to where that can be reckoned without it."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("benchmarks", reason="the benchmarks are not here")

from benchmarks.costs import Costs, Line
from benchmarks.scale import (
    PASSING,
    SCHEDULING,
    TYPESETTING,
    Case,
    simulate,
)

NOTHING = Line(0.0, 0.0)
COSTS = Costs(
    units=(1.0,) * 400, settling=NOTHING, planning=NOTHING, linking=NOTHING, pages=NOTHING,
    passing=0.0, scheduling=0.0, working=0.0,
)  # fmt: skip
ARCHIVE = Case("500 events of 400 statements", 500, 16)


@pytest.mark.parametrize("workers", [1, 8, 64])
def test_workers_that_never_wait_share_the_work(workers: int) -> None:
    run = simulate(COSTS, ARCHIVE, workers)
    assert run.seconds == pytest.approx(200_000 / workers)
    assert run.busy[TYPESETTING] == pytest.approx(1.0)


def test_the_slowest_station_is_the_limit() -> None:
    run = simulate(replace(COSTS, scheduling=0.05, passing=0.01), ARCHIVE, 256)
    assert run.seconds == pytest.approx(200_000 * 0.05, rel=0.01)
    assert run.busy[SCHEDULING] == pytest.approx(1.0, rel=0.01)
    assert run.busy[PASSING] == pytest.approx(0.2, rel=0.01)


def test_one_report_is_read_before_and_linked_after_its_units() -> None:
    costs = replace(COSTS, planning=Line(10.0, 0.0), linking=Line(0.0, 0.001))
    run = simulate(costs, Case("one report", 1, 1), 250)
    assert run.seconds == pytest.approx(10.0 + 200_000 / 250 + 200.0)

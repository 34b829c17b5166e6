"""Every kept text, and some new ones, against the properties that must hold for all."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.families import Family
from tests.fuzz.grammar import CORPUS, kept
from tests.fuzz.growth import MOST, Bench, Growth, Stages, Work, families
from tests.fuzz.properties import TARGETS

KEPT = [(path.parent.name, path.stem) for path in sorted(CORPUS.glob("*/*.txt"))]


def test_every_property_has_kept_texts() -> None:
    assert {name for name, _ in KEPT} == TARGETS.keys()


@pytest.mark.parametrize("name", TARGETS)
def test_kept_texts_break_nothing(name: str) -> None:
    texts = kept(name)
    assert texts
    for text in texts:
        TARGETS[name].holds(text)


@pytest.mark.parametrize("name", TARGETS)
def test_new_texts_break_nothing(name: str) -> None:
    target = TARGETS[name]

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(target.texts)
    def holds(text: str) -> None:
        target.holds(text)

    holds()


# Growth, by steps and not by seconds: what Python does is counted, whatever the machine


def steps(work: Work) -> int:
    """How many lines and calls of Python a piece of work takes."""
    count = 0

    def trace(_frame: FrameType, _event: str, _argument: object) -> object:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.heavy
def test_no_stage_takes_more_than_its_share_of_steps(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    fast = [
        growth
        for name, family, stages in families(bench)
        for growth in grown(name, family, stages)
        if growth.ratio > MOST
    ]
    assert fast == [], "\n".join(map(str, fast))


def grown(name: str, family: Family, stages: Stages) -> list[Growth]:
    shorter, longer = family(SIZE), family(2 * SIZE)
    works, more = stages(shorter), stages(longer)
    return [
        Growth(stage, name, len(shorter), steps(works[stage]), steps(more[stage]))
        for stage in works.keys() & more.keys() - CONSTANT
    ]


SIZE = 100
CONSTANT = {"merge", "web"}
"""Stages whose steps are those of the event around a text, as far as so small a text goes."""

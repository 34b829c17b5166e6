"""Look for texts that break something: `python -m tests.fuzz MINUTES`.

Half of the time goes to texts made at random for every property, the other half to texts that
grow. A text that breaks a property is made as small as possible, shown, and kept in the folder
`tests/corpus/`, whence the suite tries it from then on.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
import traceback
from pathlib import Path
from random import SystemRandom

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from tests.fuzz.grammar import CORPUS
from tests.fuzz.growth import MOST, Bench, families, growths
from tests.fuzz.properties import TARGETS, Target

_ROUND = 300
"""Texts tried for a property before it is the next one's turn."""

_DATABASE = DirectoryBasedExampleDatabase(".cache/fuzz")


def main(minutes: float) -> int:
    """Look for so many minutes; return the exit code, 1 when something was found."""
    return int(any((break_properties(30 * minutes), find_growth(30 * minutes))))


def break_properties(seconds: float) -> bool:
    """Try texts for every property in turn; return whether one of them is broken."""
    end, tried, broken = time.monotonic() + seconds, 0, set[str]()
    while time.monotonic() < end and broken != TARGETS.keys():
        for name, target in TARGETS.items():
            if name not in broken and not _round(name, target):
                broken.add(name)
            tried += _ROUND
    print(f"Properties: {tried:,} texts tried, {len(broken)} of {len(TARGETS)} properties broken.")
    return bool(broken)


def _round(name: str, target: Target) -> bool:
    """Try some texts for a property; if it does not hold, keep the smallest that broke it."""
    last: list[str] = []

    @seed(SystemRandom().getrandbits(64))
    @settings(
        max_examples=_ROUND,
        deadline=None,
        database=_DATABASE,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.reuse, Phase.generate, Phase.shrink),
    )
    @given(target.texts)
    def holds(text: str) -> None:
        last[:] = [text]
        target.holds(text)

    try:
        holds()
    except Exception:
        # What Hypothesis tries last is the smallest text.
        _keep(name, last[0])
        return False
    return True


def _keep(name: str, text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    path = CORPUS / name / f"{hashlib.sha256(data).hexdigest()[:12]}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    print(f"{name} is broken by {text!r}, kept as {path}:", file=sys.stderr)
    traceback.print_exc(limit=-3)


def find_growth(seconds: float) -> bool:
    """Measure growths, the families in any order; return whether one is too fast."""
    end, measured, fast = time.monotonic() + seconds, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        every = list(families(Bench(Path(folder))))
        SystemRandom().shuffle(every)
        for name, family, stages in every:
            if time.monotonic() > end:
                break
            measured += 1
            for growth in growths(name, family, stages):
                if growth.ratio > MOST:
                    fast += 1
                    print(growth, flush=True)
    print(f"Growth: {measured} of {len(every)} families measured, {fast} stages grow too fast.")
    return bool(fast)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))

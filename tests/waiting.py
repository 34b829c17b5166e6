"""Waiting for what other processes do, however slow the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 240
"""Seconds after which what was waited for is taken not to come."""


def wait_until(holds: Callable[[], bool]) -> None:
    """Return as soon as something holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.02)

"""Interpreters: processes that begin as a Python of their own, and not as a copy of this one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_SAFE = "PYTHONSAFEPATH"


@contextmanager
def from_safe_path() -> Iterator[None]:
    """Let interpreters that are started now find no module in the current folder.

    It would come before all others, and may be the folder of an event, from which no code is run.
    """
    before = os.environ.get(_SAFE)
    os.environ[_SAFE] = "1"
    try:
        yield
    finally:
        del os.environ[_SAFE]
        if before is not None:
            os.environ[_SAFE] = before

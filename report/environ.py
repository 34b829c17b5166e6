"""Environment variables that hold for a while, for code that reads them as it starts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager


@contextmanager
def variable(name: str, value: str) -> Iterator[None]:
    """Let the process have a variable for a while, and then what it had before."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        del os.environ[name]
        if before is not None:
            os.environ[name] = before


def safe_path() -> AbstractContextManager[None]:
    """Let interpreters that are started now find no module in the current folder.

    It would come before all others, and may be the folder of an event, from which no code is run.
    """
    return variable("PYTHONSAFEPATH", "1")

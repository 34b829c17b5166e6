"""Environment variables that hold for a while, for code that reads them as it starts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path


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


def no_faces() -> AbstractContextManager[None]:
    """Let Fontconfig, where it starts now, find none of the machine's faces, nor look for them."""
    return variable("FONTCONFIG_FILE", str(Path(__file__).with_name("fontconfig.xml")))

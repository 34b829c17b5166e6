"""What is kept beside the bytecode of this package, as Python keeps modules that it has compiled.

It is as trusted as the program, since whoever can write there could as well write that, and it is
never needed: where nobody may write, as in some installations, all is made anew each time.
"""

from __future__ import annotations

import marshal
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from report.fragment import replace

Plain = dict[Any, Any]
"""Values by name that `marshal` can write: numbers, texts, bytes, and collections of them."""


def kept(name: str) -> bytes | None:
    """Return what is kept under a name, if anything is."""
    try:
        return _file(name).read_bytes()
    except OSError:
        return None


def keep(name: str, content: bytes) -> None:
    """Keep something under a name, unless Python is told to keep no bytecode."""
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            replace(_file(name), content, lasting=False)


def kept_values(name: str, made_from: bytes) -> Plain | None:
    """Return the values kept under a name, if they were made from this."""
    with suppress(ValueError, EOFError, TypeError):
        source, values = marshal.loads(kept(name) or b"")
        if source == made_from:
            return dict(values)
    return None


def keep_values(name: str, made_from: bytes, values: Plain) -> None:
    """Keep values under a name, with what they were made from, if all of them are plain."""
    with suppress(ValueError):
        keep(name, marshal.dumps((made_from, values)))


def _file(name: str) -> Path:
    bytecode = Path(cache_from_source(__file__))
    return bytecode.with_name(f"{name}.{sys.implementation.cache_tag}.kept")

"""Regular expressions that are compiled once, as Python keeps the modules that it has compiled.

The libraries and modules of a build state some three hundred, and to compile them takes a fresh
process a twentieth of its time. What the compiler of Python's `re` makes of each is kept beside
the bytecode of this package (`bytecode`), and is as good as absent for another release of Python.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from re import _compiler  # type: ignore[attr-defined]
from threading import Lock
from typing import Any

from report.bytecode import keep_values, kept_values

Key = tuple[str | bytes, int]
"""A pattern as it is written, and its flags."""

_MODULE = "<module>"
"""The name of the code of a module while that is being imported."""


class _Watched:
    """The engine of `re`, which notes what it is given to make a pattern of."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.given: tuple[Any, ...] = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def compile(self, pattern: Any, flags: int, code: Any, *groups: Any) -> re.Pattern[Any]:
        # The code is of numbers that have names, which nobody wants to keep.
        self.given = (pattern, int(flags), [int(each) for each in code], *groups)
        return self._engine.compile(*self.given)  # type: ignore[no-any-return]


class Patterns:
    """The patterns that processes of one kind compile while they load their modules."""

    def __init__(self, name: str) -> None:
        """Find what is kept under a name."""
        self._name = name
        self._engine = _compiler._sre
        self._compile: Callable[[Any, int], re.Pattern[Any]] = _compiler.compile
        self._made_by = f"{sys.version} {self._engine.MAGIC}".encode()
        self._compiling = Lock()
        self._kept: dict[Key, tuple[Any, ...]] = kept_values(name, self._made_by) or {}
        self._are_new = False

    def compile(self, pattern: Any, flags: int = 0) -> re.Pattern[Any]:
        """Return a pattern compiled, as `re` does."""
        if type(pattern) not in (str, bytes):
            return self._compile(pattern, flags)
        given = self._kept.get((pattern, flags))
        if given is not None:
            return self._engine.compile(*given)  # type: ignore[no-any-return]
        return self._noted(pattern, flags) if _is_importing() else self._compile(pattern, flags)

    def _noted(self, pattern: str | bytes, flags: int) -> re.Pattern[Any]:
        with self._compiling:
            watched = _compiler._sre = _Watched(self._engine)
            try:
                made = self._compile(pattern, flags)
            finally:
                _compiler._sre = self._engine
        # Another thread may have compiled something meanwhile that is not to be noted.
        if watched.given[:1] == (pattern,):
            self._kept[pattern, flags] = watched.given
            self._are_new = True
        return made

    def keep(self) -> None:
        """Keep what has been compiled until now, if any of it was not kept before."""
        if self._are_new:
            keep_values(self._name, self._made_by, self._kept)


def _is_importing() -> bool:
    """Whether a module is being loaded: other patterns may be made of an event's own words."""
    frame = sys._getframe(2).f_back
    while frame:
        if frame.f_code.co_name == _MODULE and frame.f_globals.get("__spec__"):
            return True
        frame = frame.f_back
    return False


def install(name: str) -> Patterns:
    """Have `re` find its patterns under a name, and note those that it compiles, from now on."""
    patterns = Patterns(name)
    _compiler.compile = patterns.compile
    return patterns

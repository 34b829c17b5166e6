"""What workers share: the typesetter, loaded once in the process that they fork from."""

import atexit
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir
from time import monotonic, sleep
from types import ModuleType
from warnings import catch_warnings

from report import patterns, precompiled
from report.environ import no_faces, variable

_SUBSETTERS = {"fontTools.subset": "main", "fontTools.varLib.instancer": "instantiateVariableFont"}
"""What WeasyPrint makes subsets of faces with, and its function there: the linker does that."""

_PATIENCE = 2
"""Seconds in which threads should end that were begun while modules are loaded: they take few
milliseconds."""


@contextmanager
def _without_subsetters() -> Iterator[None]:
    """Leave modules for subsets out of what is imported inside: they take long to load."""
    for name, function in _SUBSETTERS.items():
        sys.modules[name] = ModuleType(name)
        setattr(sys.modules[name], function, None)
    try:
        yield
    finally:
        for name in _SUBSETTERS:
            del sys.modules[name]


def _wait_for_threads() -> None:
    """Wait for threads that libraries have begun: Pango has one start Fontconfig.

    What a thread holds when its process forks is held for ever in the processes forked.
    """
    threads = Path("/proc/self/task")
    end = monotonic() + _PATIENCE
    while threads.exists() and len(list(threads.iterdir())) > 1 and monotonic() < end:
        sleep(0.001)


def _leave_nothing() -> None:
    """Remove the folder of temporary files, which is ours, if whoever made it is gone."""
    with suppress(OSError):
        Path(gettempdir()).rmdir()


def _say_nothing(*_: object) -> None:
    """Say nothing of a worker that cannot be started: it has ended, which tells whoever wants it.

    That may have ended too, as when it was interrupted while it asked for one.
    """


# While modules are loaded, nothing becomes garbage.
gc.disable()
atexit.register(_leave_nothing)
_kept = patterns.install("patterns-of-press")
# WeasyPrint asks for each of its libraries by the names that it has on Windows and macOS too. Where
# a name is unknown, a C compiler and a linker are run, if there are any: they take half a second.
# It also looks for the machine's faces, and warns of those that are too few.
with no_faces(), catch_warnings(action="ignore"), variable("PATH", os.devnull):
    with _without_subsetters(), precompiled.declarations():
        from report import press, workers  # noqa: F401
        from report.assets import PRINT_STYLES, stylesheets
        from report.scripts import sheets_for
    precompiled.install()
    try:
        # Most units of most events are set in the report's own styles, in letters of Europe.
        usual = sheets_for(stylesheets(Path(__file__).parent, PRINT_STYLES), "", ("en",))
        press.press(usual, Path())
    except OSError:
        # A command that had no work for workers has ended, and has taken their folder with it.
        if Path(gettempdir()).exists():
            raise
        sys.exit()
    _wait_for_threads()
_kept.keep()
sys.excepthook = _say_nothing
# What all workers share is not looked through for garbage, nor copied to be marked.
gc.freeze()
gc.enable()

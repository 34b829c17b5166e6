"""What code finds as it starts: environment variables that hold for a while, and a folder."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

_LONGEST = 70
"""Bytes of a folder's name with which sockets in it have names that a system takes. The longest are
multiprocessing's, with 32 more; of 104 or 108 the last one is nought (unix(4), unix(7))."""

_SHORT = "/tmp"
"""A folder that all may write to; what is made in it is its owner's alone."""


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


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let no process that is started now be interrupted at the terminal: that is for ours alone."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def socket_folder() -> str:
    """The folder for temporary files, or where its name is too long for sockets, a shorter one."""
    folder = tempfile.gettempdir()
    return folder if len(os.fsencode(folder)) <= _LONGEST else _SHORT


@contextmanager
def short_names() -> Iterator[None]:
    """Let sockets that are made now have names that the system takes."""
    before = tempfile.tempdir
    tempfile.tempdir = socket_folder()
    try:
        yield
    finally:
        tempfile.tempdir = before

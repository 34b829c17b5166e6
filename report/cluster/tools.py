"""What typesetting depends on besides its input: programs and libraries, by name and version.

Machines that have them alike typeset the same bytes. Those that do not must not work on one report.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from report.programs import programs
from report.typeset import FRAGMENT_MODULES, source_digest

_MISSING = re.compile(r"No module named '([\w.]+)'")


@cache
def tools() -> dict[str, str]:
    """What a unit's bytes depend on, on this machine."""
    return {"Rapporteur": source_digest(*FRAGMENT_MODULES)[:8], **programs()}


def differences(there: Mapping[str, str], here: Mapping[str, str]) -> str:
    """What differs between two machines, in words; nothing when they are alike."""
    return ", ".join(
        f"{name} {there.get(name, '(none)')} there and {here[name]} here"
        for name in here
        if there.get(name) != here[name]
    )


def lacking(error: Exception) -> str:
    """Why a machine cannot do its part, from the exception that it answers with."""
    # Dask hands on an exception of its own with the words of the first.
    reason = str(error.__cause__ or error)
    if missing := _MISSING.search(reason):
        return f"it lacks {missing[1]}; install the same Rapporteur there as here"
    return reason.splitlines()[0]

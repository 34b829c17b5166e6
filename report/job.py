"""A job for the press: what the process that plans the typesetting hands to the one that does it.

It stands apart from the press so that whoever plans does not load the typesetter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from report.limits import USUAL, Limits
from report.unit import Unit


@dataclass(frozen=True, slots=True)
class Job:
    """All that typesetting one unit needs, fit to be sent to another process."""

    unit: Unit
    key: str
    folios: Mapping[str, str]
    specimen: str
    styles: tuple[tuple[str, str], ...]
    folder: Path
    cache: Path
    limits: Limits = USUAL

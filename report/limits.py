"""Limits: how much one event may ask of the machine that compiles it.

Texts and pictures come from outside. What exceeds a limit is told with a diagnostic that names the
limit, and an event that has good reason for more says so in `event.yaml` under `limits:`.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from report import quota
from report.quota import Allowance


class Limits(BaseModel):
    """The most that an event may ask for. Each is far above what a report needs."""

    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")

    file_bytes: int = Field(default=1_000_000, ge=1, le=20_000_000)
    """Bytes of a text file: a million are about 350 pages. `event.yaml` itself has no more."""
    words: int = Field(default=40_000, ge=1)
    """Words of a text: a speaker needs five hours for so many."""
    # The parser of HTML leaves words out below 256, and typesetting runs out of stack before.
    nesting: int = Field(default=60, ge=1, le=100)
    """How many lists, tables, quotations and elements may stand one within the other."""
    data_bytes: int = Field(default=50_000_000, ge=1, le=500_000_000)
    """Bytes of the data of another report."""
    picture_bytes: int = Field(default=50_000_000, ge=1, le=500_000_000)
    """Bytes of a picture's file."""
    picture_pixels: int = Field(default=60_000_000, ge=1, le=500_000_000)
    """Pixels of a picture: width times height."""
    deck_bytes: int = Field(default=50_000_000, ge=1, le=500_000_000)
    """Bytes of the file of a deck of slides."""
    deck_slides: int = Field(default=150, ge=1)
    """Slides of a deck."""
    deck_seconds: int = Field(default=120, ge=1)
    """Seconds that preparing a deck may take, and as many again for converting it to PDF."""
    unit_seconds: int = Field(default=quota.USUAL.seconds, ge=1)
    """Seconds that reading or typesetting one part of the report may take."""
    unit_megabytes: int = Field(default=quota.USUAL.megabytes, ge=1)
    """Megabytes of memory that typesetting one part of the report may take."""

    @property
    def allowance(self) -> Allowance:
        """What one part of the report may take."""
        return Allowance(self.unit_seconds, self.unit_megabytes)


USUAL = Limits.model_construct()
"""The limits of an event that states none."""

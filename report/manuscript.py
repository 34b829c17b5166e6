"""The manuscript: what all forms of the report are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from report.model import Event
from report.typeset import Typeset
from report.unit import Report

REPORT = "report"
"""What the files of the report are called."""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """An event, and the report that is merged from it.

    `suffix` is what the names of its files have before their endings. `typeset` are its pages,
    which are there when one of the forms that are asked for needs them. `name` is what its files
    are called. Of an offprint, `homes` tells in which file of the whole printed report each place
    is.
    """

    event: Event
    report: Report
    folder: Path
    cache: Path
    suffix: str = ""
    typeset: Typeset | None = None
    name: str = REPORT
    homes: Mapping[str, str] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """What the names of its files begin with."""
        return f"{self.name}{self.suffix}"

    @property
    def folios(self) -> Mapping[str, str]:
        """The page number printed on the page of each id; empty when there are no pages."""
        return self.typeset.folios if self.typeset else {}

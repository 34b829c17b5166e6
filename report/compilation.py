"""The whole way from an event's folder to the report's files.

Nothing is written before everything is made: when a build fails, the earlier report stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from report.assets import PRINT_STYLES, WEB_STYLES, stylesheets, template_folders
from report.check import check
from report.diagnostics import Diagnostic, in_order
from report.drawing import Draughtsman
from report.fragment import replace
from report.library import Library
from report.link import link
from report.load import load
from report.merge import merge
from report.model import Event
from report.typeset import Progress, Styles, typeset


class Format(StrEnum):
    """What the report can be made as."""

    PDF = "pdf"
    HTML = "html"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build came to. `outputs` is empty when errors in the content stopped it."""

    diagnostics: tuple[Diagnostic, ...]
    outputs: tuple[Path, ...] = ()
    statements: int = 0
    pages: int = 0
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why each unit that was typeset had to be."""

    @property
    def failed(self) -> bool:
        """Whether errors in the content stopped the build."""
        return any(diagnostic.is_error for diagnostic in self.diagnostics)


def examine(folder: Path, cache: Path) -> tuple[Event | None, tuple[Diagnostic, ...]]:
    """Load an event and check it: all that is wrong with it, sorted by place."""
    event, found = load(folder, Library(cache).parse)
    return event, in_order((*found, *(check(event) if event else ())))


def compile_report(
    folder: Path,
    output: Path,
    cache: Path,
    formats: frozenset[Format],
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Compile the event in `folder` and write the report's files into `output`.

    `report.pdf`, `report.html`, and as data `report.json`, its schema and `report.bib`.

    Raises `jinja2.TemplateError` or `OSError` when templates, styles or folders cannot be used.
    """
    event, diagnostics = examine(folder, cache)
    stopped = Outcome(diagnostics)
    if event is None or stopped.failed:
        return stopped
    draughtsman = Draughtsman(stylesheets(folder, PRINT_STYLES), folder, cache)
    report = merge(event, folder, template_folders(folder), draughtsman.draw)
    pages, reasons = 0, {}
    folios: Mapping[str, str] = {}
    files: dict[Path, bytes] = {}
    if Format.PDF in formats:
        sheets = Styles(stylesheets(folder, PRINT_STYLES))
        pressed = typeset(report, sheets, cache, jobs=jobs, progress=progress)
        files[output / "report.pdf"] = link(report, pressed, cache)
        pages, reasons = pressed.pagination.total, dict(pressed.reasons)
        folios = pressed.folios
    if Format.HTML in formats:
        from report import web
        from report.publish.linked_data import linked_data

        styles, templates = stylesheets(folder, WEB_STYLES), template_folders(folder)
        page = web.publish(report, styles, templates, linked_data(event, report))
        files[output / "report.html"] = page.encode()
    if Format.JSON in formats:
        from report.publish import data

        published = data.publish(event, report, folios)
        files |= {output / name: content for name, content in published.items()}
    for path, content in files.items():
        replace(path, content)
    return Outcome(diagnostics, tuple(files), len(event.statements), pages, reasons)

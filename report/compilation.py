"""The whole way from an event's folder to the report's files.

Nothing is written before everything is made: when a build fails, the earlier report stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from report.assets import PRINT_STYLES, WEB_STYLES, stylesheets, template_folders
from report.check import check
from report.clearance import clearables, distributable, is_restricted
from report.deck import Shelf
from report.diagnostics import Diagnostic, in_order
from report.drawing import Draughtsman
from report.failure import UnitsFailedError, told
from report.fragment import replace, sweep
from report.glyphs import missing_glyphs
from report.library import Library
from report.link import link
from report.load import load
from report.merge import merge
from report.model import Clearable, Event
from report.typeset import Progress, Styles, typeset
from report.workers import are_awaited, cores, warm_pool


class Format(StrEnum):
    """What the report can be made as."""

    PDF = "pdf"
    HTML = "html"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Made:
    """The report's files by name, before any is written, and what was done for them."""

    files: Mapping[str, bytes]
    pages: int
    reasons: Mapping[str, str]
    """Why each unit that was typeset had to be."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What only typesetting finds out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build came to. `outputs` is empty when errors in the content stopped it."""

    diagnostics: tuple[Diagnostic, ...]
    outputs: tuple[Path, ...] = ()
    statements: int = 0
    pages: int = 0
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why each unit that was typeset had to be."""
    restricted: tuple[Clearable, ...] = ()
    """The texts that are withheld, or marked as not cleared."""

    @property
    def failed(self) -> bool:
        """Whether errors in the content stopped the build."""
        return any(diagnostic.is_error for diagnostic in self.diagnostics)


def examine(folder: Path, cache: Path) -> tuple[Event | None, tuple[Diagnostic, ...]]:
    """Load an event and check it: what may be distributed of it, and all that is wrong with it.

    The Event has no word of a text that is withheld. The diagnostics are sorted by place.
    """
    event, found = load(folder, Library(cache).parse, Shelf(cache).deck)
    diagnostics = in_order((*found, *(check(event) if event else ())))
    return (distributable(event) if event else None), diagnostics


def compile_report(
    folder: Path,
    output: Path,
    cache: Path,
    formats: frozenset[Format],
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    keep_going: bool = False,
) -> Outcome:
    """Compile the event in `folder` and write the report's files into `output`.

    `report.pdf`, `report.html`, and as data `report.json`, its schema and `report.bib`. To keep
    going, a page says what is missing in the place of what cannot be typeset.

    Raises what `trouble` has words for when templates, styles or folders cannot be used.
    """
    jobs = jobs or cores()
    has_work = jobs > 1 and Format.PDF in formats and are_awaited(folder, cache)
    event, diagnostics = examine(folder, cache)
    stopped = Outcome(diagnostics)
    if event is None or stopped.failed:
        return stopped
    try:
        sheets = stylesheets(folder, PRINT_STYLES)
        with warm_pool(sheets, folder, jobs) if has_work else nullcontext() as workers:
            made = make(
                event,
                folder,
                cache,
                formats,
                workers=workers,
                jobs=jobs,
                progress=progress,
                keep_going=keep_going,
            )
    except UnitsFailedError as error:
        return Outcome(in_order((*diagnostics, *told(error.failures, event))))
    for name, content in made.files.items():
        replace(output / name, content)
    sweep(output)
    return Outcome(
        in_order((*diagnostics, *made.diagnostics)),
        tuple(output / name for name in made.files),
        len(event.statements),
        made.pages,
        made.reasons,
        tuple(text for text in clearables(event) if is_restricted(text)),
    )


def make(
    event: Event,
    folder: Path,
    cache: Path,
    formats: frozenset[Format],
    *,
    workers: ProcessPoolExecutor | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    keep_going: bool = False,
) -> Made:
    """Make the report's files from an event without errors, as `examine` gives it.

    Raises `UnitsFailedError`, unless it is to keep going, and what `compile_report` raises.
    """
    draughtsman = Draughtsman(stylesheets(folder, PRINT_STYLES), folder, cache)
    report = merge(event, folder, template_folders(folder), draughtsman.draw)
    pages, reasons = 0, {}
    folios: Mapping[str, str] = {}
    files: dict[str, bytes] = {}
    found: tuple[Diagnostic, ...] = ()
    if Format.PDF in formats:
        sheets = Styles(stylesheets(folder, PRINT_STYLES))
        pressed = typeset(
            report,
            sheets,
            cache,
            workers=workers,
            jobs=jobs,
            progress=progress,
            keep_going=keep_going,
        )
        files["report.pdf"] = link(report, pressed, cache)
        pages, reasons = pressed.pagination.total, dict(pressed.reasons)
        folios = pressed.folios
        found = (*missing_glyphs(event, pressed.units), *told(pressed.failures, event))
    if Format.HTML in formats:
        from report import web
        from report.publish.linked_data import linked_data

        styles, templates = stylesheets(folder, WEB_STYLES), template_folders(folder)
        page = web.publish(report, styles, templates, linked_data(event, report))
        files["report.html"] = page.encode()
    if Format.JSON in formats:
        from report.publish import data

        files |= data.publish(event, report, folios)
    return Made(files, pages, reasons, found)

"""The whole way from an event's folder to the report's files.

Nothing is written before everything is made: when a build fails, the earlier report stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from threading import Thread

from report.assets import (
    BOOK_STYLES,
    FACES,
    PRINT_STYLES,
    SITE_STYLES,
    WEB_STYLES,
    own,
    stylesheets,
    template_folders,
)
from report.check import check, check_programme
from report.clearance import clearables, distributable, is_restricted
from report.delivery import deliver
from report.diagnostics import Diagnostic, in_order
from report.drawing import Draughtsman
from report.edition import edition
from report.failure import UnitsFailedError, told
from report.formats import PAGED, Format
from report.glyphs import missing_glyphs
from report.job import specimen
from report.library import Library
from report.load import load, load_programme
from report.look import require_tokens
from report.manuscript import REPORT, Manuscript
from report.merge import Merging
from report.model import Clearable, Event
from report.shelf import Shelf
from report.typeset import Progress, Styles, stale, typeset
from report.unit import Report
from report.workers import Crew, changed, cores

ALL = "all"
"""In the place of a language: every edition."""


@dataclass(frozen=True, slots=True)
class Made:
    """The report's files by name, before any is written, and what was done for them."""

    files: Mapping[str, bytes]
    pages: int = 0
    reasons: Mapping[str, str] = field(default_factory=dict)
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


def examine(
    folder: Path, cache: Path, language: str = ""
) -> tuple[Event | None, tuple[Diagnostic, ...]]:
    """Load an event and check it: what may be distributed of it, and all that is wrong with it.

    The Event is in `language`, or in its main one, and has no word of a text that is withheld. The
    diagnostics are sorted by place. Raises `UnknownEditionError`.
    """
    event, diagnostics = read(folder, cache)
    return (in_language(event, language) if event else None), diagnostics


def read(folder: Path, cache: Path) -> tuple[Event | None, tuple[Diagnostic, ...]]:
    """Load an event in all its languages, and check it."""
    event, found = load_event(folder, cache)
    return event, checked(event, found)


def load_event(folder: Path, cache: Path) -> tuple[Event | None, tuple[Diagnostic, ...]]:
    """Load an event in all its languages, with what is found wrong on the way."""
    return load(folder, Library(cache).parse, Shelf(cache).deck)


def checked(event: Event | None, found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Check an event; return what is wrong with it, and what was found before, by place."""
    return in_order((*found, *(check(event) if event else ())))


def read_programme(folder: Path, cache: Path) -> tuple[Event | None, tuple[Diagnostic, ...]]:
    """Load what is known of an event before it, and check that; otherwise as `read`."""
    event, found = load_programme(folder, Library(cache).parse)
    return event, in_order((*found, *(check_programme(event) if event else ())))


def in_language(event: Event, language: str = "") -> Event:
    """What may be distributed of an event in a language, or in its main one.

    Raises `UnknownEditionError`.
    """
    return distributable(edition(event, language or event.language))


def compile_report(
    folder: Path,
    output: Path,
    cache: Path,
    formats: frozenset[Format],
    *,
    language: str = "",
    unit: str | None = None,
    for_print: bool = False,
    executor: Executor | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    keep_going: bool = False,
) -> Outcome:
    """Compile the event in `folder` and write the report's files into `output`.

    `report.pdf`, `report.html`, as data `report.json`, its schema and `report.bib`, for Word
    `report.docx`, and the folder `site`: all in the main language; in another `language`, such as
    fr, `report.fr.pdf` and so on, and in all of them with `ALL`. To keep going, a page says what is
    missing in the place of what cannot be typeset. Processes of this machine typeset, so many as
    `jobs`, unless there is an `executor`, which does so many at a time. With the id of a `unit`,
    only that part is made, as an offprint, in forms of `OFFPRINTS`. `for_print` gives the sheets of
    what has pages, as `report-print.pdf`, and nothing else.

    Raises `UnknownEditionError`, and what `trouble` has words for when templates, styles or folders
    cannot be used.
    """
    # The programme is handed out before there is anything else.
    is_programme = formats == {Format.PROGRAMME}
    event, diagnostics = (read_programme if is_programme else read)(folder, cache)
    stopped = Outcome(diagnostics)
    if event is None or stopped.failed:
        return stopped
    languages = event.editions if language == ALL else (language or event.language,)
    editions = [in_language(event, code) for code in languages]
    try:
        made = make(
            editions,
            folder,
            cache,
            formats,
            unit=unit,
            executor=executor,
            jobs=jobs,
            progress=progress,
            keep_going=keep_going,
        )
    except UnitsFailedError as error:
        return Outcome(in_order((*diagnostics, *told(error.failures, event))))
    files = made.files
    if for_print:
        from report.publish.printready import for_printers

        files = for_printers(files)
    deliver(output, files)
    restricted = (text for each in editions for text in clearables(each) if is_restricted(text))
    return Outcome(
        in_order((*diagnostics, *made.diagnostics)),
        tuple(output / name for name in files),
        len(event.statements) if unit is None else 0,
        made.pages,
        made.reasons,
        tuple({text.id: text for text in restricted}.values()),
    )


def make(
    editions: Sequence[Event],
    folder: Path,
    cache: Path,
    formats: frozenset[Format],
    *,
    unit: str | None = None,
    executor: Executor | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    keep_going: bool = False,
) -> Made:
    """Make the report's files from editions of an event without errors, as `in_language` gives it.

    Raises `UnitsFailedError`, unless it is to keep going, and what `compile_report` raises.
    """
    jobs = jobs or cores()
    is_own = executor is None and jobs > 1 and _is_paged(formats, unit)
    with Crew(jobs) if is_own else nullcontext(executor) as hands:
        manuscripts = [
            _manuscript(event, folder, cache, formats, unit, hands, jobs, progress, keep_going)
            for event in editions
        ]
    # Linking needs as much memory as typesetting, so that the workers have ended before it.
    made = [_made(manuscript, formats, unit) for manuscript in manuscripts]
    return Made(
        {name: content for each in made for name, content in each.files.items()},
        sum(each.pages for each in made),
        {unit: reason for each in made for unit, reason in each.reasons.items()},
        in_order(found for each in made for found in each.diagnostics),
    )


def _manuscript(
    event: Event,
    folder: Path,
    cache: Path,
    formats: frozenset[Format],
    unit: str | None,
    executor: Executor | None,
    jobs: int,
    progress: Progress | None,
    keep_going: bool,
) -> Manuscript:
    """One edition, merged and, where a form needs its pages, typeset."""
    sheets = stylesheets(folder, PRINT_STYLES)
    if (folder / "styles/tokens.css").is_file():
        usual = (own("styles") / "tokens.css").read_text(encoding="utf-8")
        require_tokens((css for _, css in sheets), usual)
    begun = merging(event, folder, cache, sheets)
    if isinstance(executor, Crew):
        _get_ready(executor, begun, sheets, cache)
    report = begun.report()
    pages = None
    if _is_paged(formats, unit):
        pages = typeset(
            report,
            Styles(sheets),
            cache,
            executor=executor,
            jobs=jobs,
            progress=progress,
            meanwhile=_get_ready_to_link,
            keep_going=keep_going,
        )
    return Manuscript(event, report, folder, cache, suffix(event), pages)


def merging(
    event: Event, folder: Path, cache: Path, sheets: tuple[tuple[str, str], ...]
) -> Merging:
    """Begin to merge an edition of an event, whose figures are drawn as the print styles want."""
    draughtsman = Draughtsman(sheets, folder, cache, event.language, event.digits)
    return Merging(event, folder, template_folders(folder), draughtsman.draw)


def _get_ready(
    crew: Crew, begun: Merging, sheets: tuple[tuple[str, str], ...], cache: Path
) -> None:
    """Have a worker get ready where it looks as if there were work, while all else is merged.

    It begins with a text that has changed, as far as files tell, or else with a specimen.
    """
    folder = begun.folder
    file = next(changed(folder, cache), None)
    if file is not None:
        unit = begun.alone(file.relative_to(folder).with_suffix("").as_posix())
        usual = specimen(sheets, folder, cache, begun.event.language)
        crew.get_ready(next(stale(unit, Styles(sheets), cache), usual))


def _get_ready_to_link() -> None:
    """Load what linking wants while workers have all that there is to do.

    Interruptions come to the first thread alone; if one came while it loads the library of PDF
    files, that would abort.
    """
    loading = Thread(target=lambda: [*map(import_module, ("report.link", "report.sewing"))])
    loading.start()
    loading.join()


def merged(event: Event, folder: Path, cache: Path, sheets: tuple[tuple[str, str], ...]) -> Report:
    """Merge an edition of an event as a whole."""
    return merging(event, folder, cache, sheets).report()


def _made(manuscript: Manuscript, formats: frozenset[Format], unit: str | None) -> Made:
    """The files of one edition, or those of a part of it."""
    event, pages = manuscript.event, manuscript.typeset
    if unit is not None:
        from report.publish.offprint import offprint

        manuscript = offprint(manuscript, unit)
    files: dict[str, bytes] = {}
    for wanted in sorted(formats):
        files |= _publish(wanted, manuscript)
    made = manuscript.typeset
    if not pages or not made:
        return Made(files)
    sheets = dict(stylesheets(manuscript.folder, PRINT_STYLES))
    found = (*missing_glyphs(event, made.units, sheets), *told(pages.failures, event))
    return Made(files, made.pages, dict(pages.reasons), found)


def _is_paged(formats: frozenset[Format], unit: str | None) -> bool:
    """Whether the whole report is typeset: also for a part of it, which keeps its page numbers."""
    return bool(formats & PAGED) or unit is not None


def suffix(event: Event) -> str:
    """What the names of an edition's files have before their endings: `.fr` in report.fr.pdf."""
    return "" if event.language == event.editions[0] else f".{event.language}"


def _printed(manuscript: Manuscript) -> Mapping[str, bytes]:
    """The report as PDF: one file, or one a volume."""
    from report.link import bind, link

    report, typeset, cache = manuscript.report, manuscript.typeset, manuscript.cache
    assert typeset
    if manuscript.homes:
        return {f"{manuscript.stem}.pdf": link(report, typeset, cache, elsewhere=manuscript.homes)}
    return bind(report, typeset, cache, manuscript.suffix)


def _publish(wanted: Format, manuscript: Manuscript) -> Mapping[str, bytes]:
    """The files of one form of the report, by their names."""
    event, report, folder = manuscript.event, manuscript.report, manuscript.folder
    suffix, stem = manuscript.suffix, manuscript.stem
    match wanted:
        case Format.PDF:
            return _printed(manuscript)
        case Format.HTML:
            from report import web
            from report.publish.linked_data import linked_data

            styles, templates = stylesheets(folder, WEB_STYLES), template_folders(folder)
            if manuscript.homes:
                page = web.publish(report, styles, templates, whole=f"{REPORT}{suffix}.html")
            else:
                page = web.publish(report, styles, templates, linked_data(event, report))
            return {f"{stem}.html": page.encode()}
        case Format.JSON:
            from report.publish import data

            return data.publish(event, report, manuscript.folios, suffix)
        case Format.SITE:
            from report.publish.site import folder as site

            return site.publish(
                report,
                manuscript.folios,
                _printed(manuscript),
                stylesheets(folder, SITE_STYLES),
                template_folders(folder),
                manuscript.cache,
                suffix,
            )
        case Format.DOCX:
            from report.publish import docx
            from report.publish.raster import rasterizer

            rasterize = rasterizer(stylesheets(folder, FACES), folder, report.language)
            return {f"{stem}.docx": docx.publish(report, rasterize)}
        case Format.EPUB:
            from report.publish import epub
            from report.publish.raster import first_page

            assert manuscript.typeset
            cover = first_page(next(iter(_printed(manuscript).values())), scale=2)
            sheets, templates = stylesheets(folder, BOOK_STYLES), template_folders(folder)
            book = epub.publish(report, manuscript.typeset, sheets, templates, cover)
            return {f"{stem}.epub": book}
        case Format.MARKDOWN:
            from report.publish import markdown

            return {f"{stem}.md": markdown.publish(report).encode()}
        case Format.PROGRAMME:
            from report.publish import programme

            return programme.files(event, folder, manuscript.cache, suffix)

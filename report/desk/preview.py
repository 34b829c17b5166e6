"""The preview: the report as it stands while its files are being written.

One process stays warm: workers with their fonts loaded, texts parsed before, units typeset before.
After a change only what it touches is done again: the event is checked while workers typeset, and a
changed unit is shown as soon as both are done, before the page numbers of the report have settled.
The unit that is being read is merged, set and shown before any other is looked at. While there are
errors, the last good pages stay.
"""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from itertools import chain, repeat
from pathlib import Path
from time import sleep
from typing import Any, Self

from jinja2 import TemplateSyntaxError

from report.assets import PRINT_STYLES, stylesheets
from report.compilation import checked, in_language, load_event, merging
from report.desk.proof import Folio
from report.diagnostics import Diagnostic
from report.division import divided
from report.edition import UnknownEditionError
from report.fragment import Excerpt, Store, TypesetUnit
from report.job import Job, specimen
from report.link import bind
from report.load import EVENT_FILE, PARTICIPANTS_FILE, PHOTOGRAPHS_FILE
from report.model import Event
from report.typeset import Styles, Typeset, excerpt, typeset, typeset_alone
from report.unit import Report, Unit
from report.workers import cores, pool, warm_up

_SOURCES = {
    "cover": EVENT_FILE,
    "imprint": EVENT_FILE,
    "acronyms": EVENT_FILE,
    "programme": EVENT_FILE,
    "subjects": EVENT_FILE,
    "participants": PARTICIPANTS_FILE,
    "photographs": PHOTOGRAPHS_FILE,
}
"""The files that parts made by the compiler are made from, where it is one file."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody reads: the id of a unit, and the page in it, from 0."""

    unit: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is shown: the key of what holds it, which page it is in that, and its folio."""

    key: str
    page: int
    folio: str


@dataclass(frozen=True, slots=True)
class Part:
    """A unit of the report as it is typeset.

    `source` is the file that it is made from, relative to the event's folder, if it is one. `key`
    names the whole unit by its content; some of its `pages` may be newer, of an excerpt.
    """

    id: str
    kind: str
    title: str
    level: int
    language: str
    source: str
    mark: str
    key: str
    pages: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """All that is to be seen at one moment.

    `parts` are the last good pages. `diagnostics` are what is wrong with the files now; `trouble`
    tells of what is wrong with templates or styles. `sheets` are the folios by their labels.
    """

    version: int = 0
    title: str = ""
    language: str = "en"
    parts: tuple[Part, ...] = ()
    sheets: Mapping[str, Folio] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    trouble: str = ""
    busy: bool = True

    @property
    def failed(self) -> bool:
        """Whether errors keep the pages from being made anew."""
        return bool(self.trouble) or any(found.is_error for found in self.diagnostics)


_DRAWING = 0.1
"""Seconds for a browser to fetch the page that is read: whoever draws it shares the interpreter
with the composition, which keeps it busy while all else is merged."""

_LIFE = 2000
"""Units after which workers give way to new ones: the typesetter leaves some 60 kB of each in them,
and styles are changed a hundred times in a day."""

Show = Callable[[Preview], None]
"""Takes each preview as it comes about, in any thread."""


class _UnsoundError(Exception):
    """An event has errors, so that none of its pages is shown."""


class _OvertakenError(Exception):
    """Files have changed while pages were set of what stood in them before."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class _Reading:
    """An event as it was read, and what was found wrong with its files on the way."""

    event: Event | None
    found: tuple[Diagnostic, ...]

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that is wrong with it, which is looked for but once."""
        return checked(self.event, self.found)


class Compositor:
    """Sets an event anew after each change, and keeps warm what the next change needs.

    `read` is the place that is being read. It is set and shown before others; whoever knows of
    another writes it here, from any thread.
    """

    def __init__(
        self,
        folder: Path,
        cache: Path,
        show: Show,
        jobs: int | None = None,
        language: str = "",
    ) -> None:
        """Work on the event in a folder, with the cache that builds use too.

        `show` takes each preview of the edition in `language`, or in the main one, as it comes
        about.
        """
        self._folder = folder
        self._language = language
        self._cache = cache
        self._store = Store(cache)
        self._show = show
        self._jobs = jobs or cores()
        self._workers = pool(self._jobs)
        self._is_warm = False
        self._units_set = 0
        self._linkable: tuple[Report, Typeset] | None = None
        self._preview = Preview()
        self._reading: _Reading | None = None
        self.read = Place("")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Nobody waits any more for the pages that they are setting.
        self._workers.kill()
        self._workers.shutdown(cancel_futures=True)

    def compose(self, overtaken: Callable[[], bool] = _never, *, is_read: bool = False) -> None:
        """Read the event and show what it comes to: changed units first, then the settled report.

        It need not be read again when it `is_read`: it says what it said, and may look otherwise.

        Gives way to the next composition when files have changed meanwhile, which `overtaken`
        tells, but never before it has shown a unit: whoever saves without pause sees pages too.
        Never raises for what stands in files, templates and styles, or keeps them from being read.
        """
        try:
            if self._reading is None or not is_read:
                self._reading = _Reading(*load_event(self._folder, self._cache))
            self._compose(self._reading, overtaken)
        # Such as a disk that fails or is full: the next change may find it in order again.
        except Exception as error:
            self._reading = None
            self._tell(trouble=_told(error), busy=False)

    def _compose(self, reading: _Reading, overtaken: Callable[[], bool]) -> None:
        """Show what an event as it was read comes to."""
        read, found = reading.event, reading.found
        try:
            event = in_language(read, self._language) if read else None
        except UnknownEditionError as error:
            self._tell(trouble=str(error), busy=False)
            return
        inspect = cache(partial(self._inspect, reading))
        if event is None or any(each.is_error for each in found):
            inspect()
            return
        try:
            self._set(event, inspect, overtaken)
        except _OvertakenError:
            return
        # Templates and styles can fail in as many ways as there are functions to call from them,
        # and an event in still others when it has errors of which the checks would tell.
        except Exception as error:
            trouble = self._recovered(error)
            if inspect():
                self._tell(trouble=trouble, busy=False)

    def pdf(self, name: str) -> bytes:
        """Return the last good pages as the PDF of this name; `report.pdf` is the first volume.

        Raises `LookupError` for another name, and before there are any pages.
        """
        if self._linkable is None:
            raise LookupError("no page has been made yet")
        files = bind(*self._linkable, self._cache)
        return next(iter(files.values())) if name == "report.pdf" else files[name]

    def _inspect(self, reading: _Reading) -> bool:
        """Show what is wrong with an event as it was read; whether its pages may be shown."""
        diagnostics = reading.diagnostics
        failed = reading.event is None or any(each.is_error for each in diagnostics)
        self._tell(diagnostics=diagnostics, trouble="", busy=not failed)
        return not failed

    def _set(
        self, event: Event, inspect: Callable[[], bool], overtaken: Callable[[], bool]
    ) -> None:
        """Set an event of which it is not known yet whether it is sound; show it only if it is."""

        def tell(news: TypesetUnit | Excerpt) -> None:
            self._units_set += 1
            if not inspect():
                raise _UnsoundError
            self._tell_early(news)
            if overtaken():
                raise _OvertakenError

        sheets = stylesheets(self._folder, PRINT_STYLES)
        styles = Styles(sheets)
        self._warm(sheets, event.language)
        begun = merging(event, self._folder, self._cache, sheets)
        alone = begun.alone(self.read.unit)
        self._set_read(alone, styles, inspect, tell)
        report = begun.report()
        if not alone.units:
            self._set_read(report, styles, inspect, tell)
        pressed = typeset(
            report,
            styles,
            self._cache,
            executor=self._workers,
            jobs=self._jobs,
            progress=lambda _done, _of, unit: tell(unit),
            meanwhile=inspect,
            first=lambda: self.read.unit,
        )
        if not inspect():
            return
        self._linkable = report, pressed
        self._tell(
            title=report.title,
            language=report.language,
            parts=tuple(_parts(event, pressed)),
            sheets=dict(_sheets(pressed)),
            busy=False,
        )
        if self._units_set >= _LIFE * self._jobs:
            self._relieve()
            self._warm(sheets, event.language)

    def _set_read(
        self,
        report: Report,
        styles: Styles,
        meanwhile: Callable[[], object],
        tell: Callable[[TypesetUnit | Excerpt], None],
    ) -> None:
        """Set the unit that is being read, if a report has it, with the page numbers of before.

        Of a long one, the page that is being read is set before the others.
        """
        read = self.read
        units = (unit for book in report.bound for unit in divided(book).units)
        unit = next((unit for unit in units if unit.id == read.unit), None)
        if unit is None:
            return
        folios = self._linkable[1].folios_seen_by(unit.id) if self._linkable else {}
        cache, workers = self._cache, self._workers
        shown = next((part.key for part in self._preview.parts if part.id == unit.id), "")
        before = self._store.unit(shown, unit.id) if shown else None
        pages = before and excerpt(
            unit,
            report,
            styles,
            cache,
            before,
            read.page,
            folios=folios,
            executor=workers,
            meanwhile=meanwhile,
        )
        if pages:
            tell(pages)
        whole = typeset_alone(
            unit, report, styles, cache, folios=folios, executor=workers, meanwhile=meanwhile
        )
        if whole.key != shown:
            tell(whole)
            sleep(_DRAWING)

    def _recovered(self, error: Exception) -> str:
        """What kept the pages from being set, in words; the next change finds workers."""
        if not isinstance(error, BrokenExecutor):
            return _told(error)
        # A worker was killed, as happens where memory is short.
        self._relieve()
        return "typesetting was cut short; save again to retry"

    def _relieve(self) -> None:
        """Have new workers, which load nothing before they are asked to."""
        self._workers.shutdown(wait=False)
        self._workers, self._is_warm, self._units_set = pool(self._jobs), False, 0

    def _warm(self, styles: tuple[tuple[str, str], ...], language: str) -> None:
        """Have the workers load fonts and styles before the first change needs them."""
        if self._is_warm:
            return
        self._is_warm = True
        usual = specimen(styles, self._folder, self._cache, language)
        for _ in range(self._jobs):
            self._workers.submit(_warm_up, usual)

    def _tell_early(self, news: TypesetUnit | Excerpt) -> None:
        """Show pages that were typeset just now, with the folios that they had before."""
        before = self._preview.parts
        parts = tuple(_renewed(part, news) for part in before)
        if parts != before:
            self._tell(parts=parts)

    def _tell(self, **changes: Any) -> None:
        self._preview = replace(self._preview, version=self._preview.version + 1, **changes)
        self._show(self._preview)


def _warm_up(usual: Job) -> None:
    """Warm up a worker. An interrupt ends the server, which then sends its workers home."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm_up(usual)


def _renewed(part: Part, news: TypesetUnit | Excerpt) -> Part:
    """A part with new pages, if they are of it: all of them, or those of an excerpt."""
    first, new = (news.first, news.pages) if isinstance(news, Excerpt) else (0, news)
    if part.id != new.id:
        return part
    folios = [sheet.folio for sheet in part.pages[first:]]
    pages = tuple(
        Sheet(new.key, page, folio)
        for page, folio in zip(range(new.pages), chain(folios, repeat("")), strict=False)
    )
    if new is news:
        return replace(part, key=new.key, pages=pages)
    return replace(part, pages=(*part.pages[:first], *pages, *part.pages[first + new.pages :]))


def _parts(event: Event, pressed: Typeset) -> Iterator[Part]:
    for pages in pressed.bound:
        yield from _parts_of(event, pages)


def _parts_of(event: Event, pressed: Typeset) -> Iterator[Part]:
    pagination = pressed.pagination
    placed = zip(pagination.units, pressed.units, pagination.starts, strict=True)
    for (unit, _, _), done, start in placed:
        yield Part(
            id=unit.id,
            kind=unit.kind,
            title=unit.title,
            level=unit.level,
            language=unit.language,
            source=_source(event, unit),
            mark=unit.mark.word if unit.mark else "",
            key=done.key,
            pages=tuple(
                Sheet(done.key, page, pagination.label(start + page)) for page in range(done.pages)
            ),
        )


def _source(event: Event, unit: Unit) -> str:
    """The file in which the words of a unit stand: of a translation, its own."""
    identity = unit.id.rpartition("/")[0] if unit.kind == "discussion" else unit.id
    origin = event.origins.get(identity)
    if not origin:
        return _SOURCES.get(unit.kind, "")
    return origin.document.source.name if origin.document else origin.tree.place().file


def _sheets(pressed: Typeset) -> Iterator[tuple[str, Folio]]:
    """Where the folio of each page that shows one is drawn."""
    for pagination in pressed.volumes:
        for page in pagination.stamped:
            label = pagination.label(page)
            yield label, Folio(pressed.sheets[label].key, pagination.place(page))


def _told(error: Exception) -> str:
    """What is wrong with a template or style, with its file and line where they are known."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name}:{error.lineno}: {error.message}"
    frames = traceback.extract_tb(error.__traceback__)
    template = next((frame for frame in reversed(frames) if frame.filename.endswith(".html")), None)
    where = f"{template.filename}:{template.lineno}: " if template else ""
    return f"{where}{error or type(error).__name__}"

"""Typesetting: the units of a report as pages, each alone, in parallel, cached by content.

A unit is typeset only when something that it is made of has changed; all that it is made of is
named in its key. Page numbers are relocations: they are no part of a unit, but stamped on its
pages when units are linked. The few units that print page numbers of others (contents, indexes)
are keyed with the numbers that they print, and typeset until no number changes any more.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import astuple, dataclass, field
from functools import cached_property, lru_cache
from html import unescape
from importlib.metadata import version
from pathlib import Path

from report.failure import Failure, UnitsFailedError, failure, stand_in
from report.fragment import LEDGER, Store, TypesetUnit, replace
from report.job import Job, do
from report.limits import USUAL
from report.resources import fonts_digest
from report.scripts import sheets_for
from report.unit import Paging, Report, Unit
from report.workers import Crew, cores

ROUNDS = 5
"""How often units that print page numbers are typeset before giving up."""

FOLIOS = "folios"
"""The kind of a folio sheet."""

SHEET = 100
"""Folios on one sheet: even, so that every sheet begins with a recto."""

AHEAD = 2
"""Units handed to the workers at once, for each: one to typeset, one to go on with."""

_FOLIO = re.compile(r"""\sdata-folio\s*=\s*(?:"([^"]*)"|'([^']*)')""")

_FRAGMENT_MODULES = (
    "constants.py", "content.py", "fontconfig.xml", "fragment.py", "languages.py",
    "placing.py", "press.py", "printform.py", "scripts.py", "structure.py", "typeset.py",
)  # fmt: skip
"""What a fragment depends on besides its unit; this module names the inputs and makes sheets."""

CACHE_LIMIT = 1_000_000_000
"""Bytes that the cache may hold before it forgets what was used least recently."""

Progress = Callable[[int, int, TypesetUnit], None]
"""Called after each unit that had to be typeset: how many are done, how many there are, and it."""


class UnsettledError(RuntimeError):
    """Page numbers that change whenever they are printed."""


@dataclass(frozen=True, slots=True)
class Styles:
    """The stylesheets of the report in the order of the cascade: name and text of each."""

    sheets: tuple[tuple[str, str], ...]

    def of(self, unit: Unit, page_language: str) -> Styles:
        """Return those that a unit needs on pages whose margins are in a language."""
        text = "".join((unit.html, unit.title, *unit.running_head))
        return Styles(sheets_for(self.sheets, text, (page_language, unit.language)))


@dataclass(frozen=True)
class Typeset:
    """The report as typeset units in reading order, with what joins them.

    `starts` gives the index of each unit's first page in the linked report and `labels` the
    folio of every page; `folios` maps ids to the folio of the page on which they stand;
    `sheets` are the pages whose folios are stamped on `labels`; `reasons` tells for each unit
    that had to be typeset why; `failures` are the units in whose place a page says that they are
    missing.
    """

    units: tuple[TypesetUnit, ...]
    sheets: Mapping[str, TypesetUnit]
    pagination: Pagination
    reasons: Mapping[str, str] = field(default_factory=dict)
    failures: Mapping[str, Failure] = field(default_factory=dict)

    @property
    def folios(self) -> Mapping[str, str]:
        """The folio of the page on which each id stands."""
        return self.pagination.folios


@dataclass(frozen=True)
class Pagination:
    """Where the units' pages come to lie in the report, and how they are numbered."""

    units: tuple[tuple[Unit, int, Mapping[str, int]], ...]
    """Each unit with its page count and the page of each of its anchors."""

    @cached_property
    def front(self) -> int:
        """The number of pages before the body, a blank one included where it is needed."""
        count = sum(pages for unit, pages, _ in self.units if unit.paging is not Paging.BODY)
        has_body = any(unit.paging is Paging.BODY for unit, _, _ in self.units)
        # Page 1 is a recto, so the front matter fills whole leaves.
        return count + count % 2 if has_body else count

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The index of each unit's first page."""
        starts, place = [], 0
        for unit, pages, _ in self.units:
            if unit.paging is Paging.BODY:
                place = max(place, self.front)
            starts.append(place)
            place += pages
        return tuple(starts)

    @cached_property
    def total(self) -> int:
        """The number of pages of the report."""
        ends = (s + pages for s, (_, pages, _) in zip(self.starts, self.units, strict=True))
        return max(ends, default=0)

    def label(self, page: int) -> str:
        """Return the folio of a page given by its index."""
        return roman(page + 1) if page < self.front else str(page - self.front + 1)

    def place(self, page: int) -> int:
        """Return where on its folio sheet the folio of a page is."""
        return (page if page < self.front else page - self.front) % SHEET

    @cached_property
    def folios(self) -> Mapping[str, str]:
        """The folio of the page on which each unit and each id in it stands."""
        folios = {}
        for start, (unit, _, anchors) in zip(self.starts, self.units, strict=True):
            folios[unit.id] = self.label(start)
            folios.update((name, self.label(start + page)) for name, page in anchors.items())
        return folios

    @cached_property
    def stamped(self) -> tuple[int, ...]:
        """The indexes of the pages that show their folio."""
        return tuple(
            page
            for start, (unit, pages, _) in zip(self.starts, self.units, strict=True)
            if unit.paging is not Paging.NONE
            for page in range(start, start + pages)
        )


def roman(number: int) -> str:
    """Return a number in lower-case roman numerals."""
    numerals = ""
    for value, numeral in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
        (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        numerals += numeral * (number // value)
        number %= value
    return numerals


def typeset(
    report: Report,
    styles: Styles,
    cache: Path,
    *,
    executor: Executor | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    keep_going: bool = False,
) -> Typeset:
    """Typeset all units of a report that the cache does not hold.

    `executor` does the work when it is given, so many jobs at a time; otherwise so many processes
    of our own do or, with one job, this process.

    Raises `UnitsFailedError` when there are some that cannot be, or, to keep going, typesets a page
    in the place of each that says so. Raises `UnsettledError` and `OSError`.
    """
    shop = _Shop(report, styles, cache, executor, jobs or cores(), progress, keep_going)
    try:
        return shop.typeset()
    finally:
        shop.close()


class _Shop:
    """One run of typesetting: the report, the cache, and the workers once they are needed."""

    def __init__(
        self,
        report: Report,
        styles: Styles,
        cache: Path,
        executor: Executor | None,
        jobs: int,
        progress: Progress | None,
        keep_going: bool,
    ) -> None:
        self._keep_going = keep_going
        self._failures: dict[str, Failure] = {}
        self._report = report
        self._styles = styles
        self._store = Store(cache)
        self._own = Crew(jobs) if executor is None and jobs > 1 else None
        self._executor = executor or self._own
        self._jobs = jobs
        self._progress = progress or _silent
        self._common = _common_inputs(report)
        self._looks: dict[Styles, dict[str, str]] = {}
        self._ledger = _Ledger(cache / LEDGER)

    def typeset(self) -> Typeset:
        done: dict[str, TypesetUnit] = {}
        plain = [unit for unit in self._report.units if not unit.prints_folios]
        done.update(self._all(plain, {}))
        pagination = self._settle(done)
        sheets = self._sheets(pagination)
        self._ledger.save()
        self._store.trim(CACHE_LIMIT)
        units = tuple(done[unit.id] for unit in self._report.units)
        return Typeset(units, sheets, pagination, dict(self._ledger.reasons), self._failures)

    def close(self) -> None:
        if self._own is not None:
            self._own.shutdown()

    def _settle(self, done: dict[str, TypesetUnit]) -> Pagination:
        """Typeset what prints page numbers until they are those of the pages that result."""
        printing = [unit for unit in self._report.units if unit.prints_folios]
        pagination = self._paginate(done)
        for _ in range(ROUNDS):
            done.update(self._all(printing, pagination.folios))
            settled, pagination = pagination, self._paginate(done)
            if all(_printed(u, settled.folios) == _printed(u, pagination.folios) for u in printing):
                return pagination
        names = ", ".join(unit.id for unit in printing)
        raise UnsettledError(f"page numbers do not settle in {ROUNDS} rounds: {names}")

    def _paginate(self, done: Mapping[str, TypesetUnit]) -> Pagination:
        return Pagination(tuple(_extent(unit, done) for unit in self._report.units))

    def _sheets(self, pagination: Pagination) -> dict[str, TypesetUnit]:
        """Return the folio sheets for all pages that show their folio, by the folio."""
        sheets = dict(_needed_sheets(pagination, self._report.language))
        done = self._all(list({sheet.id: sheet for sheet in sheets.values()}.values()), {})
        return {label: done[sheet.id] for label, sheet in sheets.items()}

    def _all(self, units: Sequence[Unit], folios: Mapping[str, str]) -> dict[str, TypesetUnit]:
        """Return units typeset, from the cache where it has them."""
        done, stale = {}, []
        for unit in map(self._or_stand_in, units):
            inputs = self._inputs(unit, folios)
            key = digest(inputs)
            stored = self._store.unit(key, unit.id)
            if stored is None:
                stale.append(self._job(unit, key, _printed(unit, folios)))
            else:
                done[unit.id] = stored
            self._ledger.note(unit.id, inputs, stale=stored is None)
        failed = dict(self._failures)
        for unit_id, fresh in self._run(stale, len(units)):
            done[unit_id] = fresh
        missing = [unit for unit in units if unit.id in self._failures.keys() - failed.keys()]
        if missing and not self._keep_going:
            raise UnitsFailedError(self._failures)
        return done | self._all(missing, folios) if missing else done

    def _or_stand_in(self, unit: Unit) -> Unit:
        failed = self._failures.get(unit.id)
        return stand_in(unit, failed, self._report.language) if failed else unit

    def _inputs(self, unit: Unit, folios: Mapping[str, str]) -> dict[str, str]:
        """Return all that a unit is made of, by name."""
        mark = astuple(unit.mark) if unit.mark else ()
        text = [unit.kind, unit.title, unit.language, *unit.running_head, unit.html, *mark]
        return {
            "text": digest(text),
            "images": digest(sorted(unit.images.items())),
            "page numbers": digest(sorted(_printed(unit, folios).items())),
            **self._look(self._styles.of(unit, self._report.language)),
            **self._common,
        }

    def _look(self, styles: Styles) -> dict[str, str]:
        """Return what styles come to, worked out once for the units that share them."""
        if styles not in self._looks:
            css = [text for _, text in styles.sheets]
            self._looks[styles] = {
                "styles": digest(styles.sheets),
                "fonts": fonts_digest(css, self._report.folder),
            }
        return self._looks[styles]

    def _job(self, unit: Unit, key: str, folios: Mapping[str, str]) -> Job:
        report = self._report
        # Folio sheets are our own: no text can make them greater than they are.
        limits = USUAL if unit.kind == FOLIOS else report.limits
        return Job(
            unit,
            key,
            folios,
            report.language,
            report.specimen,
            self._styles.of(unit, report.language).sheets,
            report.folder,
            self._store.folder,
            limits,
        )

    def _run(self, stale: list[Job], of: int) -> Iterator[tuple[str, TypesetUnit]]:
        # The biggest first, so that no worker is left with a long one at the end.
        stale.sort(key=lambda job: len(job.unit.html), reverse=True)
        count = of - len(stale)
        for done in self._finished(stale):
            count += 1
            if isinstance(done, TypesetUnit):
                self._progress(count, of, done)
                yield done.id, done
            else:
                self._fail(done)

    def _fail(self, failed: Failure) -> None:
        if failed.unit in self._failures:
            # Not even the page that says so could be typeset.
            raise UnitsFailedError(self._failures)
        self._failures[failed.unit] = failed

    def _finished(self, stale: list[Job]) -> Iterator[TypesetUnit | Failure]:
        if self._executor is None:
            yield from map(do, stale)
            return
        suspects: list[Job] = []
        waiting = deque(stale)
        running: dict[Future[TypesetUnit | Failure], Job] = {}
        while waiting or running:
            # Few at a time, so that a worker's death leaves few to suspect.
            while waiting and len(running) < AHEAD * self._jobs:
                job = waiting.popleft()
                running[self._executor.submit(do, job)] = job
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                job = running.pop(future)
                try:
                    yield future.result()
                except BrokenExecutor:
                    suspects.append(job)
        for job in suspects:
            yield _alone(job, self._executor)


def _alone(job: Job, executor: Executor) -> TypesetUnit | Failure:
    """Typeset a unit with no other beside it, so that a worker's death is laid to it."""
    try:
        return executor.submit(do, job).result()
    except BrokenExecutor as error:
        return failure(job.unit.id, error, job.limits)


def _silent(_done: int, _of: int, _unit: TypesetUnit) -> None:
    """Report no progress."""


def _extent(unit: Unit, done: Mapping[str, TypesetUnit]) -> tuple[Unit, int, Mapping[str, int]]:
    """Return a unit's page count and anchors; one not yet typeset counts as one page."""
    if unit.id not in done:
        return unit, 1, {}
    typeset_unit = done[unit.id]
    return unit, typeset_unit.pages, {n: page for n, (page, _, _) in typeset_unit.anchors.items()}


def _printed(unit: Unit, folios: Mapping[str, str]) -> dict[str, str]:
    """Return the page numbers that a unit prints, by the ids of the places."""
    if not unit.prints_folios:
        return {}
    names = (unescape(first or second) for first, second in _FOLIO.findall(unit.html))
    return {name: folios.get(name, "?") for name in names}


def _needed_sheets(pagination: Pagination, language: str) -> Iterator[tuple[str, Unit]]:
    sheets: dict[tuple[bool, int], Unit] = {}
    for page in pagination.stamped:
        front = page < pagination.front
        number = page if front else page - pagination.front
        place = (front, number // SHEET)
        if place not in sheets:
            sheets[place] = folio_sheet(number - number % SHEET, front, language)
        yield pagination.label(page), sheets[place]


def folio_sheet(before: int, front: bool, language: str) -> Unit:
    """Return the unit of a hundred empty pages that show the folios after a number."""
    labels = [roman(n) if front else str(n) for n in range(before + 1, before + SHEET + 1)]
    html = "".join(f'<div class="folio" data-folio-label="{label}"></div>' for label in labels)
    name = f"folios-{labels[0]}-{labels[-1]}"
    return Unit(name, FOLIOS, name, html, language, Paging.NONE)


def _common_inputs(report: Report) -> dict[str, str]:
    return {
        "specimen": report.specimen,
        "language of the report": report.language,
        "WeasyPrint": _version("weasyprint"),
        "the compiler": source_digest(*_FRAGMENT_MODULES),
    }


@lru_cache
def _version(distribution: str) -> str:
    return version(distribution)


@lru_cache
def source_digest(*names: str) -> str:
    """Return a digest of modules of this package: truer than a version's number."""
    here = Path(__file__).parent
    return digest([(here / name).read_text(encoding="utf-8") for name in names])


def digest(value: object) -> str:
    """Return the SHA-256 of a value that JSON can write."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()


class _Ledger:
    """What each unit was made of in the build before, to tell why one had to be typeset."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._before = _read_ledger(path)
        self._now: dict[str, dict[str, str]] = {}
        self.reasons: dict[str, str] = {}

    def note(self, unit: str, inputs: dict[str, str], *, stale: bool) -> None:
        before = self._before.get(unit)
        if stale:
            self.reasons[unit] = _reason(before, inputs)
        self._before[unit] = self._now[unit] = inputs

    def save(self) -> None:
        replace(self._path, json.dumps(self._now, sort_keys=True).encode(), lasting=False)


def _read_ledger(path: Path) -> dict[str, dict[str, str]]:
    try:
        ledger: dict[str, dict[str, str]] = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return ledger


def _reason(before: Mapping[str, str] | None, inputs: Mapping[str, str]) -> str:
    if before is None:
        return "new"
    changed = [name for name in inputs if before.get(name) != inputs[name]]
    return " and ".join(changed) + " changed" if changed else "not in the cache"

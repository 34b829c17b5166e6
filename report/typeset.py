"""Typesetting: the units of a report as pages, each alone, in parallel, cached by content.

A unit is typeset only when something that it is made of has changed; all that it is made of is
named in its key. Page numbers are relocations: they are no part of a unit, but stamped on its
pages when units are linked. The few units that print page numbers of others (contents, indexes)
are keyed with the numbers that they print, and typeset until no number changes any more. What is
long is typeset in parts (`division`), so that memory does not grow with the event.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor
from contextlib import nullcontext, suppress
from dataclasses import astuple, dataclass, field
from functools import cached_property, lru_cache, partial
from html import unescape
from pathlib import Path
from types import MappingProxyType

from report.digits import Digits, written
from report.division import divided
from report.failure import Failure, UnitsFailedError, stand_in
from report.fragment import Excerpt, Store, TypesetUnit, ledger_key
from report.job import Job
from report.numerals import roman
from report.programs import programs
from report.quota import USUAL
from report.resources import fonts_digest, pictures_digest
from report.scripts import is_usual, sheets_for
from report.unit import Paging, Report, Unit
from report.workers import Crew, cores, do, do_apart, do_excerpt, each_done

ROUNDS = 5
"""How often units that print page numbers are typeset before giving up."""

FOLIOS = "folios"
"""The kind of a folio sheet."""

SHEET = 100
"""Folios on one sheet: even, so that every sheet begins with a recto."""

_TRIES = 3
"""How often a unit is tried apart from others when its executor breaks."""

AHEAD = 2
"""Units handed to the workers at once, for each: one to typeset, one to go on with."""

_FOLIO = re.compile(r"""\sdata-folio\s*=\s*(?:"([^"]*)"|'([^']*)')""")

FRAGMENT_MODULES = (
    "balance.py", "cascade.py", "columns.py", "constants.py", "content.py", "drawntext.py",
    "excerpt.py", "fontconfig.xml", "fragment.py", "glyphtexts.py", "htmlpatterns.py",
    "justification.py", "knownlines.py", "languages.py", "leaders.py", "linebreaks.py",
    "marginnotes.py", "placing.py", "press.py", "printform.py", "scripts.py", "structure.py",
    "tablefit.py", "typeset.py", "usedvalues.py",
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

    def of(self, unit: Unit) -> Styles:
        """Return those that a unit needs, which is without those of scripts it has not."""
        text = "".join((unit.html, unit.title, *unit.running_head))
        return Styles(sheets_for(self.sheets, text, (unit.language,)))


@dataclass(frozen=True)
class Typeset:
    """The report as typeset units in reading order, with what joins them.

    `volumes` tells for each volume where its units come to lie; `units` are those of all of them.
    `sheets` are the pages whose folios are stamped, by the folio; `reasons` tells for each unit
    that had to be typeset why; `failures` are the units in whose place a page says that they are
    missing.
    """

    units: tuple[TypesetUnit, ...]
    sheets: Mapping[str, TypesetUnit]
    volumes: tuple[Pagination, ...]
    reasons: Mapping[str, str] = field(default_factory=dict)
    failures: Mapping[str, Failure] = field(default_factory=dict)

    @property
    def pagination(self) -> Pagination:
        """The pagination of a report in one volume, or of a volume alone."""
        (pagination,) = self.volumes
        return pagination

    @property
    def pages(self) -> int:
        """The number of pages of all volumes."""
        return sum(pagination.total for pagination in self.volumes)

    @property
    def folios(self) -> Mapping[str, str]:
        """The folio of the page on which each id stands; of several volumes with its volume."""
        return folios_seen(self.volumes)

    def folios_seen_by(self, unit: str) -> Mapping[str, str]:
        """Return the folio of each id as a unit prints it."""
        volumes = (v for v in self.volumes if any(each.id == unit for each, _, _ in v.units))
        return folios_seen(self.volumes, next(volumes, None))

    @property
    def bound(self) -> Iterator[Typeset]:
        """Each volume alone."""
        start = 0
        for pagination in self.volumes:
            end = start + len(pagination.units)
            units, volumes = self.units[start:end], (pagination,)
            yield Typeset(units, self.sheets, volumes, self.reasons, self.failures)
            start = end


def folios_seen(volumes: Iterable[Pagination], here: Pagination | None = None) -> Mapping[str, str]:
    """The folio of each id as a page of the volume `here` prints it.

    The folio of a page of another volume is told with that volume: II, 45.
    """
    seen: dict[str, str] = {}
    for volume in volumes:
        prefix = "" if volume is here else volume.prefix
        folios = volume.folios.items()
        seen |= {name: f"{prefix}{folio}" for name, folio in folios} if prefix else volume.folios
    return seen


@dataclass(frozen=True)
class Pagination:
    """Where the units' pages come to lie in a volume, and how they are numbered."""

    units: tuple[tuple[Unit, int, Mapping[str, int]], ...]
    """Each unit with its page count and the page of each of its anchors."""
    first: int = 1
    """The number of the first page of the body."""
    prefix: str = ""
    """What the folios bear in other volumes, when there are several."""
    lead: int = 1
    """The number of the first page before the body."""
    digits: Digits = Digits.LATIN

    @cached_property
    def front(self) -> int:
        """The number of pages before the body, a blank one included where it is needed."""
        count = sum(pages for unit, pages, _ in self.units if unit.paging is not Paging.BODY)
        has_body = any(unit.paging is Paging.BODY for unit, _, _ in self.units)
        # An odd page is a recto, so that the front matter fills whole leaves before page 1.
        return count + (count + self.first + 1) % 2 if has_body else count

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
        """The number of pages of the volume."""
        ends = (s + pages for s, (_, pages, _) in zip(self.starts, self.units, strict=True))
        return max(ends, default=0)

    @property
    def following(self) -> int:
        """The number with which a next volume goes on: the next that falls on a recto."""
        last = self.first + self.total - self.front - 1
        return last + 1 + last % 2

    def number(self, page: int) -> int:
        """Return the number of a page given by its index, in the front matter or in the body."""
        return page + self.lead if page < self.front else page - self.front + self.first

    def label(self, page: int) -> str:
        """Return the folio of a page given by its index."""
        return _folio(self.number(page), page < self.front, self.digits)

    def place(self, page: int) -> int:
        """Return where on its folio sheet the folio of a page is."""
        return (self.number(page) - 1) % SHEET

    @cached_property
    def folios(self) -> Mapping[str, str]:
        """The folio of the page on which each unit and each id in it stands."""
        folios = {}
        for start, (unit, pages, anchors) in zip(self.starts, self.units, strict=True):
            labels = [self.label(page) for page in range(start, start + pages)]
            folios[unit.id] = self.label(start)
            folios.update((name, labels[page]) for name, page in anchors.items())
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


def _folio(number: int, is_front: bool, digits: Digits) -> str:
    return roman(number) if is_front else written(str(number), digits)


def typeset(
    report: Report,
    styles: Styles,
    cache: Path,
    *,
    executor: Executor | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    meanwhile: Callable[[], object] | None = None,
    first: Callable[[], str] | None = None,
    keep_going: bool = False,
) -> Typeset:
    """Typeset all units of a report that the cache does not hold.

    `executor` does the work when it is given, so many jobs at a time; otherwise so many processes
    of our own do or, with one job, this process. `meanwhile` is called whenever there is nothing
    to do but wait for others; `first` names the unit that is wanted before others, and is asked
    whenever there is a hand for one.

    Raises `UnitsFailedError` when there are some that cannot be, or, to keep going, typesets a page
    in the place of each that says so. Raises `UnsettledError` and `OSError`.
    """
    jobs = jobs or cores()
    is_alone = executor is None and jobs > 1
    with Crew(jobs) if is_alone else nullcontext(executor) as hands:
        shop = _Shop(report, styles, cache, hands, jobs, progress, meanwhile, first, keep_going)
        return shop.typeset()


def typeset_alone(
    unit: Unit,
    report: Report,
    styles: Styles,
    cache: Path,
    *,
    folios: Mapping[str, str] = MappingProxyType({}),
    executor: Executor | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> TypesetUnit:
    """Typeset one unit of a report without looking at the others.

    Where it prints page numbers they are `folios`, by the ids of the places. `executor` does the
    work, or this process. Otherwise as `typeset`.
    """
    shop = _Shop(report, styles, cache, executor, 1, None, meanwhile, None, False)
    return shop.typeset_alone(unit, folios)


def stale(report: Report, styles: Styles, cache: Path) -> Iterator[Job]:
    """Yield the jobs for units of a report in one volume that the cache does not hold.

    Those that print page numbers are left out, as only the whole report knows these.
    """
    return _Shop(report, styles, cache, None, 1, None, None, None, False).stale()


def excerpt(
    unit: Unit,
    report: Report,
    styles: Styles,
    cache: Path,
    before: TypesetUnit,
    page: int,
    *,
    folios: Mapping[str, str],
    executor: Executor,
    meanwhile: Callable[[], object],
) -> Excerpt | None:
    """Typeset the page of a unit that is being read, if it has changed.

    The unit has been typeset `before`, and `page` is the one that is read, from 0. Return nothing
    where that is hardly less work than the whole, or the page has not changed: then the cache has
    the whole. Otherwise as `typeset_alone`.
    """
    shop = _Shop(report, styles, cache, executor, 1, None, meanwhile, None, False)
    return shop.excerpt(unit, folios, before, page)


@dataclass(frozen=True, slots=True)
class _Look:
    """What styles add to a key, and the digests of the fonts and of the pictures in it."""

    inputs: Mapping[str, str]
    files: tuple[str, ...]


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
        meanwhile: Callable[[], object] | None,
        first: Callable[[], str] | None,
        keep_going: bool,
    ) -> None:
        self._keep_going = keep_going
        self._failures: dict[str, Failure] = {}
        self._report = report
        self._styles = styles
        self._store = Store(cache)
        self._executor = executor
        self._jobs = jobs
        self._progress = progress or _silent
        self._meanwhile = meanwhile
        self._first = first
        self._common = _common_inputs(report)
        self._usual: dict[str, Styles] = {}
        self._looks: dict[Styles, _Look] = {}
        self._ledger = _Ledger(self._store, report)

    def typeset(self) -> Typeset:
        done: dict[str, TypesetUnit] = {}
        books = tuple(map(divided, self._report.bound))
        units = [unit for book in books for unit in book.units]
        printing = {unit.id: unit for unit in units if unit.prints_folios}
        done.update(self._all([unit for unit in units if unit.id not in printing], {}))
        volumes = self._settle(books, done, printing)
        sheets = self._sheets(volumes)
        self._ledger.save()
        if self._ledger.reasons:
            self._store.tidy(CACHE_LIMIT)
        made = tuple(done[unit.id] for unit in units)
        return Typeset(made, sheets, volumes, dict(self._ledger.reasons), self._failures)

    def stale(self) -> Iterator[Job]:
        for unit in divided(self._report).units:
            if not unit.prints_folios:
                key = digest(self._inputs(unit, {}))
                if not self._store.path(key).exists():
                    yield self._job(unit, key, {})

    def typeset_alone(self, unit: Unit, folios: Mapping[str, str]) -> TypesetUnit:
        return self._all([unit], {unit.id: _folios_in(unit, folios)})[unit.id]

    def excerpt(
        self, unit: Unit, folios: Mapping[str, str], before: TypesetUnit, page: int
    ) -> Excerpt | None:
        printed = _folios_in(unit, folios)
        key = digest(self._inputs(unit, printed))
        if self._store.path(key).exists():
            return None
        assert self._executor
        job, work = self._job(unit, key, printed), partial(do_excerpt, before=before, page=page)
        ((_, done),) = each_done(self._executor, work, [job], 1, self._meanwhile)
        made = done.result()
        if isinstance(made, Failure):
            raise UnitsFailedError({unit.id: made})
        return made if isinstance(made, Excerpt) else None

    def _settle(
        self,
        books: Sequence[Report],
        done: dict[str, TypesetUnit],
        printing: Mapping[str, Unit],
    ) -> tuple[Pagination, ...]:
        """Typeset what prints page numbers until they are those of the pages that result."""
        volumes = self._paginate(books, done)
        printed = _printed(volumes, printing)
        for _ in range(ROUNDS):
            done.update(self._all(list(printing.values()), printed))
            volumes, before = self._paginate(books, done), printed
            printed = _printed(volumes, printing)
            if printed == before:
                return volumes
        names = ", ".join(printing)
        raise UnsettledError(f"page numbers do not settle in {ROUNDS} rounds: {names}")

    def _paginate(
        self, books: Sequence[Report], done: Mapping[str, TypesetUnit]
    ) -> tuple[Pagination, ...]:
        volumes: list[Pagination] = []
        for book in books:
            first = volumes[-1].following if book.runs_on else 1
            extents = tuple(_extent(unit, done) for unit in book.units)
            volumes.append(Pagination(extents, first, book.volume, digits=self._report.digits))
        return tuple(volumes)

    def _sheets(self, volumes: Iterable[Pagination]) -> dict[str, TypesetUnit]:
        """Return the folio sheets for all pages that show their folio, by the folio."""
        language = self._report.language
        sheets = dict(sheet for volume in volumes for sheet in _needed_sheets(volume, language))
        done = self._all(list({sheet.id: sheet for sheet in sheets.values()}.values()), {})
        return {label: done[sheet.id] for label, sheet in sheets.items()}

    def _all(
        self, units: Sequence[Unit], printed: Mapping[str, Mapping[str, str]]
    ) -> dict[str, TypesetUnit]:
        """Return units typeset, from the cache where it has them.

        `printed` gives the page numbers that each unit prints.
        """
        done, stale = {}, []
        for unit in map(self._or_stand_in, units):
            folios = printed[unit.id] if unit.id in printed and unit.prints_folios else {}
            inputs = self._inputs(unit, folios)
            key = digest(inputs)
            stored = None if self._has_begun(key) else self._store.unit(key, unit.id)
            if stored is None:
                stale.append(self._job(unit, key, folios))
            else:
                done[unit.id] = stored
            self._ledger.note(unit.id, inputs, stale=stored is None)
        failed = dict(self._failures)
        for unit_id, fresh in self._run(stale, len(units)):
            done[unit_id] = fresh
        missing = [unit for unit in units if unit.id in self._failures.keys() - failed.keys()]
        if missing and not self._keep_going:
            raise UnitsFailedError(self._failures)
        return done | self._all(missing, printed) if missing else done

    def _has_begun(self, key: str) -> bool:
        """Whether a worker typesets a unit already, or has just done so."""
        return isinstance(self._executor, Crew) and self._executor.has_begun(key)

    def _or_stand_in(self, unit: Unit) -> Unit:
        failed = self._failures.get(unit.id)
        return stand_in(unit, failed, self._report.language) if failed else unit

    def _inputs(self, unit: Unit, folios: Mapping[str, str]) -> dict[str, str]:
        """Return all that a unit is made of, by name."""
        mark = astuple(unit.mark) if unit.mark else ()
        html = hashlib.sha256(unit.html.encode()).hexdigest()
        text = [unit.kind, unit.title, unit.language, *unit.running_head, html, *mark]
        return {
            "text": digest(text),
            "images": _listed(unit.images),
            "page numbers": _listed(folios),
            **self._look(self._styles_of(unit)).inputs,
            **self._common,
        }

    def _styles_of(self, unit: Unit) -> Styles:
        """Return the styles that a unit needs, worked out once for all in letters of Europe."""
        if not all(map(is_usual, (unit.html, unit.title, *unit.running_head))):
            return self._styles.of(unit)
        if unit.language not in self._usual:
            self._usual[unit.language] = self._styles.of(unit)
        return self._usual[unit.language]

    def _look(self, styles: Styles) -> _Look:
        """Return what styles come to, worked out once for the units that share them."""
        if styles not in self._looks:
            css, folder = [text for _, text in styles.sheets], self._report.folder
            faces, pictures = fonts_digest(css, folder), pictures_digest(css, folder)
            inputs = {"styles": digest([styles.sheets, pictures]), "fonts": faces}
            self._looks[styles] = _Look(inputs, (faces, pictures))
        return self._looks[styles]

    def _job(self, unit: Unit, key: str, folios: Mapping[str, str]) -> Job:
        report = self._report
        # Folio sheets are our own: no text can make them greater than they are.
        allowance = USUAL if unit.kind == FOLIOS else report.allowance
        styles = self._styles_of(unit)
        return Job(
            unit,
            key,
            folios,
            report.specimen,
            styles.sheets,
            report.folder,
            self._store.folder,
            allowance,
            self._look(styles).files,
        )

    def _run(self, stale: list[Job], of: int) -> Iterator[tuple[str, TypesetUnit]]:
        count = of - len(stale)
        for done in self._finished(self._in_turn(stale)):
            count += 1
            if isinstance(done, TypesetUnit):
                self._progress(count, of, done)
                yield done.id, done
            else:
                self._fail(done)

    def _in_turn(self, stale: Iterable[Job]) -> Iterator[Job]:
        """Yield what is wanted first, then the biggest: no worker has a long one at the end."""
        waiting = sorted(stale, key=lambda job: len(job.unit.html), reverse=True)
        while waiting:
            wanted = self._first() if self._first else ""
            places = (place for place, job in enumerate(waiting) if wanted == job.unit.id)
            yield waiting.pop(next(places, 0) if wanted else 0)

    def _fail(self, failed: Failure) -> None:
        if failed.unit in self._failures:
            # Not even the page that says so could be typeset.
            raise UnitsFailedError(self._failures)
        self._failures[failed.unit] = failed

    def _finished(self, stale: Iterable[Job]) -> Iterator[TypesetUnit | Failure]:
        if self._executor is None:
            yield from map(do, stale)
            return
        suspects: list[Job] = []
        ahead = AHEAD * self._jobs
        for job, done in each_done(self._executor, do, stale, ahead, self._meanwhile):
            try:
                yield done.result()
            except BrokenExecutor:
                suspects.append(job)
        for job in suspects:
            yield _apart(job, self._executor)


def _apart(job: Job, executor: Executor) -> TypesetUnit | Failure:
    """Typeset a unit that was in hand when a worker died, perhaps of it.

    Raises `BrokenExecutor` when workers end whatever they do.
    """
    for _ in range(_TRIES - 1):
        # Others who use the executor may break it meanwhile.
        with suppress(BrokenExecutor):
            return executor.submit(partial(do_apart, do), job).result()
    return executor.submit(partial(do_apart, do), job).result()


def _silent(_done: int, _of: int, _unit: TypesetUnit) -> None:
    """Report no progress."""


def _extent(unit: Unit, done: Mapping[str, TypesetUnit]) -> tuple[Unit, int, Mapping[str, int]]:
    """Return a unit's page count and anchors; one not yet typeset counts as one page."""
    if unit.id not in done:
        return unit, 1, {}
    typeset_unit = done[unit.id]
    return unit, typeset_unit.pages, {n: page for n, (page, _, _) in typeset_unit.anchors.items()}


def _printed(
    volumes: Sequence[Pagination], printing: Container[str]
) -> Mapping[str, Mapping[str, str]]:
    """Return the page numbers that each unit which prints some does, by the ids of the places."""
    printed = {}
    for here in volumes:
        folios = folios_seen(volumes, here)
        for unit, _, _ in here.units:
            if unit.id in printing:
                printed[unit.id] = _folios_in(unit, folios)
    return printed


def _folios_in(unit: Unit, folios: Mapping[str, str]) -> Mapping[str, str]:
    """Return those of the page numbers of a report that a unit prints."""
    names = (unescape(first or second) for first, second in _FOLIO.findall(unit.html))
    return {name: folios.get(name, "?") for name in names}


def _needed_sheets(pagination: Pagination, language: str) -> Iterator[tuple[str, Unit]]:
    sheets: dict[tuple[bool, int], Unit] = {}
    for page in pagination.stamped:
        front = page < pagination.front
        before = pagination.number(page) - 1 - pagination.place(page)
        if (front, before) not in sheets:
            sheets[front, before] = folio_sheet(before, front, language, pagination.digits)
        yield pagination.label(page), sheets[front, before]


def folio_sheet(before: int, front: bool, language: str, digits: Digits = Digits.LATIN) -> Unit:
    """Return the unit of a hundred empty pages that show the folios after a number."""
    labels = [_folio(n, front, digits) for n in range(before + 1, before + SHEET + 1)]
    html = "".join(f'<div class="folio" data-folio-label="{label}"></div>' for label in labels)
    name = f"folios-{labels[0]}-{labels[-1]}"
    return Unit(name, FOLIOS, name, html, language, Paging.NONE)


def _common_inputs(report: Report) -> dict[str, str]:
    return {
        "specimen": digest(report.specimen),
        "libraries": digest(programs()),
        "the compiler": source_digest(*FRAGMENT_MODULES),
    }


@lru_cache
def source_digest(*names: str) -> str:
    """Return a digest of modules of this package: truer than a version's number."""
    here = Path(__file__).parent
    return digest([(here / name).read_text(encoding="utf-8") for name in names])


_JSON = json.JSONEncoder(ensure_ascii=False)


def digest(value: object) -> str:
    """Return the SHA-256 of a value that JSON can write."""
    return hashlib.sha256(_JSON.encode(value).encode()).hexdigest()


_EMPTY = digest([])


def _listed(values: Mapping[str, str]) -> str:
    """Return the digest of what has names, which of most units is nothing."""
    return digest(sorted(values.items())) if values else _EMPTY


_TELLING = 16
"""So much of a digest tells whether something has changed; nothing else depends on it."""


class _Ledger:
    """What each unit was made of in the build before, to tell why one had to be typeset.

    The editions of an event in several languages share it.
    """

    def __init__(self, store: Store, report: Report) -> None:
        self._store = store
        self._key = ledger_key(report.folder)
        self._editions = _read_ledger(store.read(self._key))
        self._language = report.language
        self._before = dict(self._editions.get(report.language, {}))
        self._now: dict[str, dict[str, str]] = {}
        self.reasons: dict[str, str] = {}

    def note(self, unit: str, made_of: Mapping[str, str], *, stale: bool) -> None:
        inputs = {name: value[:_TELLING] for name, value in made_of.items()}
        before = self._before.get(unit)
        if stale:
            self.reasons[unit] = _reason(before, inputs)
        self._before[unit] = self._now[unit] = inputs

    def save(self) -> None:
        editions = self._editions | {self._language: self._now}
        self._store.write(self._key, json.dumps(editions, sort_keys=True).encode())


def _read_ledger(kept: bytes | None) -> dict[str, dict[str, dict[str, str]]]:
    ledger: dict[str, dict[str, dict[str, str]]] = json.loads(kept) if kept else {}
    return ledger


def _reason(before: Mapping[str, str] | None, inputs: Mapping[str, str]) -> str:
    if before is None:
        return "new"
    changed = [name for name in inputs if before.get(name) != inputs[name]]
    return " and ".join(changed) + " changed" if changed else "not in the cache"

"""The folder of the site: all its files, from the merged report and its pages in the PDF."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import printable

from jinja2 import Environment
from markupsafe import Markup

from report.dublincore import elements
from report.fragment import Store
from report.publish.site import search, styles
from report.publish.site.pages import (
    FOLIO,
    SEARCH,
    START,
    Page,
    Workshop,
    address,
    make,
    pictures,
    policy,
    ways,
)
from report.publish.site.styles import Sheets, joined, wanted
from report.publish.site.survey import Survey, survey
from report.scripts import sheets_for
from report.templating import environment
from report.unit import Report, Unit
from report.web import Entry, outline
from report.webform import web_section
from report.words import catalogue, words

FOLDER = "site"
"""Where the site stands among the report's files."""

_REPEATING = frozenset(
    {"contents", "recommendations", "speakers", "documents", "subjects", "figures", "map"}
)
"""Kinds of units that only say what others say: the search finds it there."""


def publish(
    report: Report,
    folios: Mapping[str, str],
    books: Mapping[str, bytes],
    stylesheets: Sequence[tuple[str, str]],
    templates: Sequence[Path],
    cache: Path,
    suffix: str = "",
) -> Mapping[str, bytes]:
    """Make the site: its files by name, all of them in the folder `FOLDER` with this suffix.

    `books` are the PDFs that the report is printed as, one for each volume; `folios` gives the
    folio of the page on which each id stands in them.
    `stylesheets` and `templates` are as for `web.publish`, which tells what is raised; the site's
    own templates are in a folder `site` of theirs.
    """
    store = Store(cache)
    languages = (report.language, *(unit.language for unit in report.units))
    everything = "".join(unit.title + unit.html for unit in report.units)
    sheets = joined(sheets_for(stylesheets, everything, languages))
    surveys = {unit.id: survey(unit, store) for unit in report.units}
    printed = {
        unit.id: file for file, book in zip(books, report.bound, strict=True) for unit in book.units
    }
    pages = tuple(_pages(report, surveys, sheets, printed))
    templating = environment(templates, words(report.language), typographic=False)
    workshop = Workshop(report, templating, _digest(templates, report.language), store)
    html = {
        page.address: make(page, workshop).replace(FOLIO, folios.get(page.unit.id, ""))
        for page in pages
    }
    html[START] = _start(report, pages, templating, sheets, books)
    html[SEARCH] = _search_page(report, templating, sheets)
    # Labels are set in capitals, so the capital of every letter is needed too.
    characters = set(printable).union(*html.values())
    characters = characters.union(*map(str.upper, characters))
    files = {
        **{name: text.encode() for name, text in html.items()},
        **{f"search/{name}": data for name, data in _index(pages, surveys).items()},
        **{name: data for page in pages for name, data in pictures(page.unit, report.folder)},
        **styles.files(sheets, report.folder, characters, store),
        "search/search.js": _script(templates),
        **books,
    }
    return {f"{FOLDER}{suffix}/{name}": data for name, data in files.items()}


def _pages(
    report: Report, surveys: Mapping[str, Survey], sheets: Sheets, printed: Mapping[str, str]
) -> Iterator[Page]:
    """The pages of all units that have one, in reading order."""
    homes = {
        name: (address(unit), "" if name == unit.id else name)
        for unit in report.units
        for name in surveys[unit.id].anchors
    }
    units = [unit for unit in report.units if address(unit) != START]
    entries = outline(units)
    for number, unit in enumerate(units):
        trail = _trail(units[: number + 1])
        shown = tuple(_pruned(entries, {unit.id, *(above.id for above in trail)}))
        around = units[max(0, number - 1) : number + 2]
        titles = (*_titles(shown), *(other.title for other in around))
        yield Page(
            address=address(unit),
            unit=unit,
            trail=trail,
            entries=shown,
            previous=units[number - 1] if number else None,
            next=units[number + 1] if number + 1 < len(units) else None,
            book=printed.get(unit.id, ""),
            links={name: homes[name] for name in surveys[unit.id].targets},
            styles=wanted(
                sheets,
                "".join((report.title, unit.html, *titles)),
                (report.language, unit.language),
            ),
        )


def _trail(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """The units that the last of some belongs to, from the outermost."""
    trail: list[Unit] = []
    level = units[-1].level
    for unit in reversed(units):
        if unit.level < level:
            trail.insert(0, unit)
            level = unit.level
    return tuple(trail)


def _pruned(entries: Iterable[Entry], branch: set[str]) -> Iterator[Entry]:
    """The outline with only the entries of a branch unfolded."""
    for entry in entries:
        unfolded = entry.children if entry.unit.id in branch else ()
        yield Entry(entry.unit, tuple(_pruned(unfolded, branch)))


def _titles(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        yield entry.unit.title
        yield from _titles(entry.children)


def _start(
    report: Report,
    pages: Sequence[Page],
    templating: Environment,
    sheets: Sheets,
    books: Mapping[str, bytes],
) -> str:
    covers = [
        Markup(web_section(unit, report.folder, report.language))
        for unit in report.units
        if unit.kind == "cover"
    ]
    text = "".join((*covers, *(page.unit.title for page in pages)))
    return templating.get_template("site/start.html").render(
        report=report,
        covers=covers,
        entries=outline(page.unit for page in pages),
        first=pages[0].unit,
        described=elements(report),
        volumes=[unit.title for unit in report.units if unit.kind == "volume"],
        books={file: f"{len(content) / 1_000_000:.1f}" for file, content in books.items()},
        styles=wanted(sheets, text, (report.language,)),
        policy=policy(),
        **ways(START),
    )


def _search_page(report: Report, templating: Environment, sheets: Sheets) -> str:
    return templating.get_template("site/search.html").render(
        report=report,
        styles=[name for name, _ in sheets],
        policy=policy(scripts=True),
        shelves=search.SHELVES,
        **ways(SEARCH),
    )


def _index(pages: Iterable[Page], surveys: Mapping[str, Survey]) -> Mapping[str, bytes]:
    return search.index(
        search.Text(
            page.unit.id,
            page.address,
            page.unit.title,
            page.trail[-1].title if page.trail else "",
            surveys[page.unit.id],
        )
        for page in pages
        if page.unit.kind not in _REPEATING
    )


def _script(templates: Sequence[Path]) -> bytes:
    found = (folder / "site/search.js" for folder in templates)
    return next(path for path in found if path.is_file()).read_bytes()


def _digest(templates: Sequence[Path], language: str) -> str:
    """A digest of all templates, as any may include another, and of their words in a language."""
    digest = hashlib.sha256()
    own = [(folder, path) for folder in templates for path in sorted(folder.rglob("*"))]
    said = catalogue(language)
    for folder, path in (*own, (said.parent, said)):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            digest.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()

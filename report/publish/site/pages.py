"""The pages of units: each a unit in its surroundings, made again only when one of these changed.

A page is kept under a digest of all that it is made of. The folio that its unit has in the PDF is
no part of that: as on paper it is stamped at the end, or one more page in the first statement would
make every later page of the site stale.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup

from report.fragment import Store
from report.publish.site.styles import STRONG
from report.typeset import digest
from report.unit import Report, Unit
from report.web import Entry
from report.webform import FRAGMENT, media_type, picture, web_section

START = "index.html"
SEARCH = "search/index.html"
MEDIA = "media"

FOLIO = "\x00"
"""Where a page tells the folio of its unit. No text has this sign: `source` refuses it."""

_ON_START = frozenset({"cover", "contents"})
"""Kinds of units that have no page of their own."""

_CODE = (
    *("languages.py", "typography.py", "unit.py", "web.py", "webform.py", "words.py"),
    "publish/site/pages.py",
)


@dataclass(frozen=True, slots=True)
class Page:
    """A unit's page: its address in the site, and what it shows of the pages around it.

    `trail` are the units that it belongs to, from the outermost; `entries` is the outline as it is
    shown there; `book` is the PDF in which the unit is printed; `links` gives for each id that the
    unit's links name the address of its page, and the place there unless it is the whole page;
    `styles` are the stylesheets that it wants.
    """

    address: str
    unit: Unit
    trail: tuple[Unit, ...]
    entries: tuple[Entry, ...]
    previous: Unit | None
    next: Unit | None
    book: str
    links: Mapping[str, tuple[str, str]]
    styles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What all pages of a site are made with; `templates` is a digest of the templates."""

    report: Report
    environment: Environment
    templates: str
    store: Store


def address(unit: Unit) -> str:
    """The file of a unit in the site, and with it the end of its URL."""
    if unit.kind in _ON_START:
        return START
    name = f"{unit.id}.html"
    return name if name.casefold() != START else f"{unit.id}/{START}"


def root(page: str) -> str:
    """The way from a page up to the folder of the site."""
    return "../" * page.count("/")


def way(page: str, target: str, anchor: str = "") -> str:
    """The URL that leads from a page to another, or to a place in it."""
    fragment = f"#{quote(anchor, safe=FRAGMENT)}" if anchor else ""
    return fragment if page == target and anchor else f"{root(page)}{quote(target)}{fragment}"


def ways(page: str) -> Mapping[str, object]:
    """What every template of the site wants: the ways from a page to all others."""
    return {
        "root": root(page),
        "start": way(page, START),
        "search": way(page, SEARCH),
        "strong": way(page, STRONG),
        "address": lambda unit: way(page, address(unit)),
    }


def policy(*, scripts: bool = False) -> str:
    """The Content Security Policy of a page: nothing but files of the site.

    A site that is opened from a disk has no origin, so that `'self'` is nothing there for some
    browsers (CSP Level 3, 6.7.2.8); `file:` says it for them. Pages of a server load no `file:`.
    """
    own = "'self' file:"
    return "; ".join(
        (
            "default-src 'none'",
            *([f"script-src {own}"] if scripts else []),
            f"style-src {own}",
            f"img-src {own} data:",
            f"font-src {own} data:",
            f"form-action {own}",
            "base-uri 'none'",
        )
    )


def make(page: Page, workshop: Workshop) -> str:
    """The page as HTML, with `FOLIO` for the number of its page in the PDF."""
    key = digest([_told(page, workshop.report), workshop.templates, _code()])
    if (kept := workshop.store.read(key)) is not None:
        return kept.decode()
    html = _rendered(page, workshop)
    workshop.store.write(key, html.encode())
    return html


def pictures(unit: Unit, folder: Path) -> Iterator[tuple[str, bytes]]:
    """The pictures of a unit: the file of each in the site, and its bytes."""
    for source in unit.images:
        content = picture(source, unit.slides, folder)
        yield _file(source, content, unit), content


def _file(source: str, content: bytes, unit: Unit) -> str:
    """The file of a picture. Its ending is that of what it is, whatever it was called."""
    number = f"-{slide.number}" if (slide := unit.slides.get(source)) else ""
    ending = mimetypes.guess_extension(media_type(content)) or ""
    return f"{MEDIA}/{unit.images[source][:16]}{number}{ending}"


def _rendered(page: Page, workshop: Workshop) -> str:
    here, unit, report = page.address, page.unit, workshop.report
    section = web_section(
        unit,
        report.folder,
        report.language,
        place=lambda source, content: root(here) + _file(source, content, unit),
        address=lambda name: way(here, *page.links.get(name, (here, name))),
        alone=True,
        beside=f"{root(here)}../",
    )
    return workshop.environment.get_template("site/unit.html").render(
        report=report,
        page=page,
        styles=page.styles,
        section=Markup(section),
        has_heading="aria-level" in section,
        folio=FOLIO,
        policy=policy(),
        printed=f"{root(here)}{page.book}#nameddest={quote(unit.id, safe=FRAGMENT)}",
        **ways(here),
    )


def _told(page: Page, report: Report) -> list[object]:
    """All that a page is made of, but for templates and code."""
    unit = page.unit
    mark = (unit.mark.word, unit.mark.notice) if unit.mark else None
    slides = sorted((source, slide.number) for source, slide in unit.slides.items())
    around = [*page.trail, *filter(None, (page.previous, page.next))]
    return [
        [page.address, unit.id, unit.title, unit.kind, unit.level, unit.language, unit.html, mark],
        [dict(unit.images), slides, dict(page.links), page.styles, page.book],
        [[other.id, other.title] for other in around],
        [bool(page.previous), bool(page.next), _outlined(page.entries)],
        [report.title, report.language, report.specimen],
    ]


def _outlined(entries: tuple[Entry, ...]) -> list[object]:
    return [[e.unit.id, e.unit.title, _outlined(e.children)] for e in entries]


@cache
def _code() -> str:
    package = Path(__file__).parents[2]
    sources = ((package / name).read_bytes() for name in _CODE)
    return hashlib.sha256(b"\0".join(sources)).hexdigest()

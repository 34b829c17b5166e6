"""Publishing: the Report as one web page that needs nothing else.

Styles, fonts and pictures are in the file; it has no script and asks no server for anything, which
its Content Security Policy holds browsers to. The navigation takes the place of the contents.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from string import printable
from urllib.parse import quote

from markupsafe import Markup

from report.dublincore import elements
from report.scripts import sheets_for
from report.templating import environment
from report.unit import Report, Unit, anchors
from report.webfonts import embed_fonts
from report.webform import FRAGMENT, Address, web_section
from report.webpictures import embed_pictures
from report.words import words

_COMMENT = re.compile(r"\s*/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit in the navigation, with the entries below it."""

    unit: Unit
    children: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A unit in the page's body, in its web form."""

    unit: Unit
    html: Markup


def publish(
    report: Report,
    styles: Sequence[tuple[str, str]],
    templates: Sequence[Path],
    linked_data: str = "",
    whole: str = "",
) -> str:
    """Make the report's web page.

    `styles` are stylesheets, name and text, in the order of the cascade. `templates` are folders to
    look for `page.html` in, one after the other. `linked_data` is JSON-LD that can stand in a
    `script` element: a data block, which browsers do not run and no policy needs to allow (HTML
    Living Standard, 4.12.1). Links to places that are not in the page lead to the page `whole`.
    Raises `jinja2.TemplateError` for a template that cannot be used and
    `ResourceRefusedError` for a font or picture that may not be read.
    """
    shown = tuple(unit for unit in report.units if unit.kind != "contents")
    own = frozenset[str]().union(*map(anchors, report.units))
    sections = tuple(_sections(shown, report, partial(_address, own, whole) if whole else None))
    style = _stylesheet(styles, report, sections)
    return (
        environment(templates, words(report.language), typographic=False)
        .get_template("page.html")
        .render(
            report=report,
            sections=sections,
            entries=outline(unit for unit in shown if unit.kind != "cover"),
            style=Markup(style),
            policy=policy(style),
            described=elements(report),
            linked_data=Markup(linked_data),
            address=lambda unit: f"#{unit.id}",
        )
    )


def outline(units: Iterable[Unit]) -> tuple[Entry, ...]:
    """Nest units by their level: a unit belongs to the last one before it of a lower level."""
    return tuple(_entries(tuple(units)))


def _entries(units: Sequence[Unit]) -> Iterator[Entry]:
    start = 0
    while start < len(units):
        end = start + 1
        while end < len(units) and units[end].level > units[start].level:
            end += 1
        yield Entry(units[start], tuple(_entries(units[start + 1 : end])))
        start = end


def policy(style: str) -> str:
    """The Content Security Policy of a page that has one style element and nothing else that acts.

    The style is allowed by its hash (CSP Level 3, 2.3.1), pictures and fonts as data: URLs.
    """
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{digest}'",
            "img-src data:",
            "font-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _address(own: Collection[str], whole: str, anchor: str) -> str:
    return f"{'' if anchor in own else whole}#{quote(anchor, safe=FRAGMENT)}"


def _sections(units: Iterable[Unit], report: Report, address: Address | None) -> Iterator[Section]:
    for unit in units:
        html = web_section(unit, report.folder, report.language, address=address)
        yield Section(unit, Markup(html))


def _stylesheet(
    styles: Sequence[tuple[str, str]], report: Report, sections: Sequence[Section]
) -> str:
    """All styles in one, with their pictures and the fonts that the sections need."""
    words = "".join(section.unit.title + section.html for section in sections)
    languages = [report.language, *(section.unit.language for section in sections)]
    sheets = [
        embed_pictures(without_comments(css), report.folder)
        for _, css in sheets_for(styles, words, languages)
    ]
    # Labels are set in capitals, so the capital of every letter is needed too.
    characters = set(printable + "".join(sheets) + words + words.upper())
    css = "\n".join(embed_fonts(sheet, report.folder, characters) for sheet in sheets)
    # "</" would end the element (HTML Living Standard, 13.1.2.6); in CSS "<\\/" is the same.
    return css.replace("</", "<\\/")


def without_comments(css: str) -> str:
    """A stylesheet without its comments."""
    return _COMMENT.sub("", css)

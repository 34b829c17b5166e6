"""The e-book: the report as one EPUB 3.3 publication (W3C Recommendation).

Each unit is a file, and has the report's own anchors. The list of pages is that of the PDF: whoever
has the book and whoever has the print find the same page.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate, chain, groupby
from pathlib import Path
from string import printable
from urllib.parse import quote

from lxml.html import HtmlElement, fragment_fromstring, tostring
from markupsafe import Markup

from report.dublincore import elements
from report.fragment import TypesetUnit
from report.look import tokens
from report.publish.archive import pack
from report.publish.pagebreaks import mark_pages, page_anchor
from report.scripts import sheets_for
from report.templating import environment
from report.typeset import Typeset
from report.unit import Paging, Report, Unit, anchors
from report.web import outline
from report.webfonts import embed_fonts
from report.webform import FRAGMENT, media_type, web_section
from report.webpictures import embed_pictures
from report.words import Words, words

_FOLDER = "EPUB"
_CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>\n"
)

_FEATURES = (
    *("alternativeText", "displayTransformability", "index", "pageBreakMarkers", "pageNavigation"),
    *("readingOrder", "structuralNavigation", "tableOfContents", "unlocked"),
)
"""What makes the book accessible, in the words of schema.org."""

_ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
}
_TYPES = {ending: kind for kind, ending in _ENDINGS.items()}

_LENGTH = re.compile(r"(?<![\w#.-])([0-9.]+)(pt|mm)\b")
_VARIABLE = re.compile(r"var\(--([\w-]+)\)")
_POINTS = {"pt": 1.0, "mm": 72 / 25.4}
_COVER = "cover.png"
_MATTER = {Paging.NONE: "frontmatter", Paging.FRONT: "frontmatter", Paging.BODY: "bodymatter"}


@dataclass(frozen=True, slots=True)
class Part:
    """A unit as a file of the book: its name, and its content as XHTML."""

    id: str
    unit: Unit
    name: str
    html: Markup

    @property
    def matter(self) -> str:
        """Which division of the book it belongs to (EPUB 3 Structural Semantics, 3)."""
        return "cover" if self.unit.kind == "cover" else _MATTER[self.unit.paging]


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the book as its manifest lists it (5.6.2)."""

    id: str
    name: str
    media_type: str
    properties: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the PDF: its label, and where it begins in the book."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that readers often want: its kind, what it is called, and where it is."""

    type: str
    title: str
    href: str


class _Book:
    """A book in the making: where each id of the report is in it, and what was met so far."""

    def __init__(self, report: Report, typeset: Typeset) -> None:
        self._report = report
        self._printed = {unit.id: (unit, labels) for unit, labels in _labelled(typeset)}
        self._files = {unit.id: _name(n) for n, unit in enumerate(report.units, start=1)}
        self._homes = {
            name: self._files[unit.id] for unit in report.units for name in anchors(unit)
        }
        self.pictures: dict[str, bytes] = {}
        self.pages: list[Page] = []

    def parts(self) -> Iterator[Part]:
        report = self._report
        for number, unit in enumerate(report.units, start=1):
            section = web_section(
                unit,
                report.folder,
                report.language,
                place=self._place,
                address=self.address,
                beside=None,
            )
            root = fragment_fromstring(section, create_parent="div")
            name = self._files[unit.id]
            # The covers and contents of volumes are not in the whole.
            if unit.id in self._printed:
                printed, labels = self._printed[unit.id]
                mark_pages(root, printed, labels)
                self.pages += (
                    Page(label, self._href(name, page_anchor(label))) for label in labels
                )
            yield Part(f"part-{number}", unit, name, Markup(_xhtml(root)))

    def address(self, anchor: str) -> str:
        """The address of a place of the report in the book."""
        return self._href(self._homes.get(anchor, ""), anchor)

    def _href(self, file: str, anchor: str) -> str:
        return f"{file}#{quote(anchor, safe=FRAGMENT)}"

    def _place(self, _source: str, content: bytes) -> str:
        """Keep a picture, each once, and say where it is."""
        ending = _ENDINGS[media_type(content)]
        same = (name for name, kept in self.pictures.items() if kept == content)
        name = next(same, f"images/{len(self.pictures) + 1}{ending}")
        self.pictures[name] = content
        return name


def publish(
    report: Report,
    typeset: Typeset,
    styles: Sequence[tuple[str, str]],
    templates: Sequence[Path],
    cover: bytes,
) -> bytes:
    """Make the report's book: the same bytes for the same report.

    `typeset` are the report's pages, and `cover` is a picture of the first of them, as PNG.
    `styles` and `templates` are as `web.publish` takes them. Raises what that raises.
    """
    book = _Book(report, typeset)
    parts = tuple(book.parts())
    say = words(report.language)
    env = environment(templates, say, typographic=False)
    style = _stylesheet(styles, report, parts)
    navigation = env.get_template("epub/nav.xhtml").render(
        report=report,
        entries=outline(unit for unit in report.units if unit.kind != "cover"),
        address=book.address,
        landmarks=tuple(_landmarks(parts, say)),
        pages=book.pages,
    )
    pictures = {_COVER: cover, **book.pictures}
    package = env.get_template("epub/package.opf").render(
        report=report,
        parts=parts,
        files=(*_items(parts, pictures),),
        features=_FEATURES,
        described=elements(report),
        identifier=_identifier(report),
        modified=f"{datetime.fromtimestamp(report.timestamp, UTC):%Y-%m-%dT%H:%M:%SZ}",
    )
    page = env.get_template("epub/part.xhtml")
    texts = {
        "package.opf": package,
        "nav.xhtml": navigation,
        "style.css": style,
        **{part.name: page.render(report=report, part=part) for part in parts},
    }
    return pack(
        {
            # First and as it is, so that the archive's first bytes tell what it is (4.2.6.3).
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": _CONTAINER.encode(),
            **{f"{_FOLDER}/{name}": text.encode() for name, text in texts.items()},
            **{f"{_FOLDER}/{name}": content for name, content in pictures.items()},
        },
        plain="mimetype",
    )


def _labelled(typeset: Typeset) -> Iterator[tuple[TypesetUnit, tuple[str, ...]]]:
    """Each unit as it is printed, with the labels of its pages."""
    for pagination, bound in zip(typeset.volumes, typeset.bound, strict=True):
        printed = zip(pagination.units, bound.units, pagination.starts, strict=True)
        for _, parts in groupby(printed, key=lambda part: part[0][0].whole):
            _, units, (start, *_) = zip(*parts, strict=True)
            unit = _joined(units)
            pages = range(start, start + unit.pages)
            yield unit, tuple(pagination.prefix + pagination.label(page) for page in pages)


def _joined(parts: Sequence[TypesetUnit]) -> TypesetUnit:
    """The parts of a unit as one, which most units are."""
    starts = accumulate((part.pages for part in parts), initial=0)
    anchors = {
        name: (start + page, x, y)
        for part, start in zip(parts, starts, strict=False)
        for name, (page, x, y) in part.anchors.items()
    }
    openings = chain.from_iterable(part.openings for part in parts)
    pages = sum(part.pages for part in parts)
    return replace(parts[0], pages=pages, anchors=anchors, openings=tuple(openings))


def _name(number: int) -> str:
    return f"part-{number}.xhtml"


def _xhtml(root: HtmlElement) -> str:
    """HTML as XML: what the names of SVG were before a parser of HTML made them small."""
    for drawing in root.iter("svg"):
        drawing.set("viewBox", drawing.attrib.pop("viewbox"))
    for fold in root.iter("details"):
        fold.set("open", "open")
    for mark in root.iterfind(".//span[@role='doc-pagebreak']"):
        mark.set("epub:type", "pagebreak")
    return "".join(tostring(child, encoding="unicode", method="xml") for child in root)


def _items(parts: Iterable[Part], pictures: Iterable[str]) -> Iterator[Item]:
    for part in parts:
        properties = "svg" if "<svg" in part.html else ""
        yield Item(part.id, part.name, "application/xhtml+xml", properties)
    for number, name in enumerate(pictures):
        properties = "cover-image" if name == _COVER else ""
        yield Item(f"picture-{number}", name, _TYPES[Path(name).suffix], properties)


def _landmarks(parts: Sequence[Part], say: Words) -> Iterator[Landmark]:
    """Where readers often want to go (EPUB 3.3, 7.4.4)."""
    kinds = {"cover": ("cover", say.gettext("Cover")), "contents": ("toc", say.gettext("Contents"))}
    for part in parts:
        if part.unit.kind in kinds:
            yield Landmark(*kinds[part.unit.kind], part.name)
    for part in parts:
        if part.unit.paging is Paging.BODY:
            yield Landmark("bodymatter", say.gettext("Beginning of the text"), part.name)
            break


def _identifier(report: Report) -> str:
    """A name for this edition of the report, made from what it is (RFC 9562, 5.5)."""
    told = report.entry.text if report.entry else f"{report.title} {report.timestamp}"
    return uuid.uuid5(uuid.NAMESPACE_OID, told).urn


def _stylesheet(styles: Sequence[tuple[str, str]], report: Report, parts: Sequence[Part]) -> str:
    """All styles in one, with their pictures and the fonts that the parts need."""
    said = "".join(part.unit.title + part.html for part in parts)
    languages = [report.language, *(part.unit.language for part in parts)]
    sheets = sheets_for(styles, said, languages)
    values = tokens(css for _, css in sheets)
    characters = set(printable + said + said.upper() + "".join(css for _, css in sheets))
    # A picture would not be the same with other lengths in it.
    relative = (embed_pictures(_relative(css, values), report.folder) for _, css in sheets)
    return "\n".join(embed_fonts(css, report.folder, characters) for css in relative)


def _relative(css: str, values: Mapping[str, str]) -> str:
    """A stylesheet with the values of tokens, and lengths that grow with the reader's own size.

    Not every reading system knows custom properties, and none lets points grow.
    """
    size = values["size-text"].removesuffix("pt")
    filled = _VARIABLE.sub(lambda use: values.get(use[1], use[0]), css)
    return _LENGTH.sub(lambda n: f"{float(n[1]) * _POINTS[n[2]] / float(size):.3g}rem", filled)

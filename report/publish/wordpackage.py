"""A Word file as pandoc writes it, with what pandoc cannot write (ECMA-376, part 1).

Numbers of paragraphs, page breaks, settings, and the description of the document. Places have
bookmarks, by which a file that comes back is compared with the report.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from itertools import count

from lxml import etree

from report.assets import stylesheets
from report.publish.archive import pack
from report.publish.wordstyles import WORD
from report.unit import Report, Unit

_SETTINGS = "reference/word/settings.xml"
_NUMBERED = "NumberedParagraph"
_PARAGRAPH = re.compile(r"p([0-9]+)_([0-9a-f]{24})")

_APPLICATION = b"""<?xml version="1.0" encoding="UTF-8"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">\
<Application>Rapporteur</Application></Properties>"""


def bookmark(anchor: str) -> str:
    """The name of the bookmark at an anchor of the report.

    Word allows a letter, then letters, digits and underscores, 40 in all. So a text is named by a
    digest: `1-opening/01-secretary-general:4` is `p4_` with the first 24 digits of the SHA-256 of
    `1-opening/01-secretary-general`. Any other anchor is `a_` with those of its own.
    """
    text, _, number = anchor.rpartition(":")
    is_paragraph = bool(text) and number.isascii() and number.isdecimal()
    name, prefix = (text, f"p{number}_") if is_paragraph else (anchor, "a_")
    return prefix + hashlib.sha256(name.encode()).hexdigest()[:24]


def finished(written: bytes, report: Report) -> bytes:
    """The Word file of the report from what pandoc wrote: the same bytes for the same input."""
    with zipfile.ZipFile(BytesIO(written)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    document = etree.fromstring(parts["word/document.xml"])
    numbering = etree.fromstring(parts["word/numbering.xml"])
    _number(document, numbering)
    _break_pages(document, report.units[1:])
    _forget_sources(document)
    settings = dict(stylesheets(report.folder, (_SETTINGS,)))[_SETTINGS]
    parts |= {
        "word/document.xml": _xml(document),
        "word/numbering.xml": _xml(numbering),
        "word/settings.xml": settings.encode(),
        "docProps/core.xml": _description(report).encode(),
        "docProps/app.xml": _APPLICATION,
    }
    return pack(parts)


def _number(document: etree._Element, numbering: etree._Element) -> None:
    """Give numbered paragraphs numbers of Word's own, which begin anew in each text (17.9.26)."""
    used = (int(each.get(_w("numId"), "0")) for each in numbering.iter(_w("num")))
    free = count(max(used, default=0) + 1)
    lists: dict[str, str] = {}
    for paragraph, number, text in _numbered(document):
        if text not in lists:
            lists[text] = str(next(free))
            numbering.append(_list(lists[text], number))
        mark = _element("numPr")
        mark.extend((_element("ilvl", "0"), _element("numId", lists[text])))
        _properties(paragraph).insert(1, mark)


def _numbered(document: etree._Element) -> Iterator[tuple[etree._Element, str, str]]:
    """Each numbered paragraph, its number, and the digest of its text."""
    for paragraph in document.iter(_w("p")):
        style = paragraph.find(f"{_w('pPr')}/{_w('pStyle')}")
        if style is not None and style.get(_w("val")) == _NUMBERED:
            for start in paragraph.iter(_w("bookmarkStart")):
                if match := _PARAGRAPH.fullmatch(start.get(_w("name"), "")):
                    yield paragraph, match[1], match[2]


def _list(identity: str, start: str) -> etree._Element:
    """A list of the first abstract numbering, which is that of paragraphs (17.9.15)."""
    override = _element("lvlOverride")
    override.set(_w("ilvl"), "0")
    override.append(_element("startOverride", start))
    listing = _element("num")
    listing.set(_w("numId"), identity)
    listing.extend((_element("abstractNumId", "1"), override))
    return listing


def _break_pages(document: etree._Element, units: Sequence[Unit]) -> None:
    """Begin each unit on a page of its own (17.3.1.23)."""
    names = {bookmark(unit.id) for unit in units}
    for start in document.iter(_w("bookmarkStart")):
        if start.get(_w("name")) in names:
            paragraph = next(start.itersiblings(_w("p")), None)
            if paragraph is not None:
                _properties(paragraph).insert(1, _element("pageBreakBefore"))


def _properties(paragraph: etree._Element) -> etree._Element:
    """The properties of a paragraph, whose first is its style (17.3.1.26)."""
    found = paragraph.find(_w("pPr"))
    assert found is not None
    return found


def _forget_sources(document: etree._Element) -> None:
    """Take out what pandoc says of a picture's source, which is the picture once more as text."""
    for properties in document.iter("{*}cNvPr"):
        properties.set("descr", "")


def _description(report: Report) -> str:
    """The core properties (ECMA-376, part 2, 11)."""
    moment = datetime.fromtimestamp(report.timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {
        "dc:title": report.title,
        "dc:creator": report.author,
        "dc:subject": report.subject,
        "cp:keywords": ", ".join(report.keywords),
        "dc:language": report.language,
    }
    fields = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in said.items())
    moments = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>'
        for name in ("created", "modified")
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties'
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{fields}{moments}</cp:coreProperties>"
    )


def _element(name: str, value: str | None = None) -> etree._Element:
    """An element of WordprocessingML, with the value that most of them have."""
    element = etree.Element(_w(name))
    if value is not None:
        element.set(_w("val"), value)
    return element


def _w(name: str) -> str:
    return f"{{{WORD}}}{name}"


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

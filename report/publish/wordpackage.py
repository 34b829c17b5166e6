"""A Word file as pandoc writes it, with what pandoc cannot write (ECMA-376, part 1).

Numbers of paragraphs, page breaks, the order of columns, settings, and the description of the
document. Places have bookmarks, by which a file that comes back is compared with the report.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from itertools import count

from lxml import etree

from report.assets import stylesheets
from report.publish.archive import pack
from report.publish.wordstyles import WORD
from report.unit import Report, Unit
from report.wordtext import as_sent, bookmark, read_text

_SETTINGS = "reference/word/settings.xml"
_NUMBERED = "NumberedParagraph"
_PARAGRAPH = re.compile(r"p([0-9]+)_([0-9a-f]{24})")

_APPLICATION = b"""<?xml version="1.0" encoding="UTF-8"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">\
<Application>Rapporteur</Application></Properties>"""


def finished(written: bytes, report: Report) -> bytes:
    """The Word file of the report from what pandoc wrote: the same bytes for the same input."""
    with zipfile.ZipFile(BytesIO(written)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    document = etree.fromstring(parts["word/document.xml"])
    numbering = etree.fromstring(parts["word/numbering.xml"])
    _number(document, numbering)
    _break_pages(document, report.units[1:])
    _turn_tables(document)
    _forget_sources(document)
    settings = dict(stylesheets(report.folder, (_SETTINGS,)))[_SETTINGS]
    parts |= {
        "word/document.xml": _xml(document),
        "word/numbering.xml": _xml(numbering),
        "word/settings.xml": settings.encode(),
        "docProps/core.xml": _description(report).encode(),
        "docProps/app.xml": _APPLICATION,
        **_sent(document, parts),
    }
    return pack(parts)


def _sent(document: etree._Element, parts: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The parts with what the file says, by which its changes are told when it comes back (17.15).

    Word processors keep a part of custom XML as it is, whatever becomes of the text; some keep it
    only with its properties (22.5.2).
    """
    footnotes = parts.get("word/footnotes.xml")
    text = read_text(document, etree.fromstring(footnotes) if footnotes else None)
    relationships = etree.fromstring(parts[_RELATIONSHIPS])
    target = {"Id": "sent", "Type": f"{_KINDS}/customXml", "Target": "../customXml/item1.xml"}
    relationships.append(etree.Element(f"{{{_PACKAGE}/relationships}}Relationship", target))
    types = etree.fromstring(parts[_TYPES])
    kind = {"PartName": "/customXml/itemProps1.xml", "ContentType": _PROPERTIES}
    types.append(etree.Element(f"{{{_PACKAGE}/content-types}}Override", kind))
    return {
        _TYPES: _xml(types),
        _RELATIONSHIPS: _xml(relationships),
        "customXml/item1.xml": as_sent(text),
        "customXml/itemProps1.xml": _SENT_PROPERTIES,
        "customXml/_rels/item1.xml.rels": _SENT_RELATIONSHIPS.encode(),
    }


_TYPES = "[Content_Types].xml"
_RELATIONSHIPS = "word/_rels/document.xml.rels"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PROPERTIES = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_SENT_PROPERTIES = b"""<?xml version="1.0" encoding="UTF-8"?>
<ds:datastoreItem ds:itemID="{5A0E6C2D-8B1F-4E7A-9C55-3D2B7F60A914}"\
 xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml">\
<ds:schemaRefs><ds:schemaRef ds:uri="urn:x-rapporteur:sent"/></ds:schemaRefs></ds:datastoreItem>"""
_SENT_RELATIONSHIPS = (
    f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_KINDS}/customXmlProps" Target="itemProps1.xml"/>'
    "</Relationships>"
)


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


def _turn_tables(document: etree._Element) -> None:
    """Let the first column be at the right where all is written from there (17.4.1)."""
    for table in document.iter(_w("tbl")):
        # Pandoc tells no direction where there are no words.
        written = [
            each for each in table.iter(_w("p")) if next(each.iter(_w("r")), None) is not None
        ]
        if written and all(each.find(f"{_w('pPr')}/{_w('bidi')}") is not None for each in written):
            properties = table.find(_w("tblPr"))
            assert properties is not None
            # The first is the table's style, as it is of a paragraph (17.4.59).
            properties.insert(1, _element("bidiVisual"))


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

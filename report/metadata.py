"""What the report says of itself: XMP, document information, and the standards it follows.

ISO 32000-1, 14.3; ISO 19005-3, 6.6; ISO 14289-1, 5. Both places say the same, and XMP describes
the schema of the PDF/UA identification, which PDF/A does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

from report.dublincore import elements
from report.unit import Report

PRODUCER = "Rapporteur"
"""Names this program in the finished file; without a version, which would change the bytes."""

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<dc:format>application/pdf</dc:format>
{properties}
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def xmp(report: Report) -> bytes:
    """Return the XMP packet of the finished file."""
    moment = _moment(report).strftime("%Y-%m-%dT%H:%M:%SZ")
    properties = [
        *(_dublin_core(name, values) for name, values in elements(report).items()),
        _simple("pdf:Keywords", ", ".join(report.keywords)),
        _simple("pdf:Producer", PRODUCER),
        _simple("xmp:CreatorTool", PRODUCER),
        _simple("xmp:CreateDate", moment),
        _simple("xmp:ModifyDate", moment),
        _simple("xmp:MetadataDate", moment),
    ]
    return _PACKET.format(properties="\n".join(filter(None, properties))).encode()


def information(report: Report) -> dict[str, str]:
    """Return the document information (14.3.3), in agreement with the XMP packet."""
    moment = _moment(report).strftime("D:%Y%m%d%H%M%SZ")
    entries = {
        "/Title": report.title,
        "/Author": report.author,
        "/Subject": report.subject,
        "/Keywords": ", ".join(report.keywords),
        "/Creator": PRODUCER,
        "/Producer": PRODUCER,
        "/CreationDate": moment,
        "/ModDate": moment,
    }
    return {name: text for name, text in entries.items() if text}


def _moment(report: Report) -> datetime:
    return datetime.fromtimestamp(report.timestamp, UTC)


_ORDERED = {"creator", "date"}
_IN_LANGUAGES = {"title", "description"}
_ONE_VALUE = {"identifier", "coverage"}


def _dublin_core(name: str, values: Sequence[str]) -> str:
    """An element in the form that XMP gives it (ISO 16684-1, 8.3); the others are bags."""
    if name in _ONE_VALUE:
        return _simple(f"dc:{name}", "; ".join(values))
    if name in _IN_LANGUAGES:
        return _alternatives(f"dc:{name}", "; ".join(values))
    return _container(f"dc:{name}", "Seq" if name in _ORDERED else "Bag", values)


def _simple(name: str, text: str) -> str:
    return f"<{name}>{escape(text, quote=False)}</{name}>" if text else ""


def _alternatives(name: str, text: str) -> str:
    item = f'<rdf:li xml:lang="x-default">{escape(text, quote=False)}</rdf:li>'
    return f"<{name}><rdf:Alt>{item}</rdf:Alt></{name}>" if text else ""


def _container(name: str, kind: str, items: Sequence[str]) -> str:
    listed = "".join(f"<rdf:li>{escape(item, quote=False)}</rdf:li>" for item in items)
    return f"<{name}><rdf:{kind}>{listed}</rdf:{kind}></{name}>" if items else ""

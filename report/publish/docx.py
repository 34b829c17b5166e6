"""The Word form: the report as one .docx, on which delegations write their corrections.

Pandoc makes it, with the styles of `styles/reference/`. Every place that can be referred to is a
bookmark, whose name is made from its anchor and nothing else (`wordtext.bookmark`).
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Collection
from html import escape
from pathlib import Path
from urllib.parse import unquote

from lxml.html import Element, HtmlElement, tostring
from PIL import Image

from report.languages import direction
from report.pandoc import pandoc
from report.publish.pandocform import pandoc_form, wrap
from report.publish.raster import Rasterize
from report.publish.wordpackage import finished
from report.publish.wordstyles import reference_document
from report.runs import inside
from report.unit import Report, Unit, anchors
from report.webform import in_page, media_type
from report.wordtext import bookmark

_SECONDS = 300
_MEMORY = "3g"

_SHOWN = {"image/png", "image/jpeg", "image/gif"}
"""The kinds of pictures that every word processor shows: not WebP, as slides are."""

_STYLES = {
    "kicker": "Kicker",
    "label": "Label",
    "function": "Affiliation",
    "affiliation": "Affiliation",
    "title": "Subtitle",
    "kind": "Subtitle",
    **dict.fromkeys(("part", "series", "signed", "edition"), "Affiliation"),
    **dict.fromkeys(("delivered", "floor", "when", "unavailable"), "Remark"),
    **dict.fromkeys(("notice", "specimen"), "Notice"),
}
"""The Word style of a paragraph by its class."""


def publish(report: Report, rasterize: Rasterize) -> bytes:
    """Make the report's Word file: the same bytes for the same report.

    Raises `PandocError`, `NoPandocError`, and what
    `reference_document` and `pandoc_form` raise.
    """
    places = frozenset[str]().union(*map(anchors, report.units))
    sections = "".join(_section(unit, report, rasterize, places) for unit in report.units)
    with tempfile.TemporaryDirectory(prefix="report-") as name:
        folder = Path(name)
        (folder / "report.html").write_text(_document(report, sections), encoding="utf-8")
        (folder / "reference.docx").write_bytes(reference_document(report.folder))
        arguments = [
            *(
                "--from=html-auto_identifiers",
                "--to=docx",
                "--output=-",
                "--reference-doc=reference.docx",
            ),
            *(f"--metadata=dir={direction(report.language)}", "report.html"),
        ]
        written = pandoc(arguments, folder, seconds=_SECONDS, memory=_MEMORY)
    return finished(written, report)


def _document(report: Report, sections: str) -> str:
    language = escape(report.language)
    return (
        f'<!DOCTYPE html><html lang="{language}">'
        f'<head><meta charset="utf-8"></head><body>{sections}</body></html>'
    )


def _section(unit: Unit, report: Report, rasterize: Rasterize, places: Collection[str]) -> str:
    root = pandoc_form(unit, report, _in_word)
    _list_contents(root)
    _draw(root, rasterize)
    _set_styles(root)
    _set_numbers(root)
    _raise_headings(root)
    _name_places(root, places)
    return inside(root)


def _styled(style: str) -> HtmlElement:
    """A box whose paragraphs pandoc gives a style by its name."""
    return Element("div", {"data-custom-style": style})


def _list_contents(root: HtmlElement) -> None:
    """Make the entries of the contents paragraphs, as word processors have them."""
    for listing in root.findall(".//nav/ol"):
        for item in listing.findall("li"):
            item.tag = "p"
            wrap(item, _styled(f"TOC {item.attrib.pop('class', '')[-1:] or 1}"))
        listing.drop_tag()


def _in_word(source: str, content: bytes) -> str:
    """A picture in the page, as PNG where it is of a kind that Word has no way of showing."""
    if media_type(content) in _SHOWN:
        return in_page(source, content)
    converted = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        picture.save(converted, "PNG")
    return in_page(source, converted.getvalue())


def _draw(root: HtmlElement, rasterize: Rasterize) -> None:
    """Put pictures in the places of drawings, which not every word processor can show."""
    for drawing in root.findall(".//svg"):
        svg = tostring(drawing, encoding="unicode", with_tail=False)
        source = in_page("", rasterize(svg))
        image = Element("img", {"src": source, "alt": drawing.get("aria-label", "")})
        image.tail = drawing.tail
        parent = drawing.getparent()
        assert parent is not None
        parent.replace(drawing, image)


def _set_styles(root: HtmlElement) -> None:
    for paragraph in root.findall(".//p[@class]"):
        style = _STYLES.get(paragraph.get("class", ""))
        if style and next(paragraph.iterancestors("td"), None) is None:
            wrap(paragraph, _styled(style))
    for span in root.findall(".//span[@class='expansion']"):
        span.set("data-custom-style", "Expansion")


def _set_numbers(root: HtmlElement) -> None:
    """Leave the numbers of paragraphs to Word, and mark which paragraphs have them.

    A list, quotation or table that has a number itself gets a paragraph before it that holds
    nothing else.
    """
    for number in root.findall(".//a[@class='number']"):
        block = number.getparent()
        assert block is not None
        anchor = block.attrib.pop("id")
        words = Element("span", {"id": anchor})
        if block.tag == "p":
            words.text, words[:] = number.tail, [*number.itersiblings()]
            block.text, block[:] = None, [words]
            wrap(block, _styled("Numbered Paragraph"))
        else:
            words.text = "\u00a0"
            paragraph = Element("p")
            paragraph.append(words)
            box = _styled("Numbered Paragraph")
            box.append(paragraph)
            block.replace(number, box)


def _raise_headings(root: HtmlElement) -> None:
    """Let the report's parts be of the first level: its title is no heading of a Word file."""
    for heading in root.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        if heading.tag == "h1":
            heading.tag = "p"
            wrap(heading, _styled("Title"))
        else:
            heading.tag = f"h{int(heading.tag[1]) - 1}"


def _name_places(root: HtmlElement, places: Collection[str]) -> None:
    """Give places, and links to them, the names of bookmarks; links to no place become words."""
    for element in root.iter():
        if anchor := element.get("id"):
            element.set("id", bookmark(anchor))
    for link in list(root.iter("a")):
        fragment, target = link.get("href", "")[:1], unquote(link.get("href", "")[1:])
        if fragment == "#" and target in places:
            link.set("href", f"#{bookmark(target)}")
        elif fragment == "#":
            link.drop_tag()

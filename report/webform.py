"""The web form of a unit: neutral HTML made ready for the screen.

What only the screen has is added here: pictures that travel in the page, paragraph numbers that
are links to themselves, and names for what a keyboard or a screen reader stops at. The
counterpart of `printform`, which does the same for paper.
"""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from lxml.etree import SubElement
from lxml.html import Element, HtmlElement, fragment_fromstring, tostring
from PIL import Image

from report.printform import RIGHT_TO_LEFT
from report.resources import event_url, locate
from report.unit import PlacedSlide, Unit


def direction(language: str) -> str:
    """The value of `dir` for a language (HTML Living Standard, 3.2.6.4)."""
    return "rtl" if language.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def web_section(unit: Unit, folder: Path, language: str) -> str:
    """Return the unit's HTML as a part of a page in `language`; `folder` is the event's."""
    root = fragment_fromstring(unit.html, create_parent="div")
    _tell_language(root, unit, language)
    _tell_mark(root, unit)
    _drop_folios(root)
    _link_numbers(root)
    _quiet_asides(root)
    _name_notes(root, unit)
    _name_boxes(root)
    _align_cells(root)
    _list_hotspots(root)
    _embed_images(root, folder, unit.slides)
    return "".join(tostring(child, encoding="unicode") for child in root).strip()


def _tell_language(root: HtmlElement, unit: Unit, language: str) -> None:
    """State the language of a unit where it differs from the page's (WCAG 2.2, 3.1.2)."""
    if unit.language == language:
        return
    for part in root:
        part.set("lang", unit.language)
        part.set("dir", direction(unit.language))


def _tell_mark(root: HtmlElement, unit: Unit) -> None:
    """Say at the head of a unit that it is not cleared."""
    if unit.mark:
        told = Element("p", {"class": "notice", "lang": "en", "dir": "ltr"})
        told.text = unit.mark.notice
        root[0].insert(0, told)


def _drop_folios(root: HtmlElement) -> None:
    """Take out page numbers, and lists of them: a screen has no pages."""
    lists = root.findall(".//span[@class='folios']")
    for place in (*lists, *root.findall(".//span[@data-folio]")):
        place.drop_tree()


def _link_numbers(root: HtmlElement) -> None:
    """Make the number of a paragraph the permanent link to it."""
    for number in list(root.iterfind(".//span[@class='number']")):
        paragraph = number.getparent()
        if paragraph is not None and (anchor := paragraph.get("id")):
            number.tag = "a"
            number.set("href", f"#{anchor}")
            number.set("aria-label", f"Paragraph {number.text}")


def _quiet_asides(root: HtmlElement) -> None:
    """Keep asides within statements from being landmarks, of which a page should have few."""
    for aside in root.iter("aside"):
        aside.set("role", "note")


def _name_notes(root: HtmlElement, unit: Unit) -> None:
    """Say what notes, calls to them and ways back are (DPUB-ARIA 1.1, 3)."""
    for notes in root.iterfind(".//div[@class='footnote']"):
        notes.set("role", "doc-endnotes")
        notes.set("aria-label", f"Notes: {unit.title}")
    for call in root.iterfind(".//a[@class='footnote-ref']"):
        call.set("role", "doc-noteref")
        call.set("aria-label", f"Note {call.text}")
    for back in root.iterfind(".//a[@class='footnote-backref']"):
        back.set("role", "doc-backlink")
        back.set("aria-label", back.attrib.pop("title", "Back to the text"))


def _name_boxes(root: HtmlElement) -> None:
    """Let the keyboard scroll what is too wide for a narrow screen (WCAG 2.2, 1.4.10 and 2.1.1)."""
    for box in root.iterfind(".//div[@class='table']"):
        _make_scrollable(box, _table_name(box))
    for box in root.iterfind(".//div[@class='plate']"):
        captions = map(_words, box.itersiblings("figcaption"))
        _make_scrollable(box, next(captions, "") or "Figure")


def _make_scrollable(box: HtmlElement, name: str) -> None:
    box.set("tabindex", "0")
    box.set("role", "group")
    box.set("aria-label", name)


def _table_name(box: HtmlElement) -> str:
    """A table's caption, or else the heads of its columns."""
    caption = " ".join(map(_words, box.iter("caption")))
    heads = ", ".join(filter(None, map(_words, box.iterfind(".//thead//th"))))
    return caption or (f"Table: {heads}" if heads else "Table")


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _align_cells(root: HtmlElement) -> None:
    """Turn the alignment of cells into classes: the page's policy allows no `style` attribute."""
    for cell in root.iter("th", "td"):
        property_, _, value = cell.attrib.pop("style", "").partition(":")
        if property_.strip() == "text-align":
            classes = [*cell.get("class", "").split(), f"align-{value.strip(' ;')}"]
            cell.set("class", " ".join(classes))


def _list_hotspots(root: HtmlElement) -> None:
    """Put the links of a slide below it, each once: a picture on the screen has none."""
    for frame in root.iterfind(".//div[@data-ratio]"):
        del frame.attrib["data-ratio"]
        spots = {spot.get("href", ""): spot for spot in reversed(frame.findall("a"))}
        for spot in frame.findall("a"):
            frame.remove(spot)
        slide = frame.getparent()
        if spots and slide is not None:
            slide.append(_link_list(list(reversed(spots.values()))))


def _link_list(links: list[HtmlElement]) -> HtmlElement:
    listing = Element("ul", {"class": "links", "aria-label": "Links on this slide"})
    for link in links:
        item = SubElement(listing, "li")
        place = SubElement(item, "a", {"href": link.get("href", "")})
        place.text = link.get("aria-label")
    return listing


def _embed_images(root: HtmlElement, folder: Path, slides: Mapping[str, PlacedSlide]) -> None:
    for image in root.iter("img"):
        if slide := slides.get(image.get("src", "")):
            _embed(image, slide.deck.picture(slide.number))
            image.set("loading", "lazy")
            continue
        _embed_image(image, locate(event_url(unquote(image.get("src", ""))), folder))


def _embed_image(image: HtmlElement, file: Path) -> None:
    _embed(image, file.read_bytes())


def _embed(image: HtmlElement, content: bytes) -> None:
    """Put a picture's own bytes into the page, and its size, so that text does not jump."""
    with Image.open(io.BytesIO(content)) as picture:
        media_type = picture.get_format_mimetype() or "application/octet-stream"
        image.set("width", str(picture.width))
        image.set("height", str(picture.height))
    image.set("src", f"data:{media_type};base64,{b64encode(content).decode()}")

"""The web form of a unit: neutral HTML made ready for the screen.

What only the screen has is added here: pictures that travel in the page, paragraph numbers that
are links to themselves, and names for what a keyboard or a screen reader stops at. The
counterpart of `printform`, which does the same for paper.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote

from lxml.etree import SubElement
from lxml.html import Element, HtmlElement, fragment_fromstring
from PIL import Image

from report.languages import direction
from report.resources import data_url, event_url, locate
from report.runs import inside
from report.unit import PlacedSlide, Unit
from report.words import Words, words

Place = Callable[[str, bytes], str]
"""Gives a picture, named by its `src` in the unit, a place: the URL under which it is shown."""

Address = Callable[[str], str]
"""Gives the URL of a link to the place in the report that has an id."""

FRAGMENT = "/:!$&'()*+,;=@?"
"""What may stand in a fragment of a URL as it is (RFC 3986, 3.5)."""


def in_page(_source: str, content: bytes) -> str:
    """A picture that travels in the page itself."""
    return data_url(media_type(content), content)


def picture(source: str, slides: Mapping[str, PlacedSlide], folder: Path) -> bytes:
    """The picture that a unit shows under a `src`: a slide's, or a file of the event's folder."""
    if slide := slides.get(source):
        return slide.deck.picture(slide.number)
    return locate(event_url(unquote(source)), folder).read_bytes()


def media_type(content: bytes) -> str:
    """The media type of a picture (IANA), told by its bytes."""
    with Image.open(io.BytesIO(content)) as picture:
        return picture.get_format_mimetype() or "application/octet-stream"


def web_section(
    unit: Unit,
    folder: Path,
    language: str,
    *,
    place: Place = in_page,
    address: Address | None = None,
    alone: bool = False,
    beside: str | None = "",
) -> str:
    """Return the unit's HTML as a part of a page in `language`; `folder` is the event's.

    Pictures are in the page unless `place` puts them elsewhere. `address` leads to other places of
    the report where they are not in the same page. The heading of a section that is `alone` is its
    page's. `beside` leads to the folder in which the reports lie to which this one refers; where
    there is none, what is cited in them is no link.
    """
    root = fragment_fromstring(unit.html, create_parent="div")
    own = words(language)
    _tell_language(root, unit, language)
    _tell_mark(root, unit, language)
    _drop_folios(root)
    _join_parts(root)
    _link_numbers(root, own)
    _quiet_asides(root)
    _name_notes(root, unit, own)
    _name_boxes(root, own)
    _align_cells(root)
    _list_hotspots(root, own)
    _place_images(root, folder, unit.slides, place)
    _lead_out(root, beside)
    if address:
        _address_links(root, address)
    if alone:
        _raise_headings(root)
    return inside(root).strip()


def _lead_out(root: HtmlElement, beside: str | None) -> None:
    """Let links into other reports lead there from where the page is."""
    for link in root.findall(".//a[@data-destination]"):
        del link.attrib["data-destination"]
        if beside is None:
            link.drop_tag()
        else:
            link.set("href", beside + link.get("href", ""))


def _tell_language(root: HtmlElement, unit: Unit, language: str) -> None:
    """State the language of a unit where it differs from the page's (WCAG 2.2, 3.1.2)."""
    if unit.language == language:
        return
    for part in root:
        part.set("lang", unit.language)
        part.set("dir", direction(unit.language))


def _tell_mark(root: HtmlElement, unit: Unit, language: str) -> None:
    """Say at the head of a unit that it is not cleared."""
    if unit.mark:
        told = Element("p", {"class": "notice", "lang": language, "dir": direction(language)})
        told.text = unit.mark.notice
        root[0].insert(0, told)


def _drop_folios(root: HtmlElement) -> None:
    """Take out page numbers, and lists of them: a screen has no pages."""
    lists = root.findall(".//span[@class='folios']")
    for place in (*lists, *root.findall(".//span[@data-folio]")):
        place.drop_tree()


def _join_parts(root: HtmlElement) -> None:
    """Take out where print may divide the unit: a screen shows it whole."""
    for place in root.iterfind(".//*[@data-divide]"):
        del place.attrib["data-divide"]


def _link_numbers(root: HtmlElement, own: Words) -> None:
    """Make the number of a paragraph the permanent link to it."""
    for number in list(root.iterfind(".//span[@class='number']")):
        paragraph = number.getparent()
        if paragraph is not None and (anchor := paragraph.get("id")):
            number.tag = "a"
            number.set("href", f"#{anchor}")
            number.set("aria-label", own.gettext("Paragraph %(number)s", number=number.text))


def _quiet_asides(root: HtmlElement) -> None:
    """Keep asides within statements from being landmarks, of which a page should have few."""
    for aside in root.iter("aside"):
        aside.set("role", "note")


def _name_notes(root: HtmlElement, unit: Unit, own: Words) -> None:
    """Say what notes, calls to them and ways back are (DPUB-ARIA 1.1, 3)."""
    for notes in root.iterfind(".//div[@class='footnote']"):
        notes.set("role", "doc-endnotes")
        notes.set("aria-label", own.gettext("Notes: %(title)s", title=unit.title))
    for call in root.iterfind(".//a[@class='footnote-ref']"):
        call.set("role", "doc-noteref")
        call.set("aria-label", own.gettext("Note %(number)s", number=call.text))
    for back in root.iterfind(".//a[@class='footnote-backref']"):
        back.set("role", "doc-backlink")
        back.attrib.pop("title", None)
        back.set("aria-label", own.gettext("Back to the text"))


def _name_boxes(root: HtmlElement, own: Words) -> None:
    """Let the keyboard scroll what is too wide for a narrow screen (WCAG 2.2, 1.4.10 and 2.1.1)."""
    for box in root.iterfind(".//div[@class='table']"):
        _make_scrollable(box, _table_name(box, own))
    for box in root.iterfind(".//div[@class='plate']"):
        captions = map(_words, box.itersiblings("figcaption"))
        _make_scrollable(box, next(captions, "") or own.gettext("Figure"))


def _make_scrollable(box: HtmlElement, name: str) -> None:
    box.set("tabindex", "0")
    box.set("role", "group")
    box.set("aria-label", name)


def _table_name(box: HtmlElement, own: Words) -> str:
    """A table's caption, or else the heads of its columns."""
    caption = " ".join(map(_words, box.iter("caption")))
    heads = own.listed(map(_words, box.iterfind(".//thead//th")))
    if caption or not heads:
        return caption or own.gettext("Table")
    return own.gettext("Table: %(heads)s", heads=heads)


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _align_cells(root: HtmlElement) -> None:
    """Turn the alignment of cells into classes: the page's policy allows no `style` attribute."""
    for cell in root.iter("th", "td"):
        property_, _, value = cell.attrib.pop("style", "").partition(":")
        if property_.strip() == "text-align":
            classes = [*cell.get("class", "").split(), f"align-{value.strip(' ;')}"]
            cell.set("class", " ".join(classes))


def _list_hotspots(root: HtmlElement, own: Words) -> None:
    """Put the links of a slide below it, each once: a picture on the screen has none."""
    for frame in root.iterfind(".//div[@data-ratio]"):
        del frame.attrib["data-ratio"]
        spots = {spot.get("href", ""): spot for spot in reversed(frame.findall("a"))}
        for spot in frame.findall("a"):
            frame.remove(spot)
        slide = frame.getparent()
        if spots and slide is not None:
            name = own.gettext("Links on this slide")
            slide.append(_link_list(name, list(reversed(spots.values()))))


def _link_list(name: str, links: list[HtmlElement]) -> HtmlElement:
    listing = Element("ul", {"class": "links", "aria-label": name})
    for link in links:
        item = SubElement(listing, "li")
        place = SubElement(item, "a", {"href": link.get("href", "")})
        place.text = link.get("aria-label")
    return listing


def _address_links(root: HtmlElement, address: Address) -> None:
    for link in root.iter("a"):
        href = link.get("href", "")
        if href.startswith("#"):
            link.set("href", address(unquote(href[1:])))


def _raise_headings(root: HtmlElement) -> None:
    """Tell the levels of headings from the first of them on (WAI-ARIA 1.2, `aria-level`)."""
    headings = list(root.iter("h1", "h2", "h3", "h4", "h5", "h6"))
    levels = [int(heading.tag[1]) for heading in headings]
    for heading, level in zip(headings, levels, strict=True):
        heading.set("aria-level", str(max(1, level - levels[0] + 1)))


def _place_images(
    root: HtmlElement, folder: Path, slides: Mapping[str, PlacedSlide], place: Place
) -> None:
    for image in root.iter("img"):
        source = image.get("src", "")
        content = picture(source, slides, folder)
        if source in slides:
            image.set("loading", "lazy")
        _tell_size(image, content)
        image.set("src", place(source, content))


def _tell_size(image: HtmlElement, content: bytes) -> None:
    """State the size of a picture, so that text does not jump when it comes."""
    with Image.open(io.BytesIO(content)) as picture:
        image.set("width", str(picture.width))
        image.set("height", str(picture.height))

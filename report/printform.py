"""The print form of a unit: neutral HTML made ready for the page.

Neutral HTML is the same text for the screen and for paper. What only a screen shows is taken out,
and what only paper has is added here: links that leave the unit become references by name, folios
are filled in, and notes collected at the end of a text move to the place of their call, whence CSS
floats them to the page's foot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from urllib.parse import quote, unquote

from lxml.html import HtmlElement, fragment_fromstring, tostring

from report import tablefit
from report.languages import direction
from report.resources import event_url
from report.unit import PlacedSlide, Unit

REFERENCE_SCHEME = "unit"
"""Scheme of a link to a place in another unit: resolved by name when units are linked."""

FILE_SCHEME = "file-beside"
"""Scheme of a link into another PDF: the name of the file, a `#`, the name of the place."""

SLIDE_SCHEME = "slide"
"""Scheme of the picture that keeps the place of a slide until it is typeset."""

_SHAPE = 2000
"""Pixels of the longer side of such a picture."""

_SPACE = re.compile(r"[ \t\n\r\f]+")


def print_document(unit: Unit, folios: Mapping[str, str], specimen: str = "") -> str:
    """Return the unit as a whole HTML document for the typesetter."""
    body = fragment_fromstring(unit.html, create_parent="body")
    # As long as something holds them, lxml does not make the objects of elements anew.
    held = list(body.iter())
    for name in screen_names(body):
        name.drop_tree()
    _move_notes(body)
    _fill_folios(body, folios)
    _fold_folios(body)
    _gather_volumes(body)
    _join_folios(body)
    _point_sources(body, unit.slides)
    _lay_hotspots(body)
    _name_references(body)
    _number_items(body)
    _fit_tables(body)
    _describe(body, unit, specimen)
    del held
    content = tostring(body, encoding="unicode")
    return (
        f'<!DOCTYPE html><html lang="{escape(unit.language)}" dir="{direction(unit.language)}">'
        f'<head><meta charset="utf-8"><title>{escape(unit.title)}</title></head>{content}</html>'
    )


def screen_names(body: HtmlElement) -> list[HtmlElement]:
    """The names of places where on paper their folios alone lead there."""
    names: list[HtmlElement] = body.xpath(
        "//*[contains(@class, 'subjects-index')]//*[@class='where']"
        " | //*[@class='heard']/*[@class='where']"
    )
    return names


def _describe(body: HtmlElement, unit: Unit, specimen: str) -> None:
    body.set("class", unit.kind)
    body.set("data-running-start", unit.running_head[0])
    body.set("data-running-end", unit.running_head[1])
    if specimen:
        body.set("data-specimen", specimen)
    if unit.mark:
        body.set("data-watermark", unit.mark.word)
        body.set("data-notice", unit.mark.notice)


def _fill_folios(body: HtmlElement, folios: Mapping[str, str]) -> None:
    for span in body.iter("span"):
        name = span.get("data-folio")
        if name is not None:
            span.text = folios.get(name, "?")


def _fold_folios(body: HtmlElement) -> None:
    """Say each page of a text once, and pages that follow one another as 30\u201332.

    A text is in one volume, so where that is another one its pages name it once: II, 30\u201332.
    """
    for places in body.iterfind(".//span[@class='folios']"):
        by_folio = {place.text_content(): place for place in reversed(places)}
        kept = sorted(by_folio.values(), key=places.index)
        for run in _runs(kept):
            if len(run) > 1:
                run[0].tail = "\u2013"
                del kept[kept.index(run[0]) + 1 : kept.index(run[-1])]
        for place in kept[1:]:
            place[0].text = _page(place)
        kept[-1].tail = None
        for place in [place for place in places if place not in kept]:
            places.remove(place)


def _runs(places: list[HtmlElement]) -> list[list[HtmlElement]]:
    """Places divided into runs of pages that follow one another."""
    runs: list[list[HtmlElement]] = []
    for place in places:
        before = _page(runs[-1][-1]) if runs else ""
        folio = _page(place)
        if before.isdecimal() and folio.isdecimal() and int(folio) == int(before) + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _gather_volumes(body: HtmlElement) -> None:
    """Name a volume once where an index gives nothing but folios: 4, 9; II, 3, 12; III, 7."""
    for listing in body.xpath("//*[contains(@class, 'subjects-index')]//ul[@class='mentions']"):
        before = None
        for item in listing:
            folio = item.find(".//span[@data-folio]")
            volume, _, page = folio.text.rpartition("\u00a0")
            if volume == before:
                folio.text = page
            elif before is not None:
                item.set("class", "volume")
            before = volume


def _join_folios(body: HtmlElement) -> None:
    """Make a folio and the link that is all around it one: an index has a thousand of them."""
    alone = ".//span[@class='folios']/a[not(@class)][count(node())=1]/span[@data-folio][@class]"
    for folio in body.xpath(alone):
        folio.getparent().set("class", folio.get("class"))
        folio.drop_tag()


def _page(place: HtmlElement) -> str:
    """The folio of a place without its volume."""
    return str(place.text_content()).rpartition("\u00a0")[2]


def slide_url(slide: PlacedSlide) -> str:
    """The URL of the picture that keeps a slide's place: it tells the slide and its shape."""
    size = slide.deck.slides[slide.number - 1]
    scale = _SHAPE / max(size.width, size.height)
    shape = (max(1, round(side * scale)) for side in (size.width, size.height))
    return f"{SLIDE_SCHEME}:{slide.deck.key}/{slide.number}/{'x'.join(map(str, shape))}"


def _lay_hotspots(body: HtmlElement) -> None:
    """Lay the links of slides over them, as CSS has them: in per cent of the frame."""
    for frame in body.iterfind(".//div[@data-ratio]"):
        frame.set("style", f"--ratio: {frame.attrib.pop('data-ratio')}")
        for spot in frame.iterfind("a"):
            left, top, width, height = spot.attrib.pop("data-place").split()
            spot.set("style", f"left: {left}%; top: {top}%; width: {width}%; height: {height}%")


def _point_sources(body: HtmlElement, slides: Mapping[str, PlacedSlide]) -> None:
    for image in body.iter("img"):
        source = image.get("src", "")
        if source in slides:
            image.set("src", slide_url(slides[source]))
        elif source and ":" not in source:
            image.set("src", event_url(unquote(source)))


def _name_references(body: HtmlElement) -> None:
    own = {element.get("id") for element in body.iter() if element.get("id")}
    for link in body.iter("a"):
        href = link.get("href", "")
        name = unquote(href[1:])
        if destination := link.attrib.pop("data-destination", ""):
            link.set("href", f"{FILE_SCHEME}:{quote(destination, safe='')}")
        elif href.startswith("#") and name not in own:
            link.set("href", f"{REFERENCE_SCHEME}:{quote(name, safe='')}")


def _number_items(body: HtmlElement) -> None:
    """Say in CSS which numbers list items have, as WeasyPrint does not read the attributes."""
    for listing in body.iterfind(".//ol[@start]"):
        if listing.get("start", "").lstrip("-").isdigit():
            listing.set("style", f"counter-reset: list-item {int(listing.get('start', '1')) - 1}")
    for item in body.iterfind(".//li[@value]"):
        if item.get("value", "").lstrip("-").isdigit():
            number = item.get("value", "")
            item.set("style", f"counter-set: list-item {number}; counter-increment: none")


def _fit_tables(body: HtmlElement) -> None:
    """Name the tables of texts of which the page would not hold all."""
    for box in body.iterfind(".//div[@class='text']//div[@class='table']"):
        box.set("class", " ".join(("table", *tablefit.names(box))))


def _move_notes(body: HtmlElement) -> None:
    """Move each note of Python-Markdown's `footnote` list to the place of its first call."""
    notes = {note.get("id"): note for note in body.iterfind(".//div[@class='footnote']//li")}
    for call in list(body.iterfind(".//a[@class='footnote-ref']")):
        note = notes.pop(unquote(call.get("href", "")[1:]), None)
        if note is not None:
            _replace(_caller(call), _inline_note(note))
    for collected in list(body.iterfind(".//div[@class='footnote']")):
        collected.drop_tree()


def _caller(call: HtmlElement) -> HtmlElement:
    parent = call.getparent()
    return parent if parent is not None and parent.tag == "sup" else call


def _replace(old: HtmlElement, new: HtmlElement) -> None:
    parent = old.getparent()
    assert parent is not None
    new.tail = old.tail
    parent.replace(old, new)


def _inline_note(note: HtmlElement) -> HtmlElement:
    for back in list(note.iterfind(".//a[@class='footnote-backref']")):
        back.drop_tree()
    for paragraph in list(note.iter("p")):
        paragraph.tag = "span"
        paragraph.set("class", "footnote-paragraph")
    note.tag = "span"
    note.set("class", "footnote")
    note.tail = None
    _join_lines(note)
    _strip_end(note)
    return note


def _join_lines(note: HtmlElement) -> None:
    """Make each run of white space one space: WeasyPrint keeps the line ends of a footnote."""
    note.text = (note.text or "").lstrip()
    for element in note.iter():
        element.text = element.text and _SPACE.sub(" ", element.text)
        if element is not note:
            element.tail = element.tail and _SPACE.sub(" ", element.tail)


def _strip_end(note: HtmlElement) -> None:
    """Drop the space that stood before the way back to the call."""
    for element in (note, *_last_descendants(note)):
        if len(element) == 0:
            element.text = (element.text or "").rstrip()
        else:
            element[-1].tail = (element[-1].tail or "").rstrip()


def _last_descendants(element: HtmlElement) -> Iterator[HtmlElement]:
    while len(element):
        element = element[-1]
        yield element

"""Placing: the slides of a deck in the pages of a typeset unit, as what they are.

The typesetter sees a transparent picture of each slide's shape. Once it has laid the unit out, the
form of the slide (`slideform`) takes the place of that picture: both fill the unit square
(ISO 32000-1, 8.9.5.1 and 8.10), so the page's content stays as it is.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping

from PIL import Image

from report.deck import Deck
from report.printform import SLIDE_SCHEME, slide_url
from report.unit import PlacedSlide

_SHAPE = re.compile(rf"{SLIDE_SCHEME}:\w+/\d+/(\d{{1,4}})x(\d{{1,4}})")


def placeholder(url: str) -> bytes | None:
    """The picture that keeps a slide's place, as PNG, if the URL is that of a slide."""
    shape = _SHAPE.fullmatch(url)
    if not shape:
        return None
    output = io.BytesIO()
    Image.new("L", (int(shape[1]), int(shape[2]))).save(output, "PNG")
    return output.getvalue()


def placeholders(slides: Mapping[str, PlacedSlide]) -> Mapping[str, PlacedSlide]:
    """The slides by the names that WeasyPrint gives to their pictures."""
    names = ((hashlib.md5(slide_url(s).encode()).hexdigest(), s) for s in slides.values())
    # Its name of a picture ends in whether it may be smoothed.
    return {f"/i{name}{smooth}": slide for name, slide in names for smooth in (0, 1)}


def place(pdf: bytes, slides: Mapping[str, PlacedSlide]) -> bytes:
    """Put slides in the places that are kept for them."""
    # Imported here, as few units have slides.
    from pikepdf import Pdf

    with Pdf.open(io.BytesIO(pdf)) as pages:
        objects = pages.pages[0].Resources.XObject
        opened: dict[Deck, Pdf] = {}
        for name, slide in placeholders(slides).items():
            if name in objects:
                if slide.deck not in opened:
                    opened[slide.deck] = Pdf.open(io.BytesIO(slide.deck.pages()))
                form = opened[slide.deck].pages[slide.number - 1].Resources.XObject.Slide
                objects[name] = pages.copy_foreign(form)
        output = io.BytesIO()
        pages.save(output, deterministic_id=True)
    return output.getvalue()
